import assert from 'node:assert/strict';
import { promptStrings } from '../../../../src/host/base/plainStrings';
import type { PromptFacts } from '../../../../src/host/panel/suggestions';
import { definedSymbol, demoSuggestions, landmarkRank, readySuggestions } from '../../../../src/host/panel/suggestions';
import type { LocalizableMessage } from '../../../../src/shared/chat';
import { filled } from '../../../texts';

const folder: PromptFacts = {
  workspaceName: 'shop',
  selection: null,
  problems: null,
  changed: [],
  activeFile: null,
  symbol: 'addToCart',
  landmarks: ['README.md', 'package.json'],
};

const said = (prompts: readonly LocalizableMessage[]): readonly string[] =>
  prompts.map(({ text, args }) => text.replace(/\{(\d)\}/g, (_, index) => String(args?.[Number(index)])));

describe('The prompts of an empty chat', () => {
  it('start from what the user is doing', () => {
    const busy: PromptFacts = {
      ...folder,
      selection: { file: 'cart.ts', startLine: 4, endLine: 9 },
      problems: { file: 'cart.ts', count: 2 },
      changed: ['cart.ts', 'login.ts'],
      activeFile: 'cart.ts',
    };
    assert.deepEqual(said(readySuggestions(busy)), [
      filled(promptStrings.whatDoes('cart.ts:4-9')),
      filled(promptStrings.errors(2, 'cart.ts')),
      filled(promptStrings.mistakesInTwo('cart.ts', 'login.ts')),
    ]);
  });

  it('name things of the folder when nothing is open', () => {
    assert.deepEqual(said(readySuggestions(folder)), [
      filled(promptStrings.folder('shop')),
      filled(promptStrings.whereDefined('addToCart')),
      filled(promptStrings.whatSays('README.md')),
    ]);
  });

  it('of the demo lead to reading, to understanding and to an edit, on any folder', () => {
    assert.deepEqual(said(demoSuggestions({ ...folder, landmarks: ['go.mod'] })), [
      filled(promptStrings.thisFolder()),
      filled(promptStrings.whereDefined('addToCart')),
      filled(promptStrings.smallFlaw()),
    ]);
    assert.equal(
      said(demoSuggestions({ ...folder, symbol: null, landmarks: ['go.mod'] }))[1],
      filled(promptStrings.whatSays('go.mod')),
    );
  });

  it('are plain words, as they are shown in the panel: no Markdown', () => {
    for (const prompt of [...said(demoSuggestions(folder)), ...said(readySuggestions(folder))])
      assert.doesNotMatch(prompt, /[`*_]/);
  });

  it('are none where there is nothing to ask about', () => {
    const nothing = { ...folder, workspaceName: null, symbol: null, landmarks: [] };
    assert.deepEqual(readySuggestions(nothing), []);
    assert.deepEqual(demoSuggestions(nothing), []);
  });
});

describe('A definition for a prompt', () => {
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['a.ts', 'import x from "y";\n// function nothing\nexport async function loadCart() {}', 'loadCart'],
    ['a.jsx', 'const inner = 1;\nexport default function CartPage() {}', 'CartPage'],
    ['a.py', 'import os\n\nclass Cart:\n  def add(self): pass', 'Cart'],
    ['a.go', 'package a\n\nfunc (c *Cart) Add() {}', 'Add'],
    ['a.rs', 'fn main() {}\npub fn total() {}', 'total'],
    ['A.java', 'package a;\npublic final class Cart {', 'Cart'],
    ['a.c', '#include <x.h>\nstatic int add_item(struct cart *c)\n{', 'add_item'],
    ['a.ts', 'export const id = 1;\nexport const total = 2;', 'total'],
    ['a.ts', 'const hidden = 1;', null],
    ['a.txt', 'export function x() {}', null],
  ];
  for (const [path, text, expected] of cases) {
    it(`in ${path} is ${expected ?? 'none'}: ${JSON.stringify(text)}`, () => {
      assert.equal(definedSymbol(path, text), expected);
    });
  }

  it('is looked for in time, whatever the file is (L54)', () => {
    const hostile = ['\n'.repeat(200_000), ' '.repeat(200_000), `${'a '.repeat(100_000)}(`, 'int f(\n'.repeat(30_000)];
    const started = performance.now();
    for (const text of hostile) for (const name of ['A.java', 'a.c', 'a.rb', 'a.ts']) definedSymbol(name, text);
    assert.ok(performance.now() - started < 2_000);
  });

  it('and landmarks: a README before a manifest before the rest', () => {
    const names = ['cart.ts', 'Makefile', 'package.json', 'README.md'];
    const known = names.filter((name) => landmarkRank(name) > 0).toSorted((a, b) => landmarkRank(b) - landmarkRank(a));
    assert.deepEqual(known, ['README.md', 'package.json', 'Makefile']);
  });
});
