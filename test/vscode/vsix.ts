import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { inflateRawSync } from 'node:zlib';

interface ZipEntry {
  readonly path: string;
  readonly data: () => Buffer;
}

/** The files of a zip without encryption, multiple disks or 64-bit sizes: what `vsce` writes. */
function* readZip(zip: Buffer): Generator<ZipEntry> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('This is not a zip archive.');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const offset = zip.readUInt32LE(at + 42);
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const packed = zip.subarray(start, start + size);
    yield { path, data: () => (method === 0 ? packed : inflateRawSync(packed)) };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

/** Puts a packed extension where VS Code has its installed ones, under the name that it gives them. */
export function unpackVsix(vsix: string, extensionsDir: string): string {
  const entries = [...readZip(readFileSync(vsix))].filter(
    ({ path }) => path.startsWith('extension/') && !path.endsWith('/'),
  );
  const manifest = entries.find(({ path }) => path === 'extension/package.json');
  if (!manifest) throw new Error(`${vsix} holds no extension/package.json.`);
  const { publisher, name, version } = JSON.parse(manifest.data().toString()) as Record<string, string>;
  const folder = join(extensionsDir, `${publisher}.${name}-${version}`);
  for (const { path, data } of entries) {
    const local = normalize(path.slice('extension/'.length));
    if (local.startsWith('..')) throw new Error(`${vsix} holds a path that leads outside: ${path}`);
    mkdirSync(dirname(join(folder, local)), { recursive: true });
    writeFileSync(join(folder, local), data());
  }
  return folder;
}
