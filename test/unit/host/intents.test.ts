import assert from 'node:assert/strict';
import { intentName, parseIntent } from '../../../src/host/intents';
import type { ViewToHost } from '../../../src/shared/protocol';

const good: readonly ViewToHost[] = [
  { type: 'ready' },
  { type: 'resync', conversation: 'c' },
  { type: 'send', conversation: 'c', text: '' },
  { type: 'stop', conversation: 'c' },
  { type: 'restorePrompt', conversation: 'c' },
  { type: 'retry', conversation: 'c' },
  { type: 'continue', conversation: 'c' },
  { type: 'retryNow', conversation: 'c' },
  { type: 'leaveOut', conversation: 'c', target: { what: 'result', entry: 'e', index: 1 }, out: true },
  { type: 'compact', conversation: 'c' },
  { type: 'chooseLeftOut', conversation: 'c' },
  { type: 'draft', conversation: 'c', text: 'x' },
  { type: 'removeChip', conversation: 'c', id: 'i' },
  { type: 'includeFile', conversation: 'c', id: 'i', included: false },
  { type: 'onlyWhatIAdd', conversation: 'c', only: true },
  { type: 'unqueue', conversation: 'c', id: 'q' },
  { type: 'moveQueued', conversation: 'c', id: 'q', by: -1 },
  { type: 'editQueued', conversation: 'c', id: 'q', text: null },
  { type: 'editQueued', conversation: 'c', id: 'q', text: 'x' },
  { type: 'sendQueuedNow', conversation: 'c', id: 'q' },
  { type: 'editMessage', conversation: 'c', id: 'm', text: 'x' },
  { type: 'openFile', path: 'a.ts', line: null },
  { type: 'openFile', path: 'a.ts', line: 3 },
  { type: 'openLink', url: 'https://example.com' },
  { type: 'copy', text: 'x' },
  { type: 'insert', text: 'x' },
  { type: 'do', action: 'setKey' },
  { type: 'askModels' },
  { type: 'setModel', model: 'claude-sonnet-4-6' },
  { type: 'setEffort', effort: 'max' },
  { type: 'takeBackLimit', key: 'field/thinking' },
  { type: 'mend', conversation: 'c' },
  { type: 'attach', conversation: 'c', name: 'a.png', mediaType: '', data: 'AAAA' },
  { type: 'attachUrl', conversation: 'c', url: 'https://example.com/a.png' },
  { type: 'attachFile', conversation: 'c', uri: 'file:///a.png' },
  { type: 'detach', conversation: 'c', id: 'i' },
  { type: 'pickFiles', conversation: 'c' },
  { type: 'openText', id: '0123456789abcdef'.repeat(4), label: 'notes.md' },
  { type: 'loadBlob', id: '0123456789abcdef'.repeat(4) },
  { type: 'listConversations', request: 1, query: '', all: true, after: null, limit: 50 },
  { type: 'listConversations', request: 2, query: 'x', all: false, after: { at: 1, id: 'c' }, limit: 50 },
  { type: 'reopen' },
  { type: 'exportConversation', id: 'c' },
  { type: 'openConversation', id: 'c' },
  { type: 'openInEditor', conversation: 'c' },
  { type: 'renameConversation', id: 'c', title: 'x' },
  { type: 'deleteConversation', id: 'c' },
  { type: 'undoDelete', id: 'c' },
  { type: 'adoptConversations', key: 'k' },
  { type: 'putBackConversations', key: 'k' },
  { type: 'dismissOffer', key: 'k' },
  { type: 'showColumn', shown: true },
  { type: 'focused', focused: true },
  { type: 'viewFailed', message: 'x' },
];

describe('Messages of the panel', () => {
  for (const message of good) {
    it(`are taken when they are whole: ${JSON.stringify(message)}`, () => {
      assert.deepEqual(parseIntent(message), message);
    });

    it(`are refused when a field is missing or of another type: ${JSON.stringify(message)}`, () => {
      for (const field of Object.keys(message)) {
        const { [field as keyof ViewToHost]: _, ...rest } = message;
        assert.equal(parseIntent(rest), null, `without ${field}`);
        assert.equal(parseIntent({ ...message, [field]: { odd: true } }), null, `with an object for ${field}`);
      }
    });
  }

  it('lose what they carry beyond their shape', () => {
    assert.deepEqual(parseIntent({ type: 'ready', __proto__: { x: 1 }, more: 2 }), { type: 'ready' });
  });

  it('are refused when they are no message at all', () => {
    for (const odd of [null, undefined, 1, 'ready', [], {}, { type: 'toString' }, { type: '__proto__' }, { type: 3 }]) {
      assert.equal(parseIntent(odd), null);
    }
    assert.equal(parseIntent({ type: 'do', action: 'constructor' }), null);
    assert.equal(parseIntent({ type: 'openFile', path: 'a', line: 0 }), null);
    assert.equal(parseIntent({ type: 'openFile', path: 'a', line: 1.5 }), null);
    const target = { what: 'result', entry: 'e', index: 1 };
    for (const odd of [{ what: 'toString' }, { index: -1 }, { index: 0.5 }, { entry: '' }, { more: 1 }]) {
      const message = { type: 'leaveOut', conversation: 'c', target: { ...target, ...odd }, out: true };
      assert.equal(parseIntent(message), null, JSON.stringify(odd));
    }
  });

  it('are named in the log by a plain word only', () => {
    assert.equal(intentName({ type: 'teleport' }), 'teleport');
    assert.equal(intentName({ type: 'my secret text' }), 'no type');
    assert.equal(intentName(7), 'no type');
  });
});
