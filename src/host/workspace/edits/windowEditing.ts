/** The EditingPort of this window: over its editors, its language services and the store. */
import type { Store } from '../../../core/record/store';
import type { EditingPort } from '../../../core/tools/edits/editing';
import type { WorkspaceFacts } from '../files/facts';
import { vscodeLanguages } from '../language/vscodeLanguages';
import { createEditing } from './editing';
import { createProblemWatch } from './newProblems';
import { vscodeEdits } from './vscodeEdits';

/** `owner`: of this window's leases. */
export function windowEditing(
  facts: WorkspaceFacts,
  store: Pick<Store, 'putFileVersion' | 'notePendingEdits'>,
  owner: string,
): EditingPort {
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
