import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { type DemoServer, startDemoServer } from '../../fakeClaude/demo';
import {
  bestHits,
  calledNames,
  definitionPattern,
  intentOf,
  isDefinition,
  stem,
  termsOf,
} from '../../fakeClaude/demoPlan';
import { firstParagraph, headingsOf, quote } from '../../fakeClaude/demoQuote';
import { excerptsOf, hitsOf, listingsOf, type Question, readQuestion } from '../../fakeClaude/demoRead';
import { ask, tools } from './folderTools';
import { imageBlock, jpeg, pdf, pdfBlock, png } from './media';

const asked = (words: string, more: Partial<Question> = {}): Question => ({
  words,
  attachments: [],
  selection: undefined,
  files: [],
  tools: new Map(tools.map((tool) => [tool.name, new Set(Object.keys(tool.input_schema.properties ?? {}))])),
  rounds: [],
  ...more,
});

describe('The demo model sorts questions by their words', () => {
  it('knows what kind of question it is', () => {
    const kinds: readonly (readonly [string, string])[] = [
      ['What is in this folder?', 'folder'],
      ['Where is Workspace declared?', 'definition'],
      ['Give me an overview of this project', 'folder'],
      ["What's in src/core?", 'folder'],
      ['Where is parseHeader defined?', 'definition'],
      ['Find the definition of `Store`', 'definition'],
      ['Find the places where errors are handled', 'errors'],
      ['How is error handling done here?', 'errors'],
      ['Summarize README', 'summary'],
      ['Summarize the README', 'summary'],
      ['What does package.json say?', 'summary'],
      ['explain src/app.ts', 'summary'],
      ['What does the selection do?', 'selection'],
      ['Explain the selected code', 'selection'],
      ['How does streaming reach the panel?', 'search'],
      ['Who are you?', 'about'],
      ['Are you Claude?', 'about'],
      ['Why?', 'about'],
      ['Hello!', 'greeting'],
      ['Thanks', 'greeting'],
    ];
    for (const [words, kind] of kinds) assert.equal(intentOf(asked(words)).kind, kind, words);
  });

  it('takes any word for a name where a definition is asked for', () => {
    for (const name of ['find', 'config', 'use', 'reduce']) {
      assert.equal(termsOf(`Where is ${name} defined?`)[0], name);
      assert.equal(intentOf(asked(`Where is ${name} defined?`)).kind, 'definition');
    }
  });

  it('takes names before words, and words by their stem', () => {
    assert.deepEqual(termsOf('Where does `a b` call parseHeader or max_tokens in the streaming code?'), [
      'a b',
      'parseHeader',
      'max_tokens',
      'streaming',
    ]);
    assert.equal(stem('streaming'), 'stream');
    assert.equal(stem('errors'), 'error');
    assert.equal(stem('parseHeaders'), 'parseHeaders');
  });

  it('knows a declaration in several languages from a use', () => {
    for (const line of [
      'export function load(a) {',
      'def load(self):',
      'func (s *Store) load() {',
      'pub fn load() {',
      '  private async load(id: string): Promise<void> {',
      'const load = () => 1;',
      'class load:',
    ]) {
      assert.equal(isDefinition(line, 'load'), true, line);
    }
    for (const line of ['await load(x);', 'if (a == load) {', 'return reload();', 'load(1);']) {
      assert.equal(isDefinition(line, 'load'), false, line);
    }
    assert.match('export interface Store {', new RegExp(definitionPattern('Store')));
    const hits = [
      { path: 'test/a.ts', line: 1, text: 'function load() {}' },
      { path: 'src/b.ts', line: 2, text: 'load();' },
      { path: 'src/a.ts', line: 3, text: 'function load() {}' },
    ];
    assert.deepEqual(
      bestHits(hits, ['load'], 2).map(({ path }) => path),
      ['src/a.ts', 'test/a.ts'],
    );
    assert.deepEqual(
      calledNames({ path: 'a', start: 1, lines: ['if (f1o(x)) return b2r(f1o(y.skip(1)));'], total: 1 }),
      ['f1o', 'b2r'],
    );
  });

  it('reads tool results of either layout', () => {
    const found = (text: string) => hitsOf([{ name: 'search_text', input: {}, text, failed: false }]);
    const expected = [
      { path: 'src/a.ts', line: 3, text: '  load();' },
      { path: 'b c.md', line: 12, text: 'see: load' },
    ];
    assert.deepEqual(
      found('2 matches in 2 files\n\nsrc/a.ts\n3:   load();\n\nb c.md\n12: see: load\n[There are more]'),
      expected,
    );
    assert.deepEqual(found('src/a.ts:3:   load();\nb c.md:12: see: load'), expected);
    assert.deepEqual(found('No matches for "load".'), []);
    const [excerpt] = excerptsOf([
      {
        name: 'read_file',
        input: { path: 'a.ts' },
        text: 'a.ts, lines 9-10 of 1,200\n   9\tx\n  10\t\ty',
        failed: false,
      },
    ]);
    assert.deepEqual(excerpt, { path: 'a.ts', start: 9, lines: ['x', '\ty'], total: 1200 });
    const [listing] = listingsOf([
      { name: 'list_directory', input: {}, text: 'The workspace:\nsrc/\na b.ts  1,024 bytes', failed: false },
    ]);
    assert.deepEqual(listing, { path: '.', folders: ['src'], files: [{ name: 'a b.ts', size: '1,024 bytes' }] });
  });

  it('reads the context a request carries, and what changed of it', () => {
    const system = [
      { type: 'text', text: 'Be good.' },
      { type: 'text', text: '<file path="src/a.ts">\nlet a = 1;\n</file>' },
      { type: 'text', text: '<file path="old.ts">\n1\n</file>' },
      { type: 'text', text: '<selection path="src/a.ts" lines="5-6">\nx\ny\n</selection>' },
    ];
    const changes = '<news>\n<file path="src/a.ts">\nlet a = 2;\n</file>\n<closed path="old.ts"/>\n</news>';
    const content = [
      { type: 'text', text: changes },
      { type: 'text', text: 'What now?' },
    ];
    const question = readQuestion({ model: 'x', system, messages: [{ role: 'user', content }] });
    assert.equal(question.words, 'What now?');
    assert.deepEqual(question.files, [{ path: 'src/a.ts', start: 1, lines: ['let a = 2;'], total: 1 }]);
    assert.deepEqual(question.selection, { path: 'src/a.ts', start: 5, lines: ['x', 'y'], total: undefined });
  });

  it('reads the code that came with a later question, and no selection of an earlier one', () => {
    const selected = (path: string, line: string): string =>
      `<selection path="${path}" lines="3-3">\n${line}\n</selection>`;
    const said = (...texts: readonly string[]) => texts.map((text) => ({ type: 'text', text }));
    const question = readQuestion({
      model: 'x',
      system: [{ type: 'text', text: 'Be good.' }],
      messages: [
        { role: 'user', content: said(selected('a.ts', 'let a;'), 'Explain the selection.') },
        { role: 'assistant', content: said('It declares a.') },
        { role: 'user', content: said(selected('b.ts', 'let b;'), 'Explain the selection.') },
      ],
    });
    assert.equal(question.words, 'Explain the selection.');
    assert.deepEqual(question.selection, { path: 'b.ts', start: 3, lines: ['let b;'], total: undefined });
    assert.equal(intentOf(question).kind, 'selection');
  });

  it('quotes with a place and a fence that its text cannot close', () => {
    const excerpt = {
      path: 'a.md',
      start: 7,
      lines: ['# One', '', '```js', '# no heading', '```', 'A paragraph long enough to tell.'],
      total: 6,
    };
    assert.match(quote(excerpt), /^`a\.md:7`\n\n````markdown\n# One\n/);
    assert.deepEqual(headingsOf(excerpt), [{ line: 7, text: 'One' }]);
    assert.equal(firstParagraph(excerpt), 'A paragraph long enough to tell.');
  });
});

const project: Readonly<Record<string, string>> = {
  'README.md': '# Harbour\n\nKeeps the books of a small harbour, ships and berths alike.\n\n## Use\n\nRun it.\n',
  'package.json':
    '{\n  "name": "harbour",\n  "version": "2.1.0",\n  "description": "Books of a harbour",\n  "scripts": {\n    "start": "node ."\n  }\n}\n',
  'src/berths.ts': [
    "import { log } from './log';",
    '',
    '/** Finds a free berth for a ship of this length. */',
    'export function findBerth(length: number): number {',
    '  try {',
    '    return reserve(length);',
    '  } catch (error) {',
    '    log(error);',
    '    throw new Error("no berth");',
    '  }',
    '}',
    '',
    'function reserve(length: number): number {',
    '  return length;',
    '}',
    '',
  ].join('\n'),
  'src/log.ts': 'export function log(value: unknown): void {\n  console.log(value);\n}\n',
  'src/main.ts': "import { findBerth } from './berths';\n\nconsole.log(findBerth(12));\n",
};

describe('The demo model answers over HTTP by using the tools on a folder', () => {
  let root = '';
  let demo: DemoServer;
  let client: Anthropic;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'harbour-'));
    for (const [path, text] of Object.entries(project)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    demo = await startDemoServer({ tokensPerSecond: 0 });
    client = new Anthropic({ apiKey: 'no key at all', baseURL: demo.url, maxRetries: 0 });
  });

  after(async () => {
    await demo.close();
    rmSync(root, { recursive: true });
  });

  afterEach(() => assert.deepEqual(demo.fake.refusals, []));

  it('finds a declaration, reads around it and quotes it with its place', async () => {
    const { answer, rounds, messages } = await ask(client, root, 'Where is findBerth defined?');
    assert.match(answer, /^`findBerth` is declared at `src\/berths\.ts:4`\./);
    assert.ok(
      answer.includes('```ts\n/** Finds a free berth for a ship of this length. */\nexport function findBerth'),
    );
    assert.ok(answer.includes('`src/main.ts:1`'));
    assert.equal(rounds.length, 2);
    assert.ok((rounds[0]?.length ?? 0) > 1, 'no parallel calls');
    assert.ok(rounds[1]?.every((name) => name === 'read_file'));
    const [, first] = messages;
    assert.ok(typeof first?.content !== 'string' && first?.content[0]?.type === 'thinking');
  });

  it('describes a folder by its listing, its README and its manifest', async () => {
    const { answer } = await ask(client, root, 'What is in this folder?');
    assert.match(answer, /\*\*harbour\*\* 2\.1\.0: Books of a harbour/);
    assert.match(answer, /Keeps the books of a small harbour/);
    assert.match(answer, /\| `src\/` \| folder \|/);
    assert.match(answer, /`berths\.ts`/);
    assert.match(answer, /"start": "node \."/);
  });

  it('finds where errors are handled', async () => {
    const { answer } = await ask(client, root, 'Find the places where errors are handled');
    assert.match(answer, /\| `src\/berths\.ts:7` \| 1 \| 1 \|/);
    assert.match(answer, /`src\/berths\.ts:7`\n\n```ts\n {2}\} catch \(error\) \{/);
  });

  it('summarizes a README by what it says', async () => {
    const { answer } = await ask(client, root, 'Summarize README');
    assert.match(answer, /## `README\.md`/);
    assert.match(answer, /“Keeps the books of a small harbour, ships and berths alike\.”/);
    assert.match(answer, /- Use \(`README\.md:5`\)/);
  });

  it('tells of the selection from the context, and looks up what it calls', async () => {
    const system = '<selection path="src/main.ts" lines="3-3">\nconsole.log(findBerth(12));\n</selection>';
    const { answer } = await ask(client, root, 'What does the selection do?', { system });
    assert.match(answer, /^The selection is `src\/main\.ts:3-3`, 1 line\. It calls `findBerth`/);
    assert.match(answer, /### What it calls\n\n`src\/berths\.ts:4`/);
    const without = await ask(client, root, 'What does the selection do?');
    assert.match(without.answer, /No selection came with the message/);
    assert.deepEqual(without.rounds, []);
  });

  it('describes images and PDFs by their bytes, whatever they are called', async () => {
    const one = await ask(client, root, [imageBlock(png(640, 480)), { type: 'text', text: 'What is this?' }]);
    assert.match(one.answer, /\*\*PNG\*\* of \*\*640 × 480 pixels\*\*/);
    const document = {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'one two\nthree' },
    } as const;
    const three = await ask(client, root, [imageBlock(jpeg(30, 60), 'image/jpeg'), pdfBlock(pdf(3)), document]);
    assert.match(three.answer, /\*\*JPEG\*\* of \*\*30 × 60 pixels\*\* \(portrait\)/);
    assert.match(three.answer, /\*\*PDF\*\* with \*\*3 pages\*\*/);
    assert.match(three.answer, /2 lines, 3 words/);
  });

  it('says that it does not reason when it is asked why, and never claims to be Claude', async () => {
    const { answer } = await ask(client, root, 'Why does findBerth throw?');
    assert.match(answer, /I find and quote, but I do not reason/);
    assert.match(answer, /src\/berths\.ts/);
    for (const words of ['Who are you?', 'Are you Claude?', 'How do you know?', 'Hello']) {
      const told = await ask(client, root, words);
      assert.match(told.answer, /local stand-in/, words);
      assert.doesNotMatch(told.answer, /Claude/, words);
    }
  });

  it('says so when there is nothing to find, after at most three rounds', async () => {
    const { answer, rounds } = await ask(client, root, 'Where is quantumFlux defined?');
    assert.match(answer, /I found nothing in this workspace for `quantumFlux`/);
    assert.ok(rounds.length >= 2 && rounds.length <= 3);
  });

  it('uses only what is offered, and no tools when there are none', async () => {
    const [, list] = tools;
    assert.ok(list !== undefined);
    const { rounds, answer } = await ask(client, root, 'What is in this folder?', { tools: [list] });
    assert.deepEqual(new Set(rounds.flat()), new Set(['list_directory']));
    assert.match(answer, /`package\.json`/);
    const plain = tools.map((tool) =>
      tool.name === 'search_text'
        ? { ...tool, input_schema: { type: 'object' as const, properties: { query: { type: 'string' } } } }
        : tool,
    );
    await ask(client, root, 'Where is findBerth defined?', { tools: plain });
    const inputs =
      JSON.stringify(demo.fake.messages.at(-1)?.response?.message) +
      JSON.stringify(demo.fake.messages.at(-1)?.body.messages);
    assert.equal(inputs.includes('is_regex'), false);
    const system = '<file path="src/log.ts">\nexport function log(value: unknown): void {\n</file>';
    const none = await ask(client, root, 'Where is log defined?', { tools: [], system });
    assert.deepEqual(none.rounds, []);
    assert.match(none.answer, /`log` is declared at `src\/log\.ts:1`/);
  });

  it('goes on when tools fail, and says which', async () => {
    const { answer, rounds } = await ask(client, join(root, 'not-there'), 'What is in this folder?');
    assert.match(answer, /I could not list the folder/);
    assert.match(answer, /`list_directory` failed: /);
    assert.ok(rounds.length <= 3);
    const blind = await ask(client, join(root, 'not-there'), 'Where is findBerth defined?');
    assert.match(blind.answer, /^I could not search the workspace for `findBerth`/);
    assert.doesNotMatch(blind.answer, /found nothing/);
    assert.ok(blind.rounds.length <= 3);
  });

  it('answers at reading speed', async () => {
    const slow = await startDemoServer({ tokensPerSecond: 100 });
    try {
      const started = performance.now();
      const reader = new Anthropic({ apiKey: 'x', baseURL: slow.url, maxRetries: 0 });
      const { answer } = await ask(reader, root, 'Who are you?', { thinking: { type: 'disabled' } });
      const perSecond = answer.length / 3.5 / ((performance.now() - started) / 1_000);
      assert.ok(perSecond > 10 && perSecond < 115, `${perSecond} tokens a second`);
    } finally {
      await slow.close();
    }
  });
});
