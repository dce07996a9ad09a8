/** States of what fails, waits or is offered: each with its words and its next step. */
import { answer, chat, failure, text, user } from './chats';
import { listPage } from './lists';
import type { PanelState } from './moreStates';
import { baseComposer, baseEnvironment, conversation, type PanelPage } from './panelPage';

const question = user('u1', 'Why does login retry twice?');
const spoken = chat([question, answer('u1', [text('a', 'Because.')])]);
const moved = { key: 'old', from: '~/a/long/way/down/shop', count: 34 };
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const shot = { kind: 'image', id: 'd'.repeat(64), label: 'login.png', mediaType: 'image/png' } as const;

const lost = (code: 'storeRescued' | 'overloaded'): PanelState => ({
  state: chat([
    question,
    answer('u1', [text('a', 'Some')], { outcome: { kind: 'failed', failure: failure({ code }) } }),
  ]),
});

async function askForList(panel: PanelPage): Promise<void> {
  await panel.forget();
  await panel.post({ type: 'showConversations' });
  await panel.said('listConversations');
}

/** By their names. */
export const failedStates: Readonly<Record<string, PanelState>> = {
  'an answer that is saved later': lost('storeRescued'),
  'an earlier step of a turn that failed': lost('overloaded'),
  'a pause for what it costs': {
    state: chat([
      question,
      answer('u1', [text('a', 'Some')], {
        outcome: {
          kind: 'spendLimit',
          per: 'turn',
          limitUsd: 2,
          spentUsd: 1.98,
          nextUsd: 0.06,
          steps: 31,
          unpriced: 1,
        },
      }),
    ]),
  },
  'a part that is shown as its text': {
    state: chat([question, answer('u1', [text('a', `Before **it**\n\n${'- '.repeat(1000)}x\n\nAfter`)])]),
  },
  'an offer in an empty chat': { environment: { moved } },
  'a conversation that cannot be opened': {
    opened: async (panel) => {
      await panel.post({ type: 'unopened', conversation: 'bad', title: '', reason: '' });
      await panel.page.locator('[data-unopened]').waitFor();
    },
  },
  'a panel that failed': {
    opened: async (panel) => {
      await panel.page.evaluate(() => {
        const set = (): void => {
          throw new Error('nothing can be shown');
        };
        Object.defineProperty(document.querySelector('.transcript'), 'ariaLabel', {
          configurable: true,
          get: set,
          set,
        });
      });
      const shown = { conversation, seq: 0, state: spoken, composer: baseComposer, draft: '' };
      await panel.post({ type: 'snapshot', ...shown });
      await panel.page.locator('.viewFailed').waitFor();
    },
  },
  'a conversation on its way': {
    opened: async (panel) => {
      await panel.page.reload();
      await panel.post({ type: 'environment', environment: baseEnvironment });
      await panel.page.locator('.loading').waitFor();
    },
  },
  'a large image': {
    state: chat([{ ...question, attachments: [shot] }]),
    opened: async (panel) => {
      await panel.page.locator('.sentImage').click();
      await panel.answer('loadBlob', { ok: true, value: { data: png, mediaType: 'image/png' } });
      await panel.page.locator('.largeImage img[src]').waitFor();
    },
  },
  'the problem of the list': {
    state: spoken,
    opened: async (panel) => {
      await askForList(panel);
      await panel.answer('listConversations', { ok: false, reason: { text: 'The disk is full.' } });
      await panel.page.locator('.listProblem').waitFor();
    },
  },
  'an offer above the list': {
    state: spoken,
    opened: async (panel) => {
      await askForList(panel);
      await panel.answer('listConversations', { ok: true, value: listPage({ offer: moved }) });
      await panel.page.locator('.conversations .listOffer').waitFor();
    },
  },
  'a conversation that was deleted': {
    state: spoken,
    opened: async (panel) => {
      await askForList(panel);
      await panel.answer('listConversations', { ok: true, value: listPage() });
      await panel.page
        .locator('[data-row="delete"]')
        .first()
        .evaluate((button) => (button as HTMLElement).click());
      await panel.page.locator('.listUndo').waitFor();
    },
  },
};
