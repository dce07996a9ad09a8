/**
 * Loaded into VS Code's server before its own code (`node --require guard.js …`), and asleep everywhere else. For the
 * server it does three things: it ends the whole process group when the pipe on standard input closes, which the system
 * sees to even if whoever holds the other end is killed; it answers `POST /mint-key` with the same 32 bytes each time,
 * which code-server's outer layer would do and without which secrets are lost on a reload; and it leads from a short
 * address that people can copy to the long one that loads the extension.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';

/** What the variable PRELUDE_GUARD holds, as JSON. */
export interface GuardOrders {
  /** Keeps the 32 bytes, so that secrets survive a restart too. */
  readonly keyFile: string;
  /** A path with its query, and where it leads. */
  readonly shortcut?: { readonly from: string; readonly to: string };
}

function endGroup(): void {
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  process.exit(1);
}

function answerFor({ keyFile, shortcut }: GuardOrders): void {
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  const key = readFileSync(keyFile);
  const answer = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method === 'POST' && request.url?.split('?')[0]?.endsWith('/mint-key')) {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }).end(key);
      return true;
    }
    if (request.method === 'GET' && shortcut && request.url === shortcut.from) {
      response.writeHead(302, { location: shortcut.to, 'cache-control': 'no-store' }).end();
      return true;
    }
    return false;
  };
  const emit = Server.prototype.emit as (this: Server, ...args: unknown[]) => boolean;
  function emitOrAnswer(this: Server, ...args: unknown[]): boolean {
    const [event, request, response] = args as [unknown, IncomingMessage, ServerResponse];
    return (event === 'request' && answer(request, response)) || emit.apply(this, args);
  }
  Object.defineProperty(Server.prototype, 'emit', { configurable: true, writable: true, value: emitOrAnswer });
}

const orders = process.env['PRELUDE_GUARD'];
if (orders) {
  // Processes that the server starts inherit the preload but must not act on it.
  delete process.env['PRELUDE_GUARD'];
  answerFor(JSON.parse(orders) as GuardOrders);
  process.stdin.on('end', endGroup).on('close', endGroup).on('error', endGroup).resume();
}
