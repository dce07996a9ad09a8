/** The clairvoyant bound of the cost bench, on cases that can be computed by hand. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundOf, leastPriceOf, priceOf } from '../../bench/cost/bound';
import type { StoryTurn } from '../../bench/cost/story';
import type { Block } from '../../fakeClaude/wire';

const minute = 60_000;
const minutes = (...at: readonly number[]): readonly number[] => at.map((one) => one * minute);
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

describe('The price of a token over the times at which it is contained', () => {
  const cases: readonly (readonly [readonly number[], number, string])[] = [
    [minutes(0), 1, 'once: not cached at all'],
    [minutes(0, 4), 1.35, 'written for 5 minutes and read'],
    [minutes(0, 5), 1.35, 'a gap of 5 minutes is one that lives'],
    [minutes(0, 4, 8, 12, 16), 1.65, 'one run as long as no gap is longer'],
    [minutes(0, 10), 2, 'twice the base price is less than an hour and a reading'],
    [minutes(0, 10, 20), 2.2, 'an hour and two readings are less than three times the base price'],
    [minutes(0, 61), 2, 'no life is that long'],
    [minutes(0, 1, 61.5, 62.5), 2.7, 'two runs of 5 minutes are less than two of an hour'],
    [minutes(0, 1, 31, 32), 2.3, 'an hour over both is less than two runs of 5 minutes'],
  ];
  for (const [times, expected, why] of cases) {
    it(`is ${expected}: ${why}`, () => near(priceOf(times), expected));
  }

  it('is less still where an hour is asked for behind what was read: that life costs nothing more', () => {
    near(leastPriceOf(minutes(0)), 1);
    near(leastPriceOf(minutes(0, 4)), 1.35);
    near(leastPriceOf(minutes(0, 10, 20)), 2.2);
    // Written for 5 minutes, read and kept for an hour, read.
    near(leastPriceOf(minutes(0, 4, 50)), 1.45);
    near(priceOf(minutes(0, 4, 50)), 2.2);
    // Not worth writing before the gap that nothing outlives.
    near(leastPriceOf(minutes(0, 70, 71)), 2.35);
  });

  it('is never more than the bound', () => {
    const gaps = fc.array(fc.constantFrom(0.5, 3, 4.9, 5.1, 12, 50, 59, 61, 200), { maxLength: 12 });
    fc.assert(
      fc.property(gaps, (all) => {
        let at = 0;
        const times = [0, ...all.map((gap) => (at += gap * minute))];
        assert.ok(leastPriceOf(times) <= priceOf(times) + 1e-9);
        assert.ok(leastPriceOf(times) >= 1 + 0.1 * (times.length - 1) - 1e-9);
      }),
    );
  });
});

describe('The bound of a story', () => {
  // 2.4 characters a token, whatever they are.
  const profile = { prose: 10, code: 10, cjk: 10, newer: 0.24 };
  const text = (length: number): string => 'x'.repeat(length);
  const says = (length: number): readonly Block[] => [{ type: 'text', text: text(length) }];
  const line = (id: number, letter: string) => ({ id, text: letter.repeat(23) });
  const rule = { profile, appendedImagesKeepCache: true };

  /** A turn of one step, with words of 25 tokens and an answer of 50, frames apart. */
  function turn(at: number, lines: readonly { readonly id: number; readonly text: string }[], rest = {}): StoryTurn {
    const step = {
      at: at * minute,
      files: [{ path: 'p'.repeat(23), lines }],
      seconds: 1,
      answer: says(120),
      results: [],
    };
    return { conversation: 0, effort: 'high', user: says(60), selection: null, steps: [step], ...rest };
  }

  it('has each line as long as it stands in a file, and an edited one anew', () => {
    const [a, b, c] = [line(1, 'a'), line(2, 'b'), line(3, 'c')];
    const { files } = boundOf({ turns: [turn(0, [a, b]), turn(1, [a, c]), turn(2, [a, c])] }, rule);
    // Lines of 24 characters with their end, the file's name too; and a token of frame.
    const name = 11;
    near(files, (10 + name) * (1.25 + 0.2) + 10 * 1 + 10 * 1.35);
  });

  it('has words and answers from their moment on, in their own conversation only', () => {
    const bound = boundOf({ turns: [turn(0, []), turn(1, []), turn(2, [], { conversation: 1 })] }, rule);
    // Frames: 4 a message, 1 a block. The first words go out twice, the others once.
    near(bound.words, 30 * 1.35 + 30 + 30);
    near(bound.answers, 55);
  });

  it('has tools and instructions once for all conversations', () => {
    const alone = boundOf({ turns: [turn(0, [])] }, rule).shared;
    const both = boundOf({ turns: [turn(0, []), turn(1, [], { conversation: 1 })] }, rule).shared;
    near(both, alone * 1.35);
  });

  it('loses messages, and not files, to another effort', () => {
    const kept = boundOf({ turns: [turn(0, [line(1, 'a')]), turn(1, [line(1, 'a')])] }, rule);
    const lost = boundOf({ turns: [turn(0, [line(1, 'a')]), turn(1, [line(1, 'a')], { effort: 'low' })] }, rule);
    near(lost.files, kept.files);
    near(kept.words, 30 * 1.35 + 30);
    near(lost.words, 30 * 2 + 30);
  });

  it('loses messages to an image only where the switch says so', () => {
    const source = { type: 'base64', media_type: 'image/png', data: '' } as const;
    const shown = { user: [{ type: 'image', source }, ...says(60)] };
    const story = { turns: [turn(0, []), turn(1, [], shown)] };
    const kept = boundOf(story, rule);
    const lost = boundOf(story, { ...rule, appendedImagesKeepCache: false });
    near(kept.images, lost.images);
    near(kept.words, 30 * 1.35 + 26);
    near(lost.words, 30 * 2 + 26);
  });
});
