/** Places in files, in the forms in which models write them. */
import assert from 'node:assert/strict';
import { linkTarget, placeIn, placesIn, placesToDraw } from '../../../src/webview/markdown/links';

/** In code: the text, then `path`, line, column and last line as they are understood. */
const inCode: readonly (readonly [code: string, path: string, line: number, column?: number | null, end?: number])[] = [
  ['login.ts:42', 'login.ts', 42],
  ['src/a.ts:3', 'src/a.ts', 3],
  ['src/a.ts:3:7', 'src/a.ts', 3, 7],
  ['src/a.py:1:0: C0114: missing docstring', 'src/a.py', 1],
  ['src/a.ts:3-5', 'src/a.ts', 3, null, 5],
  ['src/a.ts:3–5', 'src/a.ts', 3, null, 5],
  ['src/a.ts:3 - 5', 'src/a.ts', 3, null, 5],
  ['src/a.ts:3:7-5:2', 'src/a.ts', 3, 7, 5],
  ['src/a.ts:L3', 'src/a.ts', 3],
  ['src/a.ts:L3-L5', 'src/a.ts', 3, null, 5],
  ['src/a.ts#L3', 'src/a.ts', 3],
  ['src/a.ts#L3-L5', 'src/a.ts', 3, null, 5],
  ['src/a.ts#L3-5', 'src/a.ts', 3, null, 5],
  ['src/a.ts#L3C7', 'src/a.ts', 3, 7],
  ['src/a.ts#L3C7-L5C2', 'src/a.ts', 3, 7, 5],
  ['src/a.ts#3', 'src/a.ts', 3],
  ['src/a.ts(3)', 'src/a.ts', 3],
  ['src/a.ts(3,7)', 'src/a.ts', 3, 7],
  ['Program.cs(12,5)', 'Program.cs', 12, 5],
  ['src/a.ts(3,7): error TS2345: no overload', 'src/a.ts', 3, 7],
  ['src/a.ts (line 3)', 'src/a.ts', 3],
  ['src/a.ts (lines 3-5)', 'src/a.ts', 3, null, 5],
  ['src/a.ts (L3-L5)', 'src/a.ts', 3, null, 5],
  ['src/a.ts line 3', 'src/a.ts', 3],
  ['src/a.ts, line 3', 'src/a.ts', 3],
  ['src/a.ts lines 3-5', 'src/a.ts', 3, null, 5],
  ['src/a.ts, lines 3 to 5', 'src/a.ts', 3, null, 5],
  ['src/a.ts at line 3', 'src/a.ts', 3],
  ['src/a.ts on line 3, column 7', 'src/a.ts', 3, 7],
  ['src/a.ts L3', 'src/a.ts', 3],
  ['src/a.ts L3-L5', 'src/a.ts', 3, null, 5],
  ['File "src/a.py", line 3', 'src/a.py', 3],
  ['File "src/a.py", line 3, in main', 'src/a.py', 3],
  ['main.go:12:5: undefined: x', 'main.go', 12, 5],
  ['src/a.rs:3:7: warning', 'src/a.rs', 3, 7],
  ['src/a.ts:3:', 'src/a.ts', 3],
  ['src/a.ts:3.', 'src/a.ts', 3],
  ['at run (src/a.ts:3:7)', 'src/a.ts', 3, 7],
  ['at Object.<anonymous> (src/a.ts:3:7)', 'src/a.ts', 3, 7],
  ['at src/a.ts:3:7', 'src/a.ts', 3, 7],
  ['"src/a.ts:3"', 'src/a.ts', 3],
  ['./src/a.ts:3', './src/a.ts', 3],
  ['/src/a.ts:3', '/src/a.ts', 3],
  ['/home/me/work/src/a.ts:3', '/home/me/work/src/a.ts', 3],
  ['C:\\work\\a.ts:3', 'C:\\work\\a.ts', 3],
  ['C:/work/a.ts:3:7', 'C:/work/a.ts', 3, 7],
  ['src\\a.ts:3', 'src\\a.ts', 3],
  ['my notes/a file.md:3', 'my notes/a file.md', 3],
  ['docs/How to begin.md#L3', 'docs/How to begin.md', 3],
  ['a file.md:3', 'a file.md', 3],
  ['app/[id]/page.tsx:3', 'app/[id]/page.tsx', 3],
  ['pages/[[...all]].tsx:3', 'pages/[[...all]].tsx', 3],
  ['app/(group)/page.tsx:3:7', 'app/(group)/page.tsx', 3, 7],
  ['app/(group)/page.tsx#L3-L5', 'app/(group)/page.tsx', 3, null, 5],
  ['routes/$id.tsx:3', 'routes/$id.tsx', 3],
  ['src/routes/+page.svelte:3', 'src/routes/+page.svelte', 3],
  ['packages/@scope/x/index.d.ts:3', 'packages/@scope/x/index.d.ts', 3],
  ['C#/Program.cs#L3', 'C#/Program.cs', 3],
  ['src/данные.py:3', 'src/данные.py', 3],
  ['文書/設定.json:3:7', '文書/設定.json', 3, 7],
  ['données/été.csv:3', 'données/été.csv', 3],
  ['Makefile:12', 'Makefile', 12],
  ['Dockerfile#L3', 'Dockerfile', 3],
  ['LICENSE:3', 'LICENSE', 3],
  ['.gitignore:3', '.gitignore', 3],
  ['.env.local:3', '.env.local', 3],
  ['bin/serve:3', 'bin/serve', 3],
  ['src/a-b_c.test.ts:118', 'src/a-b_c.test.ts', 118],
  ['archive.tar.gz:1', 'archive.tar.gz', 1],
  ['main.c++:3', 'main.c++', 3],
  ['src/a.ts:3:7-9', 'src/a.ts', 3, 7],
  ['src/a.ts(3,7-9)', 'src/a.ts', 3, 7],
  ['src/a.ts:3:7-L9', 'src/a.ts', 3, 7, 9],
  ['@src/a.ts:3', '@src/a.ts', 3],
  ['retryLogin@src/a.ts:3:7', 'retryLogin@src/a.ts', 3, 7],
  ['src/a.ts@L3', 'src/a.ts', 3],
  ['file:///home/me/w/src/a.ts:42:7', '/home/me/w/src/a.ts', 42, 7],
  ['file:///c:/w/a.ts:3', 'c:/w/a.ts', 3],
  ['at async retry (file:///home/me/my%20w/a.ts:3:7)', '/home/me/my w/a.ts', 3, 7],
];

/** In code, and drawn as no link before the host has said that the file is there. */
const uncertain = [
  'microsoft/vscode#12345',
  'owner/repo#12',
  'library/node:18',
  'myorg/app:12',
  'k8s.gcr.io/pause:3',
  'docker.io/library/node:18',
  'example.dev:3000',
  'redis.cache:6379',
  'kafka.svc:9092',
  'user.name:1',
  'he/she:3',
  '@types/node:18',
  'Foo.bar#3',
  'Foo.bar#3,5',
  'bin/serve:3',
];

/** In code, and no place. */
const notInCode = [
  'login.ts',
  'a:1',
  'x.y',
  '12:30',
  'https://x.y:42',
  'http://localhost:3000/a.ts:3',
  'localhost:3000',
  '127.0.0.1:8080',
  'example.com:443',
  'api.example.org:8443',
  'Map<a.b:3>',
  'std::vec',
  'flag ? a.b:3',
  '{a.b:3}',
  'key: 3',
  'const x = a.b:3',
  '-p 3000:3000',
  'node:20',
  'git@github.com:22',
  'host.docker.internal:5432',
  'router.go(1)',
  'postgres:16.2',
  '3.5:1',
  'f(3)',
  'items[3]',
  'line 3',
  'a.b(3)',
  'list.at(3)',
  'text.slice(1,3)',
  'a/b.size(3)',
  '//host/x.ts:3',
  'file://host/x.ts:3',
  '\\\\host\\x.ts:3',
  'src/a.ts:0',
  '',
];

describe('A place in code', () => {
  for (const [code, path, line, column = null, end = null] of inCode) {
    it(`${code} opens there (L64)`, () => {
      assert.deepEqual(placeIn(code), { path, line, column, end });
      assert.deepEqual(placesIn(code), [{ text: code, place: { path, line, column, end } }]);
    });
  }

  for (const code of notInCode)
    it(`is not taken out of what is none: ${code}`, () =>
      assert.deepEqual([placeIn(code), placesIn(code)], [null, null]));

  for (const code of uncertain)
    it(`is for the host to tell first: ${code} (L64)`, () => assert.equal(placesToDraw(code), null));

  for (const code of ['src/a.ts:3', 'main.go:12', 'Makefile:3', 'my notes/a.md#L3', 'src/a.ts:3,5', '@src/a.ts:3'])
    it(`is drawn at once: ${code} (L64)`, () => assert.deepEqual(placesToDraw(code), placesIn(code)));

  it('is each line of a list, with its own link (L64)', () => {
    const lists: readonly (readonly [string, string, readonly (readonly [number, number | null])[]])[] = [
      [
        'src/a.ts:3,5,9',
        'src/a.ts',
        [
          [3, null],
          [5, null],
          [9, null],
        ],
      ],
      [
        'src/a.ts:3, 5-7 and 9',
        'src/a.ts',
        [
          [3, null],
          [5, 7],
          [9, null],
        ],
      ],
      [
        'src/a.ts:3-5,9-11',
        'src/a.ts',
        [
          [3, 5],
          [9, 11],
        ],
      ],
      [
        'src/a.ts#L3,L9',
        'src/a.ts',
        [
          [3, null],
          [9, null],
        ],
      ],
      [
        'src/a.ts, lines 3 and 9',
        'src/a.ts',
        [
          [3, null],
          [9, null],
        ],
      ],
      [
        'a file.md:3 & 4',
        'a file.md',
        [
          [3, null],
          [4, null],
        ],
      ],
    ];
    for (const [code, path, places] of lists) {
      const pieces = placesIn(code) ?? [];
      assert.equal(pieces.map(({ text }) => text).join(''), code);
      assert.deepEqual(
        pieces.flatMap(({ place }) => (place === null ? [] : [place])),
        places.map(([line, end]) => ({ path, line, column: null, end })),
        code,
      );
    }
  });

  it('is found in time that grows with the text', () => {
    for (const part of ['a.b:1 ', 'at (', '"', 'x/', '1,', 'line 3 ', '(3', '#L3', ' ']) {
      const began = process.cpuUsage().user;
      for (let times = 0; times < 5; times += 1) placesIn(`${part.repeat(330)}!`.slice(0, 2000));
      assert.ok(
        process.cpuUsage().user - began < 250_000,
        `${JSON.stringify(part)}: ${process.cpuUsage().user - began}`,
      );
    }
  });
});

describe('A link into the workspace', () => {
  const links: readonly (readonly [
    href: string,
    path: string,
    line?: number | null,
    column?: number | null,
    end?: number,
  ])[] = [
    ['src/app.ts:42', 'src/app.ts', 42],
    ['app.ts:42', 'app.ts', 42],
    ['app.ts:42:7', 'app.ts', 42, 7],
    ['src/a%20b.ts#L3-L9', 'src/a b.ts', 3, null, 9],
    ['C:\\x\\y.ts:3', 'C:\\x\\y.ts', 3],
    ['README.md', 'README.md'],
    ['README.md#usage', 'README.md'],
    ['/src/a.ts', '/src/a.ts'],
    ['./src/a.ts#L3', './src/a.ts', 3],
    ['app/[id]/page.tsx:3', 'app/[id]/page.tsx', 3],
    ['Makefile:12', 'Makefile', 12],
    ['{{cookiecutter.slug}}/main.py:3', '{{cookiecutter.slug}}/main.py', 3],
    ['my dir/serve:3', 'my dir/serve', 3],
    ['docs/a%23b.md', 'docs/a#b.md'],
    ['my notes/a file.md', 'my notes/a file.md'],
    ['%D0%B4/%D0%B0.py:3', 'д/а.py', 3],
    ['100%.md:3', '100%.md', 3],
    ['file:///home/me/w/src/a.ts#L42', '/home/me/w/src/a.ts', 42],
    ['file:///home/me/w/my%20a.ts', '/home/me/w/my a.ts'],
    ['file:///c:/w/a.ts#L3', 'c:/w/a.ts', 3],
    ['file:///c%3A/w/a.ts', 'c:/w/a.ts'],
    ['vscode://file/home/me/a.ts:42:7', '/home/me/a.ts', 42, 7],
    ['vscode://file/c:/w/a.ts:42', 'c:/w/a.ts', 42],
  ];
  for (const [href, path, line = null, column = null, end = null] of links)
    it(`${href} opens there (L64)`, () =>
      assert.deepEqual(linkTarget(href), { kind: 'file', path, line, column, end }));

  for (const href of [
    'file://server/share/a.ts',
    'file:////server/a.ts',
    'vscode://publisher.extension/x',
    'file:a.ts',
  ])
    it(`is not ${href}`, () => assert.equal(linkTarget(href), null));
});
