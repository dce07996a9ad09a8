/**
 * What the panel's parts cost in what is large beside what is small: finding in 1,000 turns beside 10, `@` over 50,000 files
 * beside 500, and a long paste beside reading the clipboard.
 */
import type { CDPSession } from 'playwright-core';
import { ChatFinder } from '../../src/core/transcript/findInChat';
import { onDemand } from '../../src/host/session/onDemand';
import { Screen } from '../../src/host/session/turns/screen';
import { type ChatState, emptyChat } from '../../src/shared/chat';
import type { FindQuery } from '../../src/shared/find';
import { filled } from '../../src/shared/phrase';
import { earlierThan, tailOf } from '../../src/shared/tail';
import { user } from '../panel/chats';
import { baseComposer, type PanelBench, PanelPage, startBench } from '../panel/panelPage';
import { type Bench, type Figure, figure, measured, median } from './bench';
import { longPath } from './light/longPath';
import { mentioned } from './panel/mentioned';
import { pastes } from './panel/pasting';

const rounds = 3;

/** Once in each turn. */
const query: FindQuery = { text: 'why is that', matchCase: false, wholeWord: false };

/** Steps back in the long one: through a fifth of its turns, most of which the view has not got. */
const steps = 200;

const newFinder = (): ChatFinder => new ChatFinder(({ text, args }) => filled(text, args ?? []));

/** All of a conversation, as the host has it. */
function stateOf(turns: number): ChatState {
  const screen = new Screen('c', {
    composer: () => baseComposer,
    draft: () => '',
    failed: (error) => {
      throw error;
    },
  });
  screen.rebuild(longPath(turns), 'A conversation');
  return screen.state;
}

/** CPU time of this process, ms. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A panel whose host is this process. */
class Found {
  /** ms of CPU that the host's part took: what it looks through and what it posts. */
  hostMs = 0;
  readonly #finder = newFinder();

  private constructor(
    readonly panel: PanelPage,
    private readonly session: CDPSession,
    private readonly whole: ChatState,
  ) {}

  static async open(bench: PanelBench, whole: ChatState): Promise<Found> {
    const panel = await PanelPage.open(bench, { alone: true, state: emptyChat('another') });
    const session = await panel.page.context().newCDPSession(panel.page);
    await session.send('Performance.enable');
    return new Found(panel, session, whole);
  }

  /** ms that the page's main thread has worked, and the host. */
  async workedMs(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    const tasks = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    return tasks * 1000 + this.hostMs;
  }

  /** Opens the conversation. */
  async show(): Promise<void> {
    await this.panel.snapshot({ state: tailOf(this.whole) });
    await this.panel.settled();
  }

  /** Opens the box, and looks for the words. */
  async look(): Promise<void> {
    await this.panel.post({ type: 'find', step: 'open' });
    await this.panel.page.locator('.findText').fill(query.text);
    await this.panel.said('find');
    const started = cpu();
    const value = await this.#finder.find(this.whole.items, query);
    JSON.stringify(value);
    this.hostMs += cpu() - started;
    await this.panel.answer('find', { ok: true, value });
    await this.#marked();
  }

  async previous(): Promise<void> {
    await this.panel.page.keyboard.press('Shift+Enter');
    await this.#marked();
  }

  /** Until the match that was gone to is marked; what is asked for on the way is given. */
  async #marked(): Promise<void> {
    for (;;) {
      await this.panel.settled();
      const isThere = await this.panel.page.evaluate(() => {
        const [one] = [...(CSS.highlights.get('preludeFoundNow') ?? [])];
        return (
          one?.startContainer.isConnected === true &&
          window.panelHost.asks.every(({ intent }) => intent.type !== 'earlier')
        );
      });
      if (isThere) return;
      const asked = (await this.panel.said()).findLast((one) => one.type === 'earlier');
      if (asked?.type !== 'earlier') continue;
      const started = cpu();
      const value = earlierThan(this.whole, asked.before, asked.to);
      JSON.stringify(value);
      this.hostMs += cpu() - started;
      await this.panel.answer('earlier', { ok: true, value });
      await this.panel.forget();
    }
  }

  close(): Promise<void> {
    return this.panel.close();
  }
}

interface Costs {
  /** ms per match that is shown, of all there is to it: the chat is drawn, the words are looked for, one match after the other. */
  readonly shown: number;
  /** ms per match of the second half of the way, and of the first. */
  readonly later: number;
  readonly earlier: number;
}

async function costs(bench: PanelBench, whole: ChatState, turns: number): Promise<Costs> {
  const found = await Found.open(bench, whole);
  try {
    const start = await found.workedMs();
    await found.show();
    await found.look();
    const count = Math.min(steps, turns - 1);
    const half = Math.floor(count / 2);
    const walked = [await found.workedMs()];
    for (let n = 1; n <= count; n += 1) {
      await found.previous();
      if (n === half || n === count) walked.push(await found.workedMs());
    }
    const text = await found.panel.words('.findCount');
    const at = Number(/\d[\d,]*/.exec(text)?.[0].replaceAll(',', ''));
    if (at !== turns - count) throw new Error(`It stands at ${text} after ${count} steps back`);
    const [from = 0, middle = 0, end = 0] = walked;
    return {
      shown: (end - start) / (count + 1),
      later: (end - middle) / (count - half),
      earlier: (middle - from) / half,
    };
  } finally {
    await found.close();
  }
}

/** In a browser of its own. */
async function inBrowser(measure: (bench: PanelBench) => Promise<readonly Figure[]>): Promise<readonly Figure[]> {
  const bench = await startBench();
  try {
    return await measure(bench);
  } finally {
    await bench.browser.close();
    await bench.server.close();
  }
}

async function walks(bench: PanelBench): Promise<readonly Figure[]> {
  const [few, many] = [stateOf(10), stateOf(1000)];
  const shown: number[] = [];
  const growth: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const long = await costs(bench, many, 1000);
    shown.push(long.shown / (await costs(bench, few, 10)).shown);
    growth.push(long.later / long.earlier);
  }
  return [
    figure('find: in 1,000 turns ÷ in 10, per match shown', median(shown), '×', 1.5),
    figure('find: the second hundred matches of 1,000 turns ÷ the first', median(growth), '×'),
  ];
}

/** The host's part alone: 100 times in the short one, as there are 100 times as many turns in the long one. */
async function hostAlone(): Promise<readonly Figure[]> {
  const [few, many] = [stateOf(10), stateOf(1000)];
  const look = async (whole: ChatState, times: number): Promise<number> => {
    const started = cpu();
    for (let n = 0; n < times; n += 1) await newFinder().find(whole.items, query);
    return cpu() - started;
  };
  await look(many, 3);
  const quotients: number[] = [];
  for (let round = 0; round < 2 * rounds + 1; round += 1)
    quotients.push((await look(many, 1)) / (await look(few, 100)));
  return [figure('find: the host in 1,000 turns ÷ in 10, per match', median(quotients), '×', 1.5)];
}

/** What a word costs, letter after letter, in a chat with so many attached texts: the bytes that are read for it. */
async function lettersInTexts(): Promise<readonly Figure[]> {
  const attached = 200;
  const bytes = new TextEncoder().encode(`${'A line of a text that is attached.\n'.repeat(600)}${query.text}`);
  const items = Array.from({ length: attached }, (_, n) => ({
    ...user(`u${n}`, 'Explain it.'),
    attachments: [{ kind: 'document', id: `t${n}`, label: 'Text', mediaType: 'text/plain' }] as const,
  }));
  const state = { ...emptyChat('c'), items };
  let read = 0;
  const chat = onDemand(
    () => state,
    () => [],
    async () => {
      read += bytes.length;
      return bytes;
    },
  );
  const look = async (text: string): Promise<number> => {
    const started = cpu();
    const { places } = await chat.find({ type: 'find', conversation: 'c', ...query, text }, undefined);
    if (places.length !== attached) throw new Error(`${text} is found in ${places.length} texts`);
    return cpu() - started;
  };
  const first = await look('w');
  const later: number[] = [];
  for (let n = 2; n <= query.text.length; n += 1) later.push(await look(query.text.slice(0, n)));
  return [
    figure('find: bytes that a word takes of 200 attached texts ÷ theirs', read / (attached * bytes.length), '×', 1),
    figure('find: a further letter in 200 attached texts ÷ the first', median(later) / first, '×'),
  ];
}

export const panelBench: Bench = {
  name: 'panel',
  about: 'what long conversations and large workspaces cost the panel beside small ones: finding, mentioning, pasting',
  needsStore: true,
  run: (options) =>
    measured(options, [
      ['find: the host', hostAlone],
      ['find: attached texts', lettersInTexts],
      ['find: per match shown', () => inBrowser(walks)],
      ['@: first list, a letter to its list', mentioned],
      ['a paste of 800,000 characters', () => inBrowser(pastes)],
    ]),
};
