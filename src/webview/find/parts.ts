/** What the box that finds is to the panel, and the panel to it. */
import type { ChatState, LocalizableMessage } from '../../shared/chat';
import type { FindGoal } from '../../shared/find';
import type { Asks } from '../view/asks';

/** What it needs of the panel. */
export interface FindParts {
  readonly ofChat: Asks['ofChat'];
  readonly announce: (text: string) => void;
  readonly focusComposer: () => void;
  readonly failed: (reason: LocalizableMessage) => void;
}

/** The box that finds, as it is loaded. */
export interface FindBox {
  /** `goal`: looks for these words, and goes to them. */
  open(goal?: FindGoal): void;
  step(by: 1 | -1): void;
  /** False when it is not open. */
  close(): boolean;
  /** After each drawing of the transcript. */
  drawn(chat: ChatState): void;
}
