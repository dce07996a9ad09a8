/** Only an error that is about an attachment keeps it from being sent again, and the panel shows it (L5, L43). */
import assert from 'node:assert/strict';
import { modelOf } from '../../../../src/core/models/models';
import type { Entry, UserBlock } from '../../../../src/core/record/record';
import { stateOf } from '../../../../src/core/transcript/transcript';
import type { TurnFailure } from '../../../../src/shared/failure';
import { failure } from '../../../panel/chats';
import { PathMaker, sentMessages } from './paths';

const hash = 'a'.repeat(64);
const image = {
  type: 'image',
  blob: hash,
  mediaType: 'image/png',
  width: 9,
  height: 9,
  name: 'shot.png',
  bytes: 100,
} as const;
const selection: UserBlock = {
  type: 'selection',
  selection: { uri: 'file:///a.ts', path: 'a.ts', startLine: 1, endLine: 1, text: 'one' },
};

function ended(refused: Partial<TurnFailure>, bytes = 100): readonly Entry[] {
  const path = new PathMaker().user('Look', { ...image, bytes }, selection).entries;
  const end: Entry = {
    kind: 'end',
    id: 'e1',
    parent: path.at(-1)?.id ?? null,
    at: 1,
    outcome: { kind: 'failed', failure: failure(refused) },
  };
  const next: Entry = {
    kind: 'user',
    id: 'u2',
    parent: 'e1',
    at: 2,
    content: [{ type: 'text', text: 'More' }],
    model: 'claude-opus-4-8',
  };
  return [...path, end, next];
}

/** Whether the image goes with the next request, and whether the panel says so. */
function goes(path: readonly Entry[]): readonly [boolean, boolean] {
  const sent = JSON.stringify(sentMessages(path, modelOf('claude-opus-4-8'), new Map([[hash, 'iVBORw0KGgo=']])));
  const [item] = stateOf('c', '', path).items;
  const attachments = item?.type === 'user' ? item.attachments : [];
  assert.equal(attachments.find(({ kind }) => kind === 'selection')?.notSent, undefined, 'code goes as text');
  return [sent.includes('"type":"image"'), attachments.find(({ kind }) => kind === 'image')?.notSent !== true];
}

describe('An attachment of a turn that was refused', () => {
  const rows: readonly (readonly [string, Partial<TurnFailure>, boolean, number?])[] = [
    ['an error about it', { code: 'mediaRefused', message: 'Could not process image' }, false],
    [
      'an error about it that an earlier version stored',
      { code: 'badRequest', message: 'messages.0.content.0.image.source.base64: image exceeds 5 MB maximum' },
      false,
    ],
    [
      'a request that is too large, of which it is most',
      { code: 'requestTooLarge', message: '' },
      false,
      20 * 1024 * 1024,
    ],
    ['a request that is too large', { code: 'requestTooLarge', message: '' }, true],
    ['a conversation that is too long', { code: 'promptTooLong', message: 'prompt is too long' }, true],
    ['a field', { code: 'fieldRefused', message: 'thinking.display: Extra inputs are not permitted' }, true],
    ['another error', { code: 'badRequest', message: 'messages: text content blocks must be non-empty' }, true],
    ['an overloaded server', { code: 'overloaded', message: 'Overloaded' }, true],
  ];
  for (const [name, refused, sent, bytes] of rows) {
    it(`L43 ${sent ? 'is sent with the next request' : 'is not sent any more, which is shown,'} after ${name}`, () => {
      assert.deepEqual(goes(ended(refused, bytes)), [sent, sent]);
    });
  }
});
