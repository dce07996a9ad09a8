/** Counts the layout work of a page, as the browser itself traces it: counts do not shake as times do. */
import type { Page } from 'playwright-core';

export interface Work {
  readonly layouts: number;
  /** Layouts that a script asked for, by reading or setting what depends on one. */
  readonly forcedLayouts: number;
  /** Nodes that had to be laid out anew. */
  readonly laidOut: number;
  /** Elements whose style was computed anew. */
  readonly styled: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs. */
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly elementCount?: number; readonly beginData?: { readonly dirtyObjects?: number } };
}

/** What the page does while `act` runs. One at a time: the browser has one trace. */
export async function workOf(page: Page, act: () => Promise<void>): Promise<Work> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser');
  await browser.startTracing(page, { categories: ['devtools.timeline'], screenshots: false });
  try {
    await act();
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  const trace = JSON.parse(String(await browser.stopTracing())) as { readonly traceEvents: readonly TraceEvent[] };
  return counted(trace.traceEvents);
}

function counted(events: readonly TraceEvent[]): Work {
  const timed = events.filter(({ ph }) => ph === 'X');
  const layouts = timed.filter(({ name, args }) => name === 'Layout' && args?.beginData !== undefined);
  const scripts = timed.filter(({ name }) => name === 'FunctionCall');
  const within = (one: TraceEvent, other: TraceEvent): boolean =>
    one.pid === other.pid &&
    one.tid === other.tid &&
    one.ts >= other.ts &&
    one.ts + (one.dur ?? 0) <= other.ts + (other.dur ?? 0);
  return {
    layouts: layouts.length,
    forcedLayouts: layouts.filter((layout) => scripts.some((script) => within(layout, script))).length,
    laidOut: sum(layouts.map(({ args }) => args?.beginData?.dirtyObjects ?? 0)),
    styled: sum(timed.map(({ name, args }) => (name === 'UpdateLayoutTree' ? (args?.elementCount ?? 0) : 0))),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
