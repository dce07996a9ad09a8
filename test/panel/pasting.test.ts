/** What is pasted: into the words, beside them, and where the cursor is. */
import assert from 'node:assert/strict';
import { refusals } from '../../src/host/base/plainStrings';
import type { DraftAttachment } from '../../src/shared/protocol';
import { strings } from '../../src/webview/l10n/strings';
import { giveTo } from './giving';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

describe('What is pasted', () => {
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

  const give = (text: string): Promise<boolean> => giveTo(panel.page, 'paste', [], { 'text/plain': text });
  const refused = () => panel.page.locator('.attachmentNote.refused .noteWords');

  it('that is long is folded beside the words, and one stays in them that could not be stored (L68)', async () => {
    panel = await PanelPage.open(bench, { draft: 'Why? ' });
    const long = `Error\n${'a line of a log\n'.repeat(50_000)}`;
    const area = panel.page.locator('textarea');
    assert.equal(await give(long), true);
    assert.deepEqual(await panel.said('attachPasted'), [{ type: 'attachPasted', conversation, text: long }]);
    assert.equal(await panel.words('.chip.taking'), strings.takingIn(strings.pastedText()));
    await panel.answer('attachPasted', { ok: true, value: null });
    assert.deepEqual([await panel.page.locator('.chip.taking').count(), await area.inputValue()], [0, 'Why? ']);
    await giveTo(panel.page, 'drop', [], { 'text/plain': 'x\n'.repeat(300) });
    assert.equal((await panel.said('attachPasted')).length, 2, 'dropped, and long by its lines');
    await panel.answer('attachPasted', { ok: false, reason: refusals.textGone() });
    assert.equal(await area.inputValue(), `Why? ${'x\n'.repeat(300)}`);
    assert.equal(await refused().count(), 1);
    for (const short of ['x'.repeat(8000), ' '.repeat(9000)])
      assert.equal(await give(short), false);
  });

  it('that is folded can be looked at, removed, and put into the words again (L68)', async () => {
    const id = 'e'.repeat(64);
    const label = 'Error: it broke';
    const attachments: readonly DraftAttachment[] = [
      { id, kind: 'document', label, mediaType: 'text/plain', pasted: true, bytes: 812_000, tokens: 300_000 },
    ];
    panel = await PanelPage.open(bench, { draft: 'Before. After.', composer: { attachments } });
    const chip = panel.page.locator('.chip.attachment');
    assert.equal(await panel.words(chip), `${label} 812 kB`);
    await chip.locator('.chipMain').click();
    assert.deepEqual(await panel.said('openText'), [{ type: 'openText', id, label }]);
    await panel.page.locator('textarea').evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(8, 8));
    await chip.locator('.chipMain').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.answer('pastedText', { ok: true, value: 'Line 1\nLine 2' });
    const area = panel.page.locator('textarea');
    assert.equal(await area.inputValue(), 'Before. Line 1\nLine 2After.');
    assert.deepEqual(await panel.said('detach'), [{ type: 'detach', conversation, id }]);
    await area.press('ControlOrMeta+z');
    assert.equal(await area.inputValue(), 'Before. After.');
    await panel.forget();
    await chip.locator('.chipMain').focus();
    await panel.page.keyboard.press('Delete');
    assert.deepEqual(await panel.said('detach'), [{ type: 'detach', conversation, id }]);
  });
});
