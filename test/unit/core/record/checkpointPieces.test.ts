/** A partial answer in pieces: together they are what came through the door, and nothing is written twice. */
import assert from 'node:assert/strict';
import { Door } from '../../../../src/core/api/door';
import { CheckpointDiff, checkpointOf } from '../../../../src/core/record/checkpointPieces';
import type { CheckpointPiece, Entry } from '../../../../src/core/record/record';
import { repairOf } from '../../../../src/core/record/repair';
import { Chance, oddFrames } from '../../../fuzz/oddAnswers';
import { begin, piece, stop } from '../api/doorKit';

const place = { entry: 'e', parent: 'p', model: 'm', at: 1 };

/** As the store keeps them: as JSON, each behind those before it. */
class Kept {
  pieces: CheckpointPiece[] = [];

  add(taken: Pick<CheckpointPiece, 'before' | 'news'>): void {
    this.pieces = [...this.pieces.slice(0, taken.before), json({ ...place, ...taken })];
  }

  get content(): unknown {
    return checkpointOf(this.pieces)?.content ?? [];
  }
}

function json<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function take(door: Door, ...frames: readonly unknown[]): void {
  for (const data of frames) for (const _ of door.take({ name: null, data, size: JSON.stringify(data)?.length ?? 0 }));
}

describe('A partial answer in pieces', () => {
  it('knows from its first piece what its request held, and repairs with it (L49)', () => {
    const held = { digest: 'd', tools: 't', instructions: 'i', address: 'https://a', bare: false };
    const block = { type: 'text', text: 'It' };
    const first = { ...place, before: 0, held, news: [{ index: 0, set: block }] };
    const second = { ...place, before: 1, news: [{ index: 0, text: ' is' }] };
    const checkpoint = checkpointOf([first, second].map(json));
    assert.deepEqual(checkpoint?.held, held);
    const path = [{ kind: 'user', id: 'p', parent: null, at: 0, content: [], model: 'm' }] as unknown as Entry[];
    const [partial] = repairOf(path, checkpoint)?.entries ?? [];
    assert.deepEqual(partial?.kind === 'assistant' ? partial.held : null, held);
    for (const bad of [null, 7, {}, { ...held, bare: 'no' }, { ...held, digest: undefined }]) {
      const unknown = checkpointOf([json({ ...first, held: bad }), second]);
      assert.equal(unknown?.held, undefined);
      assert.equal(unknown?.content.length, 1, 'the words are there all the same');
    }
  });

  it('is what came through the door, whatever came, and whatever became of a piece', () => {
    let pieces = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const chance = new Chance(seed);
      const door = new Door('e');
      const news = new CheckpointDiff();
      const kept = new Kept();
      for (const frame of oddFrames(chance)) {
        take(door, frame ?? null);
        if (!chance.is(0.4)) continue;
        const taken = news.take(door.blocks);
        const isLost = chance.is(0.1);
        if (taken !== null && !isLost) {
          kept.add(taken);
          pieces += 1;
          assert.deepEqual(kept.content, json(door.content), `seed ${seed}`);
        }
        // The answer of the store may be lost too, or it has to begin anew.
        if (taken !== null && chance.is(0.9)) news.settle(!isLost);
      }
      for (const _ of door.breakOff());
      const last = news.take(door.blocks);
      if (last !== null) kept.add(last);
      assert.deepEqual(kept.content, json(door.content), `seed ${seed}`);
    }
    assert.ok(pieces > 500, String(pieces));
  });

  it('has in each only what is new', () => {
    const door = new Door('e');
    const news = new CheckpointDiff();
    const next = (...frames: readonly unknown[]): unknown => {
      take(door, ...frames);
      const taken = news.take(door.blocks);
      if (taken !== null) news.settle(true);
      return json(taken?.news ?? null);
    };
    assert.deepEqual(next(begin({ type: 'thinking', thinking: 'Hm' })), [
      { index: 0, set: { type: 'thinking', thinking: 'Hm' } },
    ]);
    assert.equal(next(), null);
    assert.deepEqual(next(piece({ type: 'thinking_delta', thinking: ', so' })), [{ index: 0, text: ', so' }]);
    assert.deepEqual(next(piece({ type: 'signature_delta', signature: 'sig' }), stop()), [
      { index: 0, set: { type: 'thinking', signature: 'sig' } },
    ]);
    const citation = { type: 'char_location', cited_text: 'x' };
    assert.deepEqual(next(begin({ type: 'text', text: '' }, 1), piece({ type: 'text_delta', text: 'It' }, 1)), [
      { index: 1, set: { type: 'text', text: 'It' } },
    ]);
    for (let n = 0; n < 2; n += 1) {
      assert.deepEqual(next(piece({ type: 'citations_delta', citation }, 1)), [{ index: 1, citations: [citation] }]);
    }
    const call = { type: 'tool_use', id: 't', name: 'read_file', input: {} };
    assert.deepEqual(next(begin(call, 2), piece({ type: 'input_json_delta', partial_json: '{"path":"a"}' }, 2)), [
      { index: 2, set: call },
    ]);
    assert.deepEqual(next(stop(2)), [{ index: 2, set: { ...call, input: { path: 'a' } } }]);
    assert.equal(next(stop(2), stop(1)), null);
  });

  it('is read up to a piece that cannot be, and as earlier versions kept it', () => {
    const content = [{ type: 'text', text: 'It is' }];
    const whole = { ...place, content };
    assert.deepEqual(checkpointOf([whole]), whole);
    for (const none of [[], [null], [{ ...place }], [{ ...whole, parent: 7 }]]) assert.equal(checkpointOf(none), null);
    const more = { ...place, before: 1, news: [{ index: 0, text: ' so' }] };
    assert.deepEqual(checkpointOf([whole, more])?.content, [{ type: 'text', text: 'It is so' }]);
    for (const broken of [
      null,
      7,
      {},
      { ...place },
      { ...more, entry: 'another' },
      { ...more, news: [null] },
      { ...more, news: [{ index: 3, set: { type: 'text' } }] },
      { ...more, news: [{ index: -1, text: 'x' }] },
      { ...more, news: [{ index: 1, set: { text: 'no type' } }] },
      { ...more, news: [{ index: 0, set: 'x' }] },
    ]) {
      assert.deepEqual(checkpointOf([whole, broken, more]), whole, JSON.stringify(broken));
    }
  });
});
