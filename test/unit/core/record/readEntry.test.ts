/** What is read back from the disk is an entry, or says that it cannot be read: whatever the bytes are. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEntry } from '../../../../src/core/record/readEntry';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { PathMaker, requestOf, text } from '../prompt/paths';

const place = { id: 'e', parent: null, kind: 'user', at: 7 };

describe('A stored entry that is read', () => {
  it('is what was stored, or is named as unreadable: any text, any JSON (L73)', () => {
    assert.doesNotThrow(() => readEntry('{"broken": ', place));
    const whole = new PathMaker()
      .user('Hi')
      .assistant([text('Hello')])
      .end().entries;
    for (const entry of whole) assert.deepEqual(readEntry(JSON.stringify(entry), entry), entry);
    const kinds = fc.constantFrom(
      'user',
      'assistant',
      'toolResult',
      'snapshot',
      'change',
      'end',
      'leaveOut',
      'compaction',
    );
    const odd = fc.record({ id: fc.constant('e'), kind: kinds, at: fc.integer(), content: fc.jsonValue() });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          odd.map((value) => JSON.stringify(value)),
        ),
        kinds,
        (json, kind) => {
          const entry = readEntry(json, { ...place, kind });
          assert.equal(entry.id, 'e');
          stateOf('c', '', [...whole, entry]);
          requestOf([...whole, entry, ...new PathMaker().user('And now?').entries]);
        },
      ),
      { numRuns: 500 },
    );
    assert.equal(readEntry('{"broken": ', place).kind, 'unreadable');
    assert.equal(readEntry(null, place).kind, 'unreadable');
  });
});
