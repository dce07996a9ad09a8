/**
 * How a conversation's state came to be another one than by events: its path was cut, or another window has gone on
 * with it. What stays is not told again.
 */
import type { AnswerItem, ChatEvent, ChatState, Item } from './chat';
import { aboveOf, itemKey, jsonSize, tailStart } from './tail';

type ItemsEvent = Extract<ChatEvent, { type: 'items' }>;

/** The fields that are told as a whole, where they differ. */
const fields = ['title', 'activity', 'usd', 'usage', 'requests', 'excluded', 'branches'] as const;

/**
 * What makes one whole state of a conversation the other one: the event, and the other state with all that is unchanged
 * from the first. null where they are the same.
 */
export function changeOf(
  before: ChatState,
  after: ChatState,
): { readonly event: ItemsEvent; readonly state: ChatState } | null {
  const kept = firstOther(before.items, after.items);
  const told = fields.filter((field) => !same(before[field], after[field]));
  if (told.length === 0 && kept === before.items.length && kept === after.items.length) return null;
  const [was, first] = [before.items[kept], after.items[kept]];
  const both = oneAnswer(was, first);
  const parts = both === null ? 0 : firstOther(both[0].parts, both[1].parts);
  const event: ItemsEvent = {
    type: 'items',
    kept,
    above: aboveOf(after.items, kept),
    parts,
    items: after.items.slice(kept).map((item, index) => (index === 0 ? withoutParts(item, parts) : item)),
    state: Object.fromEntries(told.map((field) => [field, after[field]])),
  };
  return { event, state: { ...after, ...changed(before, event) } };
}

/** The event as it goes to the views: with the newest turns only, where it has more of them than a view is given at once. */
export function boundedChange(event: ItemsEvent, { items }: ChatState): ItemsEvent {
  const start = tailStart(event.items, event.items.length, jsonSize);
  if (start === 0) return event;
  const at = event.above.items + start;
  return { ...event, kept: null, parts: 0, above: aboveOf(items, at), items: items.slice(at) };
}

/** False where a view has not got what is to stay: it needs a snapshot. */
export function fits({ items, above }: ChatState, { kept, parts, items: news }: ItemsEvent): boolean {
  if (kept === null) return true;
  const at = kept - above.items;
  if (at < 0 || at > items.length) return false;
  return parts === 0 || oneAnswer(items[at], news[0]) !== null;
}

/** What is other in a state after the event, which fits. */
export function changed(
  { items, above }: ChatState,
  event: ItemsEvent,
): Partial<ChatState> & Pick<ChatState, 'items' | 'above'> {
  if (event.kept === null) return { ...event.state, items: event.items, above: event.above };
  const at = event.kept - above.items;
  const both = event.parts === 0 ? null : oneAnswer(items[at], event.items[0]);
  const whole = event.items.map((item, index) =>
    index === 0 && both !== null
      ? { ...both[1], parts: [...both[0].parts.slice(0, event.parts), ...both[1].parts] }
      : item,
  );
  return { ...event.state, items: [...items.slice(0, at), ...whole], above };
}

/** The same answer before and after; null where these are something else. */
function oneAnswer(before: Item | undefined, after: Item | undefined): readonly [AnswerItem, AnswerItem] | null {
  return before?.type === 'answer' && after?.type === 'answer' && before.id === after.id ? [before, after] : null;
}

function withoutParts(item: Item, count: number): Item {
  return item.type === 'answer' ? { ...item, parts: item.parts.slice(count) } : item;
}

/** The items with those objects of before that say the same: they need not be drawn again. */
export function withSame(before: readonly Item[], items: readonly Item[]): readonly Item[] {
  const known = new Map(before.map((item) => [itemKey(item), item]));
  return items.map((item) => {
    const was = known.get(itemKey(item));
    return was !== undefined && same(was, item) ? was : item;
  });
}

/** The index of the first that is not the same in both. */
function firstOther(one: readonly unknown[], other: readonly unknown[]): number {
  let at = 0;
  while (at < one.length && at < other.length && same(one[at], other[at])) at += 1;
  return at;
}

/** Of JSON values. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && same((one as Values)[key], (other as Values)[key]));
}

type Values = Readonly<Record<string, unknown>>;
