/** Keeps what streams in the store about once a second, so that a crash loses at most that. */
import { messageOf } from '../base/errors';
import type { Clock, Log } from '../base/ports';
import { CheckpointDiff } from '../record/checkpointPieces';
import type { HeldRequest } from '../record/record';
import type { Store } from '../record/store';
import type { AnswerStream } from './answerStream';

const checkpointMs = 1000;

/** What could not be kept goes with the next that is: where that is more than so many characters, not each second. */
const smallAnswer = 256 * 1024;
const growth = 0.2;

interface CheckpointPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly diagnostics: Log;
  readonly conversation: string;
  /** Of the lease. */
  readonly owner: string | null;
}

/** What the answer will be: `parent` is the entry that it follows. */
interface CheckpointPlace {
  readonly entry: string;
  readonly parent: string;
  readonly model: string;
  /** What its request held: an answer that is repaired keeps its thinking by it. */
  readonly held: HeldRequest;
}

/** Runs until what it returns is called. */
export function keepCheckpoints(ports: CheckpointPorts, stream: AnswerStream, place: CheckpointPlace): () => void {
  const { store, clock, diagnostics, conversation, owner } = ports;
  const { held, ...always } = place;
  const news = new CheckpointDiff();
  let isWriting = false;
  /** Characters of the answer when it was last not kept. */
  let refusedAt = 0;
  return clock.every(checkpointMs, () => {
    const { size } = stream;
    const isTooSoon = refusedAt > smallAnswer && size < refusedAt * (1 + growth);
    if (stream.message !== null || isWriting || isTooSoon) return;
    const piece = news.take(stream.blocks);
    if (piece === null) return;
    isWriting = true;
    store
      .checkpoint(
        conversation,
        { ...always, at: clock.now(), ...piece, ...(piece.before === 0 ? { held } : {}) },
        owner,
      )
      .then(
        (isKept) => {
          news.settle(isKept);
          refusedAt = isKept ? 0 : size;
        },
        (error: unknown) => {
          refusedAt = size;
          diagnostics.warn(`a checkpoint was not stored: ${messageOf(error)}`);
        },
      )
      .finally(() => {
        isWriting = false;
      });
  });
}
