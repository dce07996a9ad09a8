/** Places that the text of an answer may name, in and out of code, in the forms in which models write them. */
import assert from 'node:assert/strict';
import { placesNamed, type TextRun } from '../../../src/webview/view/placesInText';

/** `code` and **strong** as they are in Markdown. */
function runsOf(markdown: string): readonly TextRun[] {
  return markdown
    .replaceAll('**`', '`')
    .replaceAll('`**', '`')
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .flatMap((part): readonly TextRun[] => {
      if (part.startsWith('`')) return [{ kind: 'code', text: part.slice(1, -1) }];
      if (part.startsWith('**')) return [{ kind: 'strong', text: part.slice(2, -2) }];
      return part === '' ? [] : [{ kind: 'text', text: part }];
    });
}

/** What would be linked, and where it leads: "text → path:line:column-end". */
function named(markdown: string): readonly string[] {
  const runs = runsOf(markdown);
  const text = runs.map((run) => run.text).join('');
  return placesNamed(runs).map(({ start, end, place: { path, line, column, end: last } }) => {
    const [at, col, to] = [
      line === null ? '' : `:${line}`,
      column === null ? '' : `:${column}`,
      last === null ? '' : `-${last}`,
    ];
    const shown = text.slice(start, end);
    return shown === `${path}${at}${col}${to}` ? shown : `${shown} → ${path}${at}${col}${to}`;
  });
}

const texts: readonly (readonly [markdown: string, ...found: readonly string[]])[] = [
  ['`src/a.ts`', 'src/a.ts'],
  ['`login.ts` and `Makefile`', 'login.ts', 'Makefile'],
  ['`my notes.md`', 'my notes.md'],
  ['`src/a.ts:12, src/b.ts:3`', 'src/a.ts:12', 'src/b.ts:3'],
  ['`src/a.ts:12 and src/b.ts:3-5`', 'src/a.ts:12', 'src/b.ts:3-5'],
  ['`src/a.ts, login.ts`', 'src/a.ts', 'login.ts'],
  ['`npx mocha test/a.test.ts`', 'test/a.test.ts'],
  ['`src/a.ts` line 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts` (L12–L20)', 'src/a.ts → src/a.ts:12-20'],
  ['`src/a.ts`:12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, lines 12 to 20', 'src/a.ts → src/a.ts:12-20'],
  ['**`src/a.ts`** (lines 12-20)', 'src/a.ts → src/a.ts:12-20'],
  ['line 12 of `src/a.ts`', 'src/a.ts → src/a.ts:12'],
  ['See src/a.ts:12.', 'src/a.ts:12'],
  ['(see src/a.ts:12:5)', 'src/a.ts:12:5'],
  ['**src/a.ts:12**', 'src/a.ts:12'],
  ['**login.ts**: the form', 'login.ts'],
  ['src/a.ts (lines 3-9)', 'src/a.ts (lines 3-9) → src/a.ts:3-9'],
  ['src/a.ts, lines 3 and 9, too', 'src/a.ts, lines 3 → src/a.ts:3', '9 → src/a.ts:9'],
  ['src/a.ts:3,9', 'src/a.ts:3', '9 → src/a.ts:9'],
  ['line 12 of src/a.ts', 'line 12 of src/a.ts → src/a.ts:12'],
  ['Lines 3–9 in the file login.ts do', 'Lines 3–9 in the file login.ts → login.ts:3-9'],
  ['src/a.ts#L3-L9', 'src/a.ts#L3-L9 → src/a.ts:3-9'],
  ['src/a.ts(3,7)', 'src/a.ts(3,7) → src/a.ts:3:7'],
  ['app/(group)/[id]/page.tsx:3', 'app/(group)/[id]/page.tsx:3'],
  ['In src/a.ts, the retry', 'src/a.ts'],
  ['src/a.ts’s loop, “src/b.ts” and ./c/d.py', 'src/a.ts', 'src/b.ts', './c/d.py'],
  ['Zeile 12 in der Datei src/a.ts', 'Zeile 12 in der Datei src/a.ts → src/a.ts:12'],
  ['src/a.ts, ligne 12', 'src/a.ts, ligne 12 → src/a.ts:12'],
  ['src/a.ts 第12行', 'src/a.ts 第12行 → src/a.ts:12'],
  ['参见src/a.ts:12。', '参见src/a.ts:12', 'src/a.ts:12'],
];

const none: readonly string[] = [
  '1.2:3',
  'e.g. this, i.e. that',
  'Node.js and node.js 20',
  'foo.bar and this.items',
  'https://x.org/src/a.ts:3',
  'ftp://x.org/src/a.ts:3',
  'and/or, 24/7, 2024/01/02, v1.2/3',
  'example.com:443 and 10.0.0.1:80',
  'at 12:30, 3:1',
  'line 12 of the text',
  '`const x = foo.bar` and `a.b(1)`',
  '`--flag`, `a b`, `x`',
  'package.json',
];

describe('A place in the text of an answer', () => {
  for (const [markdown, ...found] of texts)
    it(`may be named by ${markdown} (L64)`, () => assert.deepEqual(named(markdown), found));

  for (const markdown of none) it(`is not looked for in ${markdown}`, () => assert.deepEqual(named(markdown), []));

  it('is found in time that grows with the text', () => {
    for (const part of [
      'a.b:1 ',
      'src/a.ts ',
      '(',
      'x/',
      '1,',
      'line 3 of ',
      '(3',
      '#L3',
      'a.',
      '文.a',
      ', lines 3 and 4',
      ' ',
    ]) {
      const text = part.repeat(Math.ceil(50_000 / part.length));
      const began = process.cpuUsage().user;
      for (const kind of ['text', 'code', 'strong'] as const) placesNamed([{ text, kind }]);
      const took = process.cpuUsage().user - began;
      assert.ok(took < 300_000, `${JSON.stringify(part)}: ${took}`);
    }
  });
});
