/**
 * The branches of a conversation: what is not on the path that is shown, and where one can go from that to it. Pure
 * functions of the log, as far as its shape goes: of an entry on a branch no more is known than that takes.
 */
import type { Branching } from '../../shared/chat';
import { addUsage, addUsd, noUsage, type TokenUsage } from '../../shared/tokenUsage';
import type { Entry } from './record';

/** An entry that is not on the path that is shown. */
export interface LeftEntry {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  /** ms since the epoch. */
  readonly at: number;
  /** Of a user message, what it says: JSON. */
  readonly said?: string;
  /** What it cost; missing for nothing. */
  readonly paid?: Paid;
}

/** What a record has besides the path that is shown. */
export interface Beside {
  /** What is not on it, each behind its parent. */
  readonly left: readonly LeftEntry[];
  /** How many entries at its beginning are those of another conversation, which has paid for them. */
  readonly copied: number;
}

/** Of a conversation that has nothing but its path. */
export const nothingBeside: Beside = { left: [], copied: 0 };

/** What requests have cost together. */
export interface Paid {
  readonly usage: TokenUsage;
  /** US dollars; null where a price is unknown. */
  readonly usd: number | null;
}

/** What is kept of an entry that leaves the path. */
function leftOf(entry: Entry): LeftEntry {
  const { id, parent, at } = entry;
  const kind = kindOf(entry);
  if (entry.kind === 'user') return { id, parent, kind, at, said: JSON.stringify(entry.content) };
  if (entry.kind !== 'assistant' && entry.kind !== 'compaction' && entry.kind !== 'warmUp')
    return { id, parent, kind, at };
  return { id, parent, kind, at, paid: { usage: entry.usage, usd: entry.usd } };
}

/** What a record has besides its path when that has been cut, and goes on as `next`. */
export function besideCut(path: readonly Entry[], { left, copied }: Beside, next: readonly Entry[]): Beside {
  const kept = new Set(next.map(({ id }) => id));
  const gone = path.flatMap((entry, index): readonly LeftEntry[] => {
    if (kept.has(entry.id)) return [];
    const { paid, ...place } = leftOf(entry);
    return [index < copied || paid === undefined ? place : { ...place, paid }];
  });
  return { left: [...left, ...gone], copied: Math.min(copied, path.findIndex(({ id }) => !kept.has(id)) >>> 0) };
}

function kindOf(entry: Entry): string {
  return entry.kind === 'unreadable' ? entry.was : entry.kind;
}

/** What branches have cost that are not shown, and in how many requests. */
export function paidOn(left: readonly LeftEntry[]): Paid & { readonly requests: number } {
  const all = left.flatMap(({ paid }) => (paid === undefined ? [] : [paid]));
  return {
    usage: all.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
    usd: all.reduce<number | null>((sum, { usd }) => addUsd(sum, usd), 0),
    // One that used nothing was never answered.
    requests: all.filter(({ usage }) => Object.values(usage).some((tokens) => tokens !== 0)).length,
  };
}

/** The newest entry behind one on a branch, itself among them: where the path ends that goes on from it. */
export function endOfBranch(left: readonly LeftEntry[], from: string): string | null {
  const behind = new Set<string>();
  let end: string | null = null;
  // As they were stored: each behind its parent.
  for (const { id, parent } of left) {
    if (id !== from && (parent === null || !behind.has(parent))) continue;
    behind.add(id);
    end = id;
  }
  return end;
}

const said: ReadonlySet<string> = new Set(['user', 'assistant', 'toolResult', 'end']);

/** True for what a turn consists of: all else stands between turns, or says something about them. */
export function isSaid({ kind }: { readonly kind: string }): boolean {
  return said.has(kind);
}

/** The shape of a conversation's log. */
class Tree {
  private readonly nodes: ReadonlyMap<string, LeftEntry>;
  private readonly turns = new Map<string, string | null>();

  constructor(path: readonly Entry[], left: readonly LeftEntry[]) {
    this.nodes = new Map([...left, ...path.map(leftOf)].map((node) => [node.id, node]));
  }

  get said(): readonly LeftEntry[] {
    return [...this.nodes.values()].filter(isSaid);
  }

  /** What was said right before; null for nothing. */
  before(node: LeftEntry): LeftEntry | null {
    let next = node.parent === null ? undefined : this.nodes.get(node.parent);
    // Damage may lead in a circle.
    for (let steps = this.nodes.size; next !== undefined && steps > 0; steps -= 1) {
      if (isSaid(next)) return next;
      next = next.parent === null ? undefined : this.nodes.get(next.parent);
    }
    return null;
  }

  /** The id of the turn that it belongs to; null where its question is lost. */
  turnOf(node: LeftEntry): string | null {
    const passed: string[] = [];
    let turn: string | null = null;
    for (
      let next: LeftEntry | null = node;
      next !== null && passed.length <= this.nodes.size;
      next = this.before(next)
    ) {
      const known = next.kind === 'user' ? next.id : this.turns.get(next.id);
      if (known !== undefined) {
        turn = known;
        break;
      }
      passed.push(next.id);
    }
    for (const id of passed) this.turns.set(id, turn);
    return turn;
  }
}

/** Where the path that is shown has branches: other messages in the place of one, other answers to one. */
export function branchesOf(path: readonly Entry[], left: readonly LeftEntry[]): readonly Branching[] {
  if (left.length === 0) return [];
  const tree = new Tree(path, left);
  const shown = new Set(path.map(({ id }) => id));
  const inTurns = Map.groupBy(
    tree.said.filter(({ kind }) => kind !== 'user'),
    (node) => tree.turnOf(node),
  );
  const questions = tree.said.filter(({ kind }) => kind === 'user');
  const places = Map.groupBy(questions, (node) => tree.before(node)?.id ?? null);
  return questions
    .filter(({ id }) => shown.has(id))
    .flatMap((question) => {
      const others = places.get(tree.before(question)?.id ?? null) ?? [];
      const isAnswered = (id: string): boolean => (inTurns.get(id) ?? []).some(isOfModel);
      return [
        ...branching(`user/${question.id}`, question.id, messages(others, question, isAnswered)),
        ...answers(tree, question, inTurns.get(question.id) ?? [], shown),
      ];
    });
}

function isOfModel({ kind }: LeftEntry): boolean {
  return kind === 'assistant' || kind === 'toolResult';
}

/** Not one that was asked again with the very same words before anything came of it. */
function messages(
  all: readonly LeftEntry[],
  shown: LeftEntry,
  isAnswered: (id: string) => boolean,
): readonly LeftEntry[] {
  return all.filter(
    (one) =>
      one.id === shown.id ||
      isAnswered(one.id) ||
      !all.some(
        (other) => other.id !== one.id && other.said === one.said && (isAnswered(other.id) || other.id > one.id),
      ),
  );
}

/** The answers to a message that have come to something, and the one that is shown; each by the end of it. */
function answers(
  tree: Tree,
  question: LeftEntry,
  nodes: readonly LeftEntry[],
  shown: ReadonlySet<string>,
): readonly Branching[] {
  if (nodes.every(({ id }) => shown.has(id))) return [];
  const behind = Map.groupBy(nodes, (node) => tree.before(node)?.id ?? null);
  const current = nodes.findLast(({ id }) => shown.has(id)) ?? question;
  const isOwn = (end: LeftEntry): boolean => {
    // Up to where another answer goes its own way; what is shown is that of the one that is shown.
    for (let node: LeftEntry | null = end; node !== null && node.id !== question.id && !shown.has(node.id); ) {
      if (isOfModel(node)) return true;
      const parent: LeftEntry | null = tree.before(node);
      if ((behind.get(parent?.id ?? null)?.length ?? 0) > 1) return false;
      node = parent;
    }
    return false;
  };
  const ends = nodes.filter((node) => !behind.has(node.id) && node.id !== current.id && isOwn(node));
  // Of one that has just begun there is nothing yet.
  const newest = current === question ? { ...current, at: Number.POSITIVE_INFINITY } : current;
  return branching(`answer/${question.id}`, current.id, [...ends, newest]);
}

function branching(item: string, shown: string, all: readonly LeftEntry[]): readonly Branching[] {
  if (all.length < 2) return [];
  const ordered = all.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const at = ordered.findIndex(({ id }) => id === shown);
  const beside = (by: number): string | null => ordered[at + by]?.id ?? null;
  return [{ item, at: at + 1, of: all.length, previous: beside(-1), next: beside(1) }];
}
