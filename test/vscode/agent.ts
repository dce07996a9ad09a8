/**
 * The "test suite" that VS Code runs in its extension host: it connects back to the suite that drives the host from
 * outside, and evaluates what that sends until it is told to stop or the suite is gone. It must lie inside the folder of
 * the extension under test, since only then is its `vscode` the same object as the extension's.
 */
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { format } from 'node:util';
import { constants, runInThisContext } from 'node:vm';
import * as vscode from 'vscode';
import { type AgentMessage, lineReader, type SuiteMessage } from './wire';

type Evaluated = (api: typeof vscode, argument: unknown) => unknown;

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the agent runs under launchHost only.`);
  return value;
}

/** Sends what the extension host prints to the suite as well. VS Code's own `console` ignores assignments. */
function forwardConsole(send: (message: AgentMessage) => void): void {
  for (const level of ['debug', 'error', 'info', 'log', 'warn'] as const) {
    const original = console[level].bind(console);
    Object.defineProperty(console, level, {
      configurable: true,
      writable: true,
      value: (...args: unknown[]) => {
        original(...args);
        send({ type: 'log', level, text: format(...args) });
      },
    });
  }
}

async function evaluate(message: Extract<SuiteMessage, { type: 'evaluate' }>): Promise<AgentMessage> {
  const { id, source, argument } = message;
  try {
    // In the global scope: the function sees nothing of this module, as its author is told.
    const evaluated = runInThisContext(`(${source})`, {
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as Evaluated;
    return { type: 'result', id, value: await evaluated(vscode, argument) };
  } catch (error) {
    if (!(error instanceof Error)) return { type: 'failure', id, message: String(error) };
    return { type: 'failure', id, message: error.message, stack: error.stack };
  }
}

/** VS Code calls this once the extension host is up, after each reload anew. */
export async function run(): Promise<void> {
  const socket: Socket = connect(Number(required('PRELUDE_AGENT_PORT')), '127.0.0.1');
  const send = (message: AgentMessage): void => void (socket.writable && socket.write(`${JSON.stringify(message)}\n`));
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      writeFileSync(required('PRELUDE_STOP_FILE'), '');
      socket.end();
      resolve();
    };
    socket.on('connect', () => {
      forwardConsole(send);
      send({ type: 'hello', token: required('PRELUDE_AGENT_TOKEN'), pid: process.pid });
    });
    const read = lineReader((value) => {
      const message = value as SuiteMessage;
      if (message.type === 'stop') stop();
      else void evaluate(message).then(send);
    });
    socket.on('data', read);
    socket.on('error', reject);
    socket.on('close', stop);
  });
}
