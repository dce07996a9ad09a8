/**
 * Searches text without ripgrep, in a worker thread: a regular expression that runs away can be ended there, and the
 * extension host that all extensions share never waits.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ToolError } from '../../../core/tools/workspace';
import { around, type FoundLine } from './searchOutput';

/** For one file. */
const timeoutMs = 3_000;

/** Of the thread: an expression may need more and more. */
const maxMemoryMb = 256;

/** Line number, start and end of the line, start of the match in it, -1 where it has none: no text travels back. */
interface Found {
  readonly lines: readonly (readonly [number, number, number, number])[];
  readonly count: number;
}

const workerSource = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ text, source, flags, max, around }) => {
  const expression = new RegExp(source, flags);
  const lines = [];
  const before = [];
  let count = 0;
  let after = 0;
  for (let line = 1, from = 0; from < text.length && (count < max || after > 0); line += 1) {
    const newline = text.indexOf('\\n', from);
    const end = newline < 0 ? text.length : newline;
    const match = count < max ? expression.exec(text.slice(from, end)) : null;
    if (match !== null) {
      count += 1;
      if (lines.length < 100000) lines.push(...before.splice(0), [line, from, end, match.index]);
      after = around;
    } else if (after > 0) {
      lines.push([line, from, end, -1]);
      after -= 1;
    } else if (around > 0) {
      before.push([line, from, end, -1]);
      if (before.length > around) before.shift();
    }
    from = end + 1;
  }
  parentPort.postMessage({ lines, count });
});
`;

/** A search over many texts. Dispose it when done. */
export class JsScan {
  readonly #source: string;
  readonly #flags: string;
  #worker: Worker | null = null;

  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#flags = flags;
  }

  /**
   * Lines of a text that match, `max` at most, with as many around each as are asked for. Throws a ToolError when the
   * expression takes too long.
   */
  async scan(
    text: string,
    max: number,
    context: number,
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly Omit<FoundLine, 'path'>[]; readonly count: number }> {
    const message = { text, source: this.#source, flags: this.#flags, max, around: context };
    const { lines, count } = await this.#ask(message, signal);
    return {
      count,
      lines: lines.map(([line, from, end, start]) => {
        const shown = around(text.slice(from, end), Math.max(0, start));
        return start < 0 ? { line, text: shown, context: true } : { line, text: shown };
      }),
    };
  }

  async #ask(message: unknown, signal: AbortSignal): Promise<Found> {
    signal.throwIfAborted();
    this.#worker ??= new Worker(workerSource, { eval: true, resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } });
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const answer = once(this.#worker, 'message', { signal: AbortSignal.any([signal, limit]) });
      this.#worker.postMessage(message);
      return (await answer)[0] as Found;
    } catch (error) {
      this.dispose();
      signal.throwIfAborted();
      const isFull = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (isFull) throw new ToolError('The search needs too much memory: make the query simpler.');
      // The engine of JavaScript has no more room for its steps.
      const isDeep = error instanceof Error && error.name === 'RangeError';
      if (!limit.aborted && !isDeep) throw error;
      throw new ToolError('The regular expression takes too long: make it simpler, or search for plain text.');
    }
  }

  dispose(): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
  }
}
