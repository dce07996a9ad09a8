import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { StoreError } from '../../../../src/core/base/errors';
import type { Log } from '../../../../src/core/base/ports';
import { settle } from '../../../../src/host/base/answers';
import { notDone } from '../../../../src/host/base/notDone';
import { refusals } from '../../../../src/host/base/plainStrings';
import { createListActions } from '../../../../src/host/history/listActions';
import { ViewLink } from '../../../../src/host/panel/viewLink';
import type { ChatController } from '../../../../src/host/session/controller';
import { storeStrings } from '../../../../src/host/store/file/strings';
import type { LocalizableMessage } from '../../../../src/shared/chat';
import {
  type Handlers,
  type Intent,
  type IntentType,
  intentName,
  intents,
  readIntent,
} from '../../../../src/shared/intents';
import type { Answer, Answered, HostToView } from '../../../../src/shared/protocol';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { type Chat, closeChat, FakeEditors, openChat, temporaryFolder, until } from '../../core/kit';
import { failingStore } from '../session/failingStore';
import { panelEnvironment } from './panelParts';

const hash = '0123456789abcdef'.repeat(4);

/** One that is whole, of each kind; the compiler asks for those that are missing. */
const whole = (conversation: string): { readonly [K in IntentType]: Intent<K> } => ({
  ready: { type: 'ready' },
  reopen: { type: 'reopen' },
  do: { type: 'do', action: 'setKey' },
  focused: { type: 'focused', focused: true },
  viewFailed: { type: 'viewFailed', message: 'x' },
  resync: { type: 'resync', conversation },
  send: { type: 'send', conversation, text: 'Hello' },
  stop: { type: 'stop', conversation },
  restorePrompt: { type: 'restorePrompt', conversation },
  retry: { type: 'retry', conversation },
  continue: { type: 'continue', conversation },
  approve: { type: 'approve', conversation, key: 'e:1', span: 'conversation' },
  applyBlock: { type: 'applyBlock', conversation, answer: 'e', text: 'x', info: 'ts', above: '' },
  moveBlock: { type: 'moveBlock', conversation, key: 'k' },
  answerBlock: { type: 'answerBlock', conversation, key: 'k', apply: true },
  addOutput: { type: 'addOutput', conversation, id: 'o' },
  mentions: { type: 'mentions', conversation, query: 'a' },
  mention: { type: 'mention', conversation, kind: 'file', id: 'a.ts', edit: null },
  unmention: { type: 'unmention', conversation, kind: 'file', id: 'a.ts', edit: null, brought: [] },
  dismissOutput: { type: 'dismissOutput', conversation, id: 'o' },
  deny: { type: 'deny', conversation, key: 'e:1', reason: 'No.' },
  stopCall: { type: 'stopCall', conversation, key: 'e:1' },
  setReview: { type: 'setReview', conversation, atEnd: true },
  editHunks: { type: 'editHunks', conversation, answer: 'e', uri: 'file:///w/a.ts' },
  decideEdits: { type: 'decideEdits', conversation, answer: 'e', uri: null, hunk: null, keep: false },
  reviewChanges: { type: 'reviewChanges', conversation, answer: 'e', uri: null },
  retryNow: { type: 'retryNow', conversation },
  exclude: { type: 'exclude', conversation, target: { what: 'result', entry: 'e', index: 1 }, out: true },
  compact: { type: 'compact', conversation },
  compactByOwn: { type: 'compactByOwn', conversation },
  manageExcluded: { type: 'manageExcluded', conversation },
  openProposed: { type: 'openProposed', conversation, key: 'k' },
  startServer: { type: 'startServer', conversation, server: 'notes' },
  chooseTools: { type: 'chooseTools', conversation },
  draft: { type: 'draft', conversation, text: 'x' },
  keepEdit: { type: 'keepEdit', conversation, id: 'u1', edit: { kind: 'message', id: 'u1', text: 'x' } },
  removeChip: { type: 'removeChip', conversation, id: 'i' },
  includeFile: { type: 'includeFile', conversation, id: 'i', included: false },
  onlyWhatIAdd: { type: 'onlyWhatIAdd', conversation, only: true },
  countExactly: { type: 'countExactly', conversation },
  inspectRequest: { type: 'inspectRequest', conversation },
  unqueue: { type: 'unqueue', conversation, id: 'q' },
  moveQueued: { type: 'moveQueued', conversation, id: 'q', by: -1 },
  editQueued: { type: 'editQueued', conversation, id: 'q', text: null },
  sendQueuedNow: { type: 'sendQueuedNow', conversation, id: 'q' },
  regenerate: { type: 'regenerate', conversation, answer: 'm', model: null, effort: null },
  fork: { type: 'fork', conversation, answer: 'm' },
  walk: { type: 'walk', conversation, to: 'm' },
  askThere: { type: 'askThere', conversation, id: 'u1' },
  editMessage: { type: 'editMessage', conversation, id: 'm', text: 'x' },
  attach: { type: 'attach', conversation, name: 'a.txt', mediaType: 'text/plain', data: 'AAAA' },
  attachPasted: { type: 'attachPasted', conversation, bytes: new Uint8Array([120]), edit: null },
  pastedText: { type: 'pastedText', conversation, id: 'a'.repeat(64) },
  attachToEdit: { type: 'attachToEdit', conversation, edit: 'm', name: 'a.png', mediaType: 'image/png', data: 'AAAA' },
  dropFromEdit: { type: 'dropFromEdit', conversation, edit: 'm', id: null },
  attachUrl: { type: 'attachUrl', conversation, url: 'https://example.com/a.png', edit: null },
  attachFile: { type: 'attachFile', conversation, uri: 'file:///a.txt', edit: null },
  earlier: { type: 'earlier', conversation, before: 'user/a', to: null },
  find: { type: 'find', conversation, text: 'login', matchCase: false, wholeWord: true },
  toolOutput: { type: 'toolOutput', conversation, key: 'e:1' },
  detach: { type: 'detach', conversation, id: 'i' },
  pickFiles: { type: 'pickFiles', conversation },
  openFile: { type: 'openFile', path: 'a.ts', line: 3, column: 7, end: null },
  openSource: { type: 'openSource', uri: 'git:/a.ts', path: 'a.ts', line: 3, cell: 1 },
  linkable: { type: 'linkable', names: ['login'], files: ['src/a.ts'] },
  openSymbol: { type: 'openSymbol', name: 'login' },
  openLink: { type: 'openLink', url: 'https://example.com' },
  copy: { type: 'copy', text: 'x' },
  insert: { type: 'insert', text: 'x' },
  promptFiles: { type: 'promptFiles' },
  promptText: { type: 'promptText', id: 'file:///a.prompt.md', args: '' },
  newFile: { type: 'newFile', text: 'x', language: 'ts' },
  insertInTerminal: { type: 'insertInTerminal', conversation, text: 'npm test' },
  askModels: { type: 'askModels' },
  setModel: { type: 'setModel', model: 'claude-sonnet-4-6' },
  saveAsBranch: { type: 'saveAsBranch', conversation },
  mend: { type: 'mend', conversation },
  takeBackLimit: { type: 'takeBackLimit', key: 'field/thinking' },
  setEffort: { type: 'setEffort', effort: 'max' },
  openText: { type: 'openText', id: hash, label: 'notes.md' },
  loadBlob: { type: 'loadBlob', id: hash },
  exportConversation: { type: 'exportConversation', id: conversation },
  ownPrompts: { type: 'ownPrompts' },
  listConversations: { type: 'listConversations', query: '', all: false, after: { at: 1, id: 'c' }, limit: 50 },
  openConversation: { type: 'openConversation', id: conversation },
  openInEditor: { type: 'openInEditor', id: conversation },
  renameConversation: { type: 'renameConversation', id: conversation, title: 'x' },
  deleteConversation: { type: 'deleteConversation', id: conversation },
  deleteForever: { type: 'deleteForever', id: conversation },
  undoDelete: { type: 'undoDelete', id: conversation },
  adoptConversations: { type: 'adoptConversations', key: 'k' },
  putBackConversations: { type: 'putBackConversations', key: 'k' },
  dismissOffer: { type: 'dismissOffer', key: 'k' },
  showColumn: { type: 'showColumn', shown: true },
  usageEnvironment: { type: 'usageEnvironment' },
  usageReport: { type: 'usageReport', all: true, days: [1, 2, 3] },
  usageConversation: { type: 'usageConversation', id: 'c' },
  usageSettings: { type: 'usageSettings' },
});

const types = Object.keys(intents) as readonly IntentType[];
/** Those that the panel may say. */
const ofPanel = types.filter((type) => intents[type].place !== 'usage');

describe('Intents', () => {
  for (const message of Object.values(whole('c'))) {
    it(`are taken when they are whole: ${message.type}`, () => {
      assert.deepEqual(readIntent(message), message);
      assert.deepEqual(readIntent({ ...message, more: 2 }), message, 'and lose what they carry beyond their shape');
      for (const field of Object.keys(message)) {
        const { [field as keyof Intent]: _, ...rest } = message;
        assert.equal(readIntent(rest), null, `without ${field}`);
        assert.equal(readIntent({ ...message, [field]: { odd: true } }), null, `with an object for ${field}`);
        assert.equal(readIntent({ ...message, [field]: [{ odd: true }] }), null, `with a list for ${field}`);
      }
    });
  }

  it('are refused beyond their bounds', () => {
    const { openFile, exclude, usageReport, send, do: act } = whole('c');
    for (const line of [0, 1.5, Number.NaN]) assert.equal(readIntent({ ...openFile, line }), null);
    assert.deepEqual(readIntent({ ...openFile, line: null }), { ...openFile, line: null });
    for (const odd of [{ what: 'toString' }, { index: -1 }, { index: 0.5 }, { entry: '' }]) {
      assert.equal(readIntent({ ...exclude, target: { ...exclude.target, ...odd } }), null);
    }
    assert.deepEqual(readIntent({ ...exclude, target: { ...exclude.target, more: 1 } }), exclude);
    for (const days of [[1], [2, 1], [1, 1], [1, 'x'], Array.from({ length: 401 }, (_, day) => day)]) {
      assert.equal(readIntent({ ...usageReport, days }), null);
    }
    assert.equal(readIntent({ ...send, conversation: '' }), null);
    assert.equal(readIntent({ ...send, conversation: 'c'.repeat(5000) }), null);
    assert.equal(readIntent({ ...act, action: 'constructor' }), null);
    for (const type of ['toString', '__proto__', 'constructor', 3]) assert.equal(readIntent({ type }), null);
  });

  it('are named in the log by a plain word only', () => {
    assert.equal(intentName({ type: 'teleport' }), 'teleport');
    assert.equal(intentName({ ask: 1, intent: { type: 'teleport' } }), 'teleport');
    for (const odd of [{ type: 'my secret text' }, 7, null, undefined, { intent: 3 }]) {
      assert.equal(intentName(odd), 'no type');
    }
  });
});

describe('Each intent of the panel is answered once (L62)', () => {
  let fake: FakeClaude;
  let folder: { readonly path: string; remove(): void };
  let chat: Chat;
  let refusing = false;
  let controller: ChatController;
  let posted: HostToView[];
  let link: ViewLink;
  let windowFails: 'no' | 'throws' | 'rejects' = 'no';

  before(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    const refuse = (): void => {
      if (refusing) throw new StoreError('full', 'The disk is full.');
    };
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors: new FakeEditors(),
      wrap: (store) => failingStore(store, () => new Proxy({}, { get: () => refuse })),
    });
  });

  after(async () => {
    refusing = false;
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  beforeEach(async () => {
    refusing = false;
    windowFails = 'no';
    posted = [];
    controller = await chat.conversations.startNew();
    link = new ViewLink({
      post: (message) => posted.push(message),
      sessions: chat.conversations,
      environment: { current: async () => panelEnvironment, onDidChange: () => () => undefined },
      actions: new Proxy({} as Handlers<'window'> & { act(): Promise<void> }, {
        get: () => () => {
          if (windowFails === 'throws') throw new Error('VS Code said no.');
          return windowFails === 'rejects' ? Promise.reject(new Error('VS Code said no.')) : null;
        },
      }),
      list: createListActions({
        list: new Proxy({} as Parameters<typeof createListActions>[0]['list'], {
          get: (_, name) => {
            if (name === 'onDidChange') return () => () => undefined;
            return async (id: unknown) => {
              if (name === 'page') return chat.store.list({ workspaces: null, query: '', limit: 1 });
              return name === 'changed' ? undefined : chat.store.setTitle(String(id), 'x');
            };
          },
        }),
        openTab: async () => undefined,
        leave: async () => undefined,
      }),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      takeFocus: () => undefined,
    });
    link.receive({ ask: 0, intent: { type: 'ready' } });
    await until('the snapshot', () => posted.some(({ type }) => type === 'snapshot'));
  });

  afterEach(async () => {
    refusing = false;
    link.dispose();
    void controller.handle({ type: 'stop', conversation: controller.conversation });
    await until('everything to be at rest', () => !controller.isRunning);
  });

  const answersTo = (ask: number): readonly Answer[] =>
    posted.filter((one): one is Answered => one.type === 'answer' && one.ask === ask).map(({ answer }) => answer);

  const refusedWith = (intent: Intent, reason: LocalizableMessage): Answer => ({
    ok: false,
    reason: notDone(intent, reason),
  });

  /** Says it and waits for what comes back. */
  const asked = async (intent: unknown): Promise<Answer> => {
    link.receive({ ask: 7, intent });
    await until(`an answer to ${JSON.stringify(intent)}`, () => answersTo(7).length > 0);
    for (let turns = 0; turns < 5; turns += 1) await setImmediate();
    assert.equal(answersTo(7).length, 1, 'once');
    const [answer] = answersTo(7);
    assert.ok(answer !== undefined);
    return answer;
  };

  /** What the host holds and what the view was told are at rest again. */
  const assertNothingStuck = async (): Promise<void> => {
    refusing = false;
    await until('the end', () => !controller.isRunning);
    assert.equal((await asked2({ type: 'resync', conversation: controller.conversation })).ok, true);
    const snapshot = posted.findLast((message) => message.type === 'snapshot');
    assert.equal(snapshot?.type === 'snapshot' && snapshot.state.activity, null);
  };

  const asked2 = async (intent: unknown): Promise<Answer> => {
    link.receive({ ask: 8, intent });
    await until('an answer', () => answersTo(8).length > 0);
    const [answer] = answersTo(8);
    assert.ok(answer !== undefined);
    return answer;
  };

  for (const type of ofPanel) {
    // Another script begins with it.
    if (type === 'ready') continue;

    it(`when all is well: ${type}`, async () => {
      await asked(whole(controller.conversation)[type]);
    });

    it(`when the store refuses everything: ${type}`, async () => {
      refusing = true;
      const { place } = intents[type];
      const asking = whole(controller.conversation)[type];
      const answer = await asked(asking);
      if (place === 'list' && type !== 'openInEditor' && type !== 'openConversation') {
        assert.deepEqual(answer, refusedWith(asking, { text: 'The disk is full.' }));
      }
      await assertNothingStuck();
    });

    it(`when the conversation is gone: ${type}`, async () => {
      const asking = whole('gone')[type];
      const answer = await asked(asking);
      if (intents[type].place === 'chat') {
        assert.deepEqual(answer, refusedWith(asking, refusals.notShown()));
      }
    });

    it(`when it is malformed: ${type}`, async () => {
      const odd = { ...whole(controller.conversation)[type], type: `${type}?` };
      assert.equal((await asked(odd)).ok, false);
    });

    if (intents[type].place !== 'window' && type !== 'do') continue;
    for (const way of ['throws', 'rejects'] as const) {
      it(`when VS Code ${way}: ${type}`, async () => {
        windowFails = way;
        const asking = whole(controller.conversation)[type];
        assert.deepEqual(await asked(asking), refusedWith(asking, { text: 'VS Code said no.' }));
      });
    }
  }

  it('with what the store says as a text to be translated, and its values without secrets', async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Log;
    const said = storeStrings.because(storeStrings.diskFull(), 'x-api-key: sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA');
    const answered = await settle('send', () => Promise.reject(new StoreError('full', said)), log);
    assert.ok(!answered.ok);
    assert.deepEqual([answered.reason.text, answered.reason.args?.[0]], [said.text, storeStrings.diskFull()]);
    assert.doesNotMatch(String(answered.reason.args?.[1]), /sk-ant-api03-A/);
  });

  it('and a message without content is no turn: Stop goes away again', async () => {
    assert.deepEqual(await asked({ type: 'send', conversation: controller.conversation, text: '  \n' }), {
      ok: true,
      value: null,
    });
    assert.equal(controller.isRunning, false);
  });

  it('and whatever else is posted is dropped or refused without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ withBigInt: true, withDate: true, withMap: true }), async (message) => {
        link.receive(message);
        link.receive({ ask: 9, intent: message });
        link.receive({ ask: message, intent: { type: 'stop', conversation: 'x' } });
      }),
      { numRuns: 300 },
    );
    await until('answers', () => answersTo(9).length >= 300);
    assert.ok(answersTo(9).every(({ ok }) => !ok));
    // One of them may have been numbered as the next is.
    posted = [];
    assert.equal((await asked({ type: 'stop', conversation: controller.conversation })).ok, true);
  });

  it('and not when its script is gone: another one takes no answer of it', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const own = controller.handle.bind(controller);
    controller.handle = async (intent) => {
      const answer = await own(intent);
      await gate;
      return answer;
    };
    link.receive({ ask: 5, intent: { type: 'draft', conversation: controller.conversation, text: 'a' } });
    link.hide();
    link.receive({ ask: 6, intent: { type: 'ready' } });
    await until('its answer', () => answersTo(6).length > 0);
    letGo();
    // Whatever waits in line at the same conversation is answered behind it.
    link.receive({ ask: 7, intent: { type: 'draft', conversation: controller.conversation, text: 'b' } });
    await until('the answer behind it', () => answersTo(7).length > 0);
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    assert.deepEqual(answersTo(5), []);
  });
});
