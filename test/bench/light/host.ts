/** How light the extension host is: what grows with a conversation, what holds it up, what nobody sees, what ships. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { seenContext } from '../../../src/core/context/context';
import { ConversationCost } from '../../../src/core/cost/conversationCost';
import { estimateNext } from '../../../src/core/cost/estimate';
import { modelOf } from '../../../src/core/models/models';
import type { Entry } from '../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../src/core/tools/all';
import { stateOf } from '../../../src/core/transcript/transcript';
import { systemClock } from '../../../src/host/base/clock';
import { closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../unit/core/kit';
import { longPath } from '../../unit/core/longPaths';
import { PathMaker, text, toolUse } from '../../unit/core/prompt/paths';
import { openWholeHost } from '../../unit/host/wholeHost';
import { type Bench, type BenchOptions, compare, type Figure, figure, measured } from '../bench';
import { firstInput } from './firstInput';
import { mostBytes, shippedSizes } from './sizes';
import { longestStall } from './stall';
import { mixedText } from './texts';

const rounds = 9;

/** What is computed when a key is typed, and when the record has gone on. */
function costUpdates(path: readonly Entry[]): { readonly typed: () => void; readonly wentOn: () => void } {
  const seen = seenContext(path);
  const context = { project: [], files: [...(seen?.files.values() ?? [])], selection: null };
  const common = {
    seen,
    model: modelOf('claude-opus-4-8'),
    effort: 'high',
    context,
    toolsJson: JSON.stringify(toolDefinitions(tools)),
    now: (path.at(-1)?.at ?? 0) + 1000,
    cache: { ttl: 'auto', pauseHistogram: { short: 10, middle: 2, long: 1 } },
  } as const;
  const cost = new ConversationCost();
  const maker = new PathMaker();
  const { entries } = maker
    .user('And this?')
    .assistant([toolUse('more')])
    .result('more')
    .assistant([text('So.')])
    .end();
  let typed = 0;
  let steps = 0;
  return {
    typed: () => {
      typed += 1;
      estimateNext({ ...common, path, draft: 'x'.repeat(typed % 40) }, cost);
    },
    // A turn, entry by entry, and the same again.
    wentOn: () => {
      steps += 1;
      const more = entries.slice(0, 1 + (steps % entries.length));
      estimateNext({ ...common, path: [...path, ...more], draft: '' }, cost);
    },
  };
}

function growth(options: BenchOptions): Promise<readonly Figure[]> {
  const [short, long] = [longPath(100), longPath(1000)];
  const [few, many] = [costUpdates(short), costUpdates(long)];
  const ratio = (what: string, of1000: () => void, of100: () => void) => {
    const name = `${what}, 1,000 turns ÷ 100 turns ÷ 10`;
    return [name, () => [figure(name, compare(15, of1000, of100) / 10, '×', 1.3)]] as const;
  };
  return measured(options, [
    ratio(
      'replay of a record',
      () => void stateOf('c', '', long),
      () => void stateOf('c', '', short),
    ),
    ratio('cost update for a key', many.typed, few.typed),
    ratio('cost update for a record that went on', many.wentOn, few.wentOn),
  ]);
}

/** A thread of `test/bench/light`, as it is built. */
function thread(name: string, workerData?: unknown): Worker {
  return new Worker(join(__dirname, `${name}.js`), { workerData });
}

/**
 * The longest stall that every turn has, ms: with a tool and some 2 s of text, over a store whose disk takes 50 ms for
 * each commit. What only some have is what else the machine did.
 */
async function stallOverSlowDisk(): Promise<number> {
  const api = thread('fakeThread');
  const [url] = (await once(api, 'message')) as [string];
  const folder = await temporaryFolder();
  const editors = new FakeEditors();
  editors.files.set('a.ts', 'export const a = 1;\n'.repeat(400));
  editors.open = ['a.ts'];
  const startWorker = (start: unknown): Worker => thread('slowDisk', start);
  const chat = await openChat({ url, folder: folder.path, editors, clock: systemClock, startWorker });
  try {
    const view = new FakeView(await chat.conversations.current(), true);
    const { controller } = view;
    const turn = async (): Promise<void> => {
      api.postMessage(mixedText(2400, 3));
      controller.handle({ type: 'send', conversation: controller.conversation, text: 'What does it do?' });
      await until('the turn to begin', () => controller.isRunning);
      await until('the turn to end', () => !controller.isRunning, 60_000);
    };
    // What is loaded and compiled on first use is no part of it.
    await turn();
    const stalls: number[] = [];
    for (let round = 0; round < rounds; round += 1) stalls.push(await longestStall(turn));
    return Math.min(...stalls);
  } finally {
    await closeChat(chat);
    folder.remove();
    api.postMessage(null);
  }
}

/** ms of CPU for a move of the cursor while no panel is shown, with all that follows from it. */
async function hiddenMove(): Promise<number> {
  const folder = await temporaryFolder();
  const { host, moveCursor, restore } = await openWholeHost('http://127.0.0.1:9', folder.path);
  try {
    // Longer than what a move leads to waits for the cursor to rest.
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));
    const cpu = async (move: () => void): Promise<number> => {
      await rest();
      const before = process.cpuUsage();
      for (let time = 0; time < 20; time += 1) {
        move();
        await rest();
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / 20;
    };
    await cpu(moveCursor);
    const quiet = await cpu(() => undefined);
    return Math.max(0, (await cpu(moveCursor)) - quiet);
  } finally {
    await host.dispose();
    restore();
    folder.remove();
  }
}

async function sizes(): Promise<readonly Figure[]> {
  const { thinEntry, host, panel, vsix } = await shippedSizes();
  const kilobytes = (name: string, bytes: number, most: number): Figure =>
    figure(name, bytes / 1000, 'kB', most / 1000);
  return [
    kilobytes('thin entry', thinEntry, mostBytes.thinEntry),
    kilobytes('host bundle', host, mostBytes.host),
    kilobytes('webview bundle before lazy parts', panel, mostBytes.panel),
    kilobytes('.vsix', vsix, mostBytes.vsix),
  ];
}

export const lightHostBench: Bench = {
  name: 'light',
  about: 'the extension host: what grows with a conversation, what holds it up, what ships',
  needsStore: true,
  async run(options) {
    const click = async (name: string): Promise<Figure> => {
      const { chat, empty } = await firstInput();
      options.say(`  click to usable input: ${Math.round(chat)} ms; an empty view: ${Math.round(empty)} ms`);
      return figure(name, chat / empty, '×', 1.5);
    };
    const one = (name: string, measure: (name: string) => Promise<Figure>) =>
      [name, async () => [await measure(name)]] as const;
    const most = (name: string, measure: () => Promise<number>, ms: number) =>
      one(name, async () => figure(name, await measure(), 'ms', ms));
    return measured(options, [
      one('click to usable input ÷ that of an empty view', click),
      ['replay of a record, cost update for a key, for a record that went on', () => growth(options)],
      most('longest stall of the host in a turn, over a disk of 50 ms', stallOverSlowDisk, 10),
      most('CPU for a move of the cursor, the panel hidden', hiddenMove, 0.2),
      ['sizes: thin entry, host bundle, webview bundle before lazy parts, .vsix', sizes],
    ]);
  },
};
