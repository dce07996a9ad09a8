/** Finding in the chat: what does it is loaded when it is first asked for. */
import type { ChatState } from '../../shared/chat';
import type { FindGoal } from '../../shared/find';
import type { HostToView } from '../../shared/protocol';
import type { Layout } from '../dom/layout';
import { strings } from '../l10n/strings';
import { Later } from '../view/later';
import type { Reading } from '../view/reading';
import type { Folds } from '../view/view';
import type { FindBox, FindParts } from './parts';

type Step = Extract<HostToView, { type: 'find' }>['step'];

/** Takes what the host's commands ask for, and tells the box what goes on. */
export class Finding {
  readonly #later: Later<FindBox>;
  #wanted: Step | null = null;
  #goal: FindGoal | null = null;
  /** null when there is none to look through; undefined before the first. */
  #chat: ChatState | null | undefined;

  constructor(
    { transcript }: Layout,
    reading: Reading,
    folds: Folds,
    private readonly parts: FindParts,
  ) {
    this.#later = new Later(
      async () => (await import('./findBox')).createFindBox(transcript, reading, folds, parts),
      () => this.#loaded(),
    );
  }

  /** False when the message is about something else. */
  take(message: HostToView): boolean {
    if (message.type !== 'find') return false;
    if (this.#chat === null) return true;
    this.#wanted = message.step;
    this.#later.fetch();
    if (this.#later.known !== null) this.#loaded();
    return true;
  }

  /** Goes to words in a conversation, once that is shown. */
  goTo(goal: FindGoal): void {
    this.#goal = goal;
    this.#later.fetch();
    this.#toGoal();
  }

  #toGoal(): void {
    const [goal, box] = [this.#goal, this.#later.known];
    if (goal === null || box === null || this.#chat?.conversation !== goal.conversation) return;
    this.#goal = null;
    box.drawn(this.#chat);
    box.open(goal);
  }

  /** null for a conversation that cannot be opened. */
  drawn(chat: ChatState | null): void {
    this.#chat = chat;
    this.#toGoal();
    if (chat !== null) this.#later.known?.drawn(chat);
    else {
      this.#wanted = null;
      this.#later.known?.close();
    }
  }

  /** True when it was open, and is closed by this key. */
  escape(event: Event): boolean {
    if (this.#later.known?.close() !== true) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #loaded(): void {
    const box = this.#later.known;
    const wanted = this.#wanted;
    this.#wanted = null;
    if (box === null) this.parts.failed({ text: strings.cannotShow() });
    else if (wanted !== null) {
      if (this.#chat) box.drawn(this.#chat);
      if (wanted === 'open') box.open();
      else box.step(wanted === 'next' ? 1 : -1);
    }
    this.#toGoal();
  }
}
