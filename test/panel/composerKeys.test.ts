/** What the keys of the composer's text box do: sending, new lines, an input method, prompts that come back. */
import assert from 'node:assert/strict';
import { answer, chat, startedAt, text, user } from './chats';
import { giveTo } from './giving';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const running: PanelOptions = {
  state: chat(
    [user('u1', 'first question'), answer('u1', [text('a', 'Some', true)], { outcome: null, endedAt: null })],
    {
      activity: { kind: 'writing', since: startedAt },
    },
  ),
};

describe('Keys of the composer', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  const area = () => panel.page.locator('textarea');
  const kinds = async () => (await panel.said()).map((message) => message.type);

  /** Presses Up in the empty text box until the last prompt is there: what brings it comes soon after the first paint. */
  async function bringsBack(prompt: string): Promise<void> {
    await area().focus();
    for (let tries = 0; tries < 200 && (await area().inputValue()) === ''; tries += 1) {
      await panel.page.keyboard.press('ArrowUp');
      await panel.settled();
    }
    assert.equal(await area().inputValue(), prompt);
  }

  it('makes a new line with Shift+Enter', async () => {
    panel = await PanelPage.open(bench);
    await area().pressSequentially('one');
    await panel.page.keyboard.press('Shift+Enter');
    await area().pressSequentially('two');
    assert.equal(await area().inputValue(), 'one\ntwo');
    assert.ok(!(await kinds()).includes('send'));
  });

  it('leaves Enter and Esc to an input method that is at work (L24)', async () => {
    panel = await PanelPage.open(bench, running);
    await area().fill('にほ');
    const press = (key: string, init: { readonly isComposing?: boolean; readonly keyCode?: number }) =>
      panel.page.evaluate(
        (given) => {
          const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...given });
          document.querySelector('textarea')?.dispatchEvent(event);
        },
        { key, ...init },
      );
    await press('Escape', { isComposing: true });
    await press('Escape', { keyCode: 229 });
    await press('Escape', { isComposing: true });
    await press('Enter', { isComposing: true });
    await press('Enter', { keyCode: 229 });
    await panel.settled();
    const said = await kinds();
    assert.ok(!said.includes('stop') && !said.includes('send'));
    assert.equal(await area().inputValue(), 'にほ');
    assert.equal(await panel.page.locator('.composerNote').textContent(), '');
  });

  it('brings the prompts back with Up and Down, only when empty, and Undo takes one away again', async () => {
    const asked = [user('u1', 'first\nand more'), user('u2', 'second'), user('u3', 'second'), user('u4', 'third')];
    panel = await PanelPage.open(bench, { state: chat(asked) });
    await bringsBack('third');
    const textAfter = async (...keys: readonly string[]): Promise<string> => {
      for (const key of keys) await panel.page.keyboard.press(key);
      return area().inputValue();
    };
    assert.equal(await textAfter('Control+z'), '');
    await area().fill('typed');
    assert.equal(await textAfter('ArrowUp'), 'typed');
    await area().fill('');
    assert.equal(await textAfter('ArrowDown'), '');
    assert.equal(await textAfter('ArrowUp'), 'third');
    assert.equal(await textAfter('Control+z'), '');
    assert.equal(await textAfter('ArrowUp', 'ArrowUp'), 'second');
    assert.equal(await textAfter('ArrowUp'), 'first\nand more');
    assert.equal(await textAfter('ArrowUp', 'ArrowUp'), 'first\nand more', 'there is nothing before it');
    assert.equal(await textAfter('ArrowDown', 'ArrowDown'), 'first\nand more', 'its own lines come first');
    assert.equal(await textAfter('ArrowDown'), 'second');
    assert.equal(await textAfter('ArrowDown'), 'third');
    assert.equal(await textAfter('!', 'ArrowUp'), 'third!', 'it is a text of its own now');
    await area().fill('third');
    assert.equal(await textAfter('ArrowDown', 'ArrowUp'), 'third', 'however alike');
  });

  it('brings back what was asked in other conversations of the workspace, behind those of this one', async () => {
    panel = await PanelPage.open(bench, { state: chat([]) });
    await area().focus();
    for (let tries = 0; tries < 50 && !(await kinds()).includes('ownPrompts'); tries += 1) {
      await panel.page.keyboard.press('ArrowUp');
      await panel.settled();
    }
    assert.equal(await area().inputValue(), '', 'nothing is known yet');
    await panel.answer('ownPrompts', { ok: true, value: ['there', 'before'] });
    await panel.page.waitForFunction(() => document.querySelector('textarea')?.value === 'there');
    await panel.page.keyboard.press('ArrowUp');
    assert.equal(await area().inputValue(), 'before');
    await panel.page.keyboard.press('Control+z');
    await panel.page.keyboard.press('Control+z');
    assert.equal(await area().inputValue(), '');
    await panel.snapshot({ state: chat([user('u1', 'here'), user('u2', 'there')]) });
    await panel.forget();
    await panel.page.keyboard.press('ArrowUp');
    assert.equal(await area().inputValue(), 'there');
    await panel.answer('ownPrompts', { ok: true, value: ['there', 'before'] });
    for (const text of ['here', 'before', 'before']) {
      await panel.page.keyboard.press('ArrowUp');
      assert.equal(await area().inputValue(), text);
    }
    // What is typed while the host looks is not written over.
    await area().fill('');
    await panel.snapshot({ state: chat([]) });
    await panel.forget();
    await panel.page.keyboard.press('ArrowUp');
    await area().fill('mine');
    await panel.answer('ownPrompts', { ok: true, value: ['there'] });
    await panel.settled();
    assert.equal(await area().inputValue(), 'mine');
    // Nor does anything come where one was brought at once, and taken out.
    await area().fill('');
    await panel.forget();
    await panel.page.keyboard.press('ArrowUp');
    assert.equal(await area().inputValue(), 'there');
    await area().fill('');
    await panel.answer('ownPrompts', { ok: true, value: ['there', 'before'] });
    await panel.settled();
    assert.equal(await area().inputValue(), '');
  });

  it('leaves Up and Down to the rows of a prompt that was brought back, wrapped ones too', async () => {
    const long = 'words of a long prompt '.repeat(12).trim();
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'first'), user('u2', long)]), width: 260 });
    await bringsBack(long);
    const caret = (): Promise<number> => area().evaluate((box: HTMLTextAreaElement) => box.selectionStart);
    const caretAfter = async (key: string): Promise<number> => {
      await panel.page.keyboard.press(key);
      assert.equal(await area().inputValue(), long, key);
      return caret();
    };
    assert.equal(await caret(), 0);
    const places = [0];
    while (places.at(-1) !== long.length && places.length < 30) places.push(await caretAfter('ArrowDown'));
    assert.ok(places.length > 5, `${places}`);
    assert.deepEqual(
      [...new Set(places)].sort((a, b) => a - b),
      places,
      'each goes on by a row',
    );
    const back: number[] = [];
    while (back.at(-1) !== 0 && back.length < 30) back.push(await caretAfter('ArrowUp'));
    assert.ok(back.length >= places.length - 2, `${back}`);
    await panel.page.keyboard.press('ArrowUp');
    assert.equal(await area().inputValue(), 'first');
  });

  it('sends with Ctrl+Enter where the user wants it so, also what is written anew', async () => {
    panel = await PanelPage.open(bench, {
      environment: { sendsWithCtrl: true },
      state: chat([user('u1', 'first'), answer('u1', [text('a', 'Yes.')])]),
    });
    await area().pressSequentially('one');
    await panel.page.keyboard.press('Enter');
    await area().pressSequentially('two');
    assert.equal(await area().inputValue(), 'one\ntwo');
    assert.ok(!(await kinds()).includes('send'));
    await panel.page.keyboard.press('Control+Enter');
    assert.equal((await panel.said('send')).length, 1);
    await panel.page.locator('[data-edit="u1"]').click();
    const field = panel.page.locator('.inlineText');
    await field.press('Enter');
    assert.equal(await field.inputValue(), 'first\n');
    await field.press('Control+Enter');
    assert.equal((await panel.said('editMessage')).length, 1);
  });

  it('undo also what was put in: a prompt that came back, a link that was dropped, an address that was attached (L69)', async () => {
    panel = await PanelPage.open(bench);
    const url = 'https://example.com/a.png';
    await area().pressSequentially('mine ');
    await panel.post({ type: 'setDraft', conversation, text: 'came back' });
    await panel.settled();
    assert.equal(await area().inputValue(), 'mine\n\ncame back');
    await giveTo(panel.page, 'drop', [], { 'text/uri-list': url });
    assert.equal(await area().inputValue(), `mine\n\ncame back${url}`);
    await panel.page.keyboard.press('Home');
    await panel.page.locator('[data-do="sendAddress"]').click();
    assert.equal(await area().inputValue(), 'mine\n\ncame back');
    await panel.page.waitForFunction(() => {
      const told = window.panelHost.said.findLast(({ type }) => type === 'draft');
      return told?.type === 'draft' && told.text.endsWith('came back');
    });
    // What is put in without a pause goes together.
    for (const before of [`mine\n\ncame back${url}`, 'mine ']) {
      await panel.page.keyboard.press('Control+z');
      assert.equal(await area().inputValue(), before);
    }
  });

  it('undo and redo what is typed in whichever text has the focus, and never reach VS Code (L69)', async () => {
    const state = chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]);
    panel = await PanelPage.open(bench, { state });
    const { page } = panel;
    await page.evaluate(() => {
      window.addEventListener('keydown', ({ ctrlKey, key }) => {
        if (ctrlKey && /[zy]/i.test(key)) document.title += key;
      });
    });
    const fields = [
      ['.composerText', async () => area().focus()],
      ['.pickerFilter', () => page.locator('.composerModel').click()],
      ['.findText', () => panel.post({ type: 'find', step: 'open' })],
      ['.inlineText', () => page.locator('.bubbleEdit').click({ force: true })],
    ] as const;
    const title = await page.title();
    for (const [field, open] of fields) {
      await open();
      await page.locator(`${field}:focus`).waitFor();
      const value = () => page.locator(field).inputValue();
      const before = await value();
      await page.keyboard.type('words');
      for (const key of ['Control+z', 'Control+Shift+z', 'Control+z', 'Control+y']) {
        await page.keyboard.press(key);
        await panel.settled();
        assert.equal(await value(), key === 'Control+z' ? before : `${before}words`, `${field} ${key}`);
      }
      await page.keyboard.press('Escape');
      await panel.settled();
    }
    assert.equal(await page.title(), title, 'what VS Code would get');
    // Commands of its own reach it: the console with Shift, and those of another platform.
    await area().focus();
    await page.keyboard.press('Control+Shift+y');
    await page.waitForFunction((before) => document.title.toLowerCase() === `${before}y`.toLowerCase(), title);
  });
});
