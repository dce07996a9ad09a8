/** The part of a conversation that a view is given: its newest turns, whole, and how much stands above them. */
import type { Above, ChatState, Item } from './chat';
import type { EarlierItems } from './protocol';

/** What is given at once, and with each further step: turns are taken until there are so many items … */
const enoughItems = 24;

/** … and no more of them than so many characters, as JSON; one turn is given however long it is. */
const mostSize = 200_000;

/** One string for each item of a conversation: a question and its answer have the same id. */
export function itemKey(item: Item | undefined): string {
  return `${item?.type}/${item?.id}`;
}

/**
 * The index at which the newest turns of those before `end` begin. `sizeOf` weighs an item in characters. Takes as long
 * as what it finds.
 */
export function tailStart(
  items: readonly Item[],
  end: number = items.length,
  sizeOf: (item: Item) => number = () => 0,
): number {
  let start = end;
  let size = 0;
  for (let at = end - 1; at >= 0; at -= 1) {
    const item = items[at];
    size += item === undefined ? 0 : sizeOf(item);
    if (start < end && size > mostSize) break;
    if (!beginsTurn(items, at, end)) continue;
    start = at;
    if (end - start >= enoughItems || size > mostSize) break;
  }
  return start;
}

/** The index of the first item of the turn that an item belongs to. */
export function turnStart(items: readonly Item[], at: number): number {
  let start = at;
  while (start > 0 && !beginsTurn(items, start, items.length)) start -= 1;
  return start;
}

/** The newest turns of a whole conversation, and what stands above them. */
export function tailOf(state: ChatState): ChatState {
  const start = tailStart(state.items, state.items.length, jsonSize);
  return start === 0 ? state : { ...state, items: state.items.slice(start), above: aboveOf(state.items, start) };
}

/** The turns before an item of a whole conversation: some, and those back to the item `to`. null where it has no such item. */
export function earlierThan({ items }: ChatState, before: string, to: string | null): EarlierItems | null {
  const end = items.findIndex((item) => itemKey(item) === before);
  if (end === -1) return null;
  const some = tailStart(items, end, jsonSize);
  const wanted = to === null ? -1 : items.findIndex((item) => itemKey(item) === to);
  const start = wanted === -1 ? some : Math.min(some, turnStart(items, wanted));
  return { items: items.slice(start, end), above: aboveOf(items, start) };
}

/** What stands above an item of a whole conversation. */
export function aboveOf(items: readonly Item[], end: number): Above {
  let size = 0;
  for (let at = 0; at < end; at += 1) size += sentSize(items[at]);
  return { items: end, size };
}

/** Characters of what an item is sent as, roughly. */
export function sentSize(item: Item | undefined): number {
  if (item?.type === 'user') return item.text.length;
  if (item?.type !== 'answer') return 0;
  return item.parts.reduce((sum, part) => {
    if (part.type === 'tool') return sum + part.input.length + (part.outputLength ?? part.output?.length ?? 0);
    return part.type === 'text' || part.type === 'thinking' ? sum + part.text.length : sum;
  }, 0);
}

/** Characters that an item is posted as. */
export function jsonSize(item: Item): number {
  return JSON.stringify(item).length;
}

/**
 * What was sent with a question, and a summary, stand before it and belong to it; what a button said goes on with the
 * turn before. What is not what it should be begins none.
 */
function beginsTurn(items: readonly Item[], at: number, end: number): boolean {
  if (at === 0) return true;
  if (isAside(items[at - 1])) return false;
  let head = at;
  while (head < end && isAside(items[head])) head += 1;
  const item = items[head];
  if (head >= end || item === undefined) return false;
  return item?.type === 'user' ? item.auto === undefined : item?.type === 'answer' && !answers(item, items[at - 1]);
}

function answers(item: Item, before: Item | undefined): boolean {
  return before?.type === 'user' && before.id === item.id;
}

function isAside(item: Item | undefined): boolean {
  return item?.type === 'context' || item?.type === 'compaction';
}
