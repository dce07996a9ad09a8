/** Loaded into the extension host by `edits.test.ts`: the port over VS Code, with a store in memory. */
import { createHash } from 'node:crypto';
import type { AppliedChange, Change, PlannedChange } from '../../src/core/tools/edits/editing';
import { createEditing } from '../../src/host/workspace/edits/editing';
import { createProblemWatch } from '../../src/host/workspace/edits/newProblems';
import { vscodeEdits } from '../../src/host/workspace/edits/vscodeEdits';
import { vscodeLanguages } from '../../src/host/workspace/language/vscodeLanguages';
import { vscodeFacts } from '../../src/host/workspace/vscodeFacts';

const kept = new Map<string, Uint8Array>();

const port = createEditing({
  facts: vscodeFacts({ warn: () => {}, isInstruction: () => false, onNoRipgrep: () => {} }),
  edits: vscodeEdits,
  problems: createProblemWatch(vscodeLanguages),
  store: {
    putFileVersion: async (_, bytes) => {
      const digest = createHash('sha256').update(bytes).digest('hex');
      kept.set(digest, bytes);
      return digest;
    },
    notePendingEdits: async () => {},
  },
});

let calls = 0;

/** What came of a change: made, or refused in these words. */
export interface Made {
  readonly plan?: PlannedChange;
  readonly applied?: AppliedChange;
  readonly refused?: string;
  /** As base64: what was kept of before and after. */
  readonly before?: string | null;
  readonly after?: string | null;
}

/** Plans a change and makes it. */
export async function make(change: Change): Promise<Made> {
  calls += 1;
  const editing = port.of({ conversation: 'conversation', step: `step ${calls}`, call: `call ${calls}` });
  const { signal } = new AbortController();
  const base64 = (digest: string | null | undefined): string | null =>
    digest == null ? null : Buffer.from(kept.get(digest) ?? []).toString('base64');
  try {
    const plan = await editing.plan(change, signal);
    const applied = await editing.apply(change, signal);
    const [one] = applied.edits;
    return { plan, applied, before: base64(one?.before), after: base64(one?.after) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

/** Puts bytes (base64) in the place of what is there; null: no file. */
export async function putBack(uri: string, bytes: string | null): Promise<boolean> {
  const now = await port.restoring.now(uri);
  return await port.restoring.put(uri, now, bytes === null ? null : Buffer.from(bytes, 'base64'));
}
