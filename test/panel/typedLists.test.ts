/** The lists of `@` and `/` before they are loaded, and in a message that is written anew. */
import assert from 'node:assert/strict';
import { absences } from '../../src/host/base/plainStrings';
import type { IntentType } from '../../src/shared/intents';
import type { Mention, MentionList } from '../../src/shared/mentions/mentions';
import { slashCommands } from '../../src/shared/slashCommands';
import { answer, chat, text, user } from './chats';
import { baseComposer, type PanelBench, PanelPage, startBench } from './panelPage';

const row = (id: string, more: Partial<Mention> = {}): Mention => ({
  kind: 'file',
  id,
  name: id.slice(id.lastIndexOf('/') + 1),
  detail: '',
  marks: [],
  recent: false,
  ...more,
});
const files: MentionList = { rows: [row('src/login.ts')], total: 1, partial: false, beside: [], more: false };

describe('What is typed opens a list', () => {
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

  const options = () => panel.page.locator('.mentionPopup [role=option]');
  const asked = async (query: string, list = files): Promise<void> => {
    await panel.page.waitForFunction(
      (wanted) => window.panelHost.said.some((one) => one.type === 'mentions' && one.query === wanted),
      query,
    );
    await panel.answer('mentions', { ok: true, value: list });
    await options().first().waitFor();
  };
  /** The part that draws the lists is on its way until it is let through. */
  const hold = async (): Promise<() => Promise<void>> => {
    const free = Promise.withResolvers<void>();
    await panel.page.route('**/popups.js', async (route) => {
      await free.promise;
      await route.continue();
    });
    return async () => {
      const loaded = panel.page.waitForResponse('**/popups.js');
      free.resolve();
      await loaded;
    };
  };

  it('as soon as it can be drawn, by all that was typed by then', async () => {
    panel = await PanelPage.open(bench, { snapshot: false, alone: true });
    const free = await hold();
    await panel.start();
    await panel.page.locator('textarea').pressSequentially('See @log');
    await panel.settled();
    await free();
    await asked('log');
    await panel.page.keyboard.press('Enter');
    assert.equal(await panel.page.locator('textarea').inputValue(), 'See @src/login.ts ');
  });

  it('and what was mentioned is still more than words after another chat was shown', async () => {
    panel = await PanelPage.open(bench);
    await panel.page.locator('textarea').pressSequentially('See @log');
    await asked('log');
    await panel.page.keyboard.press('Enter');
    const brought = ['file:file:///w/src/login.ts'];
    await panel.answer('mention', { ok: true, value: brought });
    await panel.snapshot({ state: { ...chat([user('x', 'Another')]), conversation: 'another' } });
    await panel.page.waitForFunction(() => document.querySelector('textarea')?.value === '');
    await panel.snapshot({ draft: 'See @src/login.ts ' });
    await panel.page.waitForFunction(() => document.querySelector('textarea')?.value !== '');
    await panel.page.locator('textarea').fill('See ');
    assert.deepEqual(
      (await panel.said('unmention')).map(({ id, brought: told }) => [id, told]),
      [['src/login.ts', brought]],
    );
  });

  it('and what was erased meanwhile of what stood there leaves the message', async () => {
    panel = await PanelPage.open(bench, { alone: true });
    await panel.page.locator('textarea').pressSequentially('See @log');
    await asked('log');
    await panel.page.keyboard.press('Enter');
    const brought = ['file:file:///w/src/login.ts'];
    await panel.answer('mention', { ok: true, value: brought });
    const free = await hold();
    await panel.reload({ draft: 'See @src/login.ts ' });
    await panel.page.locator('textarea').fill('See ');
    await panel.settled();
    await free();
    await panel.page.waitForFunction(() => window.panelHost.said.some(({ type }) => type === 'unmention'));
    const told = (await panel.said('unmention')).map((one) => [one.kind, one.id, one.brought]);
    assert.deepEqual(told, [['file', 'src/login.ts', brought]]);
  });

  describe('in a message that is written anew', () => {
    const inline = () => panel.page.locator('.inlineText');
    const state = chat([
      ...[user('u1', 'Why?'), answer('u1', [text('a', 'So.')])],
      ...[user('u2', 'And then?'), answer('u2', [text('a', 'That. '.repeat(200))])],
    ]);
    const edit = async (id = 'u1', width = 400): Promise<void> => {
      panel = await PanelPage.open(bench, { state, width });
      await panel.page.locator(`[data-edit="${id}"]`).click({ force: true });
      await panel.page.locator('.inlineText:focus').waitFor();
    };
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await panel.page.keyboard.press(key);
      await panel.settled();
    };
    const isClosed = () => panel.page.locator('.mentionPopup').waitFor({ state: 'detached' });
    const told = async (type: 'mention' | 'unmention') =>
      (await panel.said(type)).map((one) => [one.kind, one.id, one.edit]);
    const sent = async () => (await panel.said('editMessage')).map((one) => [one.id, one.text]);
    const none = async (type: IntentType) => assert.ok((await panel.said()).every((one) => one.type !== type));

    it('by the same keys, and goes with that message and with no other', async () => {
      await edit();
      await inline().pressSequentially(' See @log');
      await asked('log');
      // Nothing is read before it is chosen.
      await none('mention');
      await press('Escape');
      await isClosed();
      assert.equal(await inline().inputValue(), 'Why? See @log', 'Esc leaves the list alone');
      await press('Backspace', 'Backspace', 'Backspace', 'Backspace');
      await inline().pressSequentially('@log');
      await asked('log');
      await press('Enter');
      await isClosed();
      assert.equal(await inline().inputValue(), 'Why? See @src/login.ts ');
      assert.deepEqual(await told('mention'), [['file', 'src/login.ts', 'u1']]);
      await press('Enter');
      // Not before it is beside the message.
      await none('editMessage');
      await panel.answer('mention', { ok: true, value: ['block:b1'] });
      assert.deepEqual(await sent(), [['u1', 'Why? See @src/login.ts ']]);
      await none('send');
    });

    it('and leaves it again with its words, after a reload, too; what is refused does not go without', async () => {
      await edit();
      await inline().pressSequentially(' @log');
      await asked('log');
      await press('Tab');
      await panel.answer('mention', { ok: true, value: ['block:b1'] });
      await panel.settled();
      await panel.reload({ state });
      await panel.page.locator('.inlineText:focus').waitFor();
      assert.equal(await inline().inputValue(), 'Why? @src/login.ts ');
      // Loaded when there is time.
      await inline().pressSequentially('@');
      await asked('');
      await press('Escape', 'Backspace', 'Backspace', 'Backspace');
      assert.equal(await inline().inputValue(), 'Why? ');
      assert.deepEqual(await told('unmention'), [['file', 'src/login.ts', 'u1']]);
      await inline().pressSequentially('@log');
      await asked('log');
      await press('Enter', 'Enter');
      await panel.answer('mention', { ok: false, reason: absences.secret() });
      await panel.page.locator('.attachmentNote.refused').waitFor();
      await none('editMessage');
      await press('Enter');
      assert.deepEqual(await sent(), [['u1', 'Why? @src/login.ts ']]);
    });

    it('of what a message can begin with, which is none that compacts', async () => {
      await edit();
      await inline().fill('');
      await inline().pressSequentially('/');
      await panel.page.waitForFunction(() => window.panelHost.said.some(({ type }) => type === 'promptFiles'));
      await panel.answer('promptFiles', { ok: true, value: [] });
      await options().first().waitFor();
      const names = await panel.page.locator('.mentionName').allTextContents();
      assert.deepEqual(
        names,
        Object.keys(slashCommands).filter((name) => name !== 'compact'),
      );
      await inline().pressSequentially('te');
      await press('Tab');
      await inline().pressSequentially('of it');
      assert.equal(await inline().inputValue(), '/tests of it');
      await press('Enter');
      assert.deepEqual(await sent(), [['u1', '/tests of it']]);
    });

    it('in sight, wherever that stands and however narrow it is, and in a row that waits', async () => {
      const many = { ...files, rows: [1, 2, 3, 4, 5, 6, 7].map((n) => row(`src/login${n}.ts`)), total: 7 };
      for (const width of [260, 400]) {
        for (const id of ['u1', 'u2']) {
          await edit(id, width);
          await inline().pressSequentially(' @log');
          await asked('log', many);
          await panel.settled();
          const [list, field] = [await boxOf('.mentionPopup'), await boxOf('.inlineText')];
          assert.ok(list.x >= 0 && list.x + list.width <= width, `${id} at ${width}`);
          const isBeside = list.y + list.height <= field.y || list.y >= field.y + field.height;
          assert.ok(list.y >= 0 && isBeside, `${id} at ${width}`);
          await panel.close();
        }
      }
      const queued = [{ id: 'q1', text: 'and then', attachments: 0, held: true }];
      panel = await PanelPage.open(bench, { composer: { ...baseComposer, queued } });
      await panel.page.locator('[data-queue=edit]').click();
      await panel.page.locator('.inlineText:focus').waitFor();
      await inline().pressSequentially(' @log');
      await asked('log');
      await press('Enter');
      assert.deepEqual(await told('mention'), [['file', 'src/login.ts', 'q1']]);
      assert.ok((await boxOf('.inlineText')).y > 0);
    });

    const boxOf = async (selector: string) => {
      await panel.page.locator(selector).waitFor();
      const box = await panel.page.locator(selector).boundingBox();
      assert.ok(box !== null, selector);
      return box;
    };
  });
});
