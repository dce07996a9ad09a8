/** A small file beside the database, with its name: with it, a database that is gone is told from one that never was. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

function markOf(file: string): string {
  return `${file}.name`;
}

/** null when there is none. */
export function readMark(file: string): string | null {
  try {
    return readFileSync(markOf(file), 'utf8');
  } catch {
    return null;
  }
}

/** A damaged database is about to be moved away: that is told by itself. */
export function dropMark(file: string): void {
  rmSync(markOf(file), { force: true });
}

/** Throws when the folder refuses. */
export function writeMark(file: string, name: string): void {
  writeFileSync(markOf(file), name, { mode: 0o600 });
}
