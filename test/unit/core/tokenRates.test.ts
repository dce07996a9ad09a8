/** Tokens per character, as they are learnt from what was billed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { measureBlock, measureText, nothingMeasured, sumOf, type TextStats } from '../../../src/core/models/textStats';
import {
  firstRates,
  type Learnt,
  learn,
  learntShape,
  nothingLearnt,
  ratesOf,
  type TokenRates,
  tokensOf,
} from '../../../src/core/models/tokenRates';
import { opus } from './paths';

const prose = 'The retry is where the first promise has not settled yet, and a second caller comes in between.\n';
const code = '  const token = await retry(() => session.open(name, password), 2);\n';
const wide = '再試行は最初の約束がまだ果たされていないところにある。\n';

function taught(observations: readonly (readonly [TextStats, number])[]): Learnt {
  let learnt = nothingLearnt;
  for (const [measure, tokens] of observations) learnt = learn(learnt, { measure, tokens }, ratesOf(learnt, opus));
  return learnt;
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
});

describe('The rates of a model', () => {
  const truths: readonly TokenRates[] = [
    { prose: 1 / 4.2, code: 1 / 3.1, wide: 0.45, block: 6 },
    { prose: 1 / 2.5, code: 1 / 2.4, wide: 1.3, block: 2 },
    { prose: 1 / 3, code: 1 / 2.2, wide: 0.7, block: 0 },
  ];
  for (const [index, truth] of truths.entries()) {
    it(`are found from a few requests of different kinds (${index + 1})`, () => {
      const observations = [
        sumOf([measureBlock(prose.repeat(90)), measureBlock(code.repeat(150))]),
        measureBlock(code.repeat(60)),
        measureBlock(wide.repeat(60)),
        measureBlock(prose.repeat(40)),
      ].map((measure) => [measure, Math.round(tokensOf(measure, truth))] as const);
      const found = ratesOf(taught(observations), opus);
      for (const kind of ['prose', 'code', 'wide'] as const) {
        const off = found[kind] / truth[kind] - 1;
        assert.ok(Math.abs(off) < 0.06, `${kind}: ${found[kind]} for ${truth[kind]}`);
      }
    });
  }

  it('fit a mixture after one request of it, though its kinds cannot be told apart yet', () => {
    const truth = { prose: 1 / 4.2, code: 1 / 3.4, wide: 0.42, block: 5 };
    const mixture = sumOf([
      measureBlock(prose.repeat(50)),
      measureBlock(code.repeat(80)),
      measureBlock(wide.repeat(20)),
    ]);
    const tokens = tokensOf(mixture, truth);
    assert.ok(Math.abs(tokensOf(mixture, firstRates(opus)) / tokens - 1) > 0.1, 'there is nothing to learn');
    const found = ratesOf(taught([[mixture, tokens]]), opus);
    assert.ok(Math.abs(tokensOf(mixture, found) / tokens - 1) < 0.02);
  });

  it('follow a tokenizer that changes', () => {
    const measure = measureBlock(prose.repeat(100));
    const many = (tokens: number, times: number) => Array.from({ length: times }, () => [measure, tokens] as const);
    const found = ratesOf(taught([...many(3_000, 60), ...many(4_200, 120)]), opus);
    assert.ok(Math.abs(tokensOf(measure, found) / 4_200 - 1) < 0.05);
  });

  it('learn nothing from what text does not explain, nor from guesses or a handful of tokens', () => {
    const measure = measureBlock(prose.repeat(100));
    const usual = tokensOf(measure, firstRates(opus));
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

  it('stay within what can be, whatever they are taught, and outlive the store', () => {
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
        const learnt = taught(seen);
        const rates = ratesOf(learnt, opus);
        for (const kind of ['prose', 'code'] as const) assert.ok(rates[kind] >= 1 / 8 && rates[kind] <= 1, kind);
        assert.ok(rates.wide >= 0.2 && rates.wide <= 3 && rates.block >= 0 && rates.block <= 40);
        const kept = learntShape.parse(JSON.parse(JSON.stringify(learnt)));
        assert.deepEqual(ratesOf(kept, opus), rates);
      }),
    );
  });
});
