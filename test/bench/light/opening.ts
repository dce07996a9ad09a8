/** What opening a conversation costs the panel, and what stays when it is closed: 1,000 turns with tool results beside 10. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { Screen } from '../../../src/host/session/turns/screen';
import { emptyChat } from '../../../src/shared/chat';
import type { ConversationRow, HostToView } from '../../../src/shared/protocol';
import { PagePool } from '../../panel/pagePool';
import { baseComposer, fakeHost, PanelPage } from '../../panel/panelPage';
import type { PanelServer } from '../../panel/server';
import { type BenchOptions, type Figure, figure, measured, median } from '../bench';
import { longPath } from './longPath';
import { openHost } from './openHost';

interface Stage {
  readonly browser: Browser;
  readonly server: PanelServer;
}

const rounds = 9;
const cycles = 100;
const keys = 30;
const pasted = 'A line of a long text that somebody pastes. '.repeat(4546).slice(0, 200_000);

/** What the host posts of a conversation of so many turns. */
function snapshotOf(conversation: string, turns: number): HostToView {
  const screen = new Screen(conversation, {
    composer: () => baseComposer,
    draft: () => '',
    failed: (error) => {
      throw error;
    },
  });
  screen.rebuild(longPath(turns), 'A long conversation');
  let snapshot: HostToView | null = null;
  screen.attach((message) => {
    snapshot = message;
  });
  if (snapshot === null) throw new Error('Nothing was posted');
  return snapshot;
}

async function panelOf({ browser, server }: Stage): Promise<PanelPage> {
  const pages = new PagePool(browser, [fakeHost]);
  return PanelPage.open({ browser, server, pages }, { alone: true, state: emptyChat('another') });
}

/** ms from a message, as its JSON, to the frame that shows it, and to the next task after that. */
function shown(page: Page, message: HostToView): Promise<readonly [paint: number, interactive: number]> {
  return page.evaluate(
    (json) =>
      new Promise<readonly [number, number]>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        const start = performance.now();
        window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(json) }));
        requestAnimationFrame(() => {
          // A message comes behind the frame's layout and paint.
          port1.onmessage = () => {
            // An open port keeps its listener, and what that one holds, as long as the page lives.
            port1.close();
            const paint = performance.now() - start;
            setTimeout(() => resolve([paint, performance.now() - start]), 0);
          };
          port2.postMessage(null);
        });
      }),
    JSON.stringify(message),
  );
}

async function opened(stage: Stage, snapshot: HostToView): Promise<readonly [number, number]> {
  const panel = await panelOf(stage);
  try {
    return await shown(panel.page, snapshot);
  } finally {
    await panel.close();
  }
}

async function openings(stage: Stage): Promise<readonly Figure[]> {
  const [few, many] = [snapshotOf('c', 10), snapshotOf('c', 1000)];
  const paints: number[] = [];
  const interactive: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const long = await opened(stage, many);
    const short = await opened(stage, few);
    paints.push(long[0] / short[0]);
    interactive.push(long[1] / short[1]);
  }
  const bytes = JSON.stringify(many).length / JSON.stringify(few).length;
  return [
    figure('bytes posted to open 1,000 turns ÷ 10', bytes, '×', 2),
    figure('a snapshot of 1,000 turns to its first paint ÷ of 10', median(paints), '×', 1.5),
    figure('a snapshot of 1,000 turns to interactive ÷ of 10', median(interactive), '×', 1.5),
  ];
}

/**
 * ms from when the list is to be shown to the frame with its first rows. The host gives as many as are asked for. They are
 * made in the page: what is handed to it from outside keeps it busy for a while afterwards.
 */
async function listed(stage: Stage, count: number): Promise<number> {
  const panel = await panelOf(stage);
  try {
    const took = await panel.page.evaluate(
      (total) =>
        new Promise<number>((resolve) => {
          const rowOf = (n: number): ConversationRow => ({
            id: `c${n}`,
            title: `Conversation ${n}`,
            at: 1_000_000 + n,
            state: 'idle',
            workspace: null,
            snippet: null,
          });
          const all = Array.from({ length: total }, (_, n) => rowOf(n));
          const take = (data: HostToView): void => void window.dispatchEvent(new MessageEvent('message', { data }));
          const { port1, port2 } = new MessageChannel();
          const start = performance.now();
          port1.onmessage = () => resolve(performance.now() - start);
          take({ type: 'showConversations' });
          const answer = (): void => {
            const asked = window.panelHost.asks.find(({ intent }) => intent.type === 'listConversations');
            if (asked?.intent.type !== 'listConversations') {
              setTimeout(answer, 0);
              return;
            }
            const { limit } = asked.intent;
            const rows = all.slice(0, limit);
            const value = { rows, more: all.length > limit, elsewhere: 0, current: null, offer: null, adopted: null };
            take({ type: 'answer', ask: asked.ask, answer: { ok: true, value } });
            // What came is drawn in the next frame.
            setTimeout(() => requestAnimationFrame(() => port2.postMessage(null)), 0);
          };
          answer();
        }),
      count,
    );
    if ((await panel.page.locator('.listRow').count()) === 0) throw new Error('No conversation is listed');
    return took;
  } finally {
    await panel.close();
  }
}

async function lists(stage: Stage): Promise<readonly Figure[]> {
  const quotients: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const many = await listed(stage, 1000);
    quotients.push(many / (await listed(stage, 10)));
  }
  return [figure('the list of 1,000 conversations ÷ of 10', median(quotients), '×', 1.5)];
}

/** What a heap snapshot of Chromium says: how its rows of numbers are to be read, and the rows one behind the other. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] };
  };
  readonly nodes: readonly number[];
}

/**
 * Bytes of what the page's JavaScript holds. V8's code is none of it: it compiles for hours what runs often, 300 kB in the
 * first hundred openings and more or less of it as the machine is loaded, and throws it away when memory is scarce.
 */
async function objectBytes(session: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const take = ({ chunk }: { readonly chunk: string }): void => void chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', take);
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const left = ['code', 'native'].map((name) => types[0].indexOf(name));
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (!left.includes(nodes[at + type] ?? Number.NaN)) bytes += nodes[at + size] ?? Number.NaN;
  }
  return bytes;
}

async function held(session: CDPSession): Promise<{ readonly nodes: number; readonly heap: number }> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const nodes = metrics.find(({ name }) => name === 'Nodes')?.value ?? Number.NaN;
  return { nodes, heap: await objectBytes(session) };
}

/** After 100 times open and closed again, beside after the first few. */
async function cycled(stage: Stage): Promise<readonly Figure[]> {
  const panel = await panelOf(stage);
  try {
    const [long, empty] = [snapshotOf('c', 1000), snapshotOf('another', 0)];
    const cycle = async (): Promise<void> => {
      await shown(panel.page, long);
      await shown(panel.page, empty);
    };
    const session = await panel.page.context().newCDPSession(panel.page);
    await session.send('Performance.enable');
    for (let n = 0; n < 10; n += 1) await cycle();
    const before = await held(session);
    for (let n = 0; n < cycles; n += 1) await cycle();
    const after = await held(session);
    return [
      figure(`DOM nodes after ${cycles} times open and closed ÷ before`, after.nodes / before.nodes, '×', 1.05),
      figure(`heap after ${cycles} times open and closed ÷ before`, after.heap / before.heap, '×', 1.05),
    ];
  } finally {
    await panel.close();
  }
}

/** ms from a key to the frame that shows it: the median of some, below so many turns. */
async function typed(stage: Stage, turns: number): Promise<number> {
  const panel = await panelOf(stage);
  try {
    await shown(panel.page, snapshotOf('c', turns));
    await panel.page.locator('textarea').focus();
    await panel.page.evaluate(() => {
      const times: number[] = [];
      const { port1, port2 } = new MessageChannel();
      let from = 0;
      port1.onmessage = () => times.push(performance.now() - from);
      document.addEventListener(
        'keydown',
        (event) => {
          from = event.timeStamp;
          requestAnimationFrame(() => port2.postMessage(null));
        },
        { capture: true },
      );
      Object.assign(window, { times });
    });
    for (let n = 0; n < keys; n += 1) {
      await panel.page.keyboard.press('a');
      await panel.page.waitForTimeout(40);
    }
    return median(await panel.page.evaluate(() => (window as unknown as { times: number[] }).times));
  } finally {
    await panel.close();
  }
}

async function typing(stage: Stage): Promise<readonly Figure[]> {
  const quotients: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const long = await typed(stage, 1000);
    quotients.push(long / (await typed(stage, 0)));
  }
  return [figure('keystroke to paint below 1,000 turns ÷ in an empty chat', median(quotients), '×', 1.2)];
}

/** ms that the main thread is busy with a paste into the first text area of a page. */
async function busyWithPaste(page: Page): Promise<number> {
  await page.locator('textarea').first().focus();
  await page.waitForTimeout(300);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const before = await busy();
  await session.send('Input.insertText', { text: pasted });
  await page.waitForFunction((length) => document.querySelector('textarea')?.value.length === length, pasted.length);
  await page.waitForTimeout(700);
  return (await busy()) - before;
}

async function pasting(stage: Stage): Promise<readonly Figure[]> {
  const quotients: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const panel = await panelOf(stage);
    const context = await stage.browser.newContext({ viewport: { width: 400, height: 700 } });
    try {
      const ours = await busyWithPaste(panel.page);
      const page = await context.newPage();
      // As wide as the composer, in the same letters.
      await page.setContent(
        '<!DOCTYPE html><textarea style="width: 360px; height: 200px; font: 13px sans-serif"></textarea>',
      );
      quotients.push(ours / (await busyWithPaste(page)));
    } finally {
      await context.close();
      await panel.close();
    }
  }
  return [figure('a paste of 200,000 characters ÷ into a bare text area', median(quotients), '×', 1.5)];
}

export function opening(stage: Stage, options: BenchOptions): Promise<readonly Figure[]> {
  return measured(options, [
    ['first snapshot of 1,000 turns by the host', openHost],
    ['bytes posted to open; a snapshot to its first paint, to interactive', () => openings(stage)],
    ['the list of 1,000 conversations', () => lists(stage)],
    ['DOM nodes and heap after times open and closed', () => cycled(stage)],
    ['keystroke to paint below 1,000 turns', () => typing(stage)],
    ['a paste of 200,000 characters', () => pasting(stage)],
  ]);
}
