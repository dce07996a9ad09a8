/** What one conversation's requests keep warm for another one. */
import assert from 'node:assert/strict';
import { snapshotTexts } from '../../../../src/core/context/context';
import { modelOf } from '../../../../src/core/models/models';
import { instructions } from '../../../../src/core/prompt/instructions';
import type { ContextFile, SnapshotEntry } from '../../../../src/core/record/record';
import { askedOf, SystemPrefixCache } from '../../../../src/host/pricing/systemPrefixCache';
import type { TokenUsage } from '../../../../src/shared/tokenUsage';
import { file, opus, PathMaker, sonnet, text } from '../../core/prompt/paths';

const minute = 60_000;
const usage: TokenUsage = { input: 3, cacheRead: 0, cacheWrite5m: 6_000, cacheWrite1h: 0, output: 100 };
const files = [file('a.ts', 'const a = 1;\n'), file('b.ts', 'const b = 2;\n')];

function textsOf(...open: readonly ContextFile[]): readonly string[] {
  const snapshot: SnapshotEntry = {
    kind: 'snapshot',
    id: '',
    parent: null,
    at: 0,
    project: [],
    files: open,
    selection: null,
  };
  return [instructions, ...snapshotTexts(snapshot)];
}

/** A conversation over these files, asked once at `askedAt`. */
function asked(askedAt: number, more: object = {}, open = files): PathMaker {
  return new PathMaker()
    .snapshot(...open)
    .user('Why?')
    .assistant([text('So.')], { usage, askedAt, ...more });
}

describe('What other conversations keep warm', () => {
  const model = modelOf(opus);
  const textsRead = (book: SystemPrefixCache, now: number, texts = textsOf(...files), id = opus): number =>
    book.readable(askedOf(id, null), '[]', texts, now).texts;

  it('is the whole head of the prompt for the same files, tools and instructions for others, for as long as it lives', () => {
    const book = new SystemPrefixCache();
    assert.equal(textsRead(book, 0), 0);
    book.learn(asked(1000).entries, model, '[]');
    assert.equal(textsRead(book, 1000 + 5 * minute - 1), 3);
    assert.equal(textsRead(book, 1000 + 5 * minute), 0);
    assert.equal(textsRead(book, 2000, textsOf(file('a.ts', 'changed\n'))), 1);
    assert.equal(textsRead(book, 2000, [...textsOf(...files), 'one more']), 3);
    assert.equal(textsRead(book, 2000, textsOf(...files), sonnet), 0);
    assert.equal(book.readable(askedOf(opus, null), '[1]', textsOf(...files), 2000).texts, 0);
  });

  it('lives on with each request that reads it, and for an hour where that was asked for when it was written', () => {
    const book = new SystemPrefixCache();
    book.learn(asked(0).entries, model, '[]');
    book.learn(asked(4 * minute, { ttl: '1h' }).entries, model, '[]');
    // What was read was not written: it keeps its life of 5 minutes.
    assert.equal(textsRead(book, 8 * minute), 3);
    assert.equal(textsRead(book, 10 * minute), 0);
    book.learn(asked(10 * minute, { ttl: '1h' }).entries, model, '[]');
    assert.equal(textsRead(book, 69 * minute), 3);
    assert.equal(textsRead(book, 70 * minute), 0);
  });

  it('has the tokens that a first request was billed for writing it for an hour, before messages that live shorter', () => {
    const book = new SystemPrefixCache();
    const tokens = () => book.readable(askedOf(opus, null), '[]', textsOf(...files), 2 * minute).tokens;
    const wrote = { ...usage, cacheRead: 3_000, cacheWrite5m: 400, cacheWrite1h: 2_600 };
    book.learn(asked(0, { usage: wrote, ttl: '1h' }).entries, model, '[]');
    assert.equal(tokens(), null, 'the messages are among it');
    book.learn(asked(minute, { usage: wrote, ttl: '5m' }).entries, model, '[]');
    assert.equal(tokens(), 5_600);
  });

  it('has the tokens that a first request was billed for reading it', () => {
    const book = new SystemPrefixCache();
    book.learn(asked(0).entries, model, '[]');
    assert.equal(book.readable(askedOf(opus, null), '[]', textsOf(...files), 1).tokens, null);
    book.learn(asked(minute, { usage: { ...usage, cacheRead: 5_900, cacheWrite5m: 100 } }).entries, model, '[]');
    assert.deepEqual(book.readable(askedOf(opus, null), '[]', textsOf(...files), 2 * minute), {
      texts: 3,
      tokens: 5_900,
    });
    // A later request of a conversation reads more than that.
    const longer = asked(2 * minute)
      .end()
      .user('And?')
      .assistant([text('So.')], { usage: { ...usage, cacheRead: 9_000 }, askedAt: 3 * minute });
    book.learn(longer.entries, model, '[]');
    assert.equal(book.readable(askedOf(opus, null), '[]', textsOf(...files), 3 * minute).tokens, 5_900);
  });

  it('is no more than what was read where nothing was written behind it', () => {
    const book = new SystemPrefixCache();
    book.learn(asked(0).entries, model, '[]');
    const more = [...files, file('c.ts', 'const c = 3;\n')];
    const read = { ...usage, cacheRead: 5_900, cacheWrite5m: 0, input: 900 };
    book.learn(asked(4 * minute, { usage: read }, more).entries, model, '[]');
    assert.equal(textsRead(book, 8 * minute, textsOf(...more)), 3, 'kept alive, and no further');
  });

  it('is unknown once the clock is set back', () => {
    const book = new SystemPrefixCache();
    book.learn(asked(60 * minute).entries, model, '[]');
    assert.equal(textsRead(book, 61 * minute), 3);
    assert.equal(textsRead(book, 0), 0);
  });

  it('is nothing where too little was sent to be kept', () => {
    const book = new SystemPrefixCache();
    book.learn(asked(0, { usage: { ...usage, cacheWrite5m: 0, input: 900 } }).entries, model, '[]');
    assert.equal(textsRead(book, 1), 0);
  });
});
