/** The state of a chat after an event: the one `reduce` that host and view both run. */
import { changed } from './change';
import {
  type Attachment,
  type CacheMiss,
  type ChatEvent,
  type ChatState,
  type CompactionItem,
  type Item,
  type Part,
  targetKey,
} from './chat';
import { addUsage, addUsd, noUsage, type TokenUsage } from './tokenUsage';

/** Code goes as text, whatever came along. */
function refusedAttachment(attachment: Attachment): Attachment {
  return attachment.kind === 'selection' ? attachment : { ...attachment, notSent: true };
}

/** Lists that a run of events has made: nobody else has seen them yet, so they are changed in place. null for one event. */
type Own = WeakSet<readonly unknown[]> | null;

/** The next state. Unknown answers and parts are ignored: a view that missed events asks for a snapshot. */
export function reduce(state: ChatState, event: ChatEvent): ChatState {
  return next(state, event, null);
}

/** The state after all events, in order. Linear in them: a list is copied once, and not with each of them. */
export function reduceAll(state: ChatState, events: Iterable<ChatEvent>): ChatState {
  const own = new WeakSet<readonly unknown[]>();
  let last = state;
  for (const event of events) last = next(last, event, own);
  return last;
}

/** The list itself where it is the run's own, else a copy that is. */
function writable<T>(list: readonly T[], own: Own): T[] {
  if (own?.has(list) === true) return list as T[];
  const copy = list.slice();
  own?.add(copy);
  return copy;
}

function added<T>(list: readonly T[], one: T, own: Own): readonly T[] {
  const all = writable(list, own);
  all.push(one);
  return all;
}

function replaced<T>(list: readonly T[], index: number, one: T, own: Own): readonly T[] {
  const all = writable(list, own);
  all[index] = one;
  return all;
}

function next(state: ChatState, event: ChatEvent, own: Own): ChatState {
  switch (event.type) {
    case 'title':
      return { ...state, title: event.title };
    case 'item':
      return { ...state, items: added(state.items, event.item, own) };
    case 'activity':
      return { ...state, activity: event.activity };
    case 'answerStarted':
      return {
        ...state,
        items: added<Item>(
          state.items,
          {
            type: 'answer',
            id: event.id,
            at: event.at,
            model: event.model,
            parts: [],
            usage: noUsage,
            requests: 0,
            cacheMisses: [],
            usd: 0,
            outcome: null,
            endedAt: null,
          },
          own,
        ),
      };
    case 'attachmentsRefused':
      return changeItem(state, 'user', event.item, own, (item) => ({
        ...item,
        attachments: item.attachments.map(refusedAttachment),
      }));
    case 'excluded': {
      const key = targetKey(event.target);
      const others = state.excluded.filter((other) => other !== key);
      return { ...state, excluded: event.out ? [...others, key] : others };
    }
    case 'branches':
      return { ...state, branches: event.branches };
    case 'compaction':
      return withCompaction(state, event.item, own);
    case 'warmed':
      return withWarmUp(state, event, own);
    case 'items':
      return { ...state, ...changed(state, event) };
    case 'summaryDelta': {
      const item = state.items.findLast((other) => other.id === event.id);
      if (item?.type !== 'compaction') return state;
      return withCompaction(state, { ...item, summary: item.summary + event.text }, own);
    }
    case 'usage':
      return {
        ...changeItem(state, 'answer', event.answer, own, (answer) => ({
          ...answer,
          usage: addUsage(answer.usage, event.usage),
          requests: answer.requests + requestsOf(event.usage),
          cacheMisses: withMiss(answer.cacheMisses, event.cacheMiss),
          usd: addUsd(answer.usd, event.usd),
          ...(event.model === undefined ? {} : { model: event.model }),
        })),
        usd: addUsd(state.usd, event.usd),
        usage: addUsage(state.usage, event.usage),
        requests: state.requests + requestsOf(event.usage),
      };
    case 'edits':
      return changeItem(state, 'answer', event.answer, own, (answer) => ({ ...answer, edits: event.files }));
    case 'blocks':
      return changeItem(state, 'answer', event.answer, own, ({ blocks: _, ...answer }) =>
        event.blocks.length === 0 ? answer : { ...answer, blocks: event.blocks },
      );
    case 'answerEnded':
      return {
        ...changeItem(state, 'answer', event.answer, own, (answer) => ({
          ...answer,
          outcome: event.outcome,
          endedAt: event.at,
        })),
        activity: null,
      };
    case 'partStarted':
      return changeItem(state, 'answer', event.answer, own, (answer) => ({
        ...answer,
        parts: added(answer.parts, event.part, own),
      }));
    case 'partRemoved':
      return changeItem(state, 'answer', event.answer, own, (answer) => ({
        ...answer,
        parts: answer.parts.filter((part) => part.key !== event.key),
      }));
    case 'delta':
      return changePart(state, event, own, (part) => {
        if (part.type === 'tool') return { ...part, input: part.input + event.text };
        return part.type === 'text' || part.type === 'thinking' ? { ...part, text: part.text + event.text } : part;
      });
    case 'partEnded':
      return changePart(state, event, own, (part) => {
        if (part.type === 'thinking') return { ...part, open: false, durationMs: event.durationMs };
        return part.type === 'text' ? { ...part, open: false } : part;
      });
    case 'cited':
      return changePart(state, event, own, (part) =>
        part.type === 'text' ? { ...part, citations: event.citations } : part,
      );
    case 'tool':
      return changePart(state, event, own, (part) => {
        if (part.type !== 'tool') return part;
        const {
          status,
          label,
          summary,
          input = part.input,
          output,
          outputLength,
          approval,
          absentServer,
          sources,
        } = event;
        const { outputLength: _, approval: __, sources: ___, absentServer: ____, ...kept } = part;
        return {
          ...kept,
          ...{ status, label, summary, input, output },
          ...(outputLength === undefined ? {} : { outputLength }),
          ...(approval === undefined ? {} : { approval }),
          ...(absentServer === undefined ? {} : { absentServer }),
          ...(sources === undefined ? {} : { sources }),
        };
      });
  }
}

/** In the place of the unfinished one with its id, else at the end. What it cost counts once it is finished. */
function withCompaction(state: ChatState, item: CompactionItem, own: Own): ChatState {
  const index = state.items.findLastIndex((other) => other.type === 'compaction' && other.id === item.id);
  const items = index === -1 ? added<Item>(state.items, item, own) : replaced<Item>(state.items, index, item, own);
  const shown = { ...state, items };
  if (item.outcome === null) return shown;
  return {
    ...shown,
    usd: addUsd(state.usd, item.usd),
    usage: addUsage(state.usage, item.usage),
    requests: state.requests + requestsOf(item.usage),
  };
}

function withWarmUp(
  state: ChatState,
  { id, at, warm, usage }: Extract<ChatEvent, { type: 'warmed' }>,
  own: Own,
): ChatState {
  const last = state.items.at(-1);
  const before = last?.type === 'context' ? last.lines[0]?.warm : undefined;
  const together =
    before === undefined || before.model !== warm.model
      ? warm
      : { ...warm, times: before.times + warm.times, usd: addUsd(before.usd, warm.usd) };
  const lines = [{ change: 'warmed', path: '', linesAdded: 0, linesRemoved: 0, warm: together }] as const;
  const item = { type: 'context', id, at, lines } as const;
  return {
    ...state,
    items:
      together === warm
        ? added<Item>(state.items, item, own)
        : replaced<Item>(state.items, state.items.length - 1, item, own),
    usd: addUsd(state.usd, warm.usd),
    usage: addUsage(state.usage, usage),
    requests: state.requests + requestsOf(usage),
  };
}

/** The same reason again adds to what it cost. */
function withMiss(misses: readonly CacheMiss[], miss: CacheMiss | undefined): readonly CacheMiss[] {
  if (miss === undefined) return misses;
  const index = misses.findIndex(({ reason }) => reason === miss.reason);
  const before = misses[index];
  if (before === undefined) return [...misses, miss];
  const both = { ...before, tokens: before.tokens + miss.tokens, usd: addUsd(before.usd, miss.usd) };
  return misses.with(index, both);
}

/** One that used nothing was never answered; one whose use is unknown was. */
function requestsOf(usage: TokenUsage): number {
  return Object.values(usage).some((tokens) => tokens !== 0) ? 1 : 0;
}

function changeItem<T extends Item['type']>(
  state: ChatState,
  type: T,
  id: string,
  own: Own,
  change: (item: Extract<Item, { readonly type: T }>) => Item,
): ChatState {
  const isIt = (item: Item): item is Extract<Item, { readonly type: T }> => item.type === type && item.id === id;
  // Almost always the last item: look from the end.
  const index = state.items.findLastIndex(isIt);
  const item = state.items[index];
  if (item === undefined || !isIt(item)) return state;
  return { ...state, items: replaced(state.items, index, change(item), own) };
}

function changePart(
  state: ChatState,
  { answer, key }: { readonly answer: string; readonly key: string },
  own: Own,
  change: (part: Part) => Part,
): ChatState {
  return changeItem(state, 'answer', answer, own, (item) => {
    const index = item.parts.findLastIndex((part) => part.key === key);
    const part = item.parts[index];
    return part === undefined ? item : { ...item, parts: replaced(item.parts, index, change(part), own) };
  });
}
