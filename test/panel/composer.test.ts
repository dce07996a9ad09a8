import assert from 'node:assert/strict';
import { absences, refusals } from '../../src/host/base/plainStrings';
import { ownInstructions } from '../../src/shared/protocol';
import { filesPopupStrings } from '../../src/webview/l10n/filesPopupStrings';
import { listStrings } from '../../src/webview/l10n/listStrings';
import { strings } from '../../src/webview/l10n/strings';
import { saying } from '../texts';
import { answer, chat, chips, startedAt, text, user } from './chats';
import { baseComposer, conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const running: PanelOptions = {
  state: chat(
    [user('u1', 'first question'), answer('u1', [text('a', 'Some', true)], { outcome: null, endedAt: null })],
    {
      activity: { kind: 'writing', since: startedAt },
    },
  ),
};

describe('The composer', () => {
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

  it('sends with Enter, once, and is empty then', async () => {
    panel = await PanelPage.open(bench);
    await area().pressSequentially('Why?');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('Enter');
    const sent = await panel.said('send');
    assert.deepEqual(sent, [{ type: 'send', conversation, text: 'Why?' }]);
    assert.equal(await area().inputValue(), '');
  });

  it('says in the line what one looks at and why it is not included, in a narrow panel, too (L58)', async () => {
    const selection = {
      kind: 'selection',
      id: 'selection',
      place: ' · cell 3:2 +1',
      source: { uri: 'file:///workspace/work.ipynb', path: 'work.ipynb', line: 2, cell: 3 },
      tokens: 20,
      usd: 0,
    } as const;
    const absent = { id: 'absent:a', label: 'logo.png', reason: absences.image() };
    const files = chips.filter((chip) => chip.kind === 'openFiles');
    const shown = [
      { ...selection, label: 'work.ipynb · cell 3:2 +1', included: true },
      { kind: 'absent', ...absent } as const,
      ...files.map((chip) => ({ ...chip, absent: [{ id: 'b', label: '.env', reason: absences.secret() }] })),
    ];
    const pictures = process.env['PRELUDE_PICTURES'];
    const views = [
      ['dark', 400],
      ['light', 260],
      ['light', 400],
      ['dark', 260],
    ] as const;
    for (const [index, [theme, width]] of views.slice(0, pictures === undefined ? 2 : 4).entries()) {
      if (index > 0) await panel.close();
      panel = await PanelPage.open(bench, { theme, width, height: 460, composer: { ...baseComposer, chips: shown } });
      const { page } = panel;
      const note = page.locator('.chipsFitting [role=note]');
      assert.match((await note.textContent()) ?? '', saying('logo.png', absences.image().text));
      const words = strings.notIncluded('logo.png', absences.image().text);
      assert.equal(await note.getAttribute('title'), words);
      await page.locator('.filesChip').click();
      const row = page.locator('.filesPopup .absentRow');
      assert.match((await row.textContent()) ?? '', saying('.env', absences.secret().text));
      if (pictures !== undefined) await page.screenshot({ path: `${pictures}/chips-${theme}-${width}.png` });
    }
  });

  it('shows a tab that only its name goes along of, without a weight, and takes it out', async () => {
    const file = { id: 'file:///w/d.ts', label: 'd.ts', path: 'd.ts', tokens: 0, usd: 0, sent: false, changed: false };
    const one = { ...file, included: true, named: true } as const;
    const chip = { kind: 'openFiles', id: 'openFiles', tokens: 0, usd: 0, files: [one], on: true } as const;
    panel = await PanelPage.open(bench, { composer: { ...baseComposer, chips: [chip] } });
    const { page } = panel;
    await page.locator('.filesChip').click();
    const row = page.locator('.filesPopup .checkRow');
    await row.waitFor();
    assert.equal((await row.locator('.checkWeight').textContent())?.trim(), filesPopupStrings.named());
    await row.locator('input').uncheck();
    const said = await panel.said('includeFile');
    assert.deepEqual([said.at(-1)?.id, said.at(-1)?.included], [one.id, false]);
    assert.match((await page.locator('.filesChip').textContent()) ?? '', saying(strings.filesCount(0)));
  });

  it('has what was sent and not taken back, once (L2)', async () => {
    panel = await PanelPage.open(bench);
    const notTaken = { ok: false, reason: refusals.closing() } as const;
    await area().fill('Too late');
    await panel.page.keyboard.press('Enter');
    await area().fill('typed since');
    await panel.answer('send', notTaken);
    const both = 'typed since\n\nToo late';
    const has = () =>
      panel.page.waitForFunction(
        (text) => document.querySelector<HTMLTextAreaElement>('.composerText')?.value === text,
        both,
      );
    await has();
    assert.equal((await panel.said('draft')).at(-1)?.text, 'typed since\n\nToo late');
    // The host has put them back by itself.
    await panel.page.keyboard.press('Enter');
    await panel.post({ type: 'setDraft', conversation, text: both });
    await panel.answer('send', notTaken);
    await has();
    await panel.settled();
    await has();
  });

  it('gets words that come back without taking the focus from where something else is written', async () => {
    panel = await PanelPage.open(bench, { state: chat([user('u', 'Hello'), answer('u', [text('t', 'Hi.')])]) });
    await panel.page.locator('[data-turn="u"]').hover();
    await panel.page.locator('[data-edit="u"]').click({ force: true });
    await panel.page.locator('.inlineEditor textarea').fill('Written anew');
    await panel.post({ type: 'setDraft', conversation, text: '/fix' });
    await panel.page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('.composerText')?.value === '/fix',
    );
    await panel.settled();
    assert.equal(await panel.page.evaluate(() => document.activeElement?.closest('.inlineEditor') !== null), true);
  });

  it('runs as its first letter does where it is long: to find that out for each paragraph takes seconds', async () => {
    panel = await PanelPage.open(bench);
    const runs = () => area().evaluate((one: HTMLTextAreaElement) => one.dir);
    const paste = async (text: string) => {
      await area().press('ControlOrMeta+a');
      await panel.page.keyboard.insertText(text);
    };
    await paste('Short');
    assert.equal(await runs(), 'auto');
    await paste(`1. ${'A long one. '.repeat(2000)}`);
    assert.equal(await runs(), 'ltr');
    await paste(`1. ${'שלום עולם '.repeat(2000)}`);
    assert.equal(await runs(), 'rtl');
    await panel.post({ type: 'setDraft', conversation, text: 'More' });
    assert.equal(await runs(), 'rtl');
    await paste('');
    await area().pressSequentially('ab');
    assert.equal(await runs(), 'auto');
    await panel.snapshot({
      state: { ...chat([user('x', 'Elsewhere')]), conversation: 'other' },
      draft: 'a'.repeat(20_000),
    });
    await panel.settled();
    assert.equal(await runs(), 'ltr');
  });

  it('has Send and Stop in one place', async () => {
    panel = await PanelPage.open(bench);
    await area().fill('x');
    const send = await panel.page.locator('[data-do="send"]').boundingBox();
    await panel.snapshot(running);
    await panel.settled();
    const stop = await panel.page.locator('[data-do="stop"]').boundingBox();
    assert.deepEqual(stop, send);
    await panel.page.locator('[data-do="stop"]').click();
    assert.deepEqual(await panel.said('stop'), [{ type: 'stop', conversation }]);
  });

  it('stops with the second Esc and says so at the first', async () => {
    panel = await PanelPage.open(bench, running);
    await area().focus();
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await panel.page.locator('.composerNote').textContent(), strings.escAgain());
    assert.ok(!(await kinds()).includes('stop'));
    await panel.page.keyboard.press('Escape');
    assert.equal((await panel.said('stop')).length, 1);
  });

  it('grows from two lines to twelve', async () => {
    panel = await PanelPage.open(bench);
    const height = async () => (await area().boundingBox())?.height ?? 0;
    const two = await height();
    await area().fill('a\nb');
    assert.equal(await height(), two);
    await area().fill('a\nb\nc');
    const three = await height();
    assert.ok(three > two);
    await area().fill('a\n'.repeat(40));
    assert.ok(Math.abs((await height()) - (two + 10 * (three - two))) < 2);
  });

  it('tells the host the draft soon after the last key, and keeps it over a reload', async () => {
    panel = await PanelPage.open(bench);
    await area().pressSequentially('a draft');
    assert.deepEqual(await panel.said('draft'), [{ type: 'draft', conversation, text: 'a draft' }]);
    // The host lost it, as when it was killed before it could keep it.
    await panel.reload({ draft: '' });
    assert.equal(await area().inputValue(), 'a draft');
  });

  it('shows what came back behind a draft that the host could not store (L2)', async () => {
    panel = await PanelPage.open(bench);
    await area().fill('a draft');
    await panel.answer('draft', { ok: false, reason: { text: 'The disk is full.' } });
    await panel.reload({ draft: 'older' });
    assert.equal(await area().inputValue(), 'a draft');
    await panel.answer('draft', { ok: false, reason: { text: 'The disk is full.' } });
    await panel.reload({ draft: 'a draft\n\ncame back' });
    assert.equal(await area().inputValue(), 'a draft\n\ncame back');
  });

  it('shows the host’s draft in a new conversation and never over what is typed', async () => {
    panel = await PanelPage.open(bench, { draft: 'from the host' });
    assert.equal(await area().inputValue(), 'from the host');
    await area().fill('typed since');
    await panel.snapshot({ draft: 'older' });
    await panel.settled();
    assert.equal(await area().inputValue(), 'typed since');
    await panel.post({ type: 'setDraft', conversation, text: 'restored' });
    await panel.settled();
    assert.equal(await area().inputValue(), 'typed since\n\nrestored');
  });

  it('tells the host the draft at once when the text loses the focus', async () => {
    panel = await PanelPage.open(bench);
    await area().fill('x');
    await area().blur();
    assert.ok((await kinds()).includes('draft'));
  });

  it('shows chips that open, and go by click or Delete', async () => {
    panel = await PanelPage.open(bench, { composer: { chips } });
    await panel.page.locator('.chipMain').click();
    assert.deepEqual(await panel.said('openSource'), [
      { type: 'openSource', uri: 'file:///workspace/src/login.ts', path: 'src/login.ts', line: 41, cell: null },
    ]);
    await panel.page.locator('.chipMain').focus();
    await panel.page.keyboard.press(listStrings.removeHint());
    await panel.page.locator('.chipRemove').click();
    assert.deepEqual(await panel.said('removeChip'), [
      { type: 'removeChip', conversation, id: 'selection' },
      { type: 'removeChip', conversation, id: 'selection' },
    ]);
  });

  it('opens the open files as a checklist and gives the focus back', async () => {
    panel = await PanelPage.open(bench, { composer: { chips } });
    await panel.page.locator('.filesChip').click();
    await panel.page.locator('.checkRow', { hasText: 'retry.ts' }).locator('input').uncheck();
    assert.deepEqual(await panel.said('includeFile'), [
      { type: 'includeFile', conversation, id: 'file:///workspace/src/retry.ts', included: false },
    ]);
    await panel.page.locator('.checkRow', { hasText: 'README.md' }).locator('input').check();
    assert.deepEqual((await panel.said('includeFile')).at(-1), {
      type: 'includeFile',
      conversation,
      id: 'file:///workspace/src/README.md',
      included: true,
    });
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await panel.page.locator('.popup').count(), 0);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.className.includes('filesChip')), true);
  });

  it('turns the open files off and on for the workspace in the first row of their popup', async () => {
    panel = await PanelPage.open(bench, { composer: { chips } });
    await panel.page.locator('.filesChip').click();
    await panel.settled();
    const all = panel.page.locator('.popup input').first();
    assert.equal(await panel.words('.popup label'), filesPopupStrings.includeOpenFiles());
    assert.ok(await all.evaluate((element) => element === document.activeElement));
    await all.uncheck();
    assert.deepEqual(await panel.said('onlyWhatIAdd'), [{ type: 'onlyWhatIAdd', conversation, only: true }]);
    const off = { kind: 'openFiles', id: 'openFiles', tokens: 0, usd: 0, files: [], on: false } as const;
    await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, chips: [off] } });
    await panel.settled();
    assert.equal(await panel.page.locator('.filesChip').innerText(), strings.openFilesNamed(0));
    assert.equal(await panel.page.locator('.checkRow').count(), 0);
    await all.check();
    assert.deepEqual((await panel.said('onlyWhatIAdd')).at(-1), { type: 'onlyWhatIAdd', conversation, only: false });
  });

  it('keeps its chips on one line at 260 px, with the shortest words', async () => {
    panel = await PanelPage.open(bench, { width: 260, composer: { chips } });
    await panel.settled();
    assert.equal(await panel.page.locator('.filesChip').innerText(), strings.filesCount(4));
    const box = await panel.page.locator('.chips').boundingBox();
    for (const chip of await panel.page.locator('.chips .chip').all()) {
      const { x = 0, y = 0, width = 0, height = 0 } = (await chip.boundingBox()) ?? {};
      assert.ok(box && x >= 0 && x + width <= 260 && y >= box.y && y + height <= box.y + box.height);
    }
    await panel.page.setViewportSize({ width: 400, height: 700 });
    assert.equal(await panel.page.locator('.filesChip').innerText(), strings.openFilesNamed(4));
  });

  it('brings back what was removed with a click where it was', async () => {
    const out = chips.map((chip) => (chip.kind === 'selection' ? { ...chip, included: false } : chip));
    const claude = {
      kind: 'instructions' as const,
      id: 'file:///w/CLAUDE.md',
      label: 'CLAUDE.md',
      path: 'CLAUDE.md',
      tokens: 300,
      usd: 0.002,
      sent: false,
      changed: false,
    };
    const project = [
      { ...claude, included: true },
      { ...claude, id: 'file:///w/AGENTS.md', label: 'AGENTS.md', included: false },
      { ...claude, id: ownInstructions.uri, label: ownInstructions.path, path: ownInstructions.path, included: true },
    ];
    panel = await PanelPage.open(bench, { composer: { chips: [...out, ...project] } });
    await panel.page.locator('[data-chip="selection"].chipOut').click();
    await panel.page.locator('[data-chip="file:///w/AGENTS.md"].chipOut').click();
    await panel.page.locator('[data-chip="file:///w/CLAUDE.md"] .chipRemove').click();
    const own = panel.page.locator(`[data-chip="${ownInstructions.uri}"] .chipMain`);
    assert.equal((await own.innerText()).trim(), strings.ownInstructions());
    await own.click();
    assert.equal((await panel.said('openFile')).at(-1)?.path, ownInstructions.path);
    const included = (await panel.said('includeFile')).map(({ id, included: is }) => [id, is]);
    assert.deepEqual(included, [
      ['selection', true],
      ['file:///w/AGENTS.md', true],
    ]);
    assert.deepEqual(
      (await panel.said('removeChip')).map(({ id }) => id),
      ['file:///w/CLAUDE.md'],
    );
  });

  it('counts the chips that do not fit', async () => {
    const many = Array.from({ length: 6 }, (_, n) => ({
      kind: 'selection' as const,
      id: `s${n}`,
      label: `someFile${n}.ts:1-20`,
      place: ':1-20',
      source: { uri: `file:///workspace/src/someFile${n}.ts`, path: `src/someFile${n}.ts`, line: 1, cell: null },
      tokens: 100,
      usd: null,
      included: true,
    }));
    panel = await PanelPage.open(bench, { width: 400, composer: { chips: [...many, ...chips.slice(1)] } });
    await panel.settled();
    const more = panel.page.locator('.chipMore');
    const hidden = Number((await more.textContent())?.trim().slice(1));
    assert.ok(hidden >= 3 && hidden <= 5, String(hidden));
    assert.equal((await panel.page.locator('.chips').boundingBox())?.height, 28);
    await more.click();
    await panel.settled();
    assert.equal(await panel.page.locator('.popup .checkRow').count(), hidden);
  });

  it('shows the price of each chip, and the weight of each open file and whether it was sent', async () => {
    panel = await PanelPage.open(bench, { width: 900, composer: { chips } });
    await panel.settled();
    assert.equal(await panel.page.locator('.chipMain').getAttribute('title'), 'src/login.ts:41-78 · $0.0030');
    assert.equal(
      await panel.page.locator('.filesChip').getAttribute('title'),
      `${strings.openFilesNamed(4)} · $0.0062`,
    );
    await panel.page.locator('.filesChip').click();
    await panel.settled();
    const weight = (count: string, usd = '') => `${filesPopupStrings.tokens(count)}${usd === '' ? '' : ` · ${usd}`}`;
    assert.equal(await panel.words('.checkSum'), filesPopupStrings.together(weight('6.6k', '$0.0062')));
    const row = (count: string, state: string, usd = '') => `${weight(count, usd)} ${state}`;
    assert.deepEqual(await panel.page.locator('.checkRow .checkWeight').allTextContents(), [
      row('900', filesPopupStrings.sent(), '$0.00045'),
      row('1.4k', filesPopupStrings.changed(), '$0.0036'),
      row('1.9k', filesPopupStrings.fresh(), '$0.00095'),
      row('2.4k', filesPopupStrings.sent(), '$0.0012'),
      row('2.9k', filesPopupStrings.removed()),
    ]);
  });

  it('asks for the key and keeps the text when there is none', async () => {
    panel = await PanelPage.open(bench, { environment: { key: { kind: 'missing' } } });
    await area().fill('a question');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await panel.said('do'), [{ type: 'do', action: 'setKey' }]);
    assert.equal(await area().inputValue(), 'a question');
    assert.ok(!(await kinds()).includes('send'));
  });

  it('opens the list of tools where there is room for its button', async () => {
    panel = await PanelPage.open(bench);
    await panel.page.locator('[data-do="chooseTools"]').click();
    assert.deepEqual(await panel.said('chooseTools'), [{ type: 'chooseTools', conversation }]);
  });
});
