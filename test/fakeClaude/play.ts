/** Plays a Reply into an exchange. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OutOfTokens } from './answer';
import type { Exchange } from './exchange';
import { applyStopSequences, type Part, type Reply, words } from './script';
import { Disconnected } from './sse';
import { runWeb } from './webTools';
import { isObject } from './wire';

/** Waits real time, or rejects with Disconnected when the client goes. */
async function wait(ms: number, gone: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  try {
    await sleep(ms, undefined, { signal: gone });
  } catch {
    throw new Disconnected();
  }
}

/** Keeps to a pace by the clock, so that late timers do not add up. */
class Pace {
  readonly #perSecond: number;
  readonly #gone: AbortSignal;
  #due = performance.now();

  constructor(perSecond: number, gone: AbortSignal) {
    this.#perSecond = perSecond;
    this.#gone = gone;
  }

  async after(tokens: number): Promise<void> {
    if (this.#perSecond <= 0) return;
    this.#due += (tokens * 1_000) / this.#perSecond;
    await wait(this.#due - performance.now(), this.#gone);
  }
}

/** The input of a tool call in pieces of about one key or value, as the API buffers it (API-FACTS §4.2). */
export function jsonPieces(input: unknown): readonly string[] {
  if (!isObject(input)) return [JSON.stringify(input)];
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return [];
  const pieces = entries.flatMap(([name, value], index) => [
    `${index === 0 ? '{' : ', '}${JSON.stringify(name)}: `,
    JSON.stringify(value),
  ]);
  return [...pieces, '}'];
}

/** Plays the reply to its end. Rejects with Disconnected when the client goes (or the script cuts the socket). */
export async function play(exchange: Exchange, reply: Reply): Promise<void> {
  const { plan } = reply;
  await wait(plan.delay ?? 0, exchange.gone);
  if (plan.fault === 'drop') {
    exchange.destroy();
    return;
  }
  if (plan.fault !== undefined) {
    const { status, headers, body } = plan.fault;
    if (typeof body === 'string') exchange.page(status, body, headers);
    else await exchange.fail(status, body, headers);
    return;
  }
  exchange.cutAfter = plan.cutAfter ?? Number.POSITIVE_INFINITY;
  const { writer, body } = exchange;
  await writer.start();
  if (body.max_tokens === 0) {
    await finish(exchange, 'max_tokens', {});
    return;
  }
  const { parts, met } = applyStopSequences(plan.parts, body.stop_sequences ?? []);
  const pace = new Pace(plan.pace ?? 0, exchange.gone);
  try {
    for (const part of parts) if (!(await playPart(exchange, part, pace))) return;
  } catch (error) {
    if (!(error instanceof OutOfTokens)) throw error;
    await finish(exchange, error.reason, { stop: plan.messageStop });
    return;
  }
  const calls = parts.some((part) => part.kind === 'toolUse' || part.kind === 'toolJson');
  const reason = met === null ? (plan.stopReason ?? (calls ? 'tool_use' : 'end_turn')) : 'stop_sequence';
  await finish(exchange, reason, { sequence: met, details: plan.stopDetails, stop: plan.messageStop });
}

async function finish(
  exchange: Exchange,
  reason: string,
  options: {
    readonly sequence?: string | null;
    readonly details?: { type: 'refusal'; category: string | null; explanation: string | null } | undefined;
    readonly stop?: boolean | undefined;
  },
): Promise<void> {
  await exchange.writer.finish(reason, {
    sequence: options.sequence ?? null,
    details: options.details ?? null,
    stop: options.stop ?? true,
  });
  exchange.end();
}

/** False when the script ends the response here. */
async function playPart(exchange: Exchange, part: Part, pace: Pace): Promise<boolean> {
  const { writer } = exchange;
  const said = (text: string): Promise<void> => pace.after(text.length / 3.5);
  switch (part.kind) {
    case 'text':
      for (const chunk of part.chunks) {
        await writer.text(chunk);
        await said(chunk);
      }
      return true;
    case 'citation':
      await writer.citation(part.citation);
      return true;
    case 'newBlock':
      await writer.endBlock();
      return true;
    case 'thinking':
      if (!writer.thinks) return true;
      await writer.thinking(part.text, words(part.text), said);
      return true;
    case 'redactedThinking':
      await writer.redactedThinking(part.text);
      return true;
    case 'toolUse':
      await writer.toolUse(part.name, jsonPieces(part.input), part.id);
      await said(JSON.stringify(part.input ?? {}));
      return true;
    case 'toolJson':
      await writer.toolUse(part.name, part.chunks);
      return true;
    case 'block':
      await writer.block(part.block);
      return true;
    case 'web':
      await runWeb(exchange, part.call);
      return true;
    case 'event':
      await exchange.send(part.name, part.data);
      return true;
    case 'wait':
      await wait(part.ms, exchange.gone);
      return true;
    case 'error':
      await exchange.fail(part.type === 'overloaded_error' ? 529 : 500, { type: part.type, message: part.message });
      return false;
    case 'cut':
      exchange.destroy();
      return false;
    case 'close':
      exchange.end();
      return false;
    case 'stall':
      await new Promise<void>((resolve) => {
        if (exchange.gone.aborted) resolve();
        else exchange.gone.addEventListener('abort', () => resolve(), { once: true });
      });
      throw new Disconnected();
  }
}
