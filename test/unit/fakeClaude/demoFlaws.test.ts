/** The demo's model finds a small flaw and mends it: what it says of a file stands there, and where it finds nothing it says so. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { promptStrings } from '../../../src/host/base/plainStrings';
import { type DemoServer, startDemoServer } from '../../fakeClaude/demo';
import { flawIn } from '../../fakeClaude/demoFlaws';
import { filled } from '../../texts';
import { repoRoot } from '../../vscode/paths';
import { ask, editTool, tools } from './folderTools';

const rows = (...own: readonly string[]): string => own.map((line) => `${line}\n`).join('');
const gap = Array.from({ length: 9 }, (_, at) => `const line${at} = ${at};`);
/** Two comments with a wrong word, far from each other. */
const misspelt = rows(
  ['//', 'Waits untill the lock is free.'].join(' '),
  ...gap,
  ['//', 'Opens the the file.'].join(' '),
);
const half = rows(
  '/** Adds. */',
  'export function add(a: number, b: number): number {',
  '  return a + b;',
  '}',
  '',
  'export interface Point {',
  '  readonly x: number;',
  '  readonly y: number;',
  '}',
  ...gap,
  'export async function load({ from }: Point, times: number): Promise<string> {',
  '  return String(from + times);',
  '}',
  'export function twice(value: number): number {',
  '  return add(value, value);',
  '}',
);
const ask1 = filled(promptStrings.smallFlaw());

describe('The demo model mends a small flaw', () => {
  let folder: string;
  let demo: DemoServer;
  let client: Anthropic;

  before(async () => {
    demo = await startDemoServer({ tokensPerSecond: 0 });
    client = new Anthropic({ apiKey: 'demo', baseURL: demo.url, maxRetries: 0 });
  });
  after(() => demo.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-flaw-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const asked = (words = ask1, offered = [...tools, editTool]) => ask(client, folder, words, { tools: offered });

  it('finds words that are wrong in comments, says where, and changes these two places', async () => {
    write('lock.ts', misspelt);
    write('fine.md', 'All is well.\n');
    const told = await asked();
    assert.deepEqual(
      told.rounds.map((round) => round[0]),
      ['search_text', 'read_file', 'edit_file'],
    );
    assert.equal(read('lock.ts'), misspelt.replace('untill', 'until').replace('the the', 'the'));
    assert.match(told.answer, /lock\.ts/);
    const said = JSON.stringify(told.messages);
    for (const place of ['lock.ts:1', 'lock.ts:11']) assert.ok(said.includes(place), place);
  });

  it('finds exports without a comment where others have one, and writes what can be read off them', async () => {
    write('half.ts', half);
    await asked();
    const mended = half
      .replace('export interface Point', '/** Has x and y. */\nexport interface Point')
      .replace('export async function load', '/** Returns string. */\nexport async function load');
    assert.equal(read('half.ts'), mended);
    assert.equal(flawIn({ path: 'half.ts', lines: half.replace('/** Adds. */', '').split('\n') }), undefined);
  });

  it('keeps to a file that is named, and to what is there: names, code and quotes are no words', async () => {
    write('lock.ts', misspelt);
    write('code.ts', rows("const teh = 'recieve';", 'adress(teh, teh);', '/* `seperate` */ run();'));
    write('read.md', rows('```', 'teh', '```', 'See `untill` and "the the".'));
    for (const file of ['code.ts', 'read.md']) {
      const before = read(file);
      const told = await asked(`Do you see mistakes in ${file}?`);
      assert.match(told.answer, /found none of the small flaws/, file);
      assert.equal(read(file), before);
    }
    assert.equal(read('lock.ts'), misspelt);
  });

  it('says what became of it: refused, or no tool to write with', async () => {
    write('lock.ts', misspelt);
    const told = await asked(ask1, tools);
    assert.match(told.answer, /No tool was offered that writes/);
    assert.equal(read('lock.ts'), misspelt);
  });

  it('has something to show with two hunks in the folder that npm start opens', async () => {
    const told = await ask(client, repoRoot(), ask1, { tools });
    assert.doesNotMatch(told.answer, /found none/);
    assert.equal(told.answer.match(/^- .*:\d+/gm)?.length, 2, told.answer);
  });
});
