/** Conversations that are made of another one's entries. */
import { copyOf } from '../../../core/record/branch';
import type { Entry } from '../../../core/record/record';
import type { ControllerDeps } from './controllerDeps';

type CopyDeps = Pick<ControllerDeps, 'store' | 'ids' | 'clock' | 'identity' | 'log'>;

/**
 * Stores a path as a conversation of its own; of its entries the last `fresh` are in no other. Resolves to its id; rejects
 * when the store refuses.
 */
export async function saveCopy(
  conversation: string,
  path: readonly Entry[],
  about: { readonly title: string; readonly fresh: number },
  deps: CopyDeps,
): Promise<string> {
  const { store, ids, clock, identity } = deps;
  const at = clock.now();
  const readable = path.filter(({ kind }) => kind !== 'unreadable');
  const copy = copyOf(readable, () => ids.next());
  const id = ids.next();
  const meta = { id, workspace: identity.key, title: about.title, createdAt: at, updatedAt: at, head: null };
  await store.saveBranch(identity, meta, copy, about.fresh);
  await keepTools(conversation, id, deps);
  return id;
}

/** It offers what the conversation does that it is made of: without that it goes on with Prelude's own. */
async function keepTools(conversation: string, copy: string, { store, log }: CopyDeps): Promise<void> {
  try {
    const tools = (await store.loadEnd(conversation, 1))?.tools ?? [];
    if (tools.length > 0) await store.setTools(copy, tools);
  } catch (error) {
    log.error('the tools of a branch were not stored', error);
  }
}
