/** What can be said of an attachment from its bytes alone. */
import { code, counted, fence } from './demoQuote';
import { sniffImage, sniffPdf } from './images';
import { type Block, blocksOf, sourceOf } from './wire';

const names = { 'image/png': 'PNG', 'image/jpeg': 'JPEG', 'image/gif': 'GIF', 'image/webp': 'WebP' } as const;

function bytesText(length: number): string {
  if (length < 1_000) return counted(length, 'byte');
  return length < 1_000_000 ? `${(length / 1_000).toFixed(1)} kB` : `${(length / 1_000_000).toFixed(1)} MB`;
}

function describeImage(block: Block, label: string): string {
  const source = sourceOf(block);
  if (source?.type !== 'base64')
    return `${label} is given by reference (${source?.type ?? 'unknown'}); I have no bytes to look at.`;
  const bytes = Buffer.from(source.data ?? '', 'base64');
  const image = sniffImage(bytes);
  if (image === undefined)
    return `${label} has ${bytesText(bytes.length)}, but its bytes are no PNG, JPEG, GIF or WebP.`;
  const shape = image.width === image.height ? 'square' : image.width > image.height ? 'landscape' : 'portrait';
  const size = `${image.width} × ${image.height} pixels`;
  return `${label} is a **${names[image.type]}** of **${size}** (${shape}), ${bytesText(bytes.length)}. I read that from its bytes; I cannot see what it shows.`;
}

function describeDocument(block: Block, label: string): string {
  const source = sourceOf(block);
  const title = block.title ? ` ${code(block.title)}` : '';
  if (source?.type === 'base64') {
    const bytes = Buffer.from(source.data ?? '', 'base64');
    const pdf = sniffPdf(bytes);
    if (pdf === undefined) return `${label}${title} has ${bytesText(bytes.length)} and is no PDF.`;
    const pages = pdf.counted
      ? `**${counted(pdf.pages, 'page')}**`
      : 'pages I cannot count, since its objects are compressed';
    return `${label}${title} is a **PDF** with ${pages}, ${bytesText(bytes.length)}. I read that from its bytes; I do not read its pages.`;
  }
  const text =
    source?.type === 'text'
      ? (source.data ?? '')
      : blocksOf(source?.content)
          .map((part) => part.text ?? '')
          .join('\n');
  const lines = text.trimEnd().split('\n');
  const words = text.match(/\S+/g)?.length ?? 0;
  const shown = lines.slice(0, 12).join('\n');
  const more = lines.length > 12 ? ` Its first 12 lines:` : ' All of it:';
  return `${label}${title} is text: ${counted(lines.length, 'line')}, ${counted(words, 'word')}.${more}\n\n${fence(shown, 'text')}`;
}

/** Describes every attachment of a question. */
export function describeAttachments(blocks: readonly Block[]): string {
  const many = blocks.length > 1;
  return blocks
    .map((block, index) => {
      const kind = block.type === 'image' ? 'image' : 'document';
      const label = many ? `Attachment ${index + 1}` : `The attached ${kind}`;
      return block.type === 'image' ? describeImage(block, label) : describeDocument(block, label);
    })
    .map((text) => (many ? `- ${text}` : text))
    .join('\n');
}
