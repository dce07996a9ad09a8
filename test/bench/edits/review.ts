/** What the panel takes to show changes of files: 200 hunks in 40 files beside two hunks in one, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { proposedHunks } from '../../../src/core/tools/edits/hunks';
import { type ChatState, emptyChat } from '../../../src/shared/chat';
import type { HostToView } from '../../../src/shared/protocol';
import { answer, chat, startedAt, text, user } from '../../panel/chats';
import { change, edited, editing } from '../../panel/edits';
import { PagePool } from '../../panel/pagePool';
import { baseComposer, conversation, fakeHost, PanelPage } from '../../panel/panelPage';
import { type PanelServer, startPanelServer } from '../../panel/server';
import { themeSheets } from '../../panel/themes';
import { launchBrowser } from '../../vscode/browser';
import { type BenchOptions, type Figure, figure, measured, median } from '../bench';

const rounds = 15;

interface Stage {
  readonly browser: Browser;
  readonly server: PanelServer;
}

/** A file before and after so many changes. */
function texts(hunks: number, salt: number): { readonly before: string; readonly after: string } {
  const before = Array.from({ length: hunks * 20 }, (_, n) => `  const value${n} = compute(${n * salt});`);
  const after = before.map((line, n) => (n % 20 === 10 ? `${line} // changed` : line));
  return { before: before.join('\n'), after: after.join('\n') };
}

/** A step whose edits wait, as the host proposes them. */
function waiting(files: number, hunks: number): ChatState {
  const parts = Array.from({ length: files }, (_, n) => {
    const { before, after } = texts(hunks, n + 1);
    return editing(`t${n}`, change(`src/part${n}/file.ts`, proposedHunks(before, after)));
  });
  const turn = answer('u1', [text('a', 'I mend it.'), ...parts], { outcome: null, endedAt: null });
  return chat([user('u1', 'Mend it'), turn], { activity: { kind: 'tools', since: startedAt } });
}

/** The end of a turn that made them. */
function ended(files: number, hunks: number): ChatState {
  const edits = Array.from({ length: files }, (_, n) => edited(`src/part${n}/file.ts`, { open: hunks, added: hunks }));
  return chat([user('u1', 'Mend it'), answer('u1', [text('a', 'Mended.')], { edits })]);
}

function snapshotOf(state: ChatState): HostToView {
  return { type: 'snapshot', conversation: state.conversation, seq: 0, state, composer: baseComposer, draft: '' };
}

/** ms that the page's main thread works on a message, as its JSON, until the frame that has what a selector names is painted. */
async function painted(page: Page, message: HostToView, selector: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // What else the machine does takes no time of the thread.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  // To bring it into the page is no work of the panel's.
  await page.evaluate((json) => Object.assign(window, { json }), JSON.stringify(message));
  const before = await worked();
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        // A message comes behind the frame's layout and paint.
        port1.onmessage = () => resolve();
        const frame = (): void => {
          if (document.querySelector(wanted) === null) requestAnimationFrame(frame);
          else port2.postMessage(null);
        };
        const { json } = window as unknown as { readonly json: string };
        window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(json) }));
        requestAnimationFrame(frame);
      }),
    selector,
  );
  return (await worked()) - before;
}

/** In a panel of its own, which has shown such things before: what is loaded once is not measured. */
async function first({ browser, server }: Stage, state: ChatState, selector: string): Promise<number> {
  const pages = new PagePool(browser, [fakeHost]);
  const panel = await PanelPage.open({ browser, server, pages }, { alone: true, state: waiting(1, 2) });
  try {
    await panel.page.locator('.editCard').waitFor();
    for (const before of [waiting(2, 1), ended(1, 1), ended(2, 1), emptyChat(conversation)]) {
      await panel.post(snapshotOf(before));
      await panel.settled();
    }
    return await painted(panel.page, snapshotOf(state), selector);
  } finally {
    await panel.close();
  }
}

async function compared(stage: Stage, name: string, of: typeof waiting, selector: string): Promise<readonly Figure[]> {
  const [many, few] = [of(40, 5), of(1, 2)];
  const times: { readonly many: number; readonly few: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const large = await first(stage, many, selector);
    times.push({ many: large, few: await first(stage, few, selector) });
  }
  return [
    figure(`${name} of 200 hunks in 40 files to its first paint`, median(times.map((one) => one.many)), 'ms'),
    figure(
      `${name} of 200 hunks in 40 files to its first paint ÷ of two`,
      median(times.map((one) => one.many / one.few)),
      '×',
      1.5,
    ),
  ];
}

/** The card before they are made, and the review when they are. */
export async function reviewed(options: BenchOptions): Promise<readonly Figure[]> {
  const [browser, server] = await Promise.all([launchBrowser(), startPanelServer(themeSheets())]);
  try {
    const stage = { browser, server };
    return await measured(options, [
      ['the card', () => compared(stage, 'the card', waiting, '.editCard')],
      ['the review', () => compared(stage, 'the review', ended, '.editsEnd')],
    ]);
  } finally {
    await browser.close();
    await server.close();
  }
}
