import assert from 'node:assert/strict';
import { lex } from '../../../src/webview/markdown/lex';
import { shownAlike } from '../../../src/webview/markdown/same';

const alike = (a: string, b: string): boolean => shownAlike(lex(a, {}).tokens, lex(b, {}).tokens);

describe('Tokens that are shown alike', () => {
  it('are those that leave the same on screen, whatever their source', () => {
    const pairs: readonly (readonly [string, string])[] = [
      ['a *b* c', 'a _b_ c'],
      ['- a\n- b', '* a\n* b'],
      ['| a |\n| - |\n| b |', '|a|\n|---|\n|b|'],
      ['# a', '# a #'],
    ];
    for (const [a, b] of pairs) assert.ok(alike(a, b), `${a} and ${b}`);
  });

  it('are not those that differ in a word, an address, a sign, a language, or in what is around them', () => {
    const pairs: readonly (readonly [string, string])[] = [
      ['a *b* c', 'a *b* d'],
      ['a *b* c', 'a **b** c'],
      ['a *b* c', 'a *b* c d'],
      ['[a](https://x.y)', '[a](https://x.z)'],
      ['[a](https://x.y "t")', '[a](https://x.y "u")'],
      ['- a\n- b', '- a\n\n- b'],
      ['- a\n- b', '1. a\n2. b'],
      ['1. a', '2. a'],
      ['- [ ] a', '- [x] a'],
      ['- a', '- a\n  - b'],
      ['| a |\n| - |\n| b |', '| a |\n| -: |\n| b |'],
      ['```ts\na\n```', '```js\na\n```'],
      ['```ts\na\n```', '```ts\nb\n```'],
      ['# a', '## a'],
      ['> a', 'a'],
    ];
    for (const [a, b] of pairs) assert.ok(!alike(a, b), `${a} and ${b}`);
  });
});
