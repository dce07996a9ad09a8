import assert from 'node:assert/strict';
import { type ChatEvent, emptyChat } from '../../../src/shared/chat';
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
    assert.deepEqual(change, { kind: 'snapshot', switched: false, draft: '' });
    assert.equal(store.take(events(4, title('new'))).kind, 'events');
    assert.equal(store.state?.chat.title, 'new');
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
    assert.deepEqual(change, { kind: 'snapshot', switched: true, draft: 'e' });
    assert.deepEqual(store.take(events(1, title('old'))), { kind: 'none' });
    assert.equal(store.state?.chat.title, '');
  });
});
