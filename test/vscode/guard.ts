/**
 * Loaded into VS Code's server before its own code (`node --require guard.js …`), and asleep everywhere else. It does
 * two things for the server: it ends the whole process group when the pipe on standard input closes, which the system
 * does for whoever holds the other end, even if that process is killed; and it answers `POST /mint-key` with the same 32
 * bytes each time, which code-server's outer layer would do and without which secrets are lost on a reload.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';

function endGroup(): void {
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  process.exit(1);
}

function answerMintKey(keyFile: string): void {
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  const key = readFileSync(keyFile);
  const emit = Server.prototype.emit as (this: Server, ...args: unknown[]) => boolean;
  function emitOrAnswer(this: Server, ...args: unknown[]): boolean {
    const [event, request, response] = args as [unknown, IncomingMessage | undefined, ServerResponse | undefined];
    if (event === 'request' && request?.method === 'POST' && request.url?.split('?')[0]?.endsWith('/mint-key')) {
      response?.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }).end(key);
      return true;
    }
    return emit.apply(this, args);
  }
  Object.defineProperty(Server.prototype, 'emit', { configurable: true, writable: true, value: emitOrAnswer });
}

const keyFile = process.env['PRELUDE_GUARD_KEY'];
if (keyFile) {
  // Processes that the server starts inherit the preload but must not act on it.
  delete process.env['PRELUDE_GUARD_KEY'];
  answerMintKey(keyFile);
  process.stdin.on('end', endGroup).on('close', endGroup).on('error', endGroup).resume();
}
