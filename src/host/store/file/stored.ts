/** JSON that the store kept, as values. What can no longer be read is as if it had not been kept: the rest is there. */
import { checkpointOf } from '../../../core/record/checkpointPieces';
import { readEntry } from '../../../core/record/readEntry';
import type { Checkpoint, QueuedMessage, RegeneratedTurn, StoredConversation } from '../../../core/record/store';

/** What the composer holds besides the record, each part as JSON. */
export type ComposerRow = Readonly<
  Record<'draft' | 'removedContext' | 'addedContext' | 'queued' | 'asked' | 'regenerated', string>
>;

/** null when the JSON is none. */
export function parseJson(json: string | null): unknown {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** `other` when the JSON is none of a text. */
export function readText<Other>(json: string | null, other: Other): string | Other {
  const value = parseJson(json);
  return typeof value === 'string' ? value : other;
}

function readTexts(json: string): readonly string[] {
  const value = parseJson(json);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What the composer holds besides the record. */
export function readComposer(
  row: Omit<ComposerRow, 'regenerated'>,
): Pick<StoredConversation, 'draft' | 'removedContext' | 'addedContext' | 'queued' | 'asked'> {
  return {
    draft: readText(row.draft, ''),
    removedContext: readTexts(row.removedContext),
    addedContext: readTexts(row.addedContext),
    queued: readQueued(row.queued),
    asked: readTexts(row.asked),
  };
}

/** null for none, and for one that cannot be read. */
export function readRegenerated(json: string): RegeneratedTurn | null {
  const value = parseJson(json) as Partial<RegeneratedTurn> | null;
  const { turn, model = null, effort = null } = value ?? {};
  const areTexts = [model, effort].every((one) => one === null || typeof one === 'string');
  return typeof turn === 'string' && areTexts ? { turn, model, effort } : null;
}

/** The messages that wait, but for those that cannot be read. */
export function readQueued(json: string): readonly QueuedMessage[] {
  const queued = parseJson(json);
  return Array.isArray(queued) ? queued.filter(isQueued) : [];
}

function isQueued(value: unknown): value is QueuedMessage {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('content' in value)) return false;
  const { id, content } = value;
  if (typeof id !== 'string') return false;
  const words = JSON.stringify({ id, kind: 'user', at: 0, model: '', content });
  return readEntry(words, { id, parent: null, kind: 'user', at: 0 }).kind === 'user';
}

/** What the pieces of a partial answer make; null for none, and for one that cannot be read. */
export function readCheckpoint(pieces: readonly string[]): Checkpoint | null {
  return checkpointOf(pieces.map(parseJson));
}
