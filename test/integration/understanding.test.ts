/** What the model learns of code and its changes: in a real VS Code, by its own language service for TypeScript and its Git. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import type { SlashCommand } from '../../src/shared/slashCommands';
import { besideName } from '../../src/webview/l10n/pickerStrings';
import { type Reply, reply } from '../fakeClaude/script';
import { inAll } from '../short';
import { nls, strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { messages } from './requests';

type Call = readonly [name: string, input: Readonly<Record<string, unknown>>];

const files = {
  'tsconfig.json': '{ "compilerOptions": { "strict": true, "noEmit": true }, "include": ["src"] }\n',
  'src/retry.ts': [
    'export interface Policy {',
    '  readonly times: number;',
    '}',
    '',
    'export function retry<T>(work: () => T, policy: Policy): T {',
    '  return policy.times > 0 ? work() : retry(work, policy);',
    '}',
    '',
  ].join('\n'),
  'src/login.ts': [
    "import { retry } from './retry';",
    '',
    'export class Session {',
    '  open(): string {',
    "    return retry(() => ['a'].join('-'), { times: 3 });",
    '  }',
    '}',
    '',
    'const wrong: number = new Session().open();',
    '',
  ].join('\n'),
  'docs/notes.txt': 'no language\n',
  '.env': 'PASSWORD=hunter2\n',
};

describe('Understanding code in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({ services: true, files });
  });
  after(async () => {
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  /** What each call gave the model. */
  const results = async (...calls: readonly Call[]): Promise<readonly string[]> => {
    const asked = calls.reduce<Reply>((asks, [name, input]) => asks.toolUse(name, input), reply.text('I look.'));
    const sent = host.fake.messages.length;
    host.fake.enqueue(asked, reply.text('That is all.'));
    await host.send('Look into it.');
    await host.fake.untilMessages(sent + 2, 60_000);
    await host.idle();
    const request = host.fake.messages.at(-1)?.body as Partial<Anthropic.MessageCreateParams> | undefined;
    const [asking, last] = request?.messages?.slice(-2).map(({ content }) => content) ?? [];
    assert.ok(Array.isArray(asking) && Array.isArray(last));
    return asking.flatMap((call) => {
      if (call.type !== 'tool_use') return [];
      const result = last.find((block) => block.type === 'tool_result' && block.tool_use_id === call.id);
      assert.ok(result?.type === 'tool_result' && Array.isArray(result.content));
      return [result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n')];
    });
  };

  it('finds definitions across files and in libraries, from the first question on', async function () {
    this.timeout(90_000);
    const [own, library] = await results(
      ['go_to_definition', { path: 'src/login.ts', line: 5, symbol: 'retry' }],
      ['go_to_definition', { path: 'src/login.ts', line: 5, symbol: 'join' }],
    );
    assert.equal(
      own,
      '1 definition in 1 file\n\nsrc/retry.ts\n5: export function retry<T>(work: () => T, policy: Policy): T {',
    );
    assert.match(
      library ?? '',
      /lib\.es5\.d\.ts \(outside the workspace\)\n\d+: join\(separator\?: string\): string;$/,
    );
    const shown = await host.session.evaluate((vscode) => vscode.window.visibleTextEditors.length);
    assert.equal(shown, 0, 'no editor was shown');
    assertNoRefusals(host.fake);
  });

  inAll.it('finds references, symbols and outlines', async function () {
    this.timeout(90_000);
    const [references, symbols, outline, text] = await results(
      ['find_references', { path: 'src/retry.ts', line: 5, symbol: 'retry' }],
      ['find_symbols', { query: 'Session' }],
      ['get_outline', { path: 'src/retry.ts' }],
      ['get_outline', { path: 'docs/notes.txt' }],
    );
    assert.match(
      references ?? '',
      /^4 lines in 2 files\n\nsrc\/login\.ts\n1: import .*\n5: return retry.*\n\nsrc\/retry\.ts\n5: .*\n6: /,
    );
    assert.match(symbols ?? '', /src\/login\.ts\n3: export class Session \{ {2}\[class Session/);
    assert.match(
      outline ?? '',
      /^src\/retry\.ts, 3 symbols\n1-3 {2}interface Policy\n {2}2 {2}property times\n5-7 {2}function retry$/,
    );
    assert.match(text ?? '', /^No language service answered for plaintext files/);
  });

  it('finds a symbol by @, and sends its lines with the message', async function () {
    this.timeout(90_000);
    const panel = await host.frame();
    const text = panel.locator('.composerText');
    await text.click();
    await host.session.page.keyboard.type('What does @Sess');
    await panel.locator('.mentionPopup [data-kind="symbol"]', { hasText: 'src/login.ts:3' }).click();
    await panel.locator('.chip .chipLabel', { hasText: 'login.ts:3-7' }).waitFor();
    assert.equal(await text.inputValue(), 'What does @Session ');
    host.fake.enqueue(reply.text('It opens.'));
    await host.session.page.keyboard.press('Enter');
    await host.see('It opens.');
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /export class Session \{\\n {2}open/);
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('tells the problems of files in tabs, unsaved text included, and says when a file was not checked', async function () {
    this.timeout(90_000);
    const [unseen] = await results(['get_diagnostics', { path: 'src/login.ts' }]);
    assert.match(unseen ?? '', /^No problems are reported in src\/login\.ts\.\n\[It is not open in an editor/);
    const asked = results(['get_diagnostics', { path: '.env' }]);
    const panel = await host.frame();
    await panel.locator('.approval [data-do="deny"]').click();
    await panel.locator('.denialReason').press('Enter');
    assert.match((await asked)[0] ?? '', /did not allow this/);
    await host.open('src/login.ts');
    const [file] = await results(['get_diagnostics', { path: 'src/login.ts' }]);
    assert.match(
      file ?? '',
      /^1 error in 1 file\n\nsrc\/login\.ts\n9:7 error ts\(2322\): Type 'string' is not assignable to type 'number'\.\n {4}const wrong: number/,
    );
    await host.open('src/retry.ts');
    await host.session.evaluate(async (vscode) => {
      await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(7, 0), 'unsaved();\n'));
    });
    await host.session.evaluate(async (vscode) => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      for (let n = 0; n < 100 && uri !== undefined && vscode.languages.getDiagnostics(uri).length === 0; n += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
    });
    const [all] = await results(['get_diagnostics', {}]);
    assert.match(all ?? '', /src\/retry\.ts\n8:1 error ts\(2304\): Cannot find name 'unsaved'\.\n {4}unsaved\(\);/);
  });

  it('leads from a name in an answer to where it is defined', async function () {
    this.timeout(60_000);
    await host.open('src/login.ts');
    await host.session.evaluate(async (vscode) => {
      for (const name of ['retry', 'Session']) {
        const found = () => vscode.commands.executeCommand<object[]>('vscode.executeWorkspaceSymbolProvider', name);
        for (let n = 0; n < 100 && (await found()).length === 0; n += 1)
          await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    host.fake.enqueue(reply.text('`Session.open()` calls `retry`, and `nobodyElse` does.'));
    await host.send('Who calls it?');
    await host.idle();
    const panel = await host.frame();
    const links = panel.locator('.answer.last code[data-symbol]');
    await links.nth(1).click();
    assert.deepEqual(await links.allTextContents(), ['Session.open()', 'retry']);
    const place = async () =>
      await host.session.evaluate((vscode) => {
        const { document, selection } = vscode.window.activeTextEditor ?? {};
        return `${document?.uri.path.split('/').at(-1)}:${selection?.active.line}:${selection?.active.character}`;
      });
    for (let n = 0; n < 50 && (await place()) !== 'retry.ts:4:16'; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await place(), 'retry.ts:4:16');
  });

  it('leads from a place in an answer to its lines, however it is written, where the workspace has the file (L64)', async function () {
    this.timeout(60_000);
    host.fake.enqueue(
      reply.text(
        'It is in `retry.ts` (lines 5–7), called at line 5 of src/login.ts; src/gone.ts:3 and **none.ts** are not there.',
      ),
    );
    await host.send('In which lines?');
    await host.idle();
    const panel = await host.frame();
    const links = panel.locator('.answer.last .markdown a[data-path]');
    await links.nth(1).waitFor();
    assert.deepEqual(await links.allTextContents(), ['retry.ts', 'line 5 of src/login.ts']);
    const shown = async (expected: string) =>
      await eventually(async () => {
        const place = await host.session.evaluate((vscode) => {
          const { document, selection } = vscode.window.activeTextEditor ?? {};
          return `${document?.uri.path.split('/').at(-1)}:${selection?.start.line}-${selection?.end.line}`;
        });
        assert.equal(place, expected);
      });
    await links.first().click();
    await shown('retry.ts:4-7');
    await links.nth(1).focus();
    await host.session.page.keyboard.press('Enter');
    await shown('login.ts:4-4');
  });

  it('says that the workspace is in no Git repository', async function () {
    this.timeout(60_000);
    const [none] = await results(['get_changes', {}]);
    assert.match(none ?? '', /^No Git repository is open in this window/);
  });

  it('tells what has changed by VS Code’s Git', async function () {
    this.timeout(120_000);
    // An earlier try has left one.
    for (const path of ['.git', 'docs/moved.txt', 'src/new.ts', 'todo.txt'])
      rmSync(join(host.folder, path), { recursive: true, force: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(host.folder, path), text);
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: host.folder });
    git('init', '-q', '-b', 'main');
    git('add', '-A', '-f');
    git('commit', '-q', '-m', 'First');
    git('mv', 'docs/notes.txt', 'docs/moved.txt');
    git('commit', '-q', '-m', 'Move the notes');
    await host.session.evaluate(async (vscode, folder) => {
      const extension = vscode.extensions.getExtension('vscode.git');
      await (await extension?.activate())?.getAPI(1).openRepository(vscode.Uri.file(folder));
    }, host.folder);
    writeFileSync(join(host.folder, 'tsconfig.json'), '{}\n');
    writeFileSync(join(host.folder, '.env'), 'PASSWORD=other\n');
    writeFileSync(join(host.folder, 'src/new.ts'), 'export {};\n');
    git('add', 'src/new.ts');
    writeFileSync(join(host.folder, 'todo.txt'), 'later\n');
    const [all, staged, moved, first, range, unknown] = await results(
      ['get_changes', {}],
      ['get_changes', { of: 'staged' }],
      ['get_changes', { of: 'HEAD' }],
      ['get_changes', { of: 'HEAD~1', path: 'src' }],
      ['get_changes', { of: 'HEAD~1..main', path: 'docs' }],
      ['get_changes', { of: 'nope' }],
    );
    assert.match(
      all ?? '',
      new RegExp(
        [
          '^Uncommitted changes \\(branch main\\): 4 changed files\n',
          'modified: \\.env \\(may hold secrets: not shown\\)\n',
          'added: src/new\\.ts\n@@ -0,0 \\+1 @@\n\\+export {};\n',
          'untracked: todo\\.txt \\(read_file shows it\\)\n',
          'modified: tsconfig\\.json\n@@ -1 \\+1 @@\n-.*\n\\+{}\n\\[What may hold secrets .*\\]\n\\[Unsaved in the editor, .*: src/retry\\.ts\\.\\]$',
        ].join('\n'),
      ),
    );
    assert.match(staged ?? '', /^Staged changes .*: 1 changed file\n\nadded: src\/new\.ts/);
    assert.match(
      moved ?? '',
      /^Commit [0-9a-f]{8} by Ada, 20\d\d-.*: Move the notes \(branch main\): 1 changed file\n\nrenamed: docs\/notes\.txt -> docs\/moved\.txt \(its text is the same\)$/,
    );
    assert.match(
      first ?? '',
      /: First .*: 2 changed files in src\n\nadded: src\/login\.ts\n@@ -0,0 \+1,9 @@\n\+import/,
    );
    assert.match(range ?? '', /^Changes from HEAD~1 .* to main .*\n\nrenamed: docs\/notes\.txt/);
    assert.match(unknown ?? '', /^Git knows no commit "nope" here/);
    for (const text of [all, first]) assert.doesNotMatch(text ?? '', /hunter2|PASSWORD/);
  });

  it('writes a commit message into the box of Source Control, where it is undone as what is typed', async function () {
    this.timeout(60_000);
    const { page } = host.session;
    await host.run('workbench.view.scm');
    const box = page.locator('.scm-editor .view-lines').first();
    await box.click();
    await page.keyboard.type('wip');
    host.fake.enqueue(reply.text('```\nMove the notes\n```'));
    await page.locator(`.sidebar [aria-label="${nls['command.writeCommitMessage.title']}"]`).first().click();
    await eventually(async () => assert.equal(await box.textContent(), 'Move\u00a0the\u00a0notes'));
    await box.click();
    await page.keyboard.press('ControlOrMeta+z');
    await eventually(async () => assert.equal(await box.textContent(), 'wip'));
    await host.run('workbench.view.explorer');
  });

  it('sends problems, changes and the selection that an @ finds, and asks of code and changes by /', async function () {
    this.timeout(60_000);
    const { keyboard } = host.session.page;
    await host.run('prelude.newChat');
    await host.open('src/login.ts', [3, 5]);
    const panel = await host.frame();
    const text = panel.locator('.composerText');
    await text.click();
    await keyboard.type('What of ');
    for (const [kind, label] of [
      ['problems', besideName('problems')],
      ['changes', besideName('changes')],
      ['selection', 'login.ts:3-5'],
    ] as const) {
      await keyboard.type(`@${besideName(kind).slice(0, 5).toLowerCase()}`);
      await panel.locator(`.mentionPopup .active[data-kind="${kind}"]`).waitFor();
      await keyboard.press('Enter');
      await panel.locator('.chip.attachment:not(.taking) .chipLabel', { hasText: label }).waitFor();
    }
    /** What the last message says once the answer to it is there. */
    const sent = async (answer: string): Promise<string> => {
      host.fake.enqueue(reply.text(answer));
      await keyboard.press('Enter');
      await host.see(answer);
      await host.idle();
      return messages(host.fake.messages.at(-1)).at(-1) ?? '';
    };
    const all = await sent('Of all three.');
    assert.match(all, /<selection path="src\/login\.ts" lines="3-5">\nexport class Session/);
    const { raw = '' } = host.fake.messages.at(-1) ?? {};
    for (const words of ["Type 'string' is not assignable", 'Uncommitted changes (branch main)'])
      assert.ok(raw.includes(words), words);
    assert.doesNotMatch(raw, /hunter2|PASSWORD/);
    /** Takes a command from the list by its first letters, and sends it. */
    const asks = async (letters: string, command: SlashCommand, more: string): Promise<string> => {
      await text.click();
      await keyboard.type(letters);
      await panel.locator('.mentionPopup .active', { hasText: command }).waitFor();
      await keyboard.press('Enter');
      await eventually(async () => assert.equal(await text.inputValue(), `/${command} `));
      await keyboard.type(more);
      return sent(`Done: ${command}.`);
    };
    const place = 'login.ts:3-5';
    assert.ok((await asks('/ex', 'explain', '')).endsWith(strings.explain(place)));
    assert.ok((await asks('/te', 'tests', 'Of open() only.')).endsWith(`${strings.tests(place)}\n\nOf open() only.`));
    assert.ok((await asks('/comm', 'commit', '')).endsWith(strings.commit()));
    assertNoRefusals(host.fake);
  });
});
