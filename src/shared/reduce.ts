/** The state of a chat after an event: the one `reduce` that host and view both run. */
import {
  type AnswerItem,
  type Attachment,
  addUsage,
  addUsd,
  type CacheMiss,
  type ChatEvent,
  type ChatState,
  type CompactionItem,
  noUsage,
  type Part,
  type TokenUsage,
  targetKey,
} from './chat';

/** Code goes as text, whatever came along. */
function refusedAttachment(attachment: Attachment): Attachment {
  return attachment.kind === 'selection' ? attachment : { ...attachment, notSent: true };
}

/** The next state. Unknown answers and parts are ignored: a view that missed events asks for a snapshot. */
export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'title':
      return { ...state, title: event.title };
    case 'item':
      return { ...state, items: [...state.items, event.item] };
    case 'activity':
      return { ...state, activity: event.activity };
    case 'answerStarted':
      return {
        ...state,
        items: [
          ...state.items,
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
        ],
      };
    case 'attachmentsRefused':
      return {
        ...state,
        items: state.items.map((item) =>
          item.type === 'user' && item.id === event.item
            ? { ...item, attachments: item.attachments.map(refusedAttachment) }
            : item,
        ),
      };
    case 'excluded': {
      const key = targetKey(event.target);
      const others = state.excluded.filter((other) => other !== key);
      return { ...state, excluded: event.out ? [...others, key] : others };
    }
    case 'compaction':
      return withCompaction(state, event.item);
    case 'warmed':
      return withWarmUp(state, event);
    case 'summaryDelta': {
      const item = state.items.findLast((other) => other.id === event.id);
      if (item?.type !== 'compaction') return state;
      return withCompaction(state, { ...item, summary: item.summary + event.text });
    }
    case 'usage':
      return {
        ...changeAnswer(state, event.answer, (answer) => ({
          ...answer,
          usage: addUsage(answer.usage, event.usage),
          requests: answer.requests + requestsOf(event.usage),
          cacheMisses: withMiss(answer.cacheMisses, event.cacheMiss),
          usd: addUsd(answer.usd, event.usd),
        })),
        usd: addUsd(state.usd, event.usd),
        usage: addUsage(state.usage, event.usage),
        requests: state.requests + requestsOf(event.usage),
      };
    case 'answerEnded':
      return {
        ...changeAnswer(state, event.answer, (answer) => ({ ...answer, outcome: event.outcome, endedAt: event.at })),
        activity: null,
      };
    case 'partStarted':
      return changeAnswer(state, event.answer, (answer) => ({ ...answer, parts: [...answer.parts, event.part] }));
    case 'partRemoved':
      return changeAnswer(state, event.answer, (answer) => ({
        ...answer,
        parts: answer.parts.filter((part) => part.key !== event.key),
      }));
    case 'delta':
      return changePart(state, event.answer, event.key, (part) => {
        if (part.type === 'tool') return { ...part, input: part.input + event.text };
        return part.type === 'text' || part.type === 'thinking' ? { ...part, text: part.text + event.text } : part;
      });
    case 'partEnded':
      return changePart(state, event.answer, event.key, (part) => {
        if (part.type === 'thinking') return { ...part, open: false, durationMs: event.durationMs };
        return part.type === 'text' ? { ...part, open: false } : part;
      });
    case 'tool':
      return changePart(state, event.answer, event.key, (part) => {
        if (part.type !== 'tool') return part;
        const { status, label, summary, input = part.input, output, outputLength } = event;
        const { outputLength: _, ...kept } = part;
        return {
          ...kept,
          ...{ status, label, summary, input, output },
          ...(outputLength === undefined ? {} : { outputLength }),
        };
      });
  }
}

/** In the place of the unfinished one with its id, else at the end. What it cost counts once it is finished. */
function withCompaction(state: ChatState, item: CompactionItem): ChatState {
  const index = state.items.findLastIndex((other) => other.type === 'compaction' && other.id === item.id);
  const shown = { ...state, items: index === -1 ? [...state.items, item] : state.items.with(index, item) };
  if (item.outcome === null) return shown;
  return {
    ...shown,
    usd: addUsd(state.usd, item.usd),
    usage: addUsage(state.usage, item.usage),
    requests: state.requests + requestsOf(item.usage),
  };
}

function withWarmUp(state: ChatState, { id, at, warm, usage }: Extract<ChatEvent, { type: 'warmed' }>): ChatState {
  const last = state.items.at(-1);
  const before = last?.type === 'context' ? last.lines[0]?.warm : undefined;
  const together =
    before === undefined || before.model !== warm.model
      ? warm
      : { ...warm, times: before.times + warm.times, usd: addUsd(before.usd, warm.usd) };
  const lines = [{ change: 'warmed', path: '', linesAdded: 0, linesRemoved: 0, warm: together }] as const;
  const kept = together === warm ? state.items : state.items.slice(0, -1);
  return {
    ...state,
    items: [...kept, { type: 'context', id, at, lines }],
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

function changeAnswer(state: ChatState, id: string, change: (answer: AnswerItem) => AnswerItem): ChatState {
  // Almost always the last item: look from the end.
  const index = state.items.findLastIndex((item) => item.type === 'answer' && item.id === id);
  const item = state.items[index];
  if (item?.type !== 'answer') return state;
  const items = state.items.slice();
  items[index] = change(item);
  return { ...state, items };
}

function changePart(state: ChatState, answer: string, key: string, change: (part: Part) => Part): ChatState {
  return changeAnswer(state, answer, (item) => {
    const index = item.parts.findLastIndex((part) => part.key === key);
    const part = item.parts[index];
    if (part === undefined) return item;
    const parts = item.parts.slice();
    parts[index] = change(part);
    return { ...item, parts };
  });
}
