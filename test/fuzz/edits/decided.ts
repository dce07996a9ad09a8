/** What keeping and undoing may do to a file, told by what its card showed before. */
import assert from 'node:assert/strict';
import type { TurnFile } from '../../../src/core/record/record';
import type { ReviewHunk } from '../../../src/shared/edits';
import { assertOutside, shownLines, withoutHunks } from './truth';

/** A file before a decision about it. */
export interface Shown {
  readonly name: string;
  /** Its name before it was renamed; null where it was not. */
  readonly from: string | null;
  readonly file: TurnFile;
  readonly content: Buffer | null;
  readonly hunks: readonly ReviewHunk[];
}

/** What was decided: `hunk` null is all of the file. `ok`: it was done, all of it. */
export interface Decision {
  readonly hunk: ReviewHunk | null;
  readonly keep: boolean;
  readonly ok: boolean;
}

/** `contentOf`: of a file as it is after the decision; `onDisk`: whatever an editor has of it. */
export function checkDecided(
  { name, from, file, content, hunks }: Shown,
  { hunk, keep, ok }: Decision,
  contentOf: (name: string) => Buffer | null,
  onDisk: (name: string) => Buffer | null,
): void {
  const isMoved = !keep && hunk === null && from !== null;
  // A window that died while it undid this has moved it back already.
  if (isMoved && content === null) return;
  const after = isMoved && (ok || contentOf(name) === null) ? onDisk(from) : contentOf(name);
  const isSame = content === null ? after === null : after !== null && content.equals(after);
  if (isSame && (keep || !ok)) return;
  assert.ok(!keep, `keeping changed ${name}`);
  if (file.base === null || file.current === null) {
    assert.equal(after === null, file.base === null, `${name} is there, or is not, against what was undone`);
    return;
  }
  if (content === null || after === null) {
    assert.ok(isSame, `${name} came or went`);
    return;
  }
  const undone = hunk === null ? hunks.filter((one) => one.changedSince !== true) : [hunk];
  assert.deepEqual(shownLines(after), withoutHunks(content, undone), `${name}: an undoing is not what was shown`);
  if (undone.length > 0) assertOutside(content, after, undone);
}
