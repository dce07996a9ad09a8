import assert from 'node:assert/strict';
import { type ChatEvent, type ChatState, emptyChat } from '../../../src/shared/chat';
import type { ComposerState, HostToView, PanelEnvironment } from '../../../src/shared/protocol';
import { Store } from '../../../src/webview/view/store';
import { unknownCost } from '../../panel/costs';

const environment: PanelEnvironment = {
  key: { kind: 'stored' },
  models: [],
  modelList: 'table',
  suggestions: [],
  fontSize: null,
  fontFamily: null,
  column: false,
  moved: null,
  workspaceName: null,
  words: {},
  locale: 'en',
};
const composer: ComposerState = {
  chips: [],
  attachments: [],
  maxImageTokens: 4784,
  queued: [],
  firstSend: null,
  modelId: 'm',
  modelName: 'M',
  effort: null,
  review: null,
  next: unknownCost,
  rewrite: null,
  todayUsd: null,
  pausedSince: null,
};
const title = (text: string): ChatEvent => ({ type: 'title', title: text });
const events = (seq: number, ...list: readonly ChatEvent[]): HostToView => ({
  type: 'events',
  conversation: 'a',
  seq,
  events: list,
});

function started(seq = 0): Store {
  const store = new Store();
  store.take({ type: 'environment', environment });
  store.take({ type: 'snapshot', conversation: 'a', seq, state: emptyChat('a'), composer, draft: 'd' });
  return store;
}

describe("The view's store", () => {
  it('has no state before both environment and snapshot', () => {
    const store = new Store();
    assert.equal(store.state, null);
    store.take({ type: 'environment', environment });
    assert.equal(store.state, null);
  });

  it('goes on from the number of the snapshot', () => {
    const store = started(7);
    assert.equal(store.take(events(8, title('x'), title('y'))).kind, 'events');
    assert.equal(store.take(events(10, title('z'))).kind, 'events');
    assert.equal(store.state?.chat.title, 'z');
  });

  it('tells a gap once and takes nothing until the snapshot', () => {
    const store = started();
    assert.deepEqual(store.take(events(3, title('x'))), { kind: 'gap', conversation: 'a' });
    assert.deepEqual(store.take(events(1, title('x'))), { kind: 'none' });
    assert.equal(store.state?.chat.title, '');
    const change = store.take({
      type: 'snapshot',
      conversation: 'a',
      seq: 3,
      state: emptyChat('a'),
      composer,
      draft: '',
    });
    assert.deepEqual(change, { kind: 'snapshot', switched: false, draft: '', begun: [] });
    assert.equal(store.take(events(4, title('new'))).kind, 'events');
    assert.equal(store.state?.chat.title, 'new');
  });

  it('has what a snapshot says again as it was: it need not be drawn again (L75)', () => {
    const store = started();
    const note = (id: string, at: number) => ({ type: 'context', id, at, lines: [] }) as const;
    const snapshot = (...items: ChatState['items']): void => {
      store.take({
        type: 'snapshot',
        conversation: 'a',
        seq: 0,
        state: { ...emptyChat('a'), items },
        composer,
        draft: '',
      });
    };
    snapshot(note('n', 1), note('m', 1));
    const [kept, other] = store.state?.chat.items ?? [];
    snapshot(note('l', 1), note('n', 1), note('m', 2));
    const items = store.state?.chat.items ?? [];
    assert.equal(items[1], kept);
    assert.notEqual(items[2], other);
    assert.deepEqual(items[2], note('m', 2));
  });

  it('asks for a snapshot where what is to stay has never come (L75)', () => {
    const store = started();
    const items = (kept: number | null): ChatEvent => {
      const item = { type: 'context', id: 'n', at: 1, lines: [] } as const;
      return {
        type: 'items',
        kept,
        above: { items: kept ?? 7, size: 0 },
        items: [item],
        parts: 0,
        state: { title: 'T' },
      };
    };
    assert.equal(store.take(events(1, items(null), items(8))).kind, 'events');
    assert.deepEqual([store.state?.chat.items.length, store.state?.chat.above.items], [2, 7]);
    assert.equal(store.state?.chat.title, 'T');
    assert.deepEqual(store.take(events(3, items(5))), { kind: 'gap', conversation: 'a' });
    assert.deepEqual(store.take(events(4, title('x'))), { kind: 'none' });
    assert.equal(store.state?.chat.items.length, 2);
  });

  it('takes of overlapping events only the new ones', () => {
    const store = started();
    store.take(events(1, title('1'), title('2')));
    assert.deepEqual(store.take(events(2, title('2'), title('3'))), { kind: 'events', events: [title('3')] });
    assert.deepEqual(store.take(events(1, title('1'))), { kind: 'none' });
    assert.equal(store.state?.chat.title, '3');
  });

  it('says when another conversation is shown', () => {
    const store = started();
    const change = store.take({
      type: 'snapshot',
      conversation: 'b',
      seq: 0,
      state: emptyChat('b'),
      composer,
      draft: 'e',
    });
    assert.deepEqual(change, { kind: 'snapshot', switched: true, draft: 'e', begun: [] });
    assert.deepEqual(store.take(events(1, title('old'))), { kind: 'none' });
    assert.equal(store.state?.chat.title, '');
  });

  it('copies the state once for all deltas of a part between two drawings, not once for each (L18)', () => {
    const turns = Array.from(
      { length: 500 },
      (_, n): ChatEvent => ({ type: 'answerStarted', id: `t${n}`, at: 1, model: 'm' }),
    );
    const store = started();
    store.take(events(1, ...turns));
    store.take(
      events(501, { type: 'partStarted', answer: 't499', part: { type: 'text', key: 'a', text: '', open: true } }),
    );
    const delta = (text: string): ChatEvent => ({ type: 'delta', answer: 't499', key: 'a', text });
    const { slice } = Array.prototype;
    let copied = 0;
    Array.prototype.slice = function (...given) {
      const copy = slice.apply(this, given);
      copied += copy.length;
      return copy;
    };
    try {
      for (let n = 0; n < 1000; n += 1) store.take(events(502 + n, delta(`${n} `)));
    } finally {
      Array.prototype.slice = slice;
    }
    const shown = store.state?.chat.items.at(-1);
    const part = shown?.type === 'answer' ? shown.parts[0] : undefined;
    assert.equal(part?.type === 'text' ? part.text : null, Array.from({ length: 1000 }, (_, n) => `${n} `).join(''));
    assert.ok(copied < 10_000, `${copied} items copied`);
  });

  it('keeps deltas of two parts apart, and what comes between them in its order', () => {
    const store = started();
    const part = (key: string): ChatEvent => ({
      type: 'partStarted',
      answer: 't',
      part: { type: 'text', key, text: '', open: true },
    });
    const delta = (key: string, text: string): ChatEvent => ({ type: 'delta', answer: 't', key, text });
    store.take(events(1, { type: 'answerStarted', id: 't', at: 1, model: 'm' }, part('a'), part('b')));
    const all = [
      delta('a', '1'),
      delta('a', '2'),
      delta('b', '3'),
      delta('a', '4'),
      title('x'),
      delta('a', '5'),
      delta('a', '6'),
    ];
    for (const [n, event] of all.entries()) store.take(events(4 + n, event));
    const shown = store.state?.chat.items.at(-1);
    const texts = shown?.type === 'answer' ? shown.parts.map((one) => ('text' in one ? one.text : null)) : null;
    assert.deepEqual(texts, ['12456', '3']);
    assert.equal(store.state?.chat.title, 'x');
  });
});
