/**
 * Searches text without ripgrep, in a worker thread: a regular expression that runs away can be ended there, and the
 * extension host that all extensions share never waits.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/base/errors';
import { type SearchQuery, ToolError } from '../../../core/tools/workspace';
import { escapeRegExp } from '../ignore/glob';
import { around } from './searchOutput';

/** For one file. */
const timeoutMs = 3_000;

/** Of the thread: an expression may need more and more. */
const maxMemoryMb = 256;

/** Line number, start and end of the line, start of the match in it: no text travels back. */
type Found = readonly (readonly [number, number, number, number])[];

const workerSource = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ text, source, flags, max }) => {
  const expression = new RegExp(source, flags);
  const found = [];
  for (let line = 1, from = 0; from < text.length && found.length < max; line += 1) {
    const newline = text.indexOf('\\n', from);
    const end = newline < 0 ? text.length : newline;
    const match = expression.exec(text.slice(from, text[end - 1] === '\\r' ? end - 1 : end));
    if (match !== null) found.push([line, from, end, match.index]);
    from = end + 1;
  }
  parentPort.postMessage(found);
});
`;

/** A search over many texts. Dispose it when done. */
export class JsScan {
  readonly #source: string;
  readonly #flags: string;
  #worker: Worker | null = null;

  /** Throws a ToolError for an expression that JavaScript does not take. */
  constructor({ query, isRegex, caseSensitive }: Pick<SearchQuery, 'query' | 'isRegex' | 'caseSensitive'>) {
    this.#source = isRegex ? query : escapeRegExp(query);
    const flags = caseSensitive ? '' : 'i';
    try {
      new RegExp(this.#source, flags);
    } catch (error) {
      const reason = messageOf(error);
      throw new ToolError(`The query is not a valid regular expression: ${reason}. Correct it, or leave out is_regex.`);
    }
    this.#flags = compiles(this.#source, `${flags}u`) ? `${flags}u` : flags;
  }

  /** At most `max` matching lines of a text. Throws a ToolError when the expression takes too long. */
  async scan(
    text: string,
    max: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly line: number; readonly text: string }[]> {
    const found = await this.#ask({ text, source: this.#source, flags: this.#flags, max }, signal);
    return found.map(([line, from, end, start]) => {
      const whole = text.slice(from, end).replace(/\r$/, '');
      return { line, text: around(whole, start) };
    });
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
      if (!limit.aborted) throw error;
      throw new ToolError('The regular expression takes too long: make it simpler, or search for plain text.');
    }
  }

  dispose(): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
  }
}

function compiles(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
