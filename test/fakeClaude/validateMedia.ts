/** Images and documents: types, sizes, counts (API-FACTS §3.2, §8.1, §8.2). */
import { scaledSize, sniffImage, sniffPdf } from './images';
import type { Model } from './models';
import { Refusal } from './rules';
import type { Switches } from './switches';
import { type Block, blocksOf, isObject, type RequestBody, sourceOf } from './wire';

interface Found {
  readonly path: string;
  readonly block: Block;
}

function mediaIn(path: string, block: Block): Found[] {
  const nested = block.type === 'tool_result' ? blocksOf(block.content) : blocksOf(innerContent(block));
  const inside = nested.flatMap((part, index) => mediaIn(`${path}.content.${index}`, part));
  return block.type === 'image' || block.type === 'document' ? [{ path, block }, ...inside] : inside;
}

function innerContent(block: Block): string | readonly Block[] | undefined {
  const source = sourceOf(block);
  return block.type === 'document' && Array.isArray(source?.content) ? source.content : undefined;
}

const mediaTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const isBase64 = (data: string): boolean =>
  data.length > 0 && data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data);

/** Throws a Refusal for the first image or document that the API would refuse. */
export function checkMedia(body: RequestBody, { model, switches }: { model: Model; switches: Switches }): void {
  const found = body.messages.flatMap((message, at) =>
    blocksOf(message.content).flatMap((block, index) => mediaIn(`messages.${at}.content.${index}`, block)),
  );
  const images = found.filter(({ block }) => block.type === 'image');
  const documents = found.filter(({ block }) => block.type === 'document');
  const limit = model.window < 1_000_000 ? 100 : 600;
  if (images.length + documents.length > limit) {
    throw new Refusal('tooManyImages', { images: images.length, documents: documents.length, limit });
  }
  for (const image of images) checkImage(image, images.length, model, switches);
  let pages = 0;
  for (const { path, block } of documents) {
    const source = sourceOf(block);
    if (source?.type !== 'base64') continue;
    const data = source.data ?? '';
    if (!isBase64(data)) throw new Refusal('invalidBase64', { path: `${path}.document` });
    const pdf = sniffPdf(Buffer.from(data, 'base64'));
    if (pdf === undefined) throw new Refusal('invalidPdf', { path });
    if (pdf.encrypted) throw new Refusal('encryptedPdf', { path });
    pages += pdf.pages;
  }
  if (pages > limit) throw new Refusal('pdfPages', { limit });
  checkCitations(body, documents);
}

function checkImage({ path, block }: Found, count: number, model: Model, switches: Switches): void {
  const source = sourceOf(block);
  if (source?.type !== 'base64') return;
  const said = source.media_type ?? '';
  const data = source.data ?? '';
  if (!mediaTypes.includes(said)) throw new Refusal('imageMediaType', { path });
  if (data.length > switches.imageLimitBytes) {
    const bytes = switches.imageLimitBytes;
    throw new Refusal('imageBytes', { path, mega: bytes / 1_048_576, bytes: data.length, limit: bytes });
  }
  if (!isBase64(data)) throw new Refusal('invalidBase64', { path: `${path}.image` });
  const image = sniffImage(Buffer.from(data, 'base64'));
  if (image === undefined) throw new Refusal('imageUnreadable');
  if (image.type !== said) throw new Refusal('imageMismatch', { path, said, is: image.type });
  const edge = Math.max(image.width, image.height);
  if (edge > 8_000) throw new Refusal('imageDimensions', { path });
  if (count > 20 && edge > 2_000) {
    throw new Refusal(
      'manyImageDimensions',
      { path },
      { error_code: 'image_dimensions_too_large', max_side_length_pixels: 2_000, paths: [path] },
    );
  }
  if (block.transformations?.oversized_image === 'error') {
    const scaled = scaledSize(image, model.highResImages);
    if (scaled.width !== image.width) {
      const size = `${image.width}x${image.height}`;
      throw new Refusal('oversizedImage', { path, size, scaled: `${scaled.width}x${scaled.height}` });
    }
  }
}

function checkCitations(body: RequestBody, documents: readonly Found[]): void {
  const on = documents.filter(({ block }) => isObject(block.citations) && block.citations['enabled'] === true);
  if (on.length > 0 && on.length < documents.length) throw new Refusal('citationsPartly');
  if (on.length > 0 && isObject(body.output_config?.format)) throw new Refusal('citationsFormat');
}
