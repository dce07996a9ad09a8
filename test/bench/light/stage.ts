/** A page with the built panel, or a bare one, into which an answer streams at a pace, and what that took. */
import type { CDPSession, Page } from 'playwright-core';
import { EventBatch } from '../../../src/host/session/turns/eventBatch';
import type { HostToView } from '../../../src/shared/protocol';

/** Pieces of a text, and over how many ms the host gets them. */
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

/** A message of the host, and when it posts it, in ms from the first piece on. */
interface Timed {
  readonly at: number;
  readonly message: HostToView;
  /** Of all pieces, how many have been sent with it. */
  readonly pieces: number;
}

/** What the page says of itself; times are those of the wall clock, in ms. */
interface Watched {
  readonly start: number;
  /** When each frame was done, and how many messages it could show. */
  readonly frames: readonly (readonly [at: number, messages: number])[];
  readonly longTasksMs: number;
}

declare global {
  interface Window {
    /** Hands messages to a thread of its own, which is to send them at their times. */
    loadMessages(messages: readonly { readonly at: number; readonly message: unknown }[]): Promise<void>;
    /** Lets it send them; resolves when the last is on screen. */
    playMessages(): Promise<Watched>;
  }
}

/** Runs in the page before its content security policy is there, which allows no worker. */
export function player(): void {
  const script = `onmessage = ({ data: messages }) => {
    const clock = () => performance.timeOrigin + performance.now();
    let start = 0;
    let next = 0;
    const send = () => {
      for (; next < messages.length && start + messages[next].at <= clock(); next += 1)
        postMessage([start, messages[next].message]);
      if (next < messages.length) setTimeout(send, 0);
    };
    onmessage = () => {
      start = clock() + 50;
      send();
    };
    postMessage('loaded');
  };`;
  const worker = new Worker(URL.createObjectURL(new Blob([script])));
  let expected = 0;
  window.loadMessages = (messages) =>
    new Promise((resolve) => {
      expected = messages.length;
      worker.onmessage = () => resolve();
      worker.postMessage(messages);
    });
  window.playMessages = () =>
    new Promise((resolve) => {
      let start = 0;
      let received = 0;
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
        shown = received;
        port2.postMessage(null);
        requestAnimationFrame(frame);
      };
      port1.onmessage = () => {
        if (over) return;
        frames.push([performance.timeOrigin + performance.now(), shown]);
        if (shown < expected) return;
        over = true;
        // What the last task took is told in a later one.
        setTimeout(() => {
          count(observer.takeRecords());
          observer.disconnect();
          resolve({ start, frames, longTasksMs });
        }, 200);
      };
      worker.onmessage = ({ data: [at, message] }) => {
        start = at;
        received += 1;
        window.dispatchEvent(new MessageEvent('message', { data: message }));
      };
      requestAnimationFrame(frame);
      worker.postMessage('play');
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
  const messages = posted(conversation, seq, stream);
  // What it takes to bring them into the page is no work of the panel's.
  await page.evaluate((all) => window.loadMessages(all), messages);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await metrics(session);
  const watched = await page.evaluate(() => window.playMessages());
  const after = await metrics(session);
  await session.detach();
  const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  return {
    ...agesOf(watched, messages, stream),
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

/** What the host makes of the pieces: what comes within a frame of it goes as one message. */
function posted(conversation: string, seq: number, { pieces, overMs }: Stream): readonly Timed[] {
  const messages: Timed[] = [];
  let [now, flushAt] = [0, 0];
  let flush: (() => void) | null = null;
  let taken = 0;
  const batch = new EventBatch(
    (message) => message.type === 'events' && messages.push({ at: now, message, pieces: taken }),
    (callback, ms) => {
      [flush, flushAt] = [callback, now + ms];
      return () => {
        flush = null;
      };
    },
  );
  const until = (time: number): void => {
    if (flush === null || flushAt > time) return;
    now = flushAt;
    flush();
  };
  const snapshot = { type: 'snapshot', conversation, seq } as Extract<HostToView, { type: 'snapshot' }>;
  batch.add(snapshot);
  for (const [n, text] of pieces.entries()) {
    const due = (n * overMs) / pieces.length;
    until(due);
    now = due;
    taken = n + 1;
    const events = [{ type: 'delta', answer: 'u1', key: 'a', text }] as const;
    batch.add({ type: 'events', conversation, seq: seq + 1 + n, events });
  }
  until(Number.POSITIVE_INFINITY);
  return messages;
}

function agesOf(
  { start, frames }: Watched,
  messages: readonly Timed[],
  { pieces, overMs }: Stream,
): Pick<Taken, 'doneMs' | 'age95Ms'> {
  const ages: number[] = [];
  for (const [at, shown] of frames) {
    const sent = messages[shown - 1]?.pieces ?? 0;
    while (ages.length < sent) ages.push(at - start - (ages.length * overMs) / pieces.length);
  }
  const sorted = ages.toSorted((a, b) => a - b);
  return { doneMs: (frames.at(-1)?.[0] ?? 0) - start, age95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}

async function metrics(session: CDPSession): Promise<Readonly<Record<string, number>>> {
  const { metrics: all } = await session.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}
