/** Changes of files in the panel: the card of a step's edits, and what a turn has changed, hunk by hunk. */
import assert from 'node:assert/strict';
import type { EditedFile } from '../../src/shared/edits';
import { approvalStrings } from '../../src/webview/l10n/approvalStrings';
import { editedText, editStrings, editsTitle } from '../../src/webview/l10n/editStrings';
import { sentence } from '../../src/webview/l10n/format';
import { pickerStrings } from '../../src/webview/l10n/pickerStrings';
import { loadAxe, violations } from './axe';
import { answer, chat, longAnswer, startedAt, text, user } from './chats';
import { change, edited, editing, hunk, reviewed } from './edits';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

function asking(...parts: readonly ReturnType<typeof editing>[]): PanelOptions {
  const turn = answer('u1', [text('a', 'I mend it.'), ...parts], { outcome: null, endedAt: null });
  return { state: chat([user('u1', 'Mend it'), turn], { activity: { kind: 'tools', since: startedAt } }) };
}

function done(...edits: readonly EditedFile[]): PanelOptions {
  return { state: chat([user('u1', 'Mend it'), answer('u1', [text('a', 'Mended.')], { edits })]), width: 400 };
}

/** A step of so many edits with so many hunks each. */
function waiting(files: number, hunks: number): PanelOptions {
  const some = Array.from({ length: hunks }, (_, n) => hunk(10 * n + 1));
  return asking(
    ...Array.from({ length: files }, (_, n) => {
      return editing(`t${n}`, change(`f${n}.ts`, { hunks: some.slice(0, 3), moreHunks: Math.max(0, hunks - 3) }));
    }),
  );
}

/** The end of a turn that made them. */
function reviewable(files: number, hunks: number): PanelOptions {
  return done(...Array.from({ length: files }, (_, n) => edited(`f${n}.ts`, { open: hunks })));
}

describe('Edits in the panel', () => {
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

  const open = async (options: PanelOptions, ready: string): Promise<void> => {
    panel = await PanelPage.open(bench, options);
    await panel.page.locator(ready).first().waitFor();
  };
  const click = (name: string) => panel.page.locator(`[data-do="${name}"]`).first().click();
  const said = async (type: string) => (await panel.said()).filter((one) => one.type === type);
  const focused = () => panel.page.evaluate(() => document.activeElement?.className ?? '');

  it('of one step share a card, and each call is answered once', async () => {
    await open(asking(editing('t1', change('a.ts')), editing('t2', change('b.ts'))), '.editCard');
    assert.equal(await panel.page.locator('.editCard').count(), 1);
    assert.match(await panel.words('.approvalTitle'), new RegExp(editsTitle(2)));
    await panel.page.locator('[data-do="apply"]').dblclick({ timeout: 2000 });
    await panel.settled();
    assert.deepEqual(
      (await panel.said('approve')).map(({ key, span }) => [key, span]),
      [
        ['t1', 'once'],
        ['t2', 'once'],
      ],
    );
    assert.deepEqual(await said('setReview'), []);
    assert.equal(await panel.page.locator('.editCard').count(), 0);
  });

  it('are applied with the rest at the end', async () => {
    await open(asking(editing('t1', change('a.ts'))), '.editCard');
    await click('applyAtEnd');
    assert.deepEqual(await panel.said('setReview'), [{ type: 'setReview', conversation, atEnd: true }]);
    assert.equal((await panel.said('approve')).length, 1);
  });

  it('that always ask have a card of their own, without a second button', async () => {
    await open(
      asking(editing('t1', change('.vscode/tasks.json'), ['runsCode']), editing('t2', change('b.ts'))),
      '.editCard',
    );
    const own = panel.page.locator('[data-approval="t1"]');
    assert.equal(await own.locator('[data-do="applyAtEnd"]').count(), 0);
    assert.equal(await panel.page.locator('[data-approval="t2"] [data-do="applyAtEnd"]').count(), 1);
    assert.match(await panel.words(own), /can run code/);
    await panel.page.locator('[data-approval="t2"] [data-do="applyAtEnd"]').click();
    await panel.settled();
    assert.deepEqual(
      (await panel.said('approve')).map(({ key }) => key),
      ['t2'],
    );
    assert.equal(await own.count(), 1);
  });

  it('are rejected alone, or all with a reason', async () => {
    await open(
      asking(editing('t1', change('a.ts')), editing('t2', change('b.ts')), editing('t3', change('c.ts'))),
      '.editCard',
    );
    await click('rejectOne');
    assert.deepEqual(await panel.said('deny'), [{ type: 'deny', conversation, key: 't1', reason: '' }]);
    assert.match(await panel.words('.approvalTitle'), new RegExp(editsTitle(2)));
    await click('deny');
    await panel.page.locator('.denialReason:focus').waitFor();
    await panel.page.keyboard.type('Not there');
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.deepEqual(
      (await panel.said('deny')).slice(1).map(({ key, reason }) => [key, reason]),
      [
        ['t2', 'Not there'],
        ['t3', 'Not there'],
      ],
    );
    assert.equal(await focused(), 'composerText');
  });

  it('take no focus, and Enter in the text applies nothing', async () => {
    panel = await PanelPage.open(bench, asking());
    await panel.page.locator('.composerText').focus();
    await panel.events({ type: 'partStarted', answer: 'u1', part: editing('t1', change('a.ts')) });
    await panel.page.locator('.editCard').waitFor();
    assert.equal(await focused(), 'composerText');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.composerText').fill('And?');
    await panel.page.keyboard.press('Enter');
    await panel.post({ type: 'review', answer: null });
    await panel.settled();
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await said('approve'), []);
    for (
      let tabs = 0;
      tabs < 10 && (await panel.page.evaluate(() => document.activeElement?.getAttribute('data-do'))) !== 'apply';
      tabs += 1
    )
      await panel.page.keyboard.press('Tab');
    await panel.page.keyboard.press('Enter');
    assert.equal((await panel.said('approve')).length, 1);
  });

  it('show the first lines and hunks, what is unsaved, and the diff on request', async () => {
    const long = hunk(1, { lines: Array.from({ length: 30 }, (_, n) => `+line ${n}`) });
    await open(
      asking(editing('t1', change('a.ts', { hunks: [long, hunk(50)], moreHunks: 12, unsaved: true }))),
      '.editCard',
    );
    assert.equal(await panel.page.locator('.diffLine').count(), 12);
    const words = await panel.words('.editCard');
    assert.ok(words.includes(editStrings.moreLines(18)) && words.includes(editStrings.moreHunks(13)), words);
    assert.ok(words.includes(sentence([editStrings.unsaved()])), words);
    await click('openDiff');
    assert.deepEqual(await panel.said('openProposed'), [{ type: 'openProposed', conversation, key: 't1' }]);
  });

  it('are heard with their lines, and said above the text while they are out of sight', async () => {
    const parts = [editing('t1', change('login.ts')), editing('t2', change('b.ts'))];
    panel = await PanelPage.open(bench, asking());
    await panel.events(
      { type: 'partStarted', answer: 'u1', part: { ...parts[0], status: 'preparing', approval: undefined } as never },
      { ...(parts[0] as object), type: 'tool', answer: 'u1' } as never,
    );
    assert.equal(await panel.words('.live'), approvalStrings.announce('edit login.ts, 3 lines added, 1 removed'));
    await panel.close();
    const turn = answer('u1', [...parts], { outcome: null, endedAt: null });
    const above = answer('u0', [text('a', longAnswer.repeat(3))]);
    await open(
      {
        state: chat([user('u0', 'Why?'), above, user('u1', 'Mend'), turn], {
          activity: { kind: 'tools', since: startedAt },
        }),
        height: 500,
      },
      '.editCard',
    );
    await panel.page.locator('.transcript').evaluate((box) => box.scrollTo(0, 0));
    await panel.page.locator('.waitingBar').waitFor();
    assert.match(await panel.words('.waitingBar'), new RegExp(`^${approvalStrings.editsWait(2)}`));
  });

  it('refused by the host say so where they were answered', async () => {
    await open(asking(editing('t1', change('a.ts'))), '.editCard');
    await click('apply');
    await panel.answer('approve', { ok: false, reason: { text: 'This has ended.' } });
    assert.match(await panel.words('.editProblem'), /This has ended\./);
  });

  it('of a turn are kept and undone by hunk, file and turn, each once', async () => {
    await open(done(edited('a.ts'), edited('b.ts', { open: 0 })), '.editsEnd');
    assert.match(await panel.words('.editsTitle'), new RegExp(`${editedText(2)}, ?\\+6 −2`));
    assert.deepEqual(await said('editHunks'), []);
    await panel.page.locator('.editsEnd .foldLine').first().click();
    assert.deepEqual(await panel.said('editHunks'), [
      { type: 'editHunks', conversation, answer: 'u1', uri: 'file:///w/a.ts' },
    ]);
    const hunks = [reviewed('h1', 41), reviewed('h2', 70, { changedSince: true })];
    await panel.answer('editHunks', { ok: true, value: hunks });
    assert.equal(await panel.page.locator('.hunk').count(), 2);
    assert.equal(await panel.page.locator('[data-hunk="h2"] [data-do="undo"]').count(), 0);
    assert.match(await panel.words('[data-hunk="h2"]'), new RegExp(editStrings.changedSince()));
    await panel.page
      .locator('[data-hunk="h1"] [data-do="undo"]')
      .dblclick({ timeout: 2000 })
      .catch(() => undefined);
    const decided = { type: 'decideEdits', conversation, answer: 'u1' } as const;
    assert.deepEqual(await panel.said('decideEdits'), [{ ...decided, uri: 'file:///w/a.ts', hunk: 'h1', keep: false }]);
    assert.match(await panel.words('[data-hunk="h1"] .editState'), new RegExp(editStrings.undone()));
    await panel.answer('decideEdits', { ok: true, value: null });
    // What it was asked before comes late: it is no longer open.
    await panel.events({
      type: 'edits',
      answer: 'u1',
      files: [edited('a.ts', { open: 1, undone: true, added: 1 }), edited('b.ts', { open: 0 })],
    });
    assert.equal((await panel.said('editHunks')).length, 2);
    await panel.answer('editHunks', { ok: true, value: hunks });
    assert.equal(await panel.page.locator('[data-hunk="h1"] [data-do="undo"]').count(), 0);
    await panel.page.locator('.editRow > .editDeciders [data-do="keep"]').first().click();
    await click('undoAll');
    assert.deepEqual((await panel.said('decideEdits')).slice(1), [
      { ...decided, uri: 'file:///w/a.ts', hunk: null, keep: true },
      { ...decided, uri: null, hunk: null, keep: false },
    ]);
    await click('reviewChanges');
    assert.deepEqual(await panel.said('reviewChanges'), [
      { type: 'reviewChanges', conversation, answer: 'u1', uri: null },
    ]);
  });

  it('that cannot be undone say why at their hunk, and are loaded anew', async () => {
    await open(done(edited('a.ts')), '.editsEnd');
    await panel.page.locator('.editsEnd .foldLine').first().click();
    await panel.answer('editHunks', { ok: true, value: [reviewed('h1', 41)] });
    await panel.page.locator('[data-hunk="h1"] [data-do="undo"]').click();
    await panel.answer('decideEdits', { ok: false, reason: { text: 'These lines have changed.' } });
    assert.match(await panel.words('[data-hunk="h1"] .editProblem'), /These lines have changed\./);
    assert.equal((await panel.said('editHunks')).length, 2);
    assert.equal(await panel.page.locator('[data-hunk="h1"] [data-do="undo"]').count(), 1);
  });

  it('say what became of each file', async () => {
    await open(
      done(
        edited('a.ts', { open: 0 }),
        edited('b.ts', { open: 0, undone: true }),
        edited('c.ts', { kind: 'create', open: 0, undone: true, added: 0, removed: 0 }),
        edited('d.ts', { kind: 'rename', to: 'e.ts', open: 1 }),
        edited('f.ts', { kind: 'delete', open: 1 }),
        edited('g.ts', { open: 0, added: 0, removed: 0 }),
      ),
      '.editsEnd',
    );
    const rows = (await panel.page.locator('.editsEnd .editFile').allTextContents()).map((row) =>
      row.replace(/\s+/g, ' '),
    );
    const words = [
      [editStrings.kept()],
      [editStrings.partlyUndone()],
      [editStrings.created(), editStrings.undone()],
      [editStrings.renamed('e.ts'), editStrings.open(1)],
      [editStrings.deleted(), editStrings.open(1)],
      [editStrings.nothingLeft()],
    ];
    for (const [index, each] of words.entries())
      for (const word of each) assert.ok(rows[index]?.includes(word), `${rows[index]}: ${word}`);
  });

  it('of which nothing is left to review say so, though they are not decided', async () => {
    await open(
      done(edited('a.ts'), edited('b.ts'), edited('c.ts', { kind: 'rename', to: 'd.ts', open: 1 })),
      '.editsEnd',
    );
    const states = (): Promise<string[]> => panel.page.locator('.editsEnd .editState').allTextContents();
    const unfold = async (nth: number, answer: object): Promise<void> => {
      await panel.page.locator('.editsEnd .foldLine').nth(nth).click();
      await panel.answer('editHunks', answer as never);
    };
    const note = (words: string): Promise<void> =>
      panel.page.locator('.editBody.approvalNote', { hasText: words }).waitFor();
    const [two, one] = [editStrings.open(2), editStrings.open(1)];
    assert.deepEqual(await states(), [two, two, one]);
    await unfold(0, { ok: true, value: [] });
    await note(editStrings.noHunks());
    assert.deepEqual(await states(), [editStrings.nothingLeft(), two, one]);
    // Nobody knows of one that cannot be looked at, and a new name is still to be decided about.
    await unfold(1, { ok: false, reason: { text: 'It is gone.' } });
    await panel.page.locator('.editProblem').waitFor();
    await unfold(2, { ok: true, value: [] });
    await note(editStrings.nameOnly());
    assert.deepEqual(await states(), [editStrings.nothingLeft(), two, one]);
  });

  it('are reviewed as the composer says, where anything can be written', async () => {
    panel = await PanelPage.open(bench, { ...done(), composer: { review: 'ask' } });
    const button = panel.page.locator('[data-picker="review"]');
    assert.equal(await panel.words(button), pickerStrings.review('ask'));
    await button.click();
    await panel.page.locator('.option[data-value="atEnd"]').click();
    assert.deepEqual(await panel.said('setReview'), [{ type: 'setReview', conversation, atEnd: true }]);
    await panel.snapshot(done());
    await panel.settled();
    assert.equal(await button.count(), 0);
  });

  for (const width of [260, 400]) {
    it(`fit into ${width} px, and have no faults that axe knows`, async () => {
      const path = `src/${'veryLongNameOfAFolder/'.repeat(4)}login.ts`;
      await open(
        { ...asking(editing('t1', change(path)), editing('t2', change('b.ts'))), width, composer: { review: 'atEnd' } },
        '.editCard',
      );
      const inside = async (box: string, parts: string): Promise<void> => {
        const outer = await panel.page.locator(box).first().boundingBox();
        assert.ok(outer !== null);
        for (const part of await panel.page.locator(parts).all()) {
          const place = await part.boundingBox();
          assert.ok(
            place !== null && place.x >= outer.x && place.x + place.width <= outer.x + outer.width + 0.5,
            `${parts} ${width}`,
          );
          assert.ok(place.height >= 24, `${place.height}`);
        }
      };
      await inside('.editCard', '.editCard button');
      const seenWhole = async (): Promise<void> => {
        const parts = panel.page.locator('.diff, .editFile .lineWords, .editFile .editKind');
        const cut = await parts.evaluateAll((all) =>
          all.filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent),
        );
        assert.deepEqual(cut, [], 'a line or a name is seen whole');
      };
      await seenWhole();
      await panel.page.locator('.editCard [data-do="deny"]').click();
      await panel.page.locator('.denialReason').waitFor();
      await inside('.approvalButtons', '.denial, .denial > *');
      await inside('.composerBar', '.composerBar button:visible');
      await loadAxe(panel.page);
      assert.deepEqual(await violations(panel.page, 'dark'), []);
      await panel.snapshot({
        ...done(edited(path), edited('b.ts', { kind: 'create' }), edited('c.ts', { kind: 'rename', to: path })),
        composer: { review: 'atEnd' },
      });
      await panel.page.locator('.editsEnd .foldLine').first().click();
      await panel.answer('editHunks', {
        ok: true,
        value: [reviewed('h1', 41), reviewed('h2', 70, { changedSince: true })],
      });
      await inside('.editsEnd', '.editsEnd button');
      await seenWhole();
      assert.deepEqual(await violations(panel.page, 'dark'), []);
      assert.equal(await panel.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    });
  }

  for (const [where, ready, of] of [
    ['a card', '.editCard', waiting],
    ['a turn’s end', '.editsEnd', reviewable],
  ] as const) {
    it(`of 40 files make no more nodes on ${where} than those of seven, until the other files are asked for`, async () => {
      const nodes = async (files: number): Promise<number> => {
        await panel.snapshot(of(files, 5));
        await panel.settled();
        return panel.page.locator('.turn.answer *').count();
      };
      await open(of(2, 1), ready);
      const few = await nodes(7);
      assert.equal(await nodes(40), few);
      assert.ok((await panel.page.locator('.diffLine').count()) <= 12);
      assert.deepEqual(await said('editHunks'), []);
      const more = panel.page.locator('[data-do="moreFiles"]');
      assert.equal(await panel.words(more), editStrings.moreFiles(37));
      await more.click();
      await panel.settled();
      assert.equal(await panel.page.locator('.editFile').count(), 40);
      assert.equal(await more.count(), 0);
      await nodes(6);
      assert.equal(await panel.page.locator('.editFile').count(), 6, 'one or two more are shown as well');
    });
  }

  it('that wait stand on their card alone, and on their lines when they were answered', async () => {
    await open(asking(editing('t1', change('a.ts')), editing('t2', change('b.ts'))), '.editCard');
    assert.equal(await panel.page.locator('.tool').count(), 0);
    const { approval: _, ...done } = editing('t1', change('a.ts'));
    await panel.events({ ...done, type: 'tool', answer: 'u1', status: 'done' });
    assert.equal(await panel.page.locator('.tool').count(), 1);
    assert.match(await panel.words('.editCard'), /b\.ts/);
  });
});
