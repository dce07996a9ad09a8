/**
 * Takes the arguments of a desktop VS Code and is one in effect: VS Code's server with a headless Chromium before it.
 * `@vscode/test-electron`'s `runTests` starts it as its `vscodeExecutablePath`. Exit codes: the suite's; 1 when it
 * cannot start; 124 when time is up; 129, 130, 143 on SIGHUP, SIGINT, SIGTERM.
 *
 * Environment: PRELUDE_HOST_TIMEOUT, seconds until it gives up (1800); PRELUDE_STOP_FILE, a file that the suite writes
 * before it ends: while it is not there, the end of the extension host is a crash, after which a window of a desktop
 * would be opened again, and so the page is loaded again; PRELUDE_KEEP_TRUST=1 leaves Workspace Trust on;
 * PRELUDE_PLAIN=1, no built-in extensions but those that colour code, and scripts that are not optimized;
 * PRELUDE_WINDOW, the window's size as `1280x800`.
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';
import { launchProfile } from './browser';
import { ensureHost } from './install';
import { messageOf } from './paths';
import { pagePath, type RunningServer, startServer } from './server';
import { plainExtensions } from './serverParts';
import { mergeSettings, quietSettings, readSettings } from './settings';

/** The workbench gathers changes of its storage for 100 ms before it writes them. */
const flushMilliseconds = 200;

interface Arguments {
  readonly workspace: string | undefined;
  readonly developmentPath: string | undefined;
  readonly testsPath: string | undefined;
  readonly userDataDir: string;
  readonly extensionsDir: string | undefined;
  readonly debuggingPort: number | undefined;
  readonly disableExtensions: boolean;
  readonly enableProposedApi: boolean;
}

/** Reads what runTests and its callers pass; a desktop's other switches mean nothing here and are passed over. */
function readArguments(argv: readonly string[]): Arguments {
  const values = (name: string): string[] =>
    argv.flatMap((argument) => (argument.startsWith(`--${name}=`) ? [argument.slice(name.length + 3)] : []));
  const has = (name: string): boolean => argv.some((a) => a === `--${name}` || a.startsWith(`--${name}=`));
  const positional = argv.find((argument) => !argument.startsWith('-'));
  const userDataDir = values('user-data-dir').at(-1);
  if (!userDataDir) throw new Error('--user-data-dir=FOLDER is missing.');
  const [developmentPath, ...more] = values('extensionDevelopmentPath');
  if (more.length > 0) throw new Error("VS Code's server loads one extension under development, not several.");
  const debuggingPort = values('remote-debugging-port').at(-1);
  return {
    workspace: positional === undefined ? undefined : isAbsolute(positional) ? positional : resolve(positional),
    developmentPath,
    testsPath: values('extensionTestsPath').at(-1),
    userDataDir,
    extensionsDir: values('extensions-dir').at(-1),
    debuggingPort: debuggingPort === undefined ? undefined : Number(debuggingPort),
    disableExtensions: has('disable-extensions'),
    enableProposedApi: has('enable-proposed-api'),
  };
}

const write = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** The workbench fetches the tests' file by its full name, where a desktop takes it as `require` does. */
function withExtension(path: string | undefined): string | undefined {
  return path === undefined || path.endsWith('.js') || existsSync(path) ? path : `${path}.js`;
}

/** Formats `console.*` arguments of the automation driver; the first may be a format. */
function printLog(type: string, args: readonly unknown[]): void {
  const [first, ...rest] = args.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  let text = first ?? '';
  for (const value of rest)
    text = /%[sdoOc]/.test(text) ? text.replace(/%[sdoOc]/, () => value ?? '') : `${text} ${value}`;
  write(`[${type}] ${text}`);
}

function printConsole(message: ConsoleMessage): void {
  if (message.type() === 'error' || message.type() === 'warning') write(`[page ${message.type()}] ${message.text()}`);
}

/** Opens the page and resolves to the suite's exit code; loads it again where the extension host crashed. */
async function runPage(context: BrowserContext, address: string): Promise<number> {
  const page: Page = context.pages()[0] ?? (await context.newPage());
  const stopFile = process.env['PRELUDE_STOP_FILE'];
  const ended = new Promise<number>((resolve, reject) => {
    const onExit = (code: number): void => {
      if (stopFile === undefined || existsSync(stopFile)) {
        resolve(code);
        return;
      }
      write(`The extension host ended with code ${code}: loading the window again.`);
      page.reload({ waitUntil: 'commit' }).catch(reject);
    };
    page.on('crash', () => reject(new Error('The browser page crashed.')));
    page.on('close', () => reject(new Error('The browser page was closed.')));
    void context.exposeFunction('codeAutomationLog', printLog);
    void context.exposeFunction('codeAutomationExit', onExit);
  });
  page.on('console', printConsole);
  await page.goto(address, { waitUntil: 'commit' });
  const code = await ended;
  await leave(page);
  return code;
}

/** Leaves the page as one that closes a window does: the workbench writes state late, and the rest as it is left. */
async function leave(page: Page): Promise<void> {
  await delay(flushMilliseconds);
  await page.goto('about:blank', { timeout: 2_000 }).catch(() => {});
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  const [width = 1280, height = 800] = (process.env['PRELUDE_WINDOW'] ?? '')
    .split('x')
    .map(Number)
    .filter((n) => n > 0);
  const plain = process.env['PRELUDE_PLAIN'];
  const install = await ensureHost();
  const serverSettings = join(args.userDataDir, 'data', 'User', 'settings.json');
  const callers = readSettings(join(args.userDataDir, 'User', 'settings.json'));
  mergeSettings(serverSettings, quietSettings, readSettings(serverSettings), callers);

  let server: RunningServer | undefined;
  let context: BrowserContext | undefined;
  let over = false;
  const cleanUp = async (): Promise<void> => {
    over = true;
    await context?.close().catch(() => {});
    await server?.stop();
  };
  const interrupted = new Promise<number>((resolve) => {
    for (const [signal, code] of [
      ['SIGHUP', 129],
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      process.on(signal, () => resolve(code));
    }
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(143), 500).unref();
  });
  const seconds = Number(process.env['PRELUDE_HOST_TIMEOUT'] ?? 1_800);
  const timedOut = new Promise<number>((resolve) => {
    setTimeout(() => {
      write(`VS Code was ended: ${seconds} s are up.`);
      resolve(124);
    }, seconds * 1_000).unref();
  });
  const run = async (): Promise<number> => {
    server = await startServer({
      install,
      dataDir: args.userDataDir,
      ...(args.extensionsDir ? { extensionsDir: args.extensionsDir } : {}),
      ...(plain ? { builtinExtensions: plainExtensions(install.serverRoot) } : {}),
      trustEverything: process.env['PRELUDE_KEEP_TRUST'] !== '1',
      onOutput: write,
    });
    if (over) await server.stop();
    const profile = join(args.userDataDir, 'browser');
    context = await launchProfile({
      chromium: install.chromium,
      profile,
      width,
      height,
      debuggingPort: args.debuggingPort,
      optimized: plain === undefined,
    });
    if (over) await context.close();
    const { origin } = server;
    const address = origin + pagePath({ ...args, testsPath: withExtension(args.testsPath) });
    const lost = server.exited.then((code) => {
      throw new Error(`VS Code's server ended by itself with code ${code}.`);
    });
    return Promise.race([runPage(context, address), lost]);
  };
  try {
    return await Promise.race([run(), interrupted, timedOut]);
  } finally {
    await cleanUp();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
