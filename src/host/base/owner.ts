/** Names this extension host to the others that share the store, and tells whether the one behind a name is gone. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** `host:pid:random`: unique even where a process id is used again. */
export function createOwner(): string {
  return `${hostname()}:${process.pid}:${randomUUID()}`;
}

/** Tells of an owner that is not `own` whether it may still be running: false only when that is known. */
export function isOwnerAlive(own: string, owner: string): boolean {
  if (owner === own) return true;
  const [host, pid] = owner.split(':');
  const id = Number(pid);
  // Another machine's process cannot be looked up from here: its lease expires.
  if (host !== hostname() || !Number.isSafeInteger(id) || id <= 0) return true;
  // A process has one owner: another with this id lived before.
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
