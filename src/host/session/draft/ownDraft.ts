/**
 * Two windows on one conversation have one stored draft. What was typed in one of them, or came back there, stays in it
 * when that window ends, whatever the other one has stored there since, as with a message that it sent (L2).
 */
import type { Store } from '../../../core/record/store';
import { withBegun } from '../../../shared/turn/editing';
import { blockId, decodeDraft, encodeDraft, isBlank, type StoredDraft } from './draft';

/**
 * Stores the draft of a window that ends: behind what another one has stored, unless it is in there. `ours` is what this
 * window has stored last. Rejects with a StoreError.
 */
export async function keepOwn(
  store: Pick<Store, 'load' | 'setDraft'>,
  conversation: string,
  own: StoredDraft,
  ours: string,
): Promise<void> {
  if (isBlank(own)) return;
  const stored = await store.load(conversation);
  if (stored === null) return;
  const kept = encodeDraft(stored.draft === ours ? own : behind(decodeDraft(stored.draft), own));
  if (kept !== stored.draft) await store.setDraft(conversation, kept);
}

function behind({ text, attachments, edits }: StoredDraft, own: StoredDraft): StoredDraft {
  const there = new Set(attachments.map(blockId));
  return {
    text: text.includes(own.text) ? text : [text, own.text].filter((part) => part !== '').join('\n\n'),
    attachments: [...attachments, ...own.attachments.filter((block) => !there.has(blockId(block)))],
    edits: own.edits.reduceRight((all, edit) => withBegun(all, edit.id, edit), edits),
  };
}
