/** States of what pops up at the composer, of the cost line, and of changes that are looked through. */
import { modelOf, modelTable } from '../../src/core/models/models';
import { modelChoices } from '../../src/host/pricing/models';
import { ownInstructions } from '../../src/shared/protocol';
import { answer, chat, chips, compaction, longAnswer, startedAt, text, user } from './chats';
import { nextCost, unknownCost } from './costs';
import { change, edited, editing, hunk, reviewed } from './edits';
import type { PanelOptions, PanelPage } from './panelPage';

/** What the panel shows, and what is opened in it then. */
export interface PanelState extends PanelOptions {
  readonly opened?: (panel: PanelPage) => Promise<void>;
}

const question = user('u1', 'Why does login retry twice?');
const spoken = chat([question, answer('u1', [text('a', longAnswer)])]);
const offer = {
  usd: 0.1,
  ownUsd: 0.62,
  model: 'claude-haiku-5-5',
  modelName: 'Haiku 5.5',
  byPrice: true,
  isFull: false,
};
const dear = { askUsd: 0.94, answerUsd: 0.03, rangeUsd: { low: 0.95, high: 1.2 }, cachedTokens: 0 } as const;
const models = modelChoices(
  modelTable.map((model) => ({ model, facts: null })),
  modelOf('claude-opus-4-8'),
  startedAt,
);
const longWord = `${' '.repeat(8)}https://example.org/a/very/long/address/without/a/blank/that/goes/on`;
const lines = [
  `+${longWord}`,
  '-    const before = 1;',
  `+${' '.repeat(12)}return retryLoginOfTheSideBar(user, attempts);`,
];
const moved = { kind: 'rename', to: 'src/webview/composer/loginControllerOfTheSideBar.ts' } as const;

const click =
  (selector: string) =>
  (panel: PanelPage): Promise<void> =>
    panel.page.locator(selector).first().click();

/** By their names. */
export const moreStates: Readonly<Record<string, PanelState>> = {
  'an unknown cost': { composer: { next: unknownCost } },
  'an unusual cost': {
    composer: { next: nextCost({ ...dear, cache: { kind: 'cold' } }), pausedSince: Date.now() - 7_500_000 },
    state: spoken,
  },
  'a summary for its price': {
    composer: {
      next: nextCost({ ...dear, cache: { kind: 'cold' }, summary: offer }),
      pausedSince: Date.now() - 7_500_000,
    },
    state: chat([...spoken.items, compaction({ id: 'c1', usd: 0.08 })]),
  },
  'a window that fills': {
    composer: {
      next: nextCost({
        ...dear,
        tokens: 910_000,
        parts: { instructions: 900, tools: 1_100, files: 8_000, history: 900_000, images: 0 },
        summary: { ...offer, isFull: true },
      }),
    },
    state: spoken,
  },
  'the ways of reviewing': {
    composer: { review: 'atEnd' },
    state: spoken,
    opened: click('.composerReview'),
  },
  models: {
    environment: { models, modelList: 'live' },
    state: spoken,
    opened: async (panel) => {
      await panel.page.locator('.composerModel').click();
      await panel.page.locator('[role=option]').first().waitFor();
    },
  },
  efforts: {
    environment: { models },
    composer: { review: 'ask' },
    width: 280,
    state: spoken,
    opened: click('.composerEffort'),
  },
  'the user’s own instructions': {
    composer: {
      chips: [
        {
          kind: 'instructions',
          id: ownInstructions.uri,
          label: ownInstructions.path,
          path: ownInstructions.path,
          tokens: 300,
          usd: 0.001,
          included: true,
          sent: false,
          changed: false,
        },
        ...chips.filter(({ kind }) => kind === 'openFiles'),
      ],
    },
  },
  'a card of renames and long lines': {
    state: chat(
      [
        question,
        answer(
          'u1',
          [
            editing('t1', change('src/login.ts', { hunks: [hunk(41, { lines })] })),
            editing('t2', change('src/webview/loginController.ts', { ...moved, hunks: [hunk(3)] })),
          ],
          { outcome: null, endedAt: null },
        ),
      ],
      { activity: { kind: 'tools', since: startedAt } },
    ),
    opened: (panel) => panel.page.locator('.editCard .hunk, .editCard .diff').first().waitFor(),
  },
  'hunks at the end': {
    state: chat([
      question,
      answer('u1', [text('a', 'Done.')], {
        edits: [edited('src/webview/loginController.ts', { ...moved, uri: 'file:///w/b.ts' }), edited('src/old.ts')],
      }),
    ]),
    opened: async (panel) => {
      await panel.page.locator('.editsEnd').waitFor();
      const folded = panel.page.locator('.editsEnd .foldLine[aria-expanded="false"]');
      if ((await folded.count()) > 0) await folded.first().click();
      await panel.answer('editHunks', {
        ok: true,
        value: [reviewed('h1', 41, { lines }), reviewed('h2', 70, { changedSince: true })],
      });
    },
  },
};
