/** Tokens as they are estimated here: fixed weights by kind of text, and the factor of a model as it is learnt. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { learntShape } from '../../../../src/core/cost/tokenCalibration';
import {
  estimateTokens,
  factorOf,
  firstFactor,
  type Learnt,
  learn,
  measureBlock,
  measureText,
  nothingLearnt,
  nothingMeasured,
  sumOf,
  type TextStats,
  tokensOf,
} from '../../../../src/core/models/tokens';
import { opus, sonnet } from '../prompt/paths';

const prose = 'The retry is where the first promise has not settled yet, and a second caller comes in between.\n';
const code = '  const token = await retry(() => session.open(name, password), 2);\n';
const wide = '再試行は最初の約束がまだ果たされていないところにある。\n';

function taught(samples: readonly (readonly [TextStats, number])[], model = opus): Learnt {
  return samples.reduce((learnt, [stats, tokens]) => learn(learnt, { stats, tokens }, model), nothingLearnt);
}

describe('The measure of a text', () => {
  it('tells prose, code and wide characters apart', () => {
    assert.deepEqual(measureText(prose), { ...nothingMeasured, prose: prose.length });
    assert.deepEqual(measureText(code), { ...nothingMeasured, code: code.length });
    const japanese = measureText(wide);
    assert.deepEqual([japanese.wide, japanese.prose, japanese.code], [wide.length - 1, 1, 0]);
  });

  it('misses no character, whatever the text, and is the sum of its lines', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(prose, code, wide, '\n', 'a', '{}', '😀', '\t')), (lines) => {
        const text = lines.join('');
        const whole = measureText(text);
        assert.equal(whole.prose + whole.code + whole.wide, text.length);
        const byLine = sumOf(text.split(/(?<=\n)/).map(measureText));
        assert.deepEqual(whole, text === '' ? nothingMeasured : byLine);
      }),
    );
  });

  it('weighs each kind of text, whole tokens at a time, and nothing for nothing', () => {
    assert.equal(estimateTokens(''), 0);
    assert.equal(estimateTokens('a'), 1);
    assert.equal(estimateTokens('abcdef'), 2);
    const each = (text: string): number => estimateTokens(text.repeat(100)) / (text.length * 100);
    assert.ok(each(prose) < each(code) && each(code) < each(wide), 'prose is lightest, CJK heaviest');
    assert.equal(estimateTokens(prose.repeat(10), 2), Math.ceil((prose.length * 10 * 2) / 3));
  });

  it('weighs a text no less when lines are added to it', () => {
    const lines = fc.array(fc.constantFrom(prose, code, wide, '\n', '{}\n', '😀\n')).map((all) => all.join(''));
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        assert.ok(estimateTokens(a + b) >= Math.max(estimateTokens(a), estimateTokens(b)));
      }),
    );
  });
});

describe('The factor of a model', () => {
  const request = sumOf([
    measureBlock(prose.repeat(90)),
    measureBlock(code.repeat(150)),
    measureBlock(wide.repeat(40)),
  ]);

  it('is the documented one before anything is learnt', () => {
    assert.equal(factorOf(nothingLearnt, opus), 1);
    assert.ok(firstFactor(sonnet) < 0.8, 'the older tokenizer makes fewer tokens');
  });

  for (const truth of [0.7, 0.9, 1.2, 1.6]) {
    it(`fits after one request (${truth})`, () => {
      const tokens = Math.round(tokensOf(request, truth));
      const found = factorOf(taught([[request, tokens]]), opus);
      assert.ok(Math.abs(tokensOf(request, found) / tokens - 1) < 0.02, `${found}`);
    });
  }

  it('is learnt from large requests more than from small ones', () => {
    const large = [request, tokensOf(request, 1.2)] as const;
    const small = Array.from({ length: 10 }, () => [measureBlock(prose), tokensOf(measureBlock(prose), 0.9)] as const);
    const found = factorOf(taught([large, ...small]), opus);
    assert.ok(found > 1.1, `${found}`);
  });

  it('follows a tokenizer that changes', () => {
    const measure = measureBlock(prose.repeat(100));
    const many = (tokens: number, times: number) => Array.from({ length: times }, () => [measure, tokens] as const);
    const found = factorOf(taught([...many(3_000, 60), ...many(4_200, 60)]), opus);
    assert.ok(Math.abs(tokensOf(measure, found) / 4_200 - 1) < 0.05);
  });

  it('learns nothing from what text does not explain, nor from guesses or a handful of tokens', () => {
    const measure = measureBlock(prose.repeat(100));
    const usual = tokensOf(measure, 1);
    const odd: readonly (readonly [TextStats, number])[] = [
      [measure, usual * 4],
      [measure, usual / 4],
      [measure, -usual],
      [{ ...measure, guessed: 900 }, usual],
      [measureBlock('Yes.'), 9],
      [nothingMeasured, 500],
    ];
    assert.deepEqual(taught(odd), nothingLearnt);
  });

  it('stays within what can be, whatever it is taught, and outlives the store', () => {
    const amount = fc.nat({ max: 2_000_000 });
    const measure = fc.record({
      prose: amount,
      code: amount,
      wide: amount,
      blocks: amount,
      tokens: amount,
      guessed: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(measure, fc.integer({ min: -100, max: 5_000_000 })), { maxLength: 12 }), (seen) => {
        const learnt = taught(seen, sonnet);
        const factor = factorOf(learnt, sonnet) / firstFactor(sonnet);
        assert.ok(factor >= 0.39 && factor <= 2.51, `${factor}`);
        const kept = learntShape.parse(JSON.parse(JSON.stringify(learnt)));
        assert.equal(factorOf(kept, sonnet), factorOf(learnt, sonnet));
      }),
    );
  });
});
