/** Where symbolic links of this machine lead. */
import { isUtf8 } from 'node:buffer';
import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import { realPathOf } from './disk';
import { diskDoor } from './door';

/** No system follows more, one behind the other. */
const maxHops = 64;

/**
 * Where a link leads, link behind link, whether something is there or is still to be made; null for what is no link, and
 * for links that lead to themselves.
 */
export async function targetOf(path: string | Buffer, place: string): Promise<string | null> {
  return (await realPathOf(path, place)) ?? (await diskDoor.run(place, (alive) => followed(path, alive)));
}

/** As a system goes: name by name, since `..` behind a link is the folder around where that leads. */
async function followed(path: string | Buffer, alive: () => void): Promise<string | null> {
  const given = Buffer.from(path).toString(bytewise);
  const left = [basename(given)];
  let at = await realpath(nameOf(dirname(given)), 'buffer').then(
    (folder) => folder.toString(bytewise),
    () => null,
  );
  let hops = 0;
  for (let name = left.shift(); at !== null && name !== undefined; name = left.shift()) {
    alive();
    const next = resolve(at, name);
    const link = name === '' || name === '..' ? null : await linkAt(next);
    if (link === null) at = next;
    else if (hops === maxHops) return null;
    else {
      const { root } = parse(link);
      at = resolve(at, root);
      left.unshift(...link.slice(root.length).split(sep === '/' ? sep : /[\\/]/));
      hops += 1;
    }
  }
  return at === null || hops === 0 ? null : Buffer.from(at, bytewise).toString();
}

/** A letter for each byte: names need not be UTF-8. */
const bytewise = 'latin1';

function nameOf(path: string): string | Buffer {
  const bytes = Buffer.from(path, bytewise);
  return isUtf8(bytes) ? bytes.toString() : bytes;
}

async function linkAt(path: string): Promise<string | null> {
  return await readlink(nameOf(path), 'buffer').then(
    (link) => link.toString(bytewise),
    () => null,
  );
}

/** A path below a folder, by bytes that need not be UTF-8. */
export function joined(folder: string, name: Buffer): string | Buffer {
  return isUtf8(name) ? join(folder, name.toString()) : Buffer.concat([Buffer.from(join(folder, sep)), name]);
}
