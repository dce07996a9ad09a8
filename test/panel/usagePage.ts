/** The built usage view in a real browser, with a host that records what it says and answers as a test wants. */
import type { Page } from 'playwright-core';
import type { Intent, IntentType, ValueOf } from '../../src/shared/intents';
import type { Answer } from '../../src/shared/protocol';
import type { HostToUsage, Spending, UsageReport } from '../../src/shared/usage';
import { addSpending, noSpending } from '../../src/shared/usage';
import type { TakenPage } from './pagePool';
import type { PanelBench } from './panelPage';
import { posted } from './refused';
import type { ThemeName } from './themes';

/** Requests with a price, by what it was for; in dollars. */
export function spending(read: number, written: number, input: number, output: number, requests = 4): Spending {
  return {
    requests,
    unpriced: 0,
    tokens: {
      input: Math.round(input * 2e5),
      cacheRead: Math.round(read * 2e6),
      cacheWrite5m: Math.round(written * 1.6e5),
      cacheWrite1h: 0,
      output: Math.round(output * 4e4),
    },
    usd: { read, written, input, output, searches: 0, uncached: read * 10 + written / 1.25 + input + output },
  };
}

/** A report of thirty days, some of them without a request. */
export function someReport(): UsageReport {
  const days = Array.from({ length: 30 }, (_, index) => {
    if (index % 7 > 4) return noSpending;
    const much = 1 + Math.abs(Math.sin(index * 1.7)) * 3;
    return spending(0.11 * much, 0.16 * much, 0.02 * much, 0.24 * much, 10 + index);
  });
  const all = days.reduce(addSpending, noSpending);
  const half: Spending = { ...all, usd: { ...all.usd, output: all.usd.output / 2 } };
  return {
    days,
    models: [
      { model: 'claude-opus-4-8', spending: half },
      { model: 'someone/else', spending: { ...noSpending, requests: 3, unpriced: 3, tokens: half.tokens } },
    ],
    conversations: [
      {
        id: 'c1',
        title: 'Why does login retry twice when the server is slow and the network goes away?',
        workspaceName: 'shop',
        spending: half,
      },
      { id: 'c2', title: '', workspaceName: 'tools', spending: spending(0.1, 0.1, 0, 0.2) },
    ],
    others: { count: 12, spending: spending(1, 1, 0.1, 2, 80) },
    deleted: spending(0.1, 0.2, 0, 0.1, 5),
  };
}

export const emptyReport: UsageReport = {
  days: Array.from({ length: 30 }, () => noSpending),
  models: [],
  conversations: [],
  others: { count: 0, spending: noSpending },
  deleted: noSpending,
};

export interface UsageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly timeZone?: string;
  readonly now?: number;
  readonly demo?: boolean;
  readonly locale?: string;
}

export class UsagePage {
  readonly page: Page;
  readonly #taken: TakenPage;

  private constructor(taken: TakenPage) {
    this.#taken = taken;
    this.page = taken.page;
  }

  static async open(bench: PanelBench, options: UsageOptions = {}): Promise<UsagePage> {
    const { theme = 'dark', width = 900, timeZone, now } = options;
    const taken = await bench.pages.take({
      width,
      height: 900,
      colorScheme: theme === 'light' ? 'light' : 'dark',
      timeZone,
      alone: timeZone !== undefined || now !== undefined,
    });
    if (now !== undefined) await taken.page.clock.setFixedTime(now);
    await taken.page.goto(`${bench.server.origin}/usage?theme=${theme}&page=${taken.name}`);
    const usage = new UsagePage(taken);
    await usage.start(options);
    return usage;
  }

  async start({ demo = false, locale = 'en' }: UsageOptions = {}): Promise<void> {
    await this.reply('usageEnvironment', { ok: true, value: { workspaceName: 'shop', demo, words: {}, locale } });
  }

  async post(message: HostToUsage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  /** What was said of one kind; waits until it was said so often. */
  async said<T extends IntentType>(type: T, count = 1): Promise<readonly Intent<T>[]> {
    const read = () =>
      this.page.evaluate((wanted) => window.panelHost.said.filter((message) => message.type === wanted), type);
    await this.page.waitForFunction(
      (wanted) => window.panelHost.said.filter((message) => message.type === wanted.type).length >= wanted.count,
      { type, count },
    );
    return (await read()) as unknown as Intent<T>[];
  }

  /** Answers the last question. */
  async answer(report: UsageReport): Promise<void> {
    await this.reply('usageReport', { ok: true, value: report });
  }

  /** Answers what was asked last of one kind, or that many before it. */
  async reply<K extends IntentType>(type: K, answer: Answer<ValueOf<K>>, before = 0): Promise<void> {
    await this.said(type);
    const asks = await this.page.evaluate(
      (wanted) => window.panelHost.asks.filter(({ intent }) => intent.type === wanted),
      type as IntentType,
    );
    const { ask, intent } = asks.at(-1 - before) ?? { ask: 0, intent: { type } as Intent };
    await this.post({ type: 'answer', ask, answer: posted(intent, answer) });
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 0)));
  }

  async words(selector: string): Promise<string> {
    return ((await this.page.locator(selector).first().textContent()) ?? '').replace(/\s+/g, ' ').trim();
  }

  get problems(): readonly string[] {
    return this.#taken.problems;
  }

  async close(): Promise<void> {
    await this.#taken.giveBack();
  }
}
