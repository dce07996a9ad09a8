/** What `@` costs over 50,000 files beside 500: the first list, and a letter until its list is painted. */
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CDPSession } from 'playwright-core';
import { WorkspaceMentions } from '../../../src/host/workspace/mentions/mentions';
import { type PanelBench, PanelPage, startBench } from '../../panel/panelPage';
import { nothingBeside } from '../../unit/host/nothingBeside';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace } from '../../unit/workspace/tempWorkspace';
import { type Figure, figure, median } from '../bench';
import { makeTree } from '../tools/trees';

const rounds = 5;
/** Letters of names and folders, few and many matches; after each one the list is painted. */
const words = ['file42', 'part3/gr', 'elan', 'zq'];

/** CPU time of this process, ms. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A panel whose host is this process, over the files of a folder. */
class Mentioned {
  private constructor(
    readonly panel: PanelPage,
    private readonly session: CDPSession,
  ) {}

  static async open(bench: PanelBench): Promise<Mentioned> {
    const panel = await PanelPage.open(bench, { alone: true });
    const session = await panel.page.context().newCDPSession(panel.page);
    await session.send('Performance.enable');
    await panel.page.locator('textarea').focus();
    await panel.page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/popups.js')),
    );
    return new Mentioned(panel, session);
  }

  /** ms that the page and the host work from a key until the list that answers it is painted. */
  async key(key: string, query: string, mentions: WorkspaceMentions): Promise<number> {
    await this.panel.settled();
    const before = await this.#pageMs();
    await this.panel.page.keyboard.press(key);
    await this.panel.page.waitForFunction(
      (wanted) => window.panelHost.asks.some(({ intent }) => intent.type === 'mentions' && intent.query === wanted),
      query,
    );
    const started = cpu();
    const value = await mentions.find(query, never);
    JSON.stringify(value);
    const hostMs = cpu() - started;
    await this.panel.answer('mentions', { ok: true, value });
    const pageMs = (await this.#pageMs()) - before;
    await this.panel.forget();
    return hostMs + pageMs;
  }

  /** Leaves the list, and what is typed. */
  async clear(): Promise<void> {
    await this.panel.page.keyboard.press('Escape');
    await this.panel.page.locator('textarea').fill('');
    await this.panel.forget();
  }

  async #pageMs(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  }

  close(): Promise<void> {
    return this.panel.close();
  }
}

/** Twenty files that were in use lately. */
function recentOf({ folder }: TempWorkspace): readonly string[] {
  const [area = ''] = readdirSync(folder).filter((name) => name.startsWith('area'));
  const place = `${folder}/${area}/part0/group0`;
  return readdirSync(place)
    .slice(0, 20)
    .map((name) => pathToFileURL(`${place}/${name}`).href);
}

/** Lists the names; ms of CPU of this process, without ripgrep's own. */
async function listed(mentions: WorkspaceMentions): Promise<number> {
  const started = cpu();
  while ((await mentions.find('file', never)).partial);
  return cpu() - started;
}

/** The figures of `@`. */
export async function mentioned(): Promise<readonly Figure[]> {
  const bench = await startBench();
  const ripgrep = await hostRipgrep();
  const trees = [500, 50_000].map((files) => {
    const temp = tempWorkspace({ ripgrep });
    makeTree(temp.folder, files, 'build/\n*.tmp\n');
    return temp;
  });
  const first: number[] = [];
  const letters: number[] = [];
  const listing: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const sums: number[] = [];
      for (const temp of trees) {
        const recent = recentOf(temp);
        const page = await Mentioned.open(bench);
        const mentions = new WorkspaceMentions(temp.workspace, { ...nothingBeside, recent: () => recent });
        // Nothing is listed yet: the first list does not wait for it.
        const opened = await page.key('@', '', mentions);
        if (temp === trees[1]) first.push(opened);
        const work = await listed(mentions);
        if (temp === trees[1]) listing.push(work);
        let sum = 0;
        for (const word of words) {
          await page.clear();
          await page.key('@', '', mentions);
          for (let n = 1; n <= word.length; n += 1) {
            sum += await page.key(word.charAt(n - 1), word.slice(0, n), mentions);
          }
        }
        sums.push(sum);
        mentions.dispose();
        await page.close();
      }
      letters.push((sums[1] ?? Number.NaN) / (sums[0] ?? Number.NaN));
    }
  } finally {
    for (const temp of trees) temp.remove();
    await bench.browser.close();
    await bench.server.close();
  }
  return [
    figure('@: first list over 50,000 files, ms of CPU', median(first), 'ms', 50),
    figure('@: a letter to its list over 50,000 files ÷ over 500', median(letters), '×', 2),
    figure('@: listing 50,000 names beside ripgrep, ms of CPU', median(listing), 'ms'),
  ];
}
