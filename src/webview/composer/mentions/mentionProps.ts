/** What a list is drawn of that what is typed opens, and what its keys have in common. */
import type { KeptMention, Mention, MentionKind } from '../../../shared/mentions/mentions';
import type { Asks } from '../../view/asks';

/** A row of one: of what can be mentioned, or of the commands. */
export interface ListRow extends Omit<Mention, 'kind'> {
  readonly kind: MentionKind | 'command' | 'prompt';
}

/** What a list is drawn of. */
export interface ListProps<Row extends ListRow = ListRow> {
  readonly of: 'mentions' | 'commands';
  readonly rows: readonly Row[];
  readonly total: number;
  /** The row that Enter takes. */
  readonly active: number;
  /** True until it is known what matches. */
  readonly loading: boolean;
  take(row: Row): void;
}

/** The lists that what is typed opens, as a text box uses them (`Suggestions`). */
export interface TypedLists {
  /** Opens the one of a sign that was typed before they were there. */
  openAt(at: number): void;
  /** null while none is open. */
  readonly props: ListProps | null;
  /** Grows with every change of what is drawn. */
  readonly version: number;
  readonly kept: readonly KeptMention[];
  /** `stood`: the text that they stood in, as far as the host knows. */
  restore(kept: readonly KeptMention[], stood: string): void;
  readonly isTelling: boolean;
  settled(): Promise<boolean>;
  close(): void;
  drawn(): void;
  /** True for a key that is a list's. Those of an input method are not asked about. */
  key(event: KeyboardEvent): boolean;
}

/** What such a list asks of the panel. */
export interface TypedListHost {
  readonly asks: Asks;
  /** The message that is being written anew, by its id, where the text box is that of one; else null. */
  readonly edit: string | null;
  /** Something has to be rendered again. */
  changed(): void;
  /** What is kept of the view is other than it was. */
  keep(): void;
  /** Says something above the text, until it is dismissed. */
  say(text: string): void;
}

/** Makes those of a text box. */
export type MadeLists = (text: HTMLTextAreaElement, host: TypedListHost, signal: AbortSignal) => TypedLists;

/** The id of a row's element. */
export function mentionId(index: number): string {
  return `mention${index}`;
}

/** Rows that PageUp and PageDown pass. */
const page = 7;

/** The row that a key goes to; null for another key, and where there is none. */
export function goesTo(key: string, active: number, count: number): number | null {
  const last = count - 1;
  const goes: Readonly<Record<string, number>> = {
    ArrowDown: active >= last ? 0 : active + 1,
    ArrowUp: active <= 0 ? last : active - 1,
    PageDown: Math.min(last, active + page),
    PageUp: Math.max(0, active - page),
  };
  return count === 0 ? null : (goes[key] ?? null);
}

/** Tells the text box, and who reads it out, which list goes with it, and the row that is meant. */
export function tellBox(box: HTMLTextAreaElement, isOpen: boolean, row: string | null): void {
  // It stays a text box of several lines: a combobox has one.
  set(box, 'aria-autocomplete', isOpen ? 'list' : null);
  set(box, 'aria-controls', isOpen ? 'mentionRows' : null);
  set(box, 'aria-activedescendant', row);
  if (row !== null) document.getElementById(row)?.scrollIntoView({ block: 'nearest' });
}

function set(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
