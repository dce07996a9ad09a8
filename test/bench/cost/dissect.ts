/** Where the money of a row of requests went: by what was sent, and by how it was billed. */
import type { LedgerPass } from '../../fakeClaude/ledger';
import type { Position } from '../../fakeClaude/positions';
import { type Block, blocksOf, type RequestBody } from '../../fakeClaude/wire';
import { ledgerOf, type Rule, type Sent } from './bill';

export type Part = 'shared' | 'files' | 'changes' | 'words' | 'answers' | 'results' | 'images';

/** In tokens of base input: what was read, written for 5 minutes, for an hour, and not cached. */
export interface Paid {
  readonly read: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly plain: number;
}

export interface Dissection {
  readonly parts: Readonly<Record<Part, Paid>>;
  /** One line a request: when, and its tokens by how they were billed. */
  readonly lines: readonly string[];
}

const nothing: Paid = { read: 0, write5m: 0, write1h: 0, plain: 0 };

/** Plays the requests against a ledger of their own. */
export function dissect(requests: readonly Sent[], rule: Rule): Dissection {
  const ledger = ledgerOf(rule);
  const parts: Record<Part, Paid> = {
    shared: nothing,
    files: nothing,
    changes: nothing,
    words: nothing,
    answers: nothing,
    results: nothing,
    images: nothing,
  };
  const start = requests[0]?.at ?? 0;
  const lines = requests.map(({ at, body }) => {
    const pass = ledger.play(body, at);
    let before = 0;
    for (const position of pass.positions) {
      const part = partOf(position, body);
      parts[part] = plus(parts[part], paidFor(before, position.total, pass));
      before = position.total;
    }
    const { usage } = pass;
    const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = usage.cache_creation;
    const marks = pass.marks.map((mark) => `${mark.path}:${mark.ttl}${mark.hit === undefined ? '' : ` ←${mark.hit}`}`);
    const minutes = ((at - start) / 60_000).toFixed(1).padStart(6);
    const counts = [usage.cache_read_input_tokens, short, long, usage.input_tokens];
    return `${minutes} min  read ${counts[0]}, 5m ${counts[1]}, 1h ${counts[2]}, plain ${counts[3]}  [${marks.join(' ')}]`;
  });
  return { parts, lines };
}

/** In tokens of base input. */
export function sumOf(paid: Paid): number {
  return paid.read + paid.write5m + paid.write1h + paid.plain;
}

function paidFor(from: number, to: number, { usage }: LedgerPass): Paid {
  const a = usage.cache_read_input_tokens;
  const b = a + usage.cache_creation.ephemeral_1h_input_tokens;
  const c = b + usage.cache_creation.ephemeral_5m_input_tokens;
  const within = (low: number, high: number): number => Math.max(0, Math.min(to, high) - Math.max(from, low));
  return {
    read: 0.1 * within(0, a),
    write1h: 2 * within(a, b),
    write5m: 1.25 * within(b, c),
    plain: within(c, Number.POSITIVE_INFINITY),
  };
}

function plus(a: Paid, b: Paid): Paid {
  return {
    read: a.read + b.read,
    write5m: a.write5m + b.write5m,
    write1h: a.write1h + b.write1h,
    plain: a.plain + b.plain,
  };
}

function partOf({ section, path }: Position, body: RequestBody): Part {
  if (section === 'tools' || path === 'system.0') return 'shared';
  if (section === 'system') return 'files';
  const [, message, , block] = path.split('.').map(Number);
  const { role, content } = body.messages[message ?? 0] ?? { role: 'user', content: '' };
  if (role === 'assistant') return 'answers';
  const found: Block | undefined = blocksOf(content)[block ?? 0];
  if (found?.type === 'image') return 'images';
  if (found?.type === 'tool_result') return 'results';
  return found?.text?.startsWith('<news>') === true ? 'changes' : 'words';
}
