/** Edits as a user meets them in a real VS Code: cards before, the review at the turn's end, and VS Code's own diff editors. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { editStrings } from '../../src/webview/l10n/editStrings';
import { reply } from '../fakeClaude/script';
import { nls, strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { EditDesk, latin, replace, textKinds } from './editDesk';

/** A side of a diff: where it is from, and what stands there. */
type Side = readonly [scheme: string, text: string] | null;

describe('Cards and reviews of edits in a real VS Code', () => {
  let host: ChatHost;
  let desk: EditDesk;

  before(async () => {
    host = await openChatHost({ files: { 'first.txt': 'first\n' } });
    desk = new EditDesk(host);
  });
  after(async () => {
    await desk?.set('files', 'encoding', undefined);
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const lines = (...own: readonly string[]): string => own.map((line) => `${line}\n`).join('');
  const plain = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');

  it('shows what a call would change, changes nothing before Apply, and takes no focus', async () => {
    desk.write('card.txt', 'one\r\ntwo\r\nthree\r\n');
    desk.write('card2.txt', 'one\n');
    await desk.openBehind('card.txt');
    const before = await desk.look();
    await desk.askFor([replace('card.txt', 'two', 'TWO'), replace('card2.txt', 'one', 'ONE')], 'Both-done.');
    const card = await desk.card();
    assert.equal(await card.count(), 1, 'the edits of a step share a card');
    await card.getByText('TWO').first().waitFor();
    assert.deepEqual([desk.read('card.txt'), desk.read('card2.txt')], ['one\r\ntwo\r\nthree\r\n', 'one\n']);
    await desk.picture('card');
    await card.locator('[data-do="apply"]').click();
    await desk.done('Both-done.');
    assert.deepEqual([desk.read('card.txt'), desk.read('card2.txt')], ['one\r\nTWO\r\nthree\r\n', 'ONE\n']);
    assert.deepEqual(await desk.look(), before);
    assertNoRefusals(host.fake);
  });

  it('undoes what a turn has changed at its end, to the byte, and tells the model with the next message', async () => {
    const end = await desk.end();
    await desk.picture('end');
    await end.locator('[data-do="undoAll"]').click();
    await end.getByText(editStrings.undone()).first().waitFor();
    assert.deepEqual([desk.read('card.txt'), desk.read('card2.txt')], ['one\r\ntwo\r\nthree\r\n', 'one\n']);
    host.fake.enqueue(reply.text('I-see.'));
    await host.send('And now?');
    await desk.done('I-see.');
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /-ONE\\n\+one/);
    assertNoRefusals(host.fake);
  });

  it('asks each time where writing runs code, and the reason of a Reject goes to the model', async () => {
    await desk.askFor([['create_file', { path: '.vscode/tasks.json', content: '{}\n' }]], 'Not-there.');
    const card = await desk.card();
    assert.equal(await card.locator('[data-do="applyAtEnd"]').count(), 0);
    await desk.picture('protected');
    await card.locator('[data-do="deny"]').click();
    await card.locator('.denialReason').fill('No tasks here');
    await card.locator('.denialReason').press('Enter');
    await desk.done('Not-there.');
    assert.equal(existsSync(desk.at('.vscode/tasks.json')), false);
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /No tasks here/);
  });

  it('opens a proposed edit beside its path; F8 leads back to its card, and closing the tab decides nothing', async () => {
    desk.write('proposed.txt', 'one\ntwo\n');
    await desk.openBehind('proposed.txt');
    await desk.askFor([replace('proposed.txt', 'two', '2')], 'Proposed-done.');
    const card = await desk.card();
    await card.locator('[data-do="openDiff"]').click();
    const title = strings.proposedTitle('proposed.txt');
    await eventually(async () => assert.equal((await desk.tabs())[0], title));
    assert.deepEqual(await sides(), [
      [
        ['prelude-proposal', 'one\ntwo\n'],
        ['prelude-proposal', 'one\n2\n'],
      ],
    ]);
    await eventually(async () => assert.equal(await desk.focused(), '', 'the user asked for it: it has the focus'));
    await desk.picture('proposed');
    await desk.toReview('editCard');
    await host.run('workbench.action.closeActiveEditor');
    await eventually(async () => assert.ok(!(await desk.tabs()).includes(title)));
    assert.equal(desk.read('proposed.txt'), 'one\ntwo\n');
    assert.equal(await card.count(), 1, 'it still waits');
    await card.locator('[data-do="apply"]').click();
    await desk.done('Proposed-done.');
    assert.equal(desk.read('proposed.txt'), 'one\n2\n');
  });

  it('goes on when the rest is reviewed at the end: hunks are kept and undone one by one, also after a reload', async () => {
    desk.write('atEnd.txt', plain);
    await desk.askFor([replace('atEnd.txt', 'a\nb', 'a\nB')], 'First-hunk.');
    await (await desk.card()).locator('[data-do="applyAtEnd"]').click();
    await desk.done('First-hunk.');
    await desk.askFor([replace('atEnd.txt', 'B', 'BB'), replace('atEnd.txt', 'g', 'G')], 'No-card.');
    await desk.done('No-card.');
    assert.equal(desk.read('atEnd.txt'), plain.replace('b', 'BB').replace('g', 'G'));
    await host.session.reload();
    await host.run('prelude.focusChat');
    const end = await desk.end();
    await end.locator('.foldLine').first().click();
    await end.locator('.hunk').nth(1).waitFor();
    await desk.picture('hunks');
    await end.locator('.hunk').nth(1).locator('[data-do="undo"]').click();
    await end.locator('.hunk').nth(1).waitFor({ state: 'detached' });
    assert.equal(desk.read('atEnd.txt'), plain.replace('b', 'BB'));
    await end.locator('.hunk').first().locator('[data-do="keep"]').click();
    await end.locator('.hunk').first().waitFor({ state: 'detached' });
    assert.equal(desk.read('atEnd.txt'), plain.replace('b', 'BB'));
  });

  it('opens what a turn has changed: the checkpoint on the left, whatever was decided, and the file itself on the right', async () => {
    await host.open('first.txt');
    await (await desk.end()).locator('[data-do="reviewChanges"]').click();
    const title = new RegExp(`^${strings.reviewTitle()}`);
    await eventually(async () => assert.match((await desk.tabs())[0] ?? '', title));
    await (await desk.end()).locator('[data-do="reviewChanges"]').click();
    // A little later there would be two.
    await delay(500);
    await eventually(async () => assert.equal((await desk.tabs()).filter((name) => title.test(name)).length, 1));
    const now = plain.replace('b', 'BB');
    assert.deepEqual(await sides(), [
      [
        // The checkpoint is that of its turn: the turn before had made the B.
        ['prelude-version', plain.replace('b', 'B')],
        ['file', now],
      ],
    ]);
    const right = host.session.page.locator('.multiDiffEditor .modified-in-monaco-diff-editor .view-line');
    // A click into an editor that is still being laid out goes beside it.
    await eventually(async () => {
      await right.filter({ hasText: 'BB' }).click();
      await host.session.page.locator('.multiDiffEditor .monaco-editor.focused').waitFor({ timeout: 1000 });
    });
    await desk.picture('multi');
    await host.session.page.keyboard.type('x');
    // Whether it is still unsaved depends on when VS Code saves by itself.
    await eventually(async () =>
      assert.match((await desk.shown('atEnd.txt'))?.text ?? '', /x/, 'it can be edited there'),
    );
    await host.session.page.keyboard.press('Control+z');
    await eventually(async () => assert.equal((await desk.shown('atEnd.txt'))?.text, now));
  });

  it('leads back from there to the turn’s end by F8 and by a button of the tab, and closing it decides nothing', async () => {
    const before = await (await desk.end()).innerText();
    await desk.toReview('editsEnd');
    await host.run('workbench.action.focusActiveEditorGroup');
    const back = host.session.page.getByRole('button', { name: nls['command.backToReview.title'] ?? '' });
    await back.first().click();
    await desk.focusIs('editsEnd');
    await host.run('workbench.action.closeActiveEditor');
    await eventually(async () =>
      assert.ok(!(await desk.tabs()).some((name) => name.startsWith(strings.reviewTitle()))),
    );
    assert.equal(await (await desk.end()).innerText(), before);
    assert.equal(desk.read('atEnd.txt'), plain.replace('b', 'BB'));
    await eventually(async () => assert.equal(await back.count(), 0, 'other editors do not have it'));
  });

  it('keeps line ends and encodings from the card to the review and back by Undo All', async () => {
    const panel = await host.frame();
    await desk.set('files', 'encoding', 'windows1252');
    const kinds = [...textKinds, ['latin', ...latin] as const].filter(([name]) => name !== 'wide');
    for (const [name, from] of kinds) desk.write(`kinds/${name}.txt`, from);
    await desk.askFor(
      kinds.map(([name]) => replace(`kinds/${name}.txt`, 'two', '2\n2b')),
      'Kinds-done.',
    );
    await (await desk.card()).and(panel.locator(`[data-edits="${kinds.length}"]`)).waitFor();
    await (await desk.card()).locator('[data-do="apply"]').click();
    await desk.done('Kinds-done.');
    for (const [name, , to] of kinds) assert.deepEqual(desk.bytes(`kinds/${name}.txt`), to, name);
    const end = await desk.end();
    await end.locator('[data-do="reviewChanges"]').click();
    await eventually(async () => assert.equal((await sides()).length, kinds.length));
    for (const [left, right] of await sides()) assert.equal(right?.[1], left?.[1].replace('two', '2\n2b'));
    assert.ok(
      (await sides()).some(([left]) => left?.[1].includes('café')),
      'Latin-1 is read as such',
    );
    await end.locator('[data-do="undoAll"]').click();
    await end.getByText(editStrings.undone()).first().waitFor();
    for (const [name, from] of kinds) assert.deepEqual(desk.bytes(`kinds/${name}.txt`), from, name);
    await desk.set('files', 'encoding', undefined);
    await host.run('workbench.action.closeAllEditors');
    assertNoRefusals(host.fake);
  });

  /** Both sides of the diffs of the active tab, with LF between lines. */
  async function sides(): Promise<readonly (readonly [Side, Side])[]> {
    return host.session.evaluate(async (vscode) => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input as {
        readonly textDiffs?: readonly { readonly original?: unknown; readonly modified?: unknown }[];
        readonly original?: unknown;
        readonly modified?: unknown;
      };
      const side = async (uri: unknown): Promise<readonly [string, string] | null> => {
        if (!(uri instanceof vscode.Uri)) return null;
        const document = await vscode.workspace.openTextDocument(uri);
        return [uri.scheme, document.getText().replaceAll('\r\n', '\n')];
      };
      return await Promise.all(
        (input.textDiffs ?? [input]).map(
          async ({ original, modified }) => [await side(original), await side(modified)] as const,
        ),
      );
    });
  }
});
