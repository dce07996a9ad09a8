/** The popups of the composer: which is open, and what draws them. */
import type { TemplateResult } from 'lit-html';
import type { Chip, OfferedOutput } from '../../shared/protocol';
import type { View } from '../view/view';
import type { ListProps, MadeLists } from './mentions/mentionProps';
import type { Pasting, PastingHost } from './pasting';
import type { Recall } from './recall';

/** Which popup of the composer is open; at most one is. */
export type Popup = 'openFiles' | 'moreChips' | 'model' | 'effort' | 'review' | 'cost' | null;

/** What is picked: the model, its effort, or the way in which edits are reviewed. */
export type PickerKind = 'model' | 'effort' | 'review';

/** What of the open picker is being looked at. */
export interface PickerProps {
  readonly open: PickerKind | null;
  readonly filter: string;
  /** The option that Enter takes. */
  readonly active: number;
  toggle(kind: PickerKind): void;
  typed(text: string): void;
  key(event: KeyboardEvent): void;
  pick(value: string): void;
  /** The focus went elsewhere. */
  left(event: FocusEvent): void;
}

/** A row of an open picker. */
export interface Option {
  readonly value: string;
  readonly chosen: boolean;
  /** True below the heading. */
  readonly isOlder: boolean;
  readonly content: TemplateResult;
}

/** All open files as one. */
export type FilesChip = Extract<Chip, { kind: 'openFiles' }>;

/** What draws them, as it is loaded. */
export interface Popups {
  picker(view: View, props: PickerProps): unknown;
  /** The options that the filter lets through, in their order. */
  options(view: View, kind: PickerKind, filter: string): readonly Option[];
  files(view: View, chip: FilesChip): unknown;
  /** The question about the address of an image. */
  address(control: { answerAddress(send: boolean): void }, address: string): unknown;
  /** What commands in a terminal have left: nothing of it goes before it is added. */
  outputs(view: View, outputs: readonly OfferedOutput[], control: { focusText(): void }): unknown;
  readonly recall: Pick<Recall, 'press'>;
  pasting(host: PastingHost, signal: AbortSignal): Pasting;
  mentions(props: ListProps): unknown;
  /** The lists that what is typed in a text box opens. */
  readonly lists: MadeLists;
  /** The same of a message that is written anew, with what draws them above or below it. */
  readonly inlineLists: MadeLists;
  /** `close` is called when another place has what was asked for. */
  cost(view: View, close: () => void): unknown;
  /** That the conversation has nearly filled the window, and what can be done. */
  fullWindow(view: View): unknown;
  /** The messages that wait. */
  queue(view: View): unknown;
  /** The button below the cost line. */
  continueFromSummary(view: View): unknown;
}
