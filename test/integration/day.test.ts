/** What one does in the panel all day, by hand, in a real VS Code: reading, going back, choosing, arranging. */
import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { reply } from '../fakeClaude/script';
import { loadAxe, violations } from '../panel/axe';
import { nls, strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, newChat, openChatHost, typeInto } from './chatHost';
import { openList, row } from './listHost';

const code = 'export function retry(n: number): number {\n\tconst tries =  n + 1;\n\treturn tries;\n}\n';

const written = `The retry (src/login.ts:4) is in \`src/retry.ts\` — line 2.

| What | Where |
| --- | --- |
| one<br>two | \`a  b\` |

Costs $5 to $9, and $x^2$ stays. <kbd>Esc</kbd> is raw.[^1]

- [x] done
- ~~not so~~

\`\`\`ts
${code}\`\`\`

[^1]: The note.
`;

describe('A day in the panel', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: {
        'src/retry.ts': code,
        'src/login.ts': Array.from({ length: 40 }, (_, n) => `export const login${n} = ${n};`).join('\n'),
        'docs/notes/one.md': '# One\n',
        '.claude/commands/ship.md': 'Ship the shop.\n',
        '.claude/skills/tidy/SKILL.md': '---\nname: tidy\ndescription: Tidies\n---\nTidy the shop.\n',
      },
    });
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const find = async (selector: string): Promise<Locator> => (await host.frame()).locator(selector);
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await host.session.page.keyboard.press(key);
  };
  const ask = async (question: string, answer: string): Promise<void> => {
    host.fake.enqueue(reply.text(answer));
    await host.send(question);
    await host.idle();
  };
  const box = (): Promise<Locator> => find('.composerText');
  const says = (words: string): Promise<void> =>
    eventually(async () => assert.equal(await (await box()).inputValue(), words));
  const clipboard = (): Promise<string> => host.session.evaluate((vscode) => vscode.env.clipboard.readText());
  const copied = (text: string): Promise<void> => eventually(async () => assert.equal(await clipboard(), text));
  const title = (command: string): string => nls[`command.${command}.title`] ?? command;
  const pick = async (entry: string): Promise<void> => {
    const item = host.session.page.locator('.monaco-menu').getByText(entry, { exact: true });
    await item.hover();
    // A menu takes no click in the moment in which it opens.
    await host.session.page.waitForTimeout(400);
    await item.click();
  };
  const settings = (values: Readonly<Record<string, unknown>>): Promise<void> =>
    host.session.evaluate(async (vscode, wanted) => {
      for (const [name, value] of Object.entries(wanted))
        await vscode.workspace.getConfiguration().update(name, value ?? undefined, vscode.ConfigurationTarget.Global);
    }, values);
  const looks = async (selector: string, property: string): Promise<string> =>
    (await find(selector)).first().evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);

  it('shows Markdown as people write it, copies a block, a selection and the answer as they were written (L63, L65)', async () => {
    await newChat(host);
    await ask('Where is the retry?', written);
    const answer = (await find('.answer.last .markdown')).first();
    await (await find('.answer.last td br')).waitFor({ state: 'attached' });
    assert.equal(await answer.locator('del').innerText(), 'not so');
    assert.match(await answer.innerText(), /\$5 to \$9, and \$x\^2\$ stays\. <kbd>Esc<\/kbd> is raw/);
    assert.equal(await (await find('.codeBlock .codeLanguage')).first().innerText(), 'ts');
    await (await find('.answer.last p [data-note="1"]')).first().click();
    await (await find('.answer.last [data-note]:focus')).waitFor();
    const block = (await find('.codeBlock')).first();
    await block.hover();
    const wrap = block.locator('[data-code="word-wrap"]');
    const was = await wrap.getAttribute('aria-pressed');
    await wrap.click();
    await eventually(async () => assert.notEqual(await wrap.getAttribute('aria-pressed'), was));
    await wrap.click();
    await block.locator('[data-code="copy"]').click();
    await copied(code.trimEnd());
    await answer.hover();
    await (await find('.answer.last [data-copy="answer"]')).click();
    await copied(written.trim());
    await block.locator('pre').click({ clickCount: 3, position: { x: 30, y: 30 } });
    await press('Control+c');
    await eventually(async () => assert.match(await clipboard(), /\tconst tries = {2}n \+ 1;/));
  });

  it('leads from a place in an answer to its line, by a click and by keys (L64)', async () => {
    const at = (path: string, line: number): Promise<void> =>
      eventually(async () =>
        assert.deepEqual(
          await host.session.evaluate((vscode) => {
            const editor = vscode.window.activeTextEditor;
            return [vscode.workspace.asRelativePath(editor?.document.uri ?? ''), editor?.selection.active.line];
          }),
          [path, line - 1],
        ),
      );
    const place = (await find('.answer.last a[data-path="src/retry.ts"]')).first();
    await place.click();
    await at('src/retry.ts', 2);
    await host.run('prelude.focusChat');
    await (await find('.answer.last a[data-path="src/login.ts"]')).first().focus();
    await press('Enter');
    await at('src/login.ts', 4);
    await host.run('workbench.action.closeAllEditors');
    await host.run('prelude.focusChat');
  });

  it('holds what is selected and what is read while an answer streams (L23, L66)', async () => {
    const panel = await host.frame();
    const held = host.fake.hold();
    await host.send('Tell me more.');
    await held.push('A word that one **selects**. ');
    const word = panel.locator('.answer.running strong', { hasText: 'selects' });
    await word.dblclick();
    const selected = (): Promise<string> => panel.evaluate(() => getSelection()?.toString().trim() ?? '');
    assert.equal(await selected(), 'selects');
    for (let n = 0; n < 20; n += 1) await held.push(`\n\nAnd line ${n} of a long answer.`);
    await host.see('And line 19 of');
    assert.equal(await selected(), 'selects');
    const transcript = panel.locator('.transcript');
    await transcript.hover();
    await host.session.page.mouse.wheel(0, -300);
    await panel.locator('.pill').waitFor();
    const first = panel.locator('.answer.running p').first();
    const top = async (): Promise<number> => Math.round((await first.boundingBox())?.y ?? Number.NaN);
    const before = await top();
    for (let n = 20; n < 30; n += 1) await held.push(`\n\nAnd line ${n} of a long answer.`);
    await panel.getByText('And line 29 of').waitFor({ state: 'attached' });
    assert.equal(await top(), before);
    await panel.locator('.pill').click();
    await panel.locator('.pill').waitFor({ state: 'detached' });
    await held.end();
    await host.idle();
  });

  it('finds with case and whole words, in what is folded too, and marks it', async () => {
    host.fake.enqueue(
      reply.thinking('Zebra first.').text('I look.').toolUse('read_file', { path: 'src/retry.ts' }),
      reply.text('A zebra, zebras and a Zebra.'),
    );
    await host.send('Any animals?');
    await host.idle();
    const panel = await host.frame();
    const count = (of: string): Promise<void> =>
      eventually(async () =>
        assert.match((await panel.locator('.findCount').textContent()) ?? '', new RegExp(`\\b${of}$`)),
      );
    await panel.locator('.composerText').click();
    await eventually(async () => {
      await press('Control+f');
      await panel.locator('.findText:focus').waitFor({ timeout: 1000 });
    });
    await press('Control+a');
    await host.session.page.keyboard.insertText('zebra');
    await count('4');
    await press('Alt+c');
    await count('2');
    await press('Alt+w');
    await count('1');
    await press('Alt+c', 'Alt+w');
    await count('4');
    assert.ok(await panel.evaluate(() => [...CSS.highlights.values()].some(({ size }) => size > 0)));
    for (let step = 0; step < 4; step += 1) await press('F3');
    await panel.locator('.work [aria-expanded="true"]').first().waitFor();
    await press('Escape');
  });

  it('brings back by Up what was asked, here and in other chats, and by Down what is newer', async () => {
    await (await box()).click();
    await press('ArrowUp');
    await says('Any animals?');
    await press('ArrowUp');
    await says('Tell me more.');
    await press('ArrowDown', 'ArrowDown');
    await says('Any animals?');
    await (await box()).fill('');
    await newChat(host);
    await (await box()).click();
    for (const words of ['Any animals?', 'Tell me more.']) {
      await press('ArrowUp');
      await says(words);
    }
    await (await box()).fill('');
  });

  it('mentions a folder by keys, closes the list by Escape, and offers the commands and skills of .claude', async () => {
    await typeInto(host.session, await box(), 'In @note');
    await (await find('.mentionPopup .option')).filter({ hasText: 'notes' }).first().waitFor();
    await press('Escape');
    await (await find('.mentionPopup')).waitFor({ state: 'detached' });
    await says('In @note');
    await (await box()).fill('');
    await host.session.page.keyboard.type('@docs/note');
    await (await find('.mentionPopup .option')).filter({ hasText: 'notes' }).first().waitFor();
    await press('Tab');
    await eventually(async () => assert.match(await (await box()).inputValue(), /notes/));
    await (await box()).fill('');
    for (const [typed, text] of [
      ['/shi', 'Ship the shop.'],
      ['/tid', 'Tidy the shop.'],
    ] as const) {
      await (await box()).click();
      await host.session.page.keyboard.type(typed);
      await (await find('.mentionPopup .option'))
        .filter({ hasText: typed.slice(1) })
        .first()
        .waitFor();
      await press('Enter');
      await eventually(async () =>
        assert.match(await (await box()).inputValue(), new RegExp(text.replace('.', '\\.'))),
      );
      await (await box()).fill('');
    }
  });

  it('puts a folded paste into the words, and Undo brings its chip back (L68, L69)', async () => {
    const long = 'a line of a log\n'.repeat(300);
    await host.session.page.evaluate((text) => {
      window.focus();
      return navigator.clipboard.writeText(text);
    }, long);
    await (await box()).click();
    await press('Control+v');
    const chip = (await find('.chip.attachment:not(.taking)')).first();
    await chip.locator('[data-do="unfold"]').click();
    await says(long);
    await chip.waitFor({ state: 'detached' });
    await (await box()).focus();
    await press('Control+z');
    await says('');
    await chip.waitFor();
    await chip.locator('.chipRemove').click();
    await chip.waitFor({ state: 'detached' });
  });

  it('asks again with another effort, walks between the answers by clicks, and forks by keys', async () => {
    await newChat(host);
    await ask('How is it?', 'It is fine.');
    await (await find('.answer.last')).hover();
    host.fake.enqueue(reply.text('It is finer.'));
    await (await find('.answer.last .more[data-more="answer"]')).click();
    await pick(title('regenerateWith'));
    const list = host.session.page.locator('.quick-input-widget');
    await list.getByText('Opus 4.8', { exact: true }).click();
    await list.getByText(strings.effort('low'), { exact: true }).click();
    await host.see('It is finer.');
    await host.idle();
    const body = host.fake.messages.at(-1)?.body as { readonly output_config?: { readonly effort?: string } };
    assert.equal(body.output_config?.effort, 'low');
    await (await find('.answer .branches')).getByText(transcriptStrings.countOf(2, 2)).waitFor();
    await (await find('.answer [data-walk="previous"]')).click();
    await host.see('It is fine.');
    await (await find('.answer [data-walk="next"]')).click();
    await host.see('It is finer.');
    await (await find('.turn.user')).first().focus();
    await press('Shift+F10');
    const menu = host.session.page.locator('.monaco-menu');
    await menu.getByText(title('fork'), { exact: true }).waitFor();
    await press('Escape');
  });

  it('renames by F2, and takes back a deletion in the row, then erases it', async () => {
    const name = `Named at ${Date.now()}`;
    await newChat(host);
    await ask('What is its name?', 'It has none.');
    const panel = await host.frame();
    await openList(panel);
    const target = row(panel, 'What is its name?').first();
    await target.locator('.rowOpen').focus();
    await press('F2');
    await panel.locator('.rowRename:focus').waitFor();
    await host.session.page.keyboard.type(name);
    await press('Enter');
    const named = row(panel, name);
    await named.locator('.rowOpen').focus();
    await press('Delete');
    await named.waitFor({ state: 'detached' });
    await panel.locator('[data-list="undo"]').click();
    await host.see('It has none.');
    await openList(panel);
    await named.waitFor();
    await press('Escape');
  });

  it('has the fonts of VS Code’s chat and editor, and its colours in high contrast', async () => {
    await newChat(host);
    await ask('Show me code.', `Here:\n\n\`\`\`ts\n${code}\`\`\``);
    await settings({ 'chat.fontSize': 19, 'chat.fontFamily': 'Georgia', 'editor.fontFamily': 'Courier' });
    try {
      await eventually(async () => {
        assert.equal(await looks('.answer .markdown p', 'font-size'), '19px');
        assert.match(await looks('.answer .markdown p', 'font-family'), /Georgia/);
        assert.match(await looks('.answer pre code', 'font-family'), /Courier/);
      });
      for (const theme of ['Default High Contrast', 'Default High Contrast Light', 'Default Dark Modern']) {
        await settings({ 'workbench.colorTheme': theme });
        const panel: Frame = await host.frame();
        const kind = /Light/.test(theme) ? 'light' : /Contrast/.test(theme) ? 'vscode-high-contrast' : 'vscode-dark';
        await panel.locator(`body[class*="${kind}"]`).waitFor();
        await panel.evaluate(() => {
          // VS Code's side bar shines through; axe takes that for white.
          document.body.style.background = 'var(--vscode-sideBar-background)';
        });
        await loadAxe(panel);
        assert.deepEqual(await violations(panel, 'dark'), [], theme);
      }
      await settings({ 'workbench.reduceMotion': 'on' });
      const panel = await host.frame();
      await panel.locator('body.vscode-reduce-motion').waitFor();
    } finally {
      await settings({
        ...{ 'chat.fontSize': null, 'chat.fontFamily': null, 'editor.fontFamily': null },
        ...{ 'workbench.colorTheme': null, 'workbench.reduceMotion': null },
      });
    }
  });

  it('is walked through by Tab alone: title, transcript, words, chips, model and Send', async () => {
    const panel = await host.frame();
    await (await box()).click();
    await host.session.page.keyboard.type('Words');
    await panel.evaluate(() => document.querySelector<HTMLElement>('.titleButton')?.focus());
    const seen = new Set<string>();
    for (let step = 0; step < 40; step += 1) {
      seen.add(await panel.evaluate(() => document.activeElement?.className ?? ''));
      if ([...seen].some((name) => /\bsend\b/i.test(name))) break;
      await press('Tab');
    }
    const names = [...seen].join(' · ');
    for (const name of [/titleButton/, /composerText/, /picker/i, /send/i]) assert.match(names, name);
    await (await box()).fill('');
    assertNoRefusals(host.fake);
  });
});
