import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { notDone } from '../../../../src/host/base/notDone';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { ChatSession } from '../../../../src/host/panel/viewLink';
import { ViewLink } from '../../../../src/host/panel/viewLink';
import type { Snapshot } from '../../../../src/host/session/newest';
import { emptyChat } from '../../../../src/shared/chat';
import type { Handlers, Intent, IntentAt } from '../../../../src/shared/intents';
import type { Answer, HostToView } from '../../../../src/shared/protocol';
import { composerState, panelEnvironment } from './panelParts';

/** A conversation that answers as a controller does. */
class Session implements ChatSession {
  readonly handled: Intent[] = [];
  /** Those of the searches. */
  readonly signals: AbortSignal[] = [];
  answer: Answer = { ok: true, value: null };
  send: ((message: HostToView) => void) | null = null;

  constructor(readonly conversation: string) {}

  attach(send: (message: HostToView) => void): () => void {
    this.send = send;
    const state = emptyChat(this.conversation);
    send({ type: 'snapshot', conversation: this.conversation, seq: 0, state, composer: composerState, draft: '' });
    return () => {
      this.send = null;
    };
  }

  async handle(intent: IntentAt<'chat'>, signal?: AbortSignal): Promise<Answer> {
    this.handled.push(intent);
    if (signal !== undefined) this.signals.push(signal);
    return this.answer;
  }
}

function world(first = new Session('one')) {
  const posted: HostToView[] = [];
  const acted: string[] = [];
  const logged: string[] = [];
  const state = {
    current: first,
    broken: false,
    changed: () => {},
    readNewest: (_newest: Snapshot) => {},
    environmentChanged: () => {},
    environmentWatched: false,
    listChanged: () => {},
    started: () => {},
    known: new Map([['one', first]]),
  };
  const note = (line: string) => async (): Promise<void> => {
    acted.push(line);
  };
  const link = new ViewLink({
    post: (message) => posted.push(message),
    sessions: {
      currentId: 'one',
      startNew: async () => {
        state.started();
        return state.current;
      },
      open: async () => state.current,
      find: async (id) => state.known.get(id) ?? null,
      current: async () => {
        if (state.broken) throw new Error('The disk is full.');
        return state.current;
      },
      onDidReadNewest(callback) {
        state.readNewest = callback;
        return () => {
          state.readNewest = () => {};
        };
      },
      onDidChangeCurrent(callback) {
        state.changed = callback;
        return () => {
          state.changed = () => {};
        };
      },
    },
    environment: {
      current: async () => panelEnvironment,
      onDidChange(callback) {
        state.environmentChanged = callback;
        state.environmentWatched = true;
        return () => {
          state.environmentWatched = false;
          state.environmentChanged = () => {};
        };
      },
    },
    list: {
      handlers: () =>
        new Proxy({} as Handlers<'list'>, { get: (_, name) => async () => void acted.push(`list ${String(name)}`) }),
      onDidChange(callback) {
        state.listChanged = callback;
        return () => {};
      },
    },
    actions: {
      openFile: ({ path, line }) => note(`openFile ${path}:${line}`)(),
      openSource: ({ uri }) => note(`openSource ${uri}`)(),
      openLink: ({ url }) => note(`openLink ${url}`)(),
      promptFiles: async () => [],
      promptText: async () => ({ text: '', from: 0, to: 0, runs: false, permits: false }),
      linkable: async () => ({ names: [], files: [] }),
      openSymbol: ({ name }) => note(`openSymbol ${name}`)(),
      openText: ({ id, label }) => note(`openText ${id} ${label}`)(),
      exportConversation: ({ id }) => note(`export ${id}`)(),
      copy: ({ text }) => note(`copy ${text}`)(),
      insert: ({ text }) => note(`insert ${text}`)(),
      newFile: ({ text }) => note(`newFile ${text}`)(),
      insertInTerminal: ({ text }) => note(`insertInTerminal ${text}`)(),
      askModels: () => note('askModels')(),
      setModel: ({ model }) => note(`setModel ${model}`)(),
      setEffort: ({ effort }) => note(`setEffort ${effort}`)(),
      takeBackLimit: ({ key }) => note(`takeBackLimit ${key}`)(),
      loadBlob: async () => null,
      act: (action) => note(`act ${action}`)(),
    },
    log: {
      info: (message) => logged.push(message),
      warn: (message) => logged.push(message),
      error: (message) => logged.push(message),
    },
    takeFocus: () => void acted.push('takeFocus'),
  });
  /** What was told besides the answers. */
  const kinds = (): string[] => posted.map((message) => message.type).filter((type) => type !== 'answer');
  let ask = 0;
  const say = (intent: unknown): void => {
    ask += 1;
    link.receive({ ask, intent });
  };
  return { say, link, posted, kinds, acted, logged, state, first };
}

describe('The connection of a view', () => {
  it('answers `ready` with the environment and a snapshot, each time', async () => {
    const { say, kinds } = world();
    say({ type: 'ready' });
    await setImmediate();
    assert.deepEqual(kinds(), ['environment', 'snapshot']);
    say({ type: 'ready' });
    await setImmediate();
    assert.deepEqual(kinds(), ['environment', 'snapshot', 'environment', 'snapshot']);
  });

  it('calls off what it looks for when the next letter comes, and that of no other view', async () => {
    const first = new Session('one');
    const [view, other] = [world(first), world(first)];
    for (const { say } of [view, other]) say({ type: 'ready' });
    await setImmediate();
    const look = (text: string) => ({ type: 'find', conversation: 'one', text, matchCase: false, wholeWord: false });
    view.say(look('n'));
    other.say(look('w'));
    view.say(look('ne'));
    view.say({ type: 'stop', conversation: 'one' });
    await setImmediate();
    assert.deepEqual(
      first.signals.map(({ aborted }) => aborted),
      [true, false, false],
    );
  });

  it('lets go of the conversation while it is hidden, and never stops it (L1, L8)', async () => {
    const { say, link, kinds, first } = world();
    say({ type: 'ready' });
    await setImmediate();
    link.hide();
    assert.equal(first.send, null);
    assert.deepEqual(kinds(), ['environment', 'snapshot']);
    assert.deepEqual(first.handled, []);
  });

  it('shows nothing that was asked for before it was hidden', async () => {
    const { say, link, posted, first } = world();
    say({ type: 'ready' });
    link.hide();
    await setImmediate();
    assert.deepEqual(posted, []);
    assert.equal(first.send, null);
  });

  it('switches with the window’s conversation, and still hands a late draft to the one that it left (L2)', async () => {
    const { say, posted, state, first } = world();
    say({ type: 'ready' });
    await setImmediate();
    const second = new Session('two');
    state.current = second;
    state.changed();
    await setImmediate();
    assert.equal(first.send, null);
    const last = posted.at(-1);
    assert.equal(last?.type === 'snapshot' && last.conversation, 'two');
    const draft: Intent = { type: 'draft', conversation: 'one', text: 'half a thought' };
    say(draft);
    await setImmediate();
    assert.deepEqual(first.handled, [draft]);
    assert.deepEqual(second.handled, []);
  });

  it('hands each intent to its conversation or to VS Code', async () => {
    const { say, acted, first } = world();
    say({ type: 'ready' });
    await setImmediate();
    const stop: Intent = { type: 'stop', conversation: 'one' };
    say(stop);
    say({ type: 'do', action: 'openBilling' });
    say({ type: 'openFile', path: 'a.ts', line: 4, column: null, end: null });
    say({ type: 'copy', text: 'x' });
    assert.deepEqual(first.handled, [stop]);
    assert.deepEqual(acted, ['act openBilling', 'openFile a.ts:4', 'copy x']);
  });

  it('asks the list for its pages, tells the view when they change, and starts a new chat where it was asked for', async () => {
    const { say, link, acted, kinds, state } = world();
    const started: string[] = [];
    state.started = (): void => {
      started.push('new');
    };
    state.listChanged();
    assert.deepEqual(kinds(), [], 'nobody looks');
    say({ type: 'ready' });
    await setImmediate();
    state.listChanged();
    assert.deepEqual(kinds().slice(-1), ['conversationsChanged']);
    say({ type: 'listConversations', request: 1, query: '', all: false, after: null, limit: 50 });
    say({ type: 'deleteConversation', id: 'one' });
    assert.deepEqual(acted, ['list listConversations', 'list deleteConversation']);
    say({ type: 'do', action: 'newChat' });
    await setImmediate();
    assert.deepEqual(started, ['new']);
    link.toggleList();
    assert.deepEqual(kinds().slice(-1), ['showConversations']);
  });

  it('ignores what it does not know, with a line in the log', async () => {
    const { say, logged, posted, first } = world();
    say({ type: 'ready' });
    await setImmediate();
    const before = posted.length;
    say({ type: 'runCommand', command: 'rm' });
    const gone = { type: 'send', conversation: 'another', text: 'hello' } as const;
    say(gone);
    await setImmediate();
    assert.deepEqual(posted.slice(before), [
      { type: 'answer', ask: 2, answer: { ok: false, reason: refusals.unknownIntent() } },
      { type: 'answer', ask: 3, answer: { ok: false, reason: notDone(gone, refusals.notShown()) } },
    ]);
    assert.deepEqual(first.handled, []);
    assert.equal(logged.length, 2);
    assert.ok(!logged.join().includes('hello'));
  });

  it('gives the focus once there is something to focus', async () => {
    const { say, link, kinds } = world();
    link.focus();
    assert.deepEqual(kinds(), []);
    say({ type: 'ready' });
    await setImmediate();
    assert.deepEqual(kinds(), ['environment', 'snapshot', 'focus']);
  });

  it('gets the keys back after the box in which the key is set', async () => {
    const { say, kinds, acted } = world();
    say({ type: 'ready' });
    await setImmediate();
    say({ type: 'do', action: 'setKey' });
    await setImmediate();
    assert.deepEqual(acted.slice(-2), ['act setKey', 'takeFocus']);
    assert.equal(kinds().at(-1), 'focus');
    say({ type: 'do', action: 'openSettings' });
    await setImmediate();
    assert.equal(acted.at(-1), 'act openSettings', 'settings keep the keys');
  });

  it('tells when the environment changes, while it is visible', async () => {
    const { say, link, kinds, state } = world();
    state.environmentChanged();
    await setImmediate();
    assert.deepEqual(kinds(), []);
    say({ type: 'ready' });
    await setImmediate();
    state.environmentChanged();
    await setImmediate();
    assert.deepEqual(kinds(), ['environment', 'snapshot', 'environment']);
    // Nothing is kept up to date for what nobody sees (L74).
    assert.equal(state.environmentWatched, true);
    link.hide();
    assert.equal(state.environmentWatched, false);
    say({ type: 'ready' });
    await setImmediate();
    assert.equal(state.environmentWatched, true);
    assert.deepEqual(kinds().slice(3), ['environment', 'snapshot']);
  });

  it('shows the newest turns of a long conversation before the whole, and takes what is said of it (L75)', async () => {
    const { say, posted, kinds, state } = world();
    const newest = {
      type: 'snapshot',
      conversation: 'two',
      seq: 0,
      state: emptyChat('two'),
      composer: composerState,
      draft: '',
    } as const;
    state.readNewest(newest);
    assert.deepEqual(kinds(), [], 'not while nobody looks');
    say({ type: 'ready' });
    await setImmediate();
    state.readNewest(newest);
    assert.deepEqual(posted.at(-1), newest);
    const second = new Session('two');
    state.known.set('two', second);
    say({ type: 'draft', conversation: 'two', text: 'x' });
    await setImmediate();
    assert.deepEqual(second.handled, [{ type: 'draft', conversation: 'two', text: 'x' }]);
  });

  it('says so in its place when there is no conversation to show (L19, L73)', async () => {
    const { say, state, posted } = world();
    state.broken = true;
    say({ type: 'ready' });
    await setImmediate();
    const reason = 'The disk is full.';
    assert.deepEqual(posted.at(-1), { type: 'unopened', conversation: null, title: '', reason });
    state.broken = false;
    say({ type: 'reopen' });
    await setImmediate();
    assert.equal(posted.at(-1)?.type, 'snapshot');
  });

  it('logs a failed view in one short line', () => {
    const { say, logged } = world();
    say({
      type: 'viewFailed',
      message: `Broken by sk-ant-abc ${'x'.repeat(1000)}\nand the whole conversation`,
    });
    assert.equal(logged.length, 1);
    assert.ok((logged[0]?.length ?? 0) < 400);
    assert.ok(!logged.join().includes('sk-ant-abc') && !logged.join().includes('whole conversation'));
  });
});
