/** What the model sees of a workspace, in a real VS Code: its settings of the search, a worktree, several roots. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { type Reply, reply } from '../fakeClaude/script';
import { afterTry, assertNoRefusals, type ChatHost, openChatHost, openRoots } from './chatHost';
import { ask, idle, panelIn } from './listHost';

type Call = readonly [name: string, input: Readonly<Record<string, unknown>>];

const files = {
  '.gitignore': 'dist/\n*.log\n',
  'app/[id]/page.tsx': 'export const needle = 1;\n',
  'app/old.js': 'needle\n',
  'app/old.ts': 'needle\n',
  'dist/built.js': 'needle\n',
  'dist/kept.js': 'needle\n',
  'private.txt': 'needle\n',
};

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: folder,
    stdio: 'ignore',
  });
}

describe('Seeing a workspace in VS Code', () => {
  let host: ChatHost;
  let base: string;

  before(async () => {
    host = await openChatHost({ files });
    base = mkdtempSync(join(tmpdir(), 'prelude-seeing-'));
    // The folder becomes a worktree: its `.git` is a file.
    const main = join(base, 'main');
    mkdirSync(main);
    git(main, 'init', '-q');
    git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
    git(main, 'worktree', 'add', '-q', join(base, 'tree'));
    writeFileSync(join(host.folder, '.git'), readFileSync(join(base, 'tree', '.git')));
    writeFileSync(join(main, '.git', 'info', 'exclude'), 'private.txt\n');
    git(host.folder, 'add', '-f', 'dist/kept.js');
  });
  after(async () => {
    await host?.close();
    rmSync(base, { recursive: true, force: true });
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  /** What each call gave the model. */
  const results = async (
    calls: readonly Call[],
    send = (): Promise<void> => host.send('Look.'),
  ): Promise<readonly string[]> => {
    const asked = calls.reduce<Reply>((asks, [name, input]) => asks.toolUse(name, input), reply.text('I look.'));
    const sent = host.fake.messages.length;
    host.fake.enqueue(asked, reply.text('That is all.'));
    await send();
    await host.fake.untilMessages(sent + 2, 60_000);
    const request = host.fake.messages.at(-1)?.body as Partial<Anthropic.MessageCreateParams> | undefined;
    const [asking, last] = request?.messages?.slice(-2).map(({ content }) => content) ?? [];
    assert.ok(Array.isArray(asking) && Array.isArray(last));
    // They come in the order in which they were there.
    return asking.flatMap((call) => {
      if (call.type !== 'tool_use') return [];
      const result = last.find((block) => block.type === 'tool_result' && block.tool_use_id === call.id);
      assert.ok(result?.type === 'tool_result' && Array.isArray(result.content));
      return [result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')];
    });
  };
  const set = async (section: string, value: unknown): Promise<void> => {
    await host.session.evaluate(
      async (vscode, [name, wanted]) => {
        const [first = '', ...rest] = name.split('.');
        const target = vscode.ConfigurationTarget.Workspace;
        await vscode.workspace.getConfiguration(first).update(rest.join('.'), wanted, target);
      },
      [section, value] as const,
    );
  };

  it('shows tracked files that a pattern ignores, and names what is ignored (L51, L52, L53, L60)', async function () {
    this.timeout(90_000);
    const [found, page, lines, root] = await results([
      ['find_files', { pattern: '*.{ts,js,txt}' }],
      ['find_files', { pattern: 'app/[id]/page.tsx' }],
      ['search_text', { query: 'needle', output: 'files', exclude: 'app/old.*' }],
      ['list_directory', {}],
    ]);
    await host.idle();
    assert.match(
      found ?? '',
      /^app\/old\.js\napp\/old\.ts\ndist\/kept\.js\n\[Ignored, so not looked into: .*private\.txt/,
    );
    assert.match(page ?? '', /^app\/\[id\]\/page\.tsx/);
    assert.match(lines ?? '', /^2 files with matching lines\n\napp\/\[id\]\/page\.tsx\ndist\/kept\.js/);
    assert.match(root ?? '', /Ignored, so not listed: private\.txt\./);
    assertNoRefusals(host.fake);
  });

  it('follows VS Code’s settings as they are now (L51)', async function () {
    this.timeout(90_000);
    await set('search.useIgnoreFiles', false);
    await set('files.exclude', { '**/*.js': { when: '$(basename).ts' } });
    try {
      const [found] = await results([['find_files', { pattern: '*.{ts,js,txt}' }]]);
      await host.idle();
      assert.match(found ?? '', /^app\/old\.ts\ndist\/built\.js\ndist\/kept\.js\nprivate\.txt/);
    } finally {
      await set('search.useIgnoreFiles', undefined);
      await set('files.exclude', undefined);
    }
  });

  it('looks through each root of a workspace with several, by its name', async function () {
    this.timeout(120_000);
    for (const name of ['web', 'api']) {
      mkdirSync(join(base, name, 'src'), { recursive: true });
      writeFileSync(join(base, name, 'src', '[slug].ts'), `export const ${name} = 'needle';\n`);
    }
    const file = join(base, 'both.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: 'web' }, { path: 'api' }] }));
    const window = await openRoots(host.session, file, 2);
    try {
      await window.evaluate(async (vscode) => {
        await vscode.commands.executeCommand('prelude.focusChat');
      });
      const panel = await panelIn(window, 'sidebar');
      const [both, one] = await results(
        [
          ['search_text', { query: 'needle' }],
          ['find_files', { pattern: 'api/src/[slug].ts' }],
        ],
        () => ask(window, panel, 'Look into both.'),
      );
      await idle(panel);
      assert.match(both ?? '', /^2 matches in 2 files\n\nweb\/src\/\[slug\]\.ts\n1: .*\n\napi\/src\/\[slug\]\.ts\n1: /);
      assert.match(one ?? '', /^api\/src\/\[slug\]\.ts/);
    } finally {
      await window.close();
    }
  });
});
