/** How light the panel is while an answer streams: in a real browser, beside a bare page that shows the same text. */
import type { Browser } from 'playwright-core';
import { type LinkTable, lex, lexRun } from '../../src/webview/markdown/lex';
import { MarkdownStream } from '../../src/webview/markdown/stream';
import { answer, chat, startedAt, text, user } from '../panel/chats';
import { PagePool } from '../panel/pagePool';
import { conversation, fakeHost, PanelPage } from '../panel/panelPage';
import { type PanelServer, startPanelServer } from '../panel/server';
import { themeSheets } from '../panel/themes';
import { launchBrowser } from '../vscode/browser';
import { type Bench, type BenchOptions, type Figure, figure, measured, median } from './bench';
import { opening } from './light/opening';
import { barePage, play, player, type Stream, type Taken } from './light/stage';
import { cut, longBlocks, mixedText } from './light/texts';

const rounds = 9;
/** Rounds of what is compared with itself. */
const fewRounds = 5;
/** Of the bare page, in ms: with more the machine was too busy to say anything. */
const mostLongTasks = 200;
const frameMs = 1000 / 60;

/** So long the host takes to read 20,000 deltas of one answer, in ms. */
const fastMs = 1000;

interface Stage {
  readonly browser: Browser;
  readonly server: PanelServer;
}

/** In the panel, below so many settled turns. */
async function inPanel({ browser, server }: Stage, turns: number, stream: Stream): Promise<Taken> {
  const settled = Array.from({ length: turns }, (_, n) => [
    user(`q${n}`, 'A question'),
    answer(`q${n}`, [text('a', mixedText(3000, 3))]),
  ]).flat();
  const running = answer('u1', [text('a', '', true)], { outcome: null, endedAt: null });
  const pages = new PagePool(browser, [fakeHost, player]);
  const panel = await PanelPage.open(
    { browser, server, pages },
    {
      alone: true,
      state: chat([...settled, user('u1', 'Why?'), running], { activity: { kind: 'writing', since: startedAt } }),
    },
  );
  try {
    return await play(panel.page, conversation, 0, stream);
  } finally {
    await panel.close();
  }
}

async function inBarePage({ browser, server }: Stage, stream: Stream): Promise<Taken> {
  const context = await browser.newContext({ viewport: { width: 400, height: 700 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(player);
    await page.route('**/bare', (route) => route.fulfill({ contentType: 'text/html', body: barePage }));
    await page.goto(`${server.origin}/bare`);
    return await play(page, conversation, 0, stream);
  } finally {
    await context.close();
  }
}

/** 4,000 deltas evenly over 4 s, in an empty chat and below 1,000 turns, each beside the bare page. */
async function paced(stage: Stage, { say }: BenchOptions): Promise<readonly Figure[]> {
  const stream = cut(mixedText(100_000, 160), 4000, 4000);
  const runs: { readonly bare: Taken; readonly empty: Taken; readonly long: Taken }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await inBarePage(stage, stream);
    const run = { bare, empty: await inPanel(stage, 0, stream), long: await inPanel(stage, 1000, stream) };
    if (bare.longTasksMs <= mostLongTasks) runs.push(run);
  }
  say(`  4,000 deltas over 4 s: ${runs.length} of ${rounds} runs count; in the others the bare page was held up`);
  return (['empty', 'long'] as const).flatMap((where) => {
    const name = where === 'empty' ? 'in an empty chat' : 'below 1,000 turns';
    const beyond = (of: (taken: Taken) => number): number => median(runs.map((run) => of(run[where]) - of(run.bare)));
    return [
      figure(
        `done ${name}, after a bare page`,
        beyond(({ doneMs }) => doneMs),
        'ms',
        100,
      ),
      figure(
        `age of unpainted text ${name}, beyond it`,
        beyond(({ age95Ms }) => age95Ms),
        'ms',
        4 * frameMs,
      ),
      figure(
        `long tasks ${name}, beyond its`,
        beyond(({ longTasksMs }) => longTasksMs),
        'ms',
        100,
      ),
      figure(`layouts a frame ${name}`, median(runs.map((run) => run[where].layouts / run[where].frames)), '×', 1.1),
    ];
  });
}

/** As fast as the host reads them, against rendering the same text once. */
async function fast(stage: Stage): Promise<readonly Figure[]> {
  const compared = async (measured: () => Promise<Taken>, baseline: () => Promise<Taken>): Promise<number> => {
    const quotients: number[] = [];
    for (let round = 0; round < fewRounds; round += 1) {
      const first = await measured();
      quotients.push(first.busyMs / (await baseline()).busyMs);
    }
    return median(quotients);
  };
  const kinds = { mixed: mixedText(100_000, 40), ...longBlocks(100_000) };
  const figures: Figure[] = [];
  for (const [kind, whole] of Object.entries(kinds)) {
    const quotients: number[] = [];
    for (let round = 0; round < fewRounds; round += 1) {
      const streamed = await inPanel(stage, 0, cut(whole, 20_000, fastMs));
      const once = await inPanel(stage, 0, cut(whole, 1, 0));
      // Watching takes work in each frame, and so does the icon that turns: a second of it is not the text's.
      const idle = await inPanel(stage, 0, cut('ab', 2, 2 * fastMs));
      const frameBusyMs = idle.busyMs / idle.frames;
      const ofText = ({ busyMs, frames }: Taken): number => busyMs - frames * frameBusyMs;
      quotients.push(ofText(streamed) / ofText(once));
    }
    const quotient = median(quotients);
    figures.push(figure(`100 KB (${kind}) in 20,000 deltas ÷ rendering it once`, quotient, '×', 4));
  }
  const stream = cut(kinds.mixed, 20_000, fastMs);
  const turns = await compared(
    () => inPanel(stage, 1000, stream),
    () => inPanel(stage, 0, stream),
  );
  figures.push(figure('the same below 1,000 turns ÷ in an empty chat', turns, '×', 1.2));
  const large = cut(mixedText(1_000_000, 400), 20_000, fastMs);
  const growth = await compared(
    () => inPanel(stage, 0, large),
    () => inPanel(stage, 0, stream),
  );
  figures.push(figure('1 MB in as many deltas ÷ 100 KB ÷ 10', growth / 10, '×', 1.3));
  const beyond: number[] = [];
  for (let round = 0; round < fewRounds; round += 1) {
    const few = await inPanel(stage, 0, cut(kinds.mixed, 20, 4000));
    beyond.push(few.longTasksMs - (await inPanel(stage, 0, cut(kinds.mixed, 1, 0))).longTasksMs);
  }
  figures.push(figure('long tasks of 100 KB in 20 deltas, beyond rendering it once', median(beyond), 'ms', 100));
  return figures;
}

/** Characters that are lexed for each one of the text, its last whole lexing included. */
function lexedAgain(whole: string): number {
  let lexed = 0;
  const counted =
    <T>(way: (source: string, links: LinkTable) => T) =>
    (source: string, links: LinkTable): T => {
      lexed += source.length;
      return way(source, links);
    };
  const stream = new MarkdownStream({ whole: counted(lex), run: counted(lexRun) });
  let shown = '';
  for (const piece of cut(whole, 4000, 0).pieces) {
    shown += piece;
    stream.update(shown, false);
  }
  stream.update(whole, true);
  return lexed / whole.length;
}

export const lightBench: Bench = {
  name: 'light',
  about: 'the built panel in a browser: an answer that streams into it, and long chats that are opened',
  needsStore: true,
  async run(options) {
    const kinds = { mixed: mixedText(100_000, 160), ...longBlocks(100_000) };
    const lexed = (): readonly Figure[] =>
      Object.entries(kinds).map(([kind, whole]) =>
        figure(`characters lexed ÷ those of the text (${kind}, 4,000 deltas)`, lexedAgain(whole), '×', 3),
      );
    const [browser, server] = await Promise.all([launchBrowser(), startPanelServer(themeSheets())]);
    try {
      const stage = { browser, server };
      return [
        ...(await measured(options, [
          ['characters lexed ÷ those of the text', lexed],
          ['paced: done, age of unpainted text, long tasks, layouts a frame', () => paced(stage, options)],
          ['100 KB in 20,000 deltas, in 20 deltas', () => fast(stage)],
        ])),
        ...(await opening(stage, options)),
      ];
    } finally {
      await browser.close();
      await server.close();
    }
  },
};
