/**
 * What the prompt cache holds of tools, instructions and context beyond one conversation: they stand at the head of
 * every prompt, so that a new conversation over the same files reads what another one wrote (API-FACTS §6.1). By the
 * requests of this window; only digests are kept of what was sent.
 */
import { createHash } from 'node:crypto';
import { lifeMs } from '../../core/base/pauseHistogram';
import type { CacheTtl } from '../../core/base/settings';
import { snapshotTexts } from '../../core/context/context';
import type { SharedPrefix } from '../../core/cost/estimate';
import { inputTokens } from '../../core/models/cost';
import type { Model } from '../../core/models/models';
import { startOf } from '../../core/prompt/cachePlan';
import { instructions } from '../../core/prompt/instructions';
import type { AssistantEntry, Entry } from '../../core/record/record';

interface Held {
  readonly life: CacheTtl;
  /** ms since the epoch. */
  readonly until: number;
  /** As the API has billed them; null while it has not. */
  readonly tokens: number | null;
}

/** Entries beyond this are let go of, the oldest first. */
const maxHeld = 200;

/** What the API's cache is expected to hold of tools, instructions and context, by what this window sent. */
export class SystemPrefixCache {
  private readonly held = new Map<string, Held>();
  /** The digests that were asked for last: the same texts are asked for with each key that is typed. */
  private latest: { readonly of: readonly string[]; readonly keys: readonly string[] } | null = null;

  /** Takes in the requests of a path's last turn, sent to this model with these tools. */
  learn(path: readonly Entry[], model: Model, toolsJson: string): void {
    const start = path.findLastIndex((entry) => entry.kind === 'snapshot');
    const snapshot = path[start];
    const turn = path.findLastIndex((entry) => entry.kind === 'user');
    if (snapshot?.kind !== 'snapshot') return;
    const keys = this.keysOf(model.id, toolsJson, [instructions, ...snapshotTexts(snapshot)]);
    for (const [index, entry] of path.entries()) {
      if (index < turn || entry.kind !== 'assistant' || entry.model !== model.id) continue;
      if (inputTokens(entry.usage) < model.minCacheable) continue;
      const isFirst = !path.slice(start + 1, index).some(({ kind }) => kind === 'assistant');
      this.note(keys, entry, isFirst);
    }
  }

  /** How many of these texts of `system` a request at `now` would read, and their tokens with the tools before them. */
  readable(model: string, toolsJson: string, texts: readonly string[], now: number): SharedPrefix {
    const keys = this.keysOf(model, toolsJson, texts);
    const last = keys.findLastIndex((key) => this.isAlive(key, now));
    return { texts: last + 1, tokens: this.held.get(keys[last] ?? '')?.tokens ?? null };
  }

  /** A request reads what is held up to its breakpoints, which keeps that alive, and writes what is not. */
  private note(keys: readonly string[], entry: AssistantEntry, isFirst: boolean): void {
    const at = startOf(entry);
    const read = keys.findLast((key) => this.isAlive(key, at));
    // The first request of a conversation can have read nothing else.
    if (isFirst && read !== undefined && (entry.usage.cacheRead ?? 0) > 0)
      this.set(read, { tokens: entry.usage.cacheRead });
    const requested: CacheTtl = entry.ttl === '1h' || (entry.anchor ?? null) !== null ? '1h' : '5m';
    for (const key of new Set([keys[0], keys.at(-1)])) {
      if (key === undefined) continue;
      const life = this.isAlive(key, at) ? (this.held.get(key)?.life ?? requested) : requested;
      this.set(key, { life, until: at + lifeMs[life] });
    }
  }

  private keysOf(model: string, toolsJson: string, texts: readonly string[]): readonly string[] {
    const of = [model, toolsJson, ...texts];
    const before = this.latest;
    if (before?.of.length === of.length && of.every((text, index) => text === before.of[index])) return before.keys;
    const keys = keysOf(model, toolsJson, texts);
    this.latest = { of, keys };
    return keys;
  }

  private isAlive(key: string, at: number): boolean {
    return at < (this.held.get(key)?.until ?? Number.NEGATIVE_INFINITY);
  }

  private set(key: string, news: Partial<Held>): void {
    const held = { life: '5m' as const, until: 0, tokens: null, ...this.held.get(key), ...news };
    // The latest is last.
    this.held.delete(key);
    this.held.set(key, held);
    const [oldest] = this.held.keys();
    if (this.held.size > maxHeld && oldest !== undefined) this.held.delete(oldest);
  }
}

/** For each text, a digest of it and of all that stands before it. */
function keysOf(model: string, toolsJson: string, texts: readonly string[]): readonly string[] {
  let before = digest(`${model}\n${toolsJson}`);
  return texts.map((text) => {
    before = digest(`${before}\n${text}`);
    return before;
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
