/** Edits reviewed by keys alone in a real VS Code, in both ways; nothing that comes takes the focus or opens a tab. */
import assert from 'node:assert/strict';
import { reply } from '../fakeClaude/script';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { EditDesk, replace } from './editDesk';

describe('Reviewing edits by keys in a real VS Code', () => {
  let host: ChatHost;
  let desk: EditDesk;

  before(async () => {
    host = await openChatHost({ goesOn: true, files: { 'first.txt': 'first\n', 'a.txt': 'one\ntwo\nthree\n' } });
    desk = new EditDesk(host);
  });
  after(() => host?.close());
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const press = (...keys: readonly string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => host.session.page.keyboard.press(key)), Promise.resolve());

  it('leaves the keys in the editor while a card comes and goes, and opens no tab', async () => {
    await desk.openBehind('a.txt');
    const held = host.fake.hold();
    host.fake.enqueue(reply.text('Typed-meanwhile.'));
    await host.send('Change it');
    await host.run('workbench.action.focusActiveEditorGroup');
    await eventually(async () => assert.equal(await desk.focused(), ''));
    const { tabs } = (await desk.look()) as { readonly tabs: unknown };
    await host.session.page.keyboard.type('before ');
    const [name, input] = replace('a.txt', 'two', '2');
    await held.push({ toolUse: name, input });
    await held.end();
    const card = await desk.card();
    await host.session.page.keyboard.type('after ');
    await press('Enter');
    await eventually(async () => assert.equal((await desk.shown('first.txt'))?.text, 'before after \nfirst\n'));
    assert.equal(await desk.focused(), '');
    assert.equal(await card.count(), 1, 'Enter in the editor answers nothing');
    assert.deepEqual(((await desk.look()) as { readonly tabs: unknown }).tabs, tabs);
    await press('Control+k', 'Control+g');
    await desk.focusIs('composerText');
    assert.equal(await card.count(), 1);
  });

  it('applies by F8, Tab and Enter; Enter in the text and on the card itself applies nothing', async () => {
    const card = await desk.card();
    await press('Enter');
    await desk.toReview('editCard');
    await press('Enter', 'ArrowDown', 'ArrowUp');
    assert.equal(await card.count(), 1);
    assert.equal(desk.read('a.txt'), 'one\ntwo\nthree\n');
    await desk.tabTo('apply');
    await press('Enter');
    await desk.done('Typed-meanwhile.');
    assert.equal(desk.read('a.txt'), 'one\n2\nthree\n');
    await desk.focusIs('composerText');
    await host.open('first.txt');
    await host.run('workbench.action.files.revert');
  });

  it('rejects with a reason that is typed, and Esc before that takes nothing back', async () => {
    await host.run('prelude.focusChat');
    await desk.askFor([replace('a.txt', 'three', '3')], 'Rejected-so.');
    const card = await desk.card();
    await desk.toReview('editCard');
    await desk.tabTo('deny');
    await press('Enter');
    await desk.focusIs('denialReason');
    await press('Escape');
    await desk.focusIs('do:deny');
    assert.equal(await card.count(), 1);
    await press('Enter');
    await desk.focusIs('denialReason');
    await host.session.page.keyboard.type('Leave the third');
    await press('Enter');
    await desk.done('Rejected-so.');
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /Leave the third/);
    assert.equal(desk.read('a.txt'), 'one\n2\nthree\n');
    await desk.focusIs('composerText');
  });

  it('changes the way of review in mid-turn, and the rest of the turn runs on without a card', async () => {
    const steps = [replace('a.txt', 'one', '1'), replace('a.txt', 'three', '3')];
    for (const [at, [name, input]] of steps.entries()) host.fake.enqueue(reply.toolUse(name, input, `toolu_way_${at}`));
    host.fake.enqueue(reply.text('Way-changed.'));
    await host.send('Change both');
    await desk.card();
    await desk.focusIs('composerText');
    await desk.tabTo('review');
    await press('Enter');
    await desk.focusIs('pickerFilter');
    await press('ArrowDown', 'Enter');
    await desk.done('Way-changed.');
    assert.equal(desk.read('a.txt'), '1\n2\n3\n');
    assert.equal(await (await host.frame()).locator('.editCard').count(), 0);
  });

  it('keeps one hunk and undoes another at the end by F8, Tab and Enter', async () => {
    const lines = (...own: readonly string[]): string => own.map((line) => `${line}\n`).join('');
    const plain = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    desk.write('end.txt', plain);
    await desk.askFor([replace('end.txt', 'b', 'B'), replace('end.txt', 'g', 'G')], 'Two-hunks.');
    await desk.done('Two-hunks.');
    const end = await desk.end();
    await desk.toReview('editsEnd');
    await desk.tabTo('undoAll');
    await press('Tab');
    await desk.focusIs('foldLine');
    await press('Enter');
    await end.locator('.hunk').nth(1).waitFor();
    // Past those of the whole file.
    await desk.tabTo('undo');
    await press('Tab');
    await desk.tabTo('keep');
    await press('Enter');
    await end.locator('.hunk').nth(1).waitFor({ state: 'detached' });
    await desk.tabTo('undo');
    await press('Enter');
    await end.locator('.hunk').first().waitFor({ state: 'detached' });
    assert.equal(desk.read('end.txt'), plain.replace('b', 'B'));
    assertNoRefusals(host.fake);
  });
});
