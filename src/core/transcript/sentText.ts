/** The texts that went along with messages: pasted and attached ones, what was mentioned, selected lines. */
import type { Attachment, UserItem } from '../../shared/chat';
import type { ContextSelection, Entry, UserBlock } from '../record/record';
import type { SentText } from './chatMarkdown';

/** The bytes of a blob; null where they are gone. */
export type ReadBlob = (hash: string) => Promise<Uint8Array | null>;

/** True for what is sent as a text, lines of a file too: it is found, copied and exported like words. */
export function hasWords(attachment: Pick<Attachment, 'kind' | 'mediaType'>): boolean {
  return attachment.kind === 'selection' || isText(attachment);
}

/** True for what is sent as a text of its own. */
export function isText({ kind, mediaType }: Pick<Attachment, 'kind' | 'mediaType'>): boolean {
  return kind === 'document' && mediaType === 'text/plain';
}

/** An attached text; null where it is gone. */
export async function attachedText(hash: string, read: ReadBlob): Promise<string | null> {
  const bytes = await read(hash);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** Reads what a path's messages were sent with. */
export function sentTexts(path: readonly Entry[], read: ReadBlob): SentText {
  const messages = new Map(path.flatMap((entry) => (entry.kind === 'user' ? [[entry.id, entry.content]] : [])));
  return async ({ id, attachments }: UserItem, index) => {
    const attachment = attachments[index];
    if (attachment !== undefined && isText(attachment)) {
      const text = await attachedText(attachment.id, read);
      return text === null ? null : { text, language: '' };
    }
    const block = messages.get(id)?.filter(({ type }: UserBlock) => type !== 'text')[index];
    return block?.type === 'selection' ? selectedText(block.selection) : null;
  };
}

function selectedText({ path, text, more = [] }: ContextSelection): {
  readonly text: string;
  readonly language: string;
} {
  const [, language = ''] = /\.([a-z0-9]{1,12})$/i.exec(path) ?? [];
  return { text: [text, ...more.map((lines) => lines.text)].join('\n…\n'), language };
}
