/** A file on the disk that is written as its pieces come, under another name until it is whole. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What was there stays as it is until all is written; of what fails or is cancelled nothing is left. */
export async function writePieces(path: string, pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const part = join(dirname(path), `prelude-${randomUUID()}.part`);
  try {
    await pipeline(pieces, createWriteStream(part, { flags: 'wx' }), { signal });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
