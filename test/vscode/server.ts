import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuardOrders } from './guard';
import type { HostInstall } from './install';
import { built } from './paths';
import { freePort } from './ports';

/** How the server is started. */
export interface ServerOptions {
  readonly install: HostInstall;
  /** Everything it writes goes here, and its port is remembered here so that a restart finds its storage again. */
  readonly dataDir: string;
  readonly extensionsDir?: string;
  /** A folder of extensions that stand in for those it comes with. */
  readonly builtinExtensions?: string;
  /** Variables for it and the extension host beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** False: folders are asked about, and opened in Restricted Mode. */
  readonly trustEverything: boolean;
  /** Who does not know it is not let in: any page in a browser could try. None for the cut-off browser of a test. */
  readonly token?: string;
  /** What `address` opens. */
  readonly page?: PageOptions;
  readonly onOutput: (text: string) => void;
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** A short address that leads to the page, where a token was given. */
  readonly address: string;
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

const startMilliseconds = 30_000;
const stopMilliseconds = 3_000;
/** Sockets have names of up to 60 characters in this folder, and the system takes 103 to 107 characters in all. */
const longestSocketFolder = 44;

/** A folder for sockets and temporary files: inside the data folder where the path is short enough. */
function runtimeFolder(dataDir: string): { readonly path: string; remove(): void } {
  const inside = join(dataDir, 'tmp');
  if (inside.length <= longestSocketFolder || process.platform === 'win32') {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return { path: inside, remove: () => {} };
  }
  const path = mkdtempSync(join(tmpdir(), 'prelude-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Ends a process and all it started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

/** The server's own environment: nothing of an outer VS Code, whose variables would make it someone's child. */
function serverEnvironment(options: ServerOptions, temporary: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  const { page, token } = options;
  const orders: GuardOrders = {
    keyFile: join(options.dataDir, 'mint-key'),
    ...(page && token ? { shortcut: { from: shortPath(token), to: pagePath(page, token) } } : {}),
  };
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: temporary,
    // No gallery: an extension's view would ask it what is recommended.
    EXTENSIONS_GALLERY: '{}',
    ...options.env,
    PRELUDE_GUARD: JSON.stringify(orders),
  };
}

/** Starts VS Code's server on a loopback port, in a process group of its own that ends with this process. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { install, dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  const portFile = join(dataDir, 'port');
  const wish = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  const port = await freePort(wish);
  const runtime = runtimeFolder(dataDir);
  const args = [
    ...['--require', built('guard.js'), join(install.serverRoot, 'out', 'server-main.js')],
    ...['--host', '127.0.0.1', '--port', String(port)],
    ...(options.token ? ['--connection-token', options.token] : ['--without-connection-token']),
    ...['--accept-server-license-terms', '--telemetry-level', 'off', '--server-data-dir', dataDir],
    ...(options.extensionsDir ? ['--extensions-dir', options.extensionsDir] : []),
    ...(options.builtinExtensions ? ['--builtin-extensions-dir', options.builtinExtensions] : []),
    ...(options.trustEverything ? ['--disable-workspace-trust'] : []),
    // Without the first a built server takes no extension under development; the second keeps login shells out.
    ...['--enable-smoke-test-driver', '--force-disable-user-env'],
  ];
  const child = spawn(install.node, args, {
    cwd: install.serverRoot,
    detached: process.platform !== 'win32',
    env: serverEnvironment(options, runtime.path),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  void exited.then(() => runtime.remove());
  // The pipe breaks when the server goes first.
  child.stdin.on('error', () => {});

  let output = '';
  const listening = new Promise<number>((resolve, reject) => {
    const onData = (data: Buffer): void => {
      const text = data.toString();
      output += text;
      options.onOutput(text);
      const found = /Extension host agent listening on (\d+)/.exec(output);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.once('error', reject);
    void exited.then((code) => reject(new Error(`VS Code's server ended with code ${code}:\n${output}`)));
    setTimeout(
      () => reject(new Error(`VS Code's server did not listen within ${startMilliseconds / 1000} s:\n${output}`)),
      startMilliseconds,
    ).unref();
  });
  try {
    const actual = await listening;
    writeFileSync(portFile, String(actual));
    return {
      port: actual,
      origin: `http://127.0.0.1:${actual}`,
      address: `http://127.0.0.1:${actual}${options.token ? shortPath(options.token) : ''}`,
      exited,
      async stop() {
        killGroup(child, 'SIGTERM');
        await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, stopMilliseconds).unref())]);
        killGroup(child, 'SIGKILL');
        await exited;
      },
    };
  } catch (error) {
    killGroup(child, 'SIGKILL');
    throw error;
  }
}

/** What the page is opened with. */
export interface PageOptions {
  /** A folder or a .code-workspace file, absolute. */
  readonly workspace?: string | undefined;
  /** One extension: of several the page would load the last. */
  readonly developmentPath?: string | undefined;
  readonly testsPath?: string | undefined;
  readonly disableExtensions?: boolean;
  readonly enableProposedApi?: boolean;
  /** Variables for this window's extension host beside the server's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

const shortPath = (token: string): string => `/chat?tkn=${token}`;

/** Path and query of the workbench with an extension under development, as VS Code's server reads them. */
export function pagePath(options: PageOptions, token?: string): string {
  const remote = (path: string): string => `vscode-remote://remote${encodeURI(path.replaceAll('\\', '/'))}`;
  const payload: string[][] = [
    ...(options.developmentPath ? [['extensionDevelopmentPath', remote(options.developmentPath)]] : []),
    ...(options.testsPath ? [['extensionTestsPath', remote(options.testsPath)]] : []),
    ...(options.environment ? [['extensionEnvironment', JSON.stringify(options.environment)]] : []),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(options.enableProposedApi ? [['enableProposedApi', 'true']] : []),
    ...(options.disableExtensions ? [['disableExtensions', 'true']] : []),
  ];
  const query = new URLSearchParams();
  if (token) query.set('tkn', token);
  if (options.workspace) {
    query.set(options.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', options.workspace);
  }
  query.set('payload', JSON.stringify(payload));
  return `/?${query.toString()}`;
}
