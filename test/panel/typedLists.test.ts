/** The lists of `@` and `/` before they are loaded, and in a message that is written anew. */
import assert from 'node:assert/strict';
import type { Mention, MentionList } from '../../src/shared/mentions/mentions';
import { type PanelBench, PanelPage, startBench } from './panelPage';

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
  const asked = async (query: string): Promise<void> => {
    await panel.page.waitForFunction(
      (wanted) => window.panelHost.said.some((one) => one.type === 'mentions' && one.query === wanted),
      query,
    );
    await panel.answer('mentions', { ok: true, value: files });
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
});
