import assert from 'node:assert/strict';
import { countHidden, visible, visiblePieces } from '../../../src/shared/visible';
import { escaped } from '../../../src/webview/dom/escapes';

const tags = (letters: string): string =>
  [...letters].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('');
const flagOf = (place: string): string => `\u{1f3f4}${tags(place)}\u{e007f}`;

describe('What a person cannot see', () => {
  it('is written out, and counted (L37)', () => {
    for (const [text, shown, count] of [
      ['a\u200b\u202eb', 'a\\u{200b}\\u{202e}b', 2],
      ['x\ufe01', 'x\\u{fe01}', 1],
      // Letters hidden behind a flag that is none, behind a flag that is one, and in a row of variants.
      [`\u{1f3f4}${tags('do')}`, '\u{1f3f4}\\u{e0064}\\u{e006f}', 2],
      [`${flagOf('usxx')}`, '\u{1f3f4}\\u{e0075}\\u{e0073}\\u{e0078}\\u{e0078}\\u{e007f}', 5],
      // What is of use between letters of some scripts is of none in others, or twice.
      ['a\u200bb \u0e01\u200bb', 'a\\u{200b}b \u0e01\\u{200b}b', 2],
      ['\u0e01\u200b\u200b\u0e02', '\u0e01\\u{200b}\\u{200b}\u0e02', 2],
      ['\u05d0\u202e\u05d1\u200f co\u00adde', '\u05d0\\u{202e}\u05d1\\u{200f} co\\u{ad}de', 3],
      [`${flagOf('gbeng')}${tags('x')}`, `${flagOf('gbeng')}\\u{e0078}`, 1],
      ['\u845b\u{e0100}\u{e0101}', '\u845b\u{e0100}\\u{e0101}', 1],
    ] as const)
      assert.deepEqual([visible(text), countHidden(text)], [shown, count], shown);
  });

  it('is told from writing, which is left alone (L67)', () => {
    for (const text of [
      ...['gbeng', 'gbsct', 'gbwls', 'ustx'].map(flagOf),
      // Signs of Arabic that are seen, and words of Thai and Khmer that are told apart.
      ...['\u06dd\u0661', '\u0600\u0605\u0661', '\u0e01\u0e34\u200b\u0e02', '\u1780\u200b\u1781'],
      ...['\u{1f1e9}\u{1f1ea}', '\u2764\ufe0f', '\u{1f468}\u200d\u{1f469}'],
      ...['\u845b\u{e0100}', '\u2229\ufe00', '\u1820\u180b'],
    ]) {
      assert.equal(visible(text), text);
      assert.deepEqual(visiblePieces(text), [text]);
    }
  });

  it('is less in prose: marks of direction beside their letters and soft hyphens in words belong there (L67)', () => {
    for (const text of ['\u05d0\u200f!', '\u200e\u0645', '\u0645\u061c:', 'co\u00adoperate'])
      assert.equal(visible(text, 'prose'), text);
    for (const [text, shown] of [
      ['a\u200fb\u200e 1\u200f', 'a\\u{200f}b\\u{200e} 1\\u{200f}'],
      ['\u05d0\u202e\u2067\u05d1', '\u05d0\\u{202e}\\u{2067}\u05d1'],
      ['a\u00ad-\u00ad', 'a\\u{ad}-\\u{ad}'],
    ] as const)
      assert.equal(visible(text, 'prose'), shown);
  });

  it('stands between what is shown as it is', () => {
    assert.deepEqual(visiblePieces('\u200ba\ud800b'), ['', '\u200b', 'a', '\ud800', 'b']);
  });

  it('are drawn as text where there are very many of them: an element for each would freeze the panel (L67)', () => {
    const many = 'a\u200b'.repeat(1001);
    assert.equal(escaped(many), visible(many));
    assert.ok(Array.isArray(escaped('a\u200bb')));
  });
});
