/** Writes what can be read of a conversation into a Markdown file that the user chooses. */
import type { Store } from '../../core/record/store';
import { chatMarkdown } from '../../core/transcript/chatMarkdown';
import { sentTexts } from '../../core/transcript/sentText';
import { stateOf } from '../../core/transcript/transcript';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';

/** Asks where the file goes and writes it. `name`: the one that is offered. Rejects when it cannot be written. */
export type SaveMarkdown = (name: string, markdown: string) => Promise<void>;

/** Rejects with a Refused for a conversation that is gone. */
export async function exportConversation(
  id: string,
  store: Pick<Store, 'load' | 'getBlob'>,
  save: SaveMarkdown,
): Promise<void> {
  const stored = await store.load(id);
  if (stored === null) throw refused(refusals.notStored());
  const { title } = stored.meta;
  await save(
    `${fileName(title)}.md`,
    await chatMarkdown(
      stateOf(id, title, stored.path),
      sentTexts(stored.path, (hash) => store.getBlob(hash)),
    ),
  );
}

/** Of a title what every file system takes. */
function fileName(title: string): string {
  const plain = title.replace(/[^\p{L}\p{N} _-]+/gu, ' ').replace(/ +/g, ' ');
  return [...plain].slice(0, 80).join('').trim() || 'conversation';
}
