/** What the panel shows and reads out in each of its states: how requests are billed is told where a click opens it. */
import assert from 'node:assert/strict';
import type { CacheMissReason, Outcome } from '../../src/shared/chat';
import type { ContextLine } from '../../src/shared/contextLine';
import { billingWords } from './billingWords';
import { answer, chat, chips, compaction, failure, shortTools, startedAt, text, user } from './chats';
import { nextCost, unknownCost } from './costs';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const line = (change: ContextLine['change'], more: Partial<ContextLine> = {}): ContextLine => ({
  change,
  path: 'src/login.ts',
  linesAdded: 3,
  linesRemoved: 1,
  ...more,
});
const warm = { times: 3, usd: 0.012, model: 'claude-opus-4-8', stopped: null } as const;
const fresh = (reason: 'cold' | 'stale' | 'window') =>
  line('rebased', { path: '', rebase: { reason, savedTokens: 4200, usd: -0.012 } });
const context = (id: string, ...lines: readonly ContextLine[]) =>
  ({ type: 'context', id, at: startedAt, lines }) as const;
const reasons: readonly CacheMissReason[] = [
  ...(['model', 'effort', 'system', 'tools', 'messages', 'image'] as const),
  ...(['update', 'thinking', 'expired', 'gone', 'notFound', 'unknown'] as const),
];
const pause = {
  kind: 'spendLimit',
  per: 'turn',
  limitUsd: 2,
  spentUsd: 1.9,
  nextUsd: null,
  steps: 3,
  unpriced: 0,
} as const;
const outcomes: readonly Outcome[] = [
  { kind: 'contextWindow' },
  { kind: 'maxTokens' },
  { ...pause, tokens: { limit: 2_000_000, spent: 1_900_000, next: 96_000 } },
  {
    kind: 'failed',
    failure: failure({ code: 'promptTooLong', message: 'prompt is too long: 212000 tokens > 200000 maximum' }),
  },
  { kind: 'failed', failure: failure({ code: 'maxTokens', remedy: { kind: 'maxTokens', tokens: 4096 } }) },
];

const states: Readonly<Record<string, PanelOptions>> = {
  'an empty chat, with what goes along': {
    composer: { chips, firstSend: { automatic: true, labels: ['login.ts:41-78'], files: 5 } },
  },
  'a demo': { environment: { key: { kind: 'demo' } }, state: chat([user('u1', 'Why?')]) },
  'a conversation of every kind of line': {
    composer: { chips, todayUsd: 1.2, pausedSince: Date.now() - 7_300_000, next: nextCost({ tokens: 820_000 }) },
    environment: { column: true },
    width: 900,
    state: chat([
      context('s1', line('opened'), line('selection')),
      user('u1', 'Why?'),
      answer('u1', [...shortTools, text('a', 'Because.')], {
        cacheMisses: reasons.map((reason) => ({ reason, tokens: 18_400, usd: 0.11 })),
      }),
      context('s2', fresh('cold')),
      context('s3', fresh('stale')),
      context('s4', fresh('window')),
      context('w1', line('warmed', { path: '', warm })),
      context('w2', line('warmed', { path: '', warm: { ...warm, stopped: 'refused' } })),
      context('w3', line('warmed', { path: '', warm: { ...warm, stopped: 'missed' } })),
      context('c1', line('modified'), line('added'), line('removed'), line('unreadable')),
      compaction(),
      compaction({ id: 'c2', outcome: { kind: 'stopped' } }),
    ]),
  },
  'an excluded answer and an undone compaction': {
    state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'Because.')]), compaction()], {
      excluded: ['turn/u1/0', 'compaction/c1/0'],
    }),
  },
  'another model, another effort, something excluded': {
    composer: {
      next: unknownCost,
      rewrite: { kind: 'model', from: 'Opus 4.8', to: 'Sonnet 4.6', tokens: 18_000, usd: 0.07 },
    },
  },
  'a server that takes less': {
    environment: {
      address: {
        host: 'gateway.example',
        notes: [
          { key: 'k1', turn: 'u1', what: { kind: 'maxTokens', model: 'Opus 4.8', tokens: 4096 } },
          { key: 'k2', turn: 'u1', what: { kind: 'unsignedThinking' } },
        ],
      },
    },
    state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'Because.')])]),
  },
  attachments: {
    composer: { attachments: [{ kind: 'selection', id: 'file:///a.ts:1-3', label: 'a.ts:1-3', tokens: 480 }] },
  },
  ...Object.fromEntries(
    outcomes.map((outcome) => [
      `a turn that ended: ${outcome.kind === 'failed' ? outcome.failure.code : outcome.kind}`,
      { state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'Because.')], { outcome })]) },
    ]),
  ),
};

describe('The panel itself speaks of no tokens and caches', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(() => panel.close());

  for (const [name, options] of Object.entries(states)) {
    it(`in ${name}`, async () => {
      panel = await PanelPage.open(bench, options);
      await panel.settled();
      const said = await panel.page.evaluate(() => {
        // What a click opens: popups, and what stands under Details.
        const opened = '.popup, [popover], details > :not(summary)';
        const found: string[] = [];
        for (const element of document.body.querySelectorAll('*')) {
          if (element.closest(opened) !== null || element.closest('script, style') !== null) continue;
          for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
            found.push(element.getAttribute(name) ?? '');
          for (const node of element.childNodes) if (node instanceof Text) found.push(node.data);
        }
        return found.filter((one) => one.trim() !== '');
      });
      assert.ok(said.length > 10);
      assert.deepEqual(
        said.filter((one) => billingWords.test(one)),
        [],
      );
    });
  }
});
