/** What came back into a draft while nobody looked stays in it, whatever another window has stored there since (L2). */
import type { Store } from '../../../core/record/store';
import { blockId, decodeDraft, encodeDraft, type StoredDraft } from './draft';

/** Stores it behind what the draft is now, unless it is in there. Rejects with a StoreError. */
export async function keepUnseen(
  store: Pick<Store, 'load' | 'setDraft'>,
  conversation: string,
  unseen: StoredDraft,
): Promise<void> {
  if (unseen.text === '') return;
  const stored = await store.load(conversation);
  if (stored === null) return;
  const { text, attachments } = decodeDraft(stored.draft);
  if (text.includes(unseen.text)) return;
  const there = new Set(attachments.map(blockId));
  const kept = {
    text: text === '' ? unseen.text : `${text}\n\n${unseen.text}`,
    attachments: [...attachments, ...unseen.attachments.filter((block) => !there.has(blockId(block)))],
  };
  await store.setDraft(conversation, encodeDraft(kept));
}
