/** `@` in the composer: the list it opens, the keys of that list, and what is put in the text. */
import assert from 'node:assert/strict';
import { absences } from '../../src/host/base/plainStrings';
import type { Mention, MentionList } from '../../src/shared/mentions/mentions';
import { besideName, mentionStrings } from '../../src/webview/l10n/pickerStrings';
import { loadAxe, violations } from './axe';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const row = (id: string, more: Partial<Mention> = {}): Mention => ({
  kind: 'file',
  id,
  name: id.slice(id.lastIndexOf('/') + 1),
  detail: id.slice(0, Math.max(0, id.lastIndexOf('/'))),
  marks: [],
  recent: false,
  ...more,
});
const listOf = (...rows: readonly Mention[]): MentionList => ({
  rows,
  total: rows.length,
  partial: false,
  beside: [],
  more: false,
});
const files = listOf(
  row('src/login.ts', { marks: [0, 1, 2], recent: true }),
  row('src/webview/composer/longNames/loginControllerOfTheSideBar.ts', { marks: [0, 1, 2] }),
  row('docs/my login notes.md', { marks: [3, 4, 5] }),
  row('src/login', { kind: 'folder' }),
);

describe('A mention', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  let axeRan = false;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    // axe itself does what the panel's policy forbids.
    if (!axeRan) assert.deepEqual(problems, []);
    axeRan = false;
  });

  const area = () => panel.page.locator('textarea');
  const rows = () => panel.page.locator('.mentionPopup [role=option]');
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await panel.page.keyboard.press(key);
    await panel.settled();
  };
  const asked = async (query: string): Promise<void> => {
    await panel.page.waitForFunction(
      (wanted) => window.panelHost.said.some((one) => one.type === 'mentions' && one.query === wanted),
      query,
    );
  };
  /** What was told in part is asked for once more. */
  const askedAgain = async (query: string): Promise<void> => {
    await panel.page.waitForFunction(
      (wanted) => window.panelHost.said.filter((one) => one.type === 'mentions' && one.query === wanted).length > 1,
      query,
    );
  };
  /** Types, and has the last question answered. */
  const open = async (typed: string, list: MentionList = files, options: PanelOptions = {}): Promise<void> => {
    panel = await PanelPage.open(bench, options);
    await area().pressSequentially(typed);
    await asked(typed.slice(typed.lastIndexOf('@') + 1));
    await panel.answer('mentions', { ok: true, value: list });
    await rows().first().waitFor();
  };
  const isClosed = () => panel.page.locator('.mentionPopup').waitFor({ state: 'detached' });
  /** What was looked for; every key has been taken by then. */
  const questions = async () => {
    await panel.settled();
    return (await panel.said()).filter(({ type }) => type === 'mentions');
  };
  const chosen = async () => (await panel.said()).filter(({ type }) => type === 'mention');

  it('opens a list at an @ that begins a word, and is put in the text by Enter, which sends nothing', async () => {
    await open('Why @log');
    assert.equal(await rows().first().locator('b').textContent(), 'log');
    await press('ArrowDown', 'ArrowDown', 'Enter');
    assert.equal(await area().inputValue(), 'Why @docs/my login notes.md ');
    await isClosed();
    assert.deepEqual(
      (await panel.said('mention')).map(({ kind, id }) => [kind, id]),
      [['file', 'docs/my login notes.md']],
    );
    assert.ok((await panel.said()).every(({ type }) => type !== 'send'));
    await press('Control+z');
    assert.equal(await area().inputValue(), 'Why @log', 'Undo takes it away again');
    await area().fill('');
    await panel.forget();
    await area().pressSequentially('me@log');
    assert.deepEqual(await questions(), [], 'an address of mail is none');
    await area().pressSequentially(' 看@lo');
    await asked('lo');
  });

  it('is taken by Tab and by a click, with the focus left in the text', async () => {
    await open('@');
    await press('ArrowUp', 'Tab');
    assert.equal(await area().inputValue(), '@src/login/ ');
    await area().pressSequentially('and @l');
    await asked('l');
    await panel.answer('mentions', { ok: true, value: files });
    await rows().first().click();
    await isClosed();
    assert.equal(await area().inputValue(), '@src/login/ and @src/login.ts ');
    assert.equal(await panel.page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  });

  it('leaves its list with Esc, and that alone; with the caret; and with a blank behind what matches nothing', async () => {
    await open('@log');
    await press('Escape');
    await isClosed();
    assert.equal(await area().inputValue(), '@log');
    assert.equal(await panel.page.locator('.composerNote').textContent(), '');
    await panel.forget();
    await area().pressSequentially('in');
    assert.deepEqual(await questions(), [], 'it stays closed');
    await area().pressSequentially(' @a');
    await asked('a');
    await panel.answer('mentions', { ok: true, value: files });
    await rows().first().waitFor();
    await press('Home');
    await isClosed();
    await press('End');
    await area().pressSequentially(' @zzz');
    await asked('zzz');
    await panel.answer('mentions', { ok: true, value: listOf() });
    assert.equal(await panel.words('.mentionPopup .pickerNote'), mentionStrings.none());
    await area().pressSequentially(' ');
    await isClosed();
    await press('Enter');
    await panel.said('send');
  });

  it('waits for its list where Enter was faster, is taken once, and not when one types on', async () => {
    panel = await PanelPage.open(bench);
    await area().pressSequentially('@log');
    await panel.page.locator('.mentionPopup').waitFor();
    await press('Enter');
    await panel.answer('mentions', { ok: true, value: { ...listOf(), partial: true } });
    await press('Enter');
    assert.ok(
      (await panel.said()).every(({ type }) => type !== 'send'),
      'the files are still being listed',
    );
    await askedAgain('log');
    await panel.answer('mentions', { ok: true, value: files });
    await isClosed();
    assert.equal(await area().inputValue(), '@src/login.ts ');
    assert.equal((await chosen()).length, 1);
    await panel.forget();
    await area().pressSequentially('@lo');
    await press('Enter');
    await area().pressSequentially('g');
    await asked('log');
    await panel.answer('mentions', { ok: true, value: files });
    await rows().first().waitFor();
    assert.equal(await area().inputValue(), '@src/login.ts @log');
  });

  it('is the one that is active: the first of a list that has just come, and what was gone to in one that grows', async () => {
    await open('@lo');
    await press('ArrowDown', 'ArrowDown', 'ArrowDown');
    await area().pressSequentially('g');
    await asked('log');
    const few = listOf(row('a/log.ts'), row('b/log.ts'));
    await panel.answer('mentions', { ok: true, value: { ...few, partial: true } });
    assert.equal(await rows().first().getAttribute('aria-selected'), 'true');
    await press('ArrowDown');
    await askedAgain('log');
    await panel.answer('mentions', { ok: true, value: listOf(row('0/log.ts'), ...few.rows) });
    await press('Enter');
    assert.equal(await area().inputValue(), '@b/log.ts ');
    // Where nothing was gone to, it is the first of what has come by then.
    await panel.close();
    await open('@log', { ...few, partial: true });
    await askedAgain('log');
    await panel.answer('mentions', { ok: true, value: listOf(row('0/log.ts'), ...few.rows) });
    await press('Enter');
    assert.match(await area().inputValue(), /^@0\/log\.ts /);
  });

  it('keeps Send waiting until it is beside the message, and from sending where it is refused', async () => {
    await open('@log');
    await press('Enter', 'Enter');
    assert.ok((await panel.said()).every(({ type }) => type !== 'send'));
    await panel.answer('mention', { ok: true, value: [] });
    assert.equal((await panel.said('send')).at(-1)?.text, '@src/login.ts ');
    await panel.answer('send', { ok: true, value: null });
    await panel.forget();
    await area().pressSequentially('@log');
    await asked('log');
    await panel.answer('mentions', { ok: true, value: files });
    await rows().first().waitFor();
    await press('Enter', 'Enter');
    await panel.answer('mention', { ok: false, reason: absences.secret() });
    await panel.page.locator('.attachmentNote.refused').waitFor();
    assert.ok((await panel.said()).every(({ type }) => type !== 'send'));
    await press('Enter');
    await panel.said('send');
  });

  it('is a symbol, which another of its name stands beside, and for which what matches first does not wait', async () => {
    panel = await PanelPage.open(bench);
    const cart = row('src/cart.ts#3', { kind: 'symbol', name: 'add', detail: 'src/cart.ts:3' });
    const list = row('src/list.ts#7', { kind: 'symbol', name: 'add', detail: 'src/list.ts:7' });
    for (const [symbol, hasty] of [
      [cart, true],
      [list, false],
    ] as const) {
      await panel.forget();
      await area().pressSequentially('@add');
      await asked('add');
      if (hasty) await press('Enter');
      await panel.answer('mentions', { ok: true, value: { ...listOf(), more: true } });
      await askedAgain('add');
      assert.equal(await panel.page.locator('.mentionPopup').count(), 1, 'nothing matches yet');
      await panel.answer('mentions', { ok: true, value: { ...listOf(symbol, row('add.ts')), more: hasty } });
      if (!hasty) await press('Enter');
      await isClosed();
    }
    assert.equal(await area().inputValue(), '@add @src/list.ts#7 ');
    assert.deepEqual(
      (await panel.said('mention')).map(({ kind, id }) => [kind, id]),
      [['symbol', list.id]],
    );
  });

  it('is no prose: a blank of which no name is made ends it, and another @ begins anew', async () => {
    await open('ping @log');
    await area().pressSequentially(' on it');
    await isClosed();
    await press('Enter');
    assert.equal((await panel.said('send')).at(-1)?.text, 'ping @log on it');
    await area().pressSequentially('@my');
    await asked('my');
    await panel.answer('mentions', { ok: true, value: files });
    await rows().first().waitFor();
    await area().pressSequentially(' lo');
    await asked('my lo');
    await panel.answer('mentions', { ok: true, value: files });
    assert.equal(await rows().count(), 1, 'a name with blanks');
    await area().pressSequentially(' @do');
    await asked('do');
  });

  it('leaves the keys of an input method to it (L24)', async () => {
    await open('@log');
    for (const key of ['Enter', 'Tab', 'Escape', 'ArrowDown'])
      await area().evaluate((box, name) => {
        box.dispatchEvent(
          new KeyboardEvent('keydown', { key: name, isComposing: true, bubbles: true, cancelable: true }),
        );
      }, key);
    await panel.settled();
    assert.equal(await rows().first().getAttribute('aria-selected'), 'true');
    assert.deepEqual([await area().inputValue(), await chosen()], ['@log', []]);
  });

  it('goes as one character, and what it has put beside the message with it', async () => {
    await open('See @log');
    await press('Enter', 'Backspace', 'Backspace');
    assert.equal(await area().inputValue(), 'See ');
    assert.deepEqual(
      (await panel.said('unmention')).map(({ kind, id }) => [kind, id]),
      [['file', 'src/login.ts']],
    );
    await press('Control+z');
    assert.equal(await area().inputValue(), 'See @src/login.ts');
    assert.equal((await chosen()).length, 2, 'Undo brings back what it has put beside the message, too');
    await press('End');
    await area().pressSequentially('x');
    assert.equal((await panel.said('unmention')).length, 2, 'another name by now');
    await area().fill('See');
    await press('Backspace');
    assert.equal(await area().inputValue(), 'Se', 'words go letter by letter');
    assert.equal((await panel.said('unmention')).length, 2);
  });

  it('stays where a script without blanks goes on right behind it, and goes where its own name does', async () => {
    await open('@log');
    await press('Enter', 'Backspace');
    await panel.forget();
    const gone = async (value: string): Promise<number> => {
      await area().fill(value);
      await panel.settled();
      return (await panel.said()).filter(({ type }) => type === 'unmention').length;
    };
    for (const behind of ['를 설명해줘', 'を説明して', '的重试', '。', '.그리고', 'คืออะไร'])
      assert.equal(await gone(`看@src/login.ts${behind}`), 0, behind);
    assert.equal(await gone('@src/login.tsx'), 1);
  });

  it('does not stand in the longer name of another one, in any script', async () => {
    const names = listOf(row('문서/보고'), row('문서/보고서'));
    await open('@보', names);
    await press('Enter');
    await area().pressSequentially('@보고');
    await asked('보고');
    await panel.answer('mentions', { ok: true, value: names });
    await rows().first().waitFor();
    await press('ArrowDown', 'Enter');
    await panel.forget();
    await area().fill('@문서/보고서를');
    assert.deepEqual(
      (await panel.said('unmention')).map(({ id }) => id),
      ['문서/보고'],
    );
  });

  it('goes with what it has put beside the message after a reload, too', async () => {
    await open('See @log');
    await press('Enter');
    const brought = ['file:file:///w/src/login.ts'];
    await panel.answer('mention', { ok: true, value: brought });
    const draft = 'See @src/login.ts ';
    await panel.reload({ draft });
    assert.equal(await area().inputValue(), draft);
    await area().focus();
    await press('End', 'Backspace', 'Backspace');
    assert.equal(await area().inputValue(), 'See ');
    assert.deepEqual(
      (await panel.said('unmention')).map(({ kind, id, brought: told }) => [kind, id, told]),
      [['file', 'src/login.ts', brought]],
    );
  });

  it('is also what the window has beside files: all of it for no letters, else what has them in their order', async () => {
    const beside = [
      { kind: 'problems', id: '', detail: '12' },
      { kind: 'terminal', id: '7', detail: 'npm test' },
    ] as const;
    const names = () => panel.page.locator('.mentionPopup .mentionName').allTextContents();
    await open('@', { ...listOf(row('a.ts')), beside });
    assert.deepEqual(await names(), ['a.ts', besideName('problems'), besideName('terminal')]);
    await area().pressSequentially('te');
    await asked('te');
    await panel.answer('mentions', { ok: true, value: { ...listOf(row('test.ts')), beside } });
    assert.deepEqual(await names(), [besideName('terminal'), 'test.ts']);
    // With letters left out it stands behind the files that have them.
    await area().pressSequentially('l');
    await asked('tel');
    await panel.answer('mentions', { ok: true, value: { ...listOf(row('tell.ts')), beside } });
    assert.deepEqual(await names(), ['tell.ts', besideName('terminal')]);
    await press('Backspace');
    await asked('te');
    await panel.answer('mentions', { ok: true, value: { ...listOf(row('test.ts')), beside } });
    assert.deepEqual(await names(), [besideName('terminal'), 'test.ts']);
    await press('Enter');
    assert.equal(await area().inputValue(), `@${besideName('terminal')} `);
    assert.deepEqual(
      (await panel.said('mention')).map(({ kind, id }) => [kind, id]),
      [['terminal', '7']],
    );
  });

  it('shows names that mean harm as text', async () => {
    const name = 'a\u202etxt.<img src=x onerror=alert(1)>.ts';
    await open('@a', listOf(row(name, { marks: [0] }), row('b.ts')));
    assert.match(await panel.words('.mentionName'), /^a\\u\{202e\}txt\.<img src=x/);
    await press('Enter');
    assert.match(await area().inputValue(), /^@a\\u\{202e\}txt/);
  });

  it('reads out well and fits at any width: a list of options, the active one, how many there are (L30)', async () => {
    for (const [theme, width] of [
      ['dark', 260],
      ['light', 400],
      ['highContrast', 260],
    ] as const) {
      await open('@log', files, { theme, width, height: 460 });
      const active = await area().getAttribute('aria-activedescendant');
      assert.equal(await panel.page.locator(`#${active}`).getAttribute('aria-selected'), 'true');
      assert.equal(
        await area().getAttribute('aria-controls'),
        await panel.page.locator('.mentionPopup ul').getAttribute('id'),
      );
      assert.equal(await panel.words('.mentionPopup [role=status]'), mentionStrings.count(4, 4));
      const [popup, box] = [await panel.page.locator('.mentionPopup').boundingBox(), await area().boundingBox()];
      assert.ok(popup && box && popup.x >= 0 && popup.x + popup.width <= width && popup.y + popup.height <= box.y + 2);
      const pictures = process.env['PRELUDE_PICTURES'];
      if (pictures !== undefined) await panel.page.screenshot({ path: `${pictures}/mentions-${theme}-${width}.png` });
      axeRan = true;
      await loadAxe(panel.page);
      assert.deepEqual(await violations(panel.page, theme), []);
      await press('Escape');
      assert.equal(await area().getAttribute('aria-controls'), null);
      if (theme !== 'highContrast') await panel.close();
    }
  });
});
