/** A page with the built panel, or a bare one, into which an answer streams at a pace, and what that took. */
import type { CDPSession, Page } from 'playwright-core';
import type { HostToView } from '../../../src/shared/protocol';

/** Pieces of a text, and over how many ms they are sent; 0: as fast as they can be. */
export interface Stream {
  readonly pieces: readonly string[];
  readonly overMs: number;
}

/** What a stream took. Times in ms. */
export interface Taken {
  /** From the first piece until the frame with the last. */
  readonly doneMs: number;
  /** Sum of the tasks of 50 ms and more. */
  readonly longTasksMs: number;
  /** From when a piece was due until the frame that shows it: the oldest of 95 % of them. */
  readonly age95Ms: number;
  readonly frames: number;
  readonly layouts: number;
  readonly styles: number;
  readonly layoutMs: number;
  readonly styleMs: number;
  readonly scriptMs: number;
  /** All that the main thread did. */
  readonly busyMs: number;
}

/** What the page says of itself; times are those of the wall clock, in ms. */
interface Watched {
  /** When each piece was due. */
  readonly due: readonly number[];
  /** When each frame was done, and how many pieces it could show. */
  readonly frames: readonly (readonly [at: number, pieces: number])[];
  readonly longTasksMs: number;
}

declare global {
  interface Window {
    /** Sends messages one by one from a thread of its own, at their pace; resolves when the last is on screen. */
    playMessages(messages: readonly unknown[], overMs: number): Promise<Watched>;
  }
}

/** Runs in the page before its content security policy is there, which allows no worker. */
export function player(): void {
  const script = `onmessage = ({ data: { messages, overMs } }) => {
    const clock = () => performance.timeOrigin + performance.now();
    const start = clock() + 50;
    const due = (n) => start + (n * overMs) / messages.length;
    let next = 0;
    const send = () => {
      for (; next < messages.length && due(next) <= clock(); next += 1) postMessage([due(next), messages[next]]);
      if (next < messages.length) setTimeout(send, 0);
    };
    send();
  };`;
  const worker = new Worker(URL.createObjectURL(new Blob([script])));
  window.playMessages = (messages, overMs) =>
    new Promise((resolve) => {
      const due: number[] = [];
      const frames: [number, number][] = [];
      let longTasksMs = 0;
      const count = (entries: readonly PerformanceEntry[]): void => {
        for (const { duration } of entries) longTasksMs += duration;
      };
      const observer = new PerformanceObserver((list) => count(list.getEntries()));
      observer.observe({ type: 'longtask' });
      // A message of its own comes behind the frame's layout and paint.
      const { port1, port2 } = new MessageChannel();
      let shown = 0;
      let over = false;
      const frame = (): void => {
        if (over) return;
        shown = due.length;
        port2.postMessage(null);
        requestAnimationFrame(frame);
      };
      port1.onmessage = () => {
        if (over) return;
        frames.push([performance.timeOrigin + performance.now(), shown]);
        if (shown < messages.length) return;
        over = true;
        // What the last task took is told in a later one.
        setTimeout(() => {
          count(observer.takeRecords());
          observer.disconnect();
          resolve({ due, frames, longTasksMs });
        }, 200);
      };
      worker.onmessage = ({ data: [at, message] }) => {
        due.push(at);
        window.dispatchEvent(new MessageEvent('message', { data: message }));
      };
      requestAnimationFrame(frame);
      worker.postMessage({ messages, overMs });
    });
}

/** A page that shows the text of deltas as it comes, a line an element, at its end. */
export const barePage = `<!DOCTYPE html><meta charset="utf-8"><style>
html, body { height: 100%; margin: 0; } #box { height: 100%; overflow: auto; white-space: pre-wrap; }
</style><div id="box"></div><script>
const box = document.getElementById('box');
let waiting = '';
let asked = false;
let line = box.appendChild(document.createElement('div'));
addEventListener('message', ({ data }) => {
  for (const event of data.events ?? []) if (event.type === 'delta') waiting += event.text;
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    for (const [index, words] of waiting.split('\\n').entries()) {
      if (index > 0) line = box.appendChild(document.createElement('div'));
      line.append(words);
    }
    waiting = '';
    box.scrollTop = 1e9;
  });
});
</script>`;

/** Plays a stream into the answer `u1`, whose part `a` is open, of a conversation whose last event was `seq`. */
export async function play(page: Page, conversation: string, seq: number, stream: Stream): Promise<Taken> {
  const messages = stream.pieces.map((text, n): HostToView => {
    return {
      type: 'events',
      conversation,
      seq: seq + 1 + n,
      events: [{ type: 'delta', answer: 'u1', key: 'a', text }],
    };
  });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await metrics(session);
  const watched = await page.evaluate(([all, overMs]) => window.playMessages(all, overMs), [
    messages,
    stream.overMs,
  ] as const);
  const after = await metrics(session);
  await session.detach();
  const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  return {
    ...agesOf(watched),
    longTasksMs: watched.longTasksMs,
    frames: watched.frames.length,
    layouts: grown('LayoutCount'),
    styles: grown('RecalcStyleCount'),
    layoutMs: grown('LayoutDuration') * 1000,
    styleMs: grown('RecalcStyleDuration') * 1000,
    scriptMs: grown('ScriptDuration') * 1000,
    busyMs: grown('TaskDuration') * 1000,
  };
}

function agesOf({ due, frames }: Watched): Pick<Taken, 'doneMs' | 'age95Ms'> {
  const ages: number[] = [];
  for (const [at, pieces] of frames) while (ages.length < pieces) ages.push(at - (due[ages.length] ?? at));
  const sorted = ages.toSorted((a, b) => a - b);
  return {
    doneMs: (frames.at(-1)?.[0] ?? 0) - (due[0] ?? 0),
    age95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
  };
}

async function metrics(session: CDPSession): Promise<Readonly<Record<string, number>>> {
  const { metrics: all } = await session.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}
