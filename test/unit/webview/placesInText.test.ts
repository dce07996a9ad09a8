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
  // In brackets.
  ['The retry (src/a.ts:42) is', 'src/a.ts:42'],
  ['The retry [src/a.ts:42], (src/b.ts) and (`src/c.ts`)', 'src/a.ts:42', 'src/b.ts', 'src/c.ts'],
  ['(src/a.ts#L42) ([src/a.ts:42-50])', 'src/a.ts#L42 → src/a.ts:42', 'src/a.ts:42-50'],
  ['Nested in (app/(group)/[id]/page.tsx:3)', 'app/(group)/[id]/page.tsx:3'],
  ['`[src/a.ts:42]` `(src/a.ts:42)`', 'src/a.ts:42', 'src/a.ts:42'],
  ['(group)/page.tsx:3 app/[id]/(x)/a.ts', '(group)/page.tsx:3', 'app/[id]/(x)/a.ts'],
  // As an address of a file.
  ['file:///home/me/w/src/a.ts:3', 'file:///home/me/w/src/a.ts:3 → /home/me/w/src/a.ts:3'],
  ['`file:///c:/w/src/a.ts`', 'file:///c:/w/src/a.ts → c:/w/src/a.ts'],
  ['vscode://file/w/a%20b.ts:3:7', 'vscode://file/w/a%20b.ts:3:7 → /w/a b.ts:3:7'],
  ['webpack:///./src/a.ts:3:7', '/./src/a.ts:3:7'],
  // As a mention.
  ['@src/a.ts and @login.ts', '@src/a.ts', '@login.ts'],
  ['`src/a.ts:3:7-9`', 'src/a.ts:3:7-9 → src/a.ts:3:7'],
  ['`src/a.ts`:3:7-9', 'src/a.ts → src/a.ts:3:7'],
  ['`src/a.ts`:3:7-9:2', 'src/a.ts → src/a.ts:3:7-9'],
  // In traces and what tools say.
  ['`at com.shop.Login.retry(Login.java:42)`', 'Login.java:42'],
  ['`at com.shop.Login$A.lambda$0(Login.java:42) ~[app.jar:1.0]`', 'Login.java:42'],
  ['`retryLogin (src/a.ts:42)`', 'src/a.ts:42'],
  ['`at X.Y() in /w/src/Login.cs:line 42`', '/w/src/Login.cs:line 42 → /w/src/Login.cs:42'],
  ['`at X.Y() in C:\\w\\a.cs:line 42`', 'C:\\w\\a.cs:line 42 → C:\\w\\a.cs:42'],
  ["`app/models/user.rb:12:in 'save'`", 'app/models/user.rb:12'],
  ['`src/a.ts:3:const x = 1` `src/a.ts:3:7:const x`', 'src/a.ts:3', 'src/a.ts:3:7'],
  ['`pytest tests/test_a.py::TestX::test_y`', 'tests/test_a.py'],
  ['FAILED tests/test_a.py::test_x - AssertionError', 'tests/test_a.py'],
  ['`src/a.ts#retryLogin` src/a.ts:retryLogin', 'src/a.ts', 'src/a.ts'],
  ['`HEAD:src/a.ts` `origin/main:src/a.ts:3`', 'src/a.ts', 'src/a.ts:3'],
  ['`src/a.ts@L3`', 'src/a.ts@L3 → src/a.ts:3'],
  ['`./run.sh: line 12: foo`', './run.sh: line 12 → ./run.sh:12'],
  ['`run.sh: 12: foo: not found`', 'run.sh: 12 → run.sh:12'],
  ['File "/w/a.py", line 3, in main', '/w/a.py", line 3 → /w/a.py:3'],
  ['`src/a.ts: line 3, col 7, Error`', 'src/a.ts: line 3, col 7 → src/a.ts:3:7'],
  // In sentences.
  ['`src/a.ts` — line 3', 'src/a.ts → src/a.ts:3'],
  ['`src/a.ts` – lines 3–5', 'src/a.ts → src/a.ts:3-5'],
  ['`src/a.ts`: lines 3-5', 'src/a.ts → src/a.ts:3-5'],
  ['`src/a.ts` (3-5)', 'src/a.ts → src/a.ts:3-5'],
  ['`src/a.ts` (~line 3)', 'src/a.ts → src/a.ts:3'],
  ['`src/a.ts` (starting at line 3)', 'src/a.ts → src/a.ts:3'],
  ['`src/a.ts` line ~3', 'src/a.ts → src/a.ts:3'],
  ['`src/a.ts` at about line 3', 'src/a.ts → src/a.ts:3'],
  ['`src/a.ts` between lines 3 and 9', 'src/a.ts → src/a.ts:3-9'],
  ['`src/a.ts` from line 3 to line 9', 'src/a.ts → src/a.ts:3-9'],
  ['`src/a.ts` ln 3 or `src/b.ts` @ line 3', 'src/a.ts → src/a.ts:3', 'src/b.ts → src/b.ts:3'],
  ['line 3 (`src/a.ts`) and lines 3-5 (src/b.ts)', 'src/a.ts → src/a.ts:3', 'src/b.ts → src/b.ts:3-5'],
  ['`src/a.ts`, lines 3, 7, and 9', 'src/a.ts → src/a.ts:3', '7 → src/a.ts:7', '9 → src/a.ts:9'],
  // In other languages.
  ['`src/a.ts`의 12번째 줄', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts` 12행, `src/b.ts` 12번 줄', 'src/a.ts → src/a.ts:12', 'src/b.ts → src/b.ts:12'],
  ['src/a.ts：12', 'src/a.ts：12 → src/a.ts:12'],
  ['`src/a.ts`第12、15行', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, السطر 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`، السطر 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, שורה 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, wiersz 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, satır 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts` 12. satır', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, na řádku 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts` в строке 12', 'src/a.ts → src/a.ts:12'],
  ['`src/a.ts`, regel 12', 'src/a.ts → src/a.ts:12'],
];

/** Of these the file may be a link, and no line of it: the number is of something else. */
const withoutLine: readonly (readonly [markdown: string, ...found: readonly string[]])[] = [
  ['`src/a.ts` (3 lines) `src/b.ts` – 3 lines', 'src/a.ts', 'src/b.ts'],
  ['`src/a.ts` (2-3 minutes)', 'src/a.ts'],
  ['`src/a.ts` (+3 -1)', 'src/a.ts'],
  ['`src/a.ts` (3)', 'src/a.ts'],
  ['`src/a.ts`, line 3 of `src/b.ts`', 'src/a.ts', 'src/b.ts → src/b.ts:3'],
  ['`src/a.ts`. Line 3 says', 'src/a.ts'],
  ['`src/a.ts` and line 3', 'src/a.ts'],
  ['on line 3 (`src/a.ts` does too)', 'src/a.ts'],
  ['`src/a.ts`: 3 tests', 'src/a.ts'],
  ['`src/a.ts` at 12:30', 'src/a.ts'],
  ['`src/a.ts` - 3', 'src/a.ts'],
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
  'issue #12, (#12), gh#3 and PROJ-3',
  '(12:30) [3:1] (v1.2:3) (e.g.) [x] (16:9)',
  'node:18, python:3.11, he/she, (and/or)',
  '@types/node and @me',
  'http://localhost:3000/src/a.ts:3:7',
  'f(x) g(a.b) [a.b] (a.b)',
  'std::vec, Cart::add, Cart#add, Foo.bar#baz, key:value, a.b:c',
  'me@example.org and git@github.com:me/x',
];

describe('A place in the text of an answer', () => {
  for (const [markdown, ...found] of texts)
    it(`may be named by ${markdown} (L64)`, () => assert.deepEqual(named(markdown), found));

  it('is named with its line, in one line, by what a program has printed (L64)', () => {
    const printed = (...lines: readonly string[]): readonly string[] => {
      const text = `${lines.join('\n')}\n`;
      return placesNamed([{ kind: 'printed', text }]).map(
        ({ start, end, place }) => `${text.slice(start, end)} → ${place.path}:${place.line}`,
      );
    };
    assert.deepEqual(
      printed(
        'Error: no such user',
        '    at retryLogin (/w/src/login.ts:12:7)',
        '    at async file:///w/src/a.ts:3:7',
        '    at com.shop.Login.retry(Login.java:42)',
        '  File "/w/a.py", line 3, in main',
        "app/models/user.rb:12:in 'save'",
      ),
      [
        '/w/src/login.ts:12:7 → /w/src/login.ts:12',
        'file:///w/src/a.ts:3:7 → /w/src/a.ts:3',
        'Login.java:42 → Login.java:42',
        '/w/a.py", line 3 → /w/a.py:3',
        'app/models/user.rb:12 → app/models/user.rb:12',
      ],
    );
    assert.deepEqual(
      printed(
        'src/a.ts-2-import x;',
        'src/a.ts:3:x()',
        'src/a.ts-4-',
        '/w/src/b.tsx',
        '  3:7   error    x is not defined  no-undef',
        '  12:1  warning  Unexpected console statement',
        '',
        '  4:4  error of no file',
        'done in 2-3-4',
      ),
      [
        'src/a.ts-2 → src/a.ts:2',
        'src/a.ts:3 → src/a.ts:3',
        'src/a.ts-4 → src/a.ts:4',
        '3:7 → /w/src/b.tsx:3',
        '12:1 → /w/src/b.tsx:12',
      ],
    );
    assert.deepEqual(printed('src/a.ts', 'line 3', 'src/', '  b.ts', 'line 4 of', 'src/c.ts', 'npm test src/d.ts'), []);
  });

  for (const [markdown, ...found] of withoutLine)
    it(`has no line in ${markdown}`, () => assert.deepEqual(named(markdown), found));

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
      '::a',
      'a@',
      '[a](',
      'a:3:b',
      'file:///',
      'a.ts\n  3:7 x\n',
      'a.ts-3-',
      ', line 3, col 7 — ',
    ]) {
      const text = part.repeat(Math.ceil(50_000 / part.length));
      const began = process.cpuUsage().user;
      for (const kind of ['text', 'code', 'strong', 'printed'] as const) placesNamed([{ text, kind }]);
      const took = process.cpuUsage().user - began;
      assert.ok(took < 300_000, `${JSON.stringify(part)}: ${took}`);
    }
  });
});
