/** Code blocks that are applied to files in a real VS Code: by the block's own menu, on the card, and undone. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { approvalStrings } from '../../src/webview/l10n/approvalStrings';
import { editStrings } from '../../src/webview/l10n/editStrings';
import { reply } from '../fakeClaude/script';
import { nls } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { openList, panelIn } from './listHost';

const login =
  'export function login(name) {\n  const user = find(name);\n  return user.ok;\n}\n\nexport const last = 1;\n';
const changed = login.replace('user.ok', 'user.isKnown');
/** The function alone, changed. */
const block = 'export function login(name) {\n  const user = find(name);\n  return user.isKnown;\n}';

const forms: readonly (readonly [name: string, form: (text: string) => Buffer])[] = [
  ['lf.ts', (text) => Buffer.from(text)],
  ['crlf.ts', (text) => Buffer.from(text.replaceAll('\n', '\r\n'))],
  ['mixed.ts', (text) => Buffer.from(text.replace('{\n', '{\r\n').replace(';\n}', ';\r\n}'))],
  ['open.ts', (text) => Buffer.from(text.trimEnd())],
  ['bom.ts', (text) => Buffer.from(`\ufeff${text}`)],
];
const latin = (text: string): Buffer => Buffer.from(`// caf\xe9\n${text}`, 'latin1');

describe('Code blocks that are applied to files', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({ goesOn: true, files: { 'first.txt': 'first\n' } });
  });
  after(async () => {
    await set('encoding', undefined);
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const at = (path: string): string => join(host.folder, path);
  const write = (path: string, content: string | Buffer): void => writeFileSync(at(path), content);
  const set = (name: string, value: unknown): Promise<void> =>
    host.session.evaluate(
      async (vscode, [key, to]) => {
        const settings = vscode.workspace.getConfiguration('files');
        await settings.update(key as string, to ?? undefined, vscode.ConfigurationTarget.Global);
      },
      [name, value ?? null] as const,
    );

  let answers = 0;

  /** Has the answer say this, and waits for its end. */
  async function say(words: string): Promise<void> {
    answers += 1;
    host.fake.enqueue(reply.text(`${words}\n\nEnd-${answers}.`));
    await host.send('How?');
    await host.see(`End-${answers}.`);
    await host.idle();
  }

  /** By the ⋯ of the last answer's block: the card that comes. */
  async function apply(index = 0) {
    const panel = await host.frame();
    const before = await panel.locator('.blockCard').count();
    await panel.locator('.answer').last().locator('.codeBlock').nth(index).locator('[data-code="ellipsis"]').click();
    const item = host.session.page
      .locator('.monaco-menu')
      .getByText(nls['command.applyCode.title'] ?? '', { exact: true });
    await item.waitFor();
    // A menu takes no click in the moment in which it opens.
    await eventually(async () => {
      if (await item.isVisible()) await item.click({ timeout: 1000 });
      assert.ok((await panel.locator('.blockCard').count()) > before);
    });
    return panel.locator('.blockCard').last();
  }

  const fenced = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\``;

  it('change those lines and no other byte, once Apply is pressed, whatever the file’s line ends and encoding', async () => {
    for (const [name, form] of forms) {
      write(name, form(login));
      await say(fenced(`ts ${name}`, block));
      const card = await apply();
      await card.getByText(editStrings.blockSource.named()).waitFor();
      assert.deepEqual(readFileSync(at(name)), form(login), `${name} before`);
      if (name === 'lf.ts') await picture('card');
      await card.locator('[data-do="applyBlock"]').click();
      await card.waitFor({ state: 'detached' });
      assert.deepEqual(readFileSync(at(name)), form(changed), name);
    }
    await set('encoding', 'windows1252');
    write('latin.ts', latin(login));
    await say(fenced('ts latin.ts', block));
    const card = await apply();
    await card.locator('[data-do="applyBlock"]').click();
    await card.waitFor({ state: 'detached' });
    assert.deepEqual(readFileSync(at('latin.ts')), latin(changed));
    await set('encoding', undefined);
    assertNoRefusals(host.fake);
  });

  it('are undone by hunk as any edit, and the model is told of both with the next message, and of nothing before', async () => {
    const panel = await host.frame();
    const sent = host.fake.messages.length;
    const end = panel.locator('.editsEnd').last();
    await end.waitFor();
    await picture('end');
    await end.locator('[data-do="undoAll"]').click();
    await end.getByText(editStrings.undone()).first().waitFor();
    assert.deepEqual(readFileSync(at('latin.ts')), latin(login));
    assert.equal(host.fake.messages.length, sent);
    await say('I see.');
    const raw = host.fake.messages.at(-1)?.raw ?? '';
    assert.match(raw, /<applied path=\\"latin.ts\\">[^<]*\+ {2}return user.isKnown;/);
    assert.match(raw, /<undone path=\\"latin.ts\\">/);
    assertNoRefusals(host.fake);
  });

  it('go to the file that is mentioned above, else to the one in the active editor, unsaved text kept', async () => {
    write('mentioned.ts', login);
    await say(`In \`mentioned.ts\`, write this:\n\n${fenced('ts', block)}`);
    let card = await apply();
    await card.getByText(editStrings.blockSource.mentioned()).waitFor();
    await card.locator('[data-do="rejectBlock"]').click();
    await card.waitFor({ state: 'detached' });
    assert.equal(readFileSync(at('mentioned.ts'), 'utf8'), login);
    write('active.ts', login);
    await host.open('active.ts');
    await host.session.evaluate(async (vscode, file) => {
      const change = new vscode.WorkspaceEdit();
      change.insert(vscode.Uri.file(file), new vscode.Position(5, 0), '// typed\n');
      await vscode.workspace.applyEdit(change);
    }, at('active.ts'));
    await say(fenced('ts', block));
    card = await apply();
    await card.getByText(editStrings.blockSource.active()).waitFor();
    await card.getByText(editStrings.unsaved()).waitFor();
    await card.locator('[data-do="applyBlock"]').click();
    await card.waitFor({ state: 'detached' });
    assert.equal(readFileSync(at('active.ts'), 'utf8'), login);
    const text = await host.session.evaluate((vscode) =>
      Promise.resolve(vscode.window.activeTextEditor?.document.getText()),
    );
    assert.equal(text, changed.replace('export const', '// typed\nexport const'));
    await host.run('workbench.action.files.revert');
  });

  it('that have no certain place are inserted at the cursor instead, and nothing is overwritten', async () => {
    write('unclear.ts', login);
    await host.open('unclear.ts', [6, 6]);
    await say(fenced('ts unclear.ts', 'function other() {\n  something();\n}'));
    const card = await apply();
    await card.getByText(editStrings.unclear('unclear.ts')).waitFor();
    await picture('unclear');
    assert.equal(await card.locator('[data-do="applyBlock"]').count(), 0);
    await card.locator('[data-do="insertBlock"]').click();
    await eventually(async () => {
      const text = await host.session.evaluate((vscode) =>
        Promise.resolve(vscode.window.activeTextEditor?.document.getText()),
      );
      assert.match(String(text), /something\(\)/);
    });
    assert.equal(readFileSync(at('unclear.ts'), 'utf8'), login);
    await card.waitFor({ state: 'detached' });
    await host.run('workbench.action.files.revert');
  });

  it('make a new file that they name, and say where writing can run code', async () => {
    await say(
      `${fenced('ts', '// deep/new.ts\nexport const one = 1;')}\n\nAnd:\n\n${fenced('json .vscode/tasks.json', '{}')}`,
    );
    const card = await apply(0);
    await card.locator('[data-do="applyBlock"]').click();
    await card.waitFor({ state: 'detached' });
    assert.equal(readFileSync(at('deep/new.ts'), 'utf8'), 'export const one = 1;\n');
    const other = await apply(1);
    await other.getByText(/can run code/).waitFor();
    await host.session.reload();
    assert.equal(existsSync(at('.vscode/tasks.json')), false);
    await host.run('prelude.focusChat');
    const panel = await host.frame();
    await panel.locator('.editsEnd').last().waitFor();
    assert.equal(await panel.locator('.blockCard').count(), 0, approvalStrings.review());
  });

  async function picture(name: string): Promise<void> {
    const folder = process.env['PRELUDE_PICTURES'];
    if (folder !== undefined) await host.session.page.screenshot({ path: join(folder, `blocks-${name}.png`) });
  }

  it('go from a chat tab into the editor in sight, and undoing words never undoes that (L69, L70)', async () => {
    const { page } = host.session;
    write('seen.ts', 'one\n');
    await host.open('seen.ts');
    // Most people have both side bars open: the tab is narrow then.
    await host.run('workbench.view.explorer');
    await say('```ts\ninserted();\n```');
    await host.run('prelude.openInEditor');
    await panelIn(host.session, 'editor');
    await host.run('workbench.action.moveEditorToRightGroup');
    const tab = await panelIn(host.session, 'editor');
    const seen = (): Promise<string | undefined> =>
      host.session.evaluate((vscode) =>
        vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('/seen.ts'))?.getText(),
      );
    await tab.locator('.composerText').click();
    await picture('both-side-bars');
    await tab.locator('[data-code="insert"]').last().click();
    await eventually(async () => assert.equal(await seen(), 'inserted();one\n'));
    await host.run('workbench.action.closeSidebar');
    const sideBar = await host.frame();
    const nothing = async (): Promise<void> => undefined;
    const fields = [
      [sideBar.locator('.composerText'), nothing],
      [tab.locator('.composerText'), nothing],
      [tab.locator('.inlineText'), () => tab.locator('.bubbleEdit').last().click({ force: true })],
      [
        sideBar.locator('.rowRename'),
        async () => {
          await openList(sideBar);
          await sideBar.locator('.listRow').first().hover();
          await sideBar.locator('[data-row="rename"]').first().click();
        },
      ],
    ] as const;
    for (const [field, open] of fields) {
      await open();
      await field.click();
      await page.keyboard.press('End');
      const before = await field.inputValue();
      await page.keyboard.type('words');
      const after = `${before}words`;
      await eventually(async () => assert.equal(await field.inputValue(), after));
      for (const [key, value] of [
        ['Control+z', before],
        ['Control+Shift+z', after],
        ['Control+z', before],
        ['Control+y', after],
      ] as const) {
        // A first letter may be a step of its own.
        for (let n = 0; n < 3 && (await field.inputValue()) !== value; n += 1) {
          await page.keyboard.press(key);
          await page.waitForTimeout(200);
        }
        await eventually(async () => assert.equal(await field.inputValue(), value, `${field} ${key}`));
      }
      // More than there is to undo of it.
      for (let n = 0; n < 5; n += 1) await page.keyboard.press('Control+z');
      await page.waitForTimeout(300);
      assert.equal(await seen(), 'inserted();one\n');
      await page.keyboard.press('Escape');
    }
    await host.run('workbench.action.closeEditorsInOtherGroups');
    assertNoRefusals(host.fake);
  });
});
