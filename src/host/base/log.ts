/** The one log of the extension, as the core's Log port. */
import * as vscode from 'vscode';
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
