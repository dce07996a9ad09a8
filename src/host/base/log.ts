/** The one log of the extension, as the core's Log port. */
import * as vscode from 'vscode';
import type { ApiFetch } from '../../core/api/client';
import type { Log } from '../../core/base/ports';
import { describeError, redact } from './redact';

/** Opens the "Prelude" channel. Costs nothing until something is shown. */
export function createLogChannel(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Prelude', { log: true });
}

/** A Log that writes there, without anything that looks like a key. */
export function createLog(channel: vscode.LogOutputChannel): Log {
  return {
    info: (message) => channel.info(redact(message)),
    warn: (message) => channel.warn(redact(message)),
    error: (message, error) =>
      channel.error(error === undefined ? redact(message) : `${redact(message)}: ${describeError(error)}`),
  };
}

/** `fetch` that leaves a line of each request: where it goes, its size and what it is for. Nothing of what is in it. */
export function loggedFetch(fetch: typeof globalThis.fetch, log: Pick<Log, 'info'>): ApiFetch {
  return (input, init, why) => {
    const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
    const bytes = typeof init?.body === 'string' ? Buffer.byteLength(init.body) : 0;
    log.info(
      `${init?.method ?? 'GET'} ${origin}${pathname}, ${bytes.toLocaleString('en')} bytes: ${why ?? 'unknown'}.`,
    );
    return fetch(input, init);
  };
}
