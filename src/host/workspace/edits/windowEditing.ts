/** What changes files in this window: over its editors, its language services and the store. */
import type { Store } from '../../../core/record/store';
import type { WorkspaceFacts } from '../files/facts';
import { vscodeLanguages } from '../language/vscodeLanguages';
import { createEditing, type HostEditing } from './editing';
import { createProblemWatch } from './newProblems';
import { vscodeEdits } from './vscodeEdits';

/** `owner`: of this window's leases. */
export function windowEditing(
  facts: WorkspaceFacts,
  store: Pick<Store, 'putFileVersion' | 'notePendingEdits'>,
  owner: string,
): HostEditing {
  return createEditing({
    facts,
    edits: vscodeEdits,
    problems: createProblemWatch(vscodeLanguages),
    store: {
      putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
      notePendingEdits: (conversation, pending) => store.notePendingEdits(conversation, pending, owner),
    },
  });
}
