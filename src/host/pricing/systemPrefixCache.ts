/**
 * What the prompt cache holds of tools, instructions and context beyond one conversation: they stand at the head of
 * every prompt, so that a new conversation over the same files reads what another one wrote (API-FACTS §6.1). By the
 * requests of this window, and by the record of those right before it; only digests are kept of what was sent.
 */
import { createHash } from 'node:crypto';
import type { Memo } from '../../core/base/memo';
import { lifeMs } from '../../core/base/pauseHistogram';
import type { CacheTtl } from '../../core/base/settings';
import { changesText, fileChange, snapshotTexts } from '../../core/context/context';
import type { ContextNow } from '../../core/context/editorContext';
import { areSameFiles } from '../../core/context/seenFiles';
import type { SharedPrefix } from '../../core/cost/systemHead';
import { inputTokens } from '../../core/models/cost';
import type { Model } from '../../core/models/models';
import { estimateTokens } from '../../core/models/tokens';
import { startOf } from '../../core/prompt/cachePlan';
import { instructions } from '../../core/prompt/instructions';
import type { AssistantEntry, ContextFile, Entry, SnapshotEntry } from '../../core/record/record';

interface Held {
  readonly life: CacheTtl;
  /** ms since the epoch. A clock that was set back knows nothing of it. */
  readonly from: number;
  readonly until: number;
  /** As the API has billed them; null while it has not. */
  readonly tokens: number | null;
}

/** What conversations began with. */
export interface Begun {
  /** Each that did: one that is gone ends it. */
  readonly conversations: readonly string[];
  readonly project: readonly ContextFile[];
  readonly files: readonly ContextFile[];
  /** Of all of it, in `held`. */
  readonly key: string;
}

/** Beginnings that are remembered: their texts are kept. */
const maxBegun = 8;

/** Entries beyond this are let go of, the oldest first. */
const maxHeld = 200;

/** What the API's cache is expected to hold of tools, instructions and context, by what this window sent. */
export class SystemPrefixCache {
  private readonly held = new Map<string, Held>();
  /** The latest first. */
  private begun: readonly Begun[] = [];
  private account: string | null = null;
  private earlier: Promise<void> | null = null;
  /** The digests that were asked for last: the same texts are asked for with each key that is typed. */
  private latest: { readonly of: readonly string[]; readonly keys: readonly string[] } | null = null;

  /** Requests go out to this address with this key: what others were sent is not read by them. */
  use(account: string): void {
    if (this.account !== null && this.account !== account) {
      this.held.clear();
      this.begun = [];
    }
    this.account = account;
  }

  /** Once, what the record tells of requests before this window's. */
  lookedUp(look: () => Promise<void>): Promise<void> {
    // Without it, what this window sends is known all the same.
    this.earlier ??= look().catch(() => undefined);
    return this.earlier;
  }

  /**
   * The files that a conversation over `now` begins with at the least cost, as the cache holds them, and which ones began
   * so; null where it holds none. What has changed since is told behind them.
   */
  beginning(asked: string, toolsJson: string, now: ContextNow, at: number, memo: Memo): Begun | null {
    let best: { readonly begun: Begun; readonly saved: number } | null = null;
    for (const begun of this.begun) {
      const { project, files, key } = begun;
      if (!this.isAlive(key, at) || !areSameFiles(project, now.project)) continue;
      const saved = savedBy(files, now, memo);
      if (saved <= (best?.saved ?? 0) || key !== this.keyOf(asked, toolsJson, project, files)) continue;
      best = { begun, saved };
    }
    return best?.begun ?? null;
  }

  /** No conversation begins so any more. */
  end(begun: Begun): void {
    this.begun = this.begun.filter(({ key }) => key !== begun.key);
  }

  private keyOf(asked: string, tools: string, project: readonly ContextFile[], files: readonly ContextFile[]): string {
    const snapshot: SnapshotEntry = { kind: 'snapshot', id: '', parent: null, at: 0, project, files, selection: null };
    return keysOf(asked, tools, [instructions, ...snapshotTexts(snapshot)]).at(-1) ?? '';
  }

  /** Takes in the requests of a path's last turn, sent to this model with these tools. */
  learn(path: readonly Entry[], model: Model, toolsJson: string, conversation = ''): void {
    const start = path.findLastIndex((entry) => entry.kind === 'snapshot');
    const snapshot = path[start];
    const turn = path.findLastIndex((entry) => entry.kind === 'user');
    if (snapshot?.kind !== 'snapshot') return;
    const texts = [instructions, ...snapshotTexts(snapshot)];
    const { project, files } = snapshot;
    const last = path.findLast((entry) => entry.kind === 'assistant' && entry.model === model.id);
    const effort = last?.kind === 'assistant' ? last.effort : null;
    const all = this.keysOf(askedOf(model.id, effort), toolsJson, texts);
    // The selection stands behind what is kept (request.ts).
    const keys = snapshot.selection === null ? all : all.slice(0, -1);
    const key = keys.at(-1) ?? '';
    const before = this.begun.find((one) => one.key === key)?.conversations ?? [];
    const begun = { conversations: [...new Set([...before, conversation])], project, files, key };
    if (files.length > 0) this.begun = [begun, ...this.begun.filter((one) => one.key !== key)].slice(0, maxBegun);
    for (const [index, entry] of path.entries()) {
      if (index < turn || entry.kind !== 'assistant' || entry.model !== model.id || entry.effort !== effort) continue;
      if (inputTokens(entry.usage) - (entry.usage.input ?? 0) < model.minCacheable) continue;
      const isFirst = !path.slice(start + 1, index).some(({ kind }) => kind === 'assistant');
      this.note(keys, entry, isFirst);
    }
  }

  /** How many of these texts of `system` a request at `now` would read, and their tokens with the tools before them. */
  readable(asked: string, toolsJson: string, texts: readonly string[], now: number): SharedPrefix {
    const keys = this.keysOf(asked, toolsJson, texts);
    const last = keys.findLastIndex((key) => this.isAlive(key, now));
    return { texts: last + 1, tokens: this.held.get(keys[last] ?? '')?.tokens ?? null };
  }

  /** A request reads what is held up to its breakpoints, which keeps that alive, and writes what is not. */
  private note(keys: readonly string[], entry: AssistantEntry, isFirst: boolean): void {
    const at = startOf(entry);
    const { cacheRead, cacheWrite1h } = entry.usage;
    const anHour = cacheWrite1h ?? 0;
    const read = keys.findLast((key) => this.isAlive(key, at));
    // The first request of a conversation can have read nothing else.
    if (isFirst && read !== undefined && (cacheRead ?? 0) > 0) this.set(read, { tokens: cacheRead });
    // Where the messages live shorter, what was written for an hour ends where the head does.
    const last = keys.at(-1);
    if (isFirst && last !== undefined && anHour > 0 && entry.ttl === '5m' && !entry.anchor)
      this.set(last, { tokens: (cacheRead ?? 0) + anHour });
    const isLong = entry.ttl === '1h' || (entry.anchor ?? null) !== null || anHour > 0;
    const requested: CacheTtl = isLong ? '1h' : '5m';
    const wrote = (entry.usage.cacheWrite5m ?? 0) + anHour > 0;
    for (const key of new Set([keys[0], wrote ? last : (read ?? last)])) {
      if (key === undefined) continue;
      const life = this.isAlive(key, at) ? (this.held.get(key)?.life ?? requested) : requested;
      this.set(key, { life, from: at, until: at + lifeMs[life] });
    }
  }

  private keysOf(asked: string, toolsJson: string, texts: readonly string[]): readonly string[] {
    const of = [asked, toolsJson, ...texts];
    const before = this.latest;
    if (before?.of.length === of.length && of.every((text, index) => text === before.of[index])) return before.keys;
    const keys = keysOf(asked, toolsJson, texts);
    this.latest = { of, keys };
    return keys;
  }

  private isAlive(key: string, at: number): boolean {
    const held = this.held.get(key);
    return held !== undefined && held.from <= at && at < held.until;
  }

  private set(key: string, news: Partial<Held>): void {
    const held = { life: '5m' as const, from: 0, until: 0, tokens: null, ...this.held.get(key), ...news };
    // The latest is last.
    this.held.delete(key);
    this.held.set(key, held);
    const [oldest] = this.held.keys();
    if (this.held.size > maxHeld && oldest !== undefined) this.held.delete(oldest);
  }
}

/** What reading a token saves of writing it, and what telling one costs, as parts of the price of input. */
const readSaves = 1.15;
const telling = 1.35;

/** What reading these files instead of writing them saves, by tokens; 0 where one does not go along. */
function savedBy(files: readonly ContextFile[], now: ContextNow, memo: Memo): number {
  let saved = 0;
  for (const file of files) {
    const present = now.files.find(({ uri, path }) => uri === file.uri && path === file.path);
    if (present === undefined) return 0;
    saved += readSaves * estimateTokens(file.text);
    if (present.text === file.text) continue;
    saved -= telling * estimateTokens(changesText([fileChange(file, present, memo)]));
  }
  return saved;
}

/** What is asked, at which level: another one may find nothing of tools and system (API-FACTS §6.3). */
export function askedOf(model: string, effort: string | null | undefined): string {
  return `${model} ${effort ?? ''}`;
}

/** For each text, a digest of it and of all that stands before it. */
function keysOf(asked: string, toolsJson: string, texts: readonly string[]): readonly string[] {
  let before = digest(`${asked}\n${toolsJson}`);
  return texts.map((text) => {
    before = digest(`${before}\n${text}`);
    return before;
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
