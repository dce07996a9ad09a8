/**
 * `npm start -- [FOLDER] [--demo] [--headless]`: opens a VS Code on a folder with Prelude loaded for development, and says
 * which API answers before anything can be sent. Its data stays in `.cache/start` from one start to the next.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startDemoServer } from '../fakeClaude/demo';
import { findDesktop } from './desktop';
import { ensureHost } from './install';
import { messageOf, repoRoot, scratchFolder } from './paths';
import { installRevealExtension } from './reveal';
import { startServer } from './server';
import { mergeSettings, quietSettings, readSettings } from './settings';

interface StartOptions {
  readonly folder: string;
  readonly demo: boolean;
  readonly headless: boolean;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function readOptions(argv: readonly string[]): StartOptions {
  const known = ['--demo', '--headless'];
  const unknown = argv.filter((argument) => argument.startsWith('-') && !known.includes(argument));
  const folders = argv.filter((argument) => !argument.startsWith('-'));
  if (unknown.length > 0 || folders.length > 1) {
    throw new Error(
      `Not understood: ${[...unknown, ...folders.slice(1)].join(' ')}\nnpm start -- [FOLDER] [--demo] [--headless]`,
    );
  }
  // npm runs this in the project's folder; a relative name is meant from where the command was typed.
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), folders[0] ?? repoRoot());
  if (!statSync(folder, { throwIfNoEntry: false })) throw new Error(`${folder} does not exist.`);
  return { folder, demo: argv.includes('--demo'), headless: argv.includes('--headless') };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The first data folder that no other start is using; a second one at the same time gets data and ports of its own. */
function takeDataFolder(): { readonly path: string; release(): void } {
  for (let number = 1; ; number += 1) {
    const first = process.env['PRELUDE_START_DATA'] ?? scratchFolder('start');
    const path = number === 1 ? first : `${first}-${number}`;
    const mark = join(path, 'running');
    mkdirSync(path, { recursive: true });
    const take = (): boolean => {
      try {
        writeFileSync(mark, String(process.pid), { flag: 'wx' });
        return true;
      } catch {
        return false;
      }
    };
    if (!take()) {
      const holder = Number(readFileSync(mark, 'utf8'));
      if (holder && isRunning(holder)) {
        say(
          `Another npm start runs already (process ${holder}). This one uses other ports and its own data (${path}-…).`,
        );
        continue;
      }
      rmSync(mark, { force: true });
      if (!take()) continue;
    }
    return { path, release: () => rmSync(mark, { force: true }) };
  }
}

interface Api {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Decides which API answers and says so. Without the environment's key, nothing of it reaches the extension. */
async function chooseApi(demo: boolean): Promise<Api> {
  const key = process.env['ANTHROPIC_API_KEY'];
  const baseUrl = process.env['ANTHROPIC_BASE_URL'];
  if (key && !demo) {
    const from = baseUrl ? `${new URL(baseUrl).origin} (ANTHROPIC_BASE_URL)` : 'https://api.anthropic.com';
    say(`What you send is answered by the API at ${from}, with the key in ANTHROPIC_API_KEY. It costs money.`);
    const env = { PRELUDE_USE_ENVIRONMENT_KEY: '1', ANTHROPIC_API_KEY: key };
    return { env: baseUrl ? { ...env, ANTHROPIC_BASE_URL: baseUrl } : env, close: async () => {} };
  }
  for (const name of Object.keys(process.env)) if (name.startsWith('ANTHROPIC_')) delete process.env[name];
  const server = await startDemoServer();
  const why = demo ? '--demo' : 'no ANTHROPIC_API_KEY in the environment';
  say(`What you send is answered by a local stand-in at ${server.url} (${why}). Nothing leaves this machine.`);
  return { env: { PRELUDE_DEMO_URL: server.url }, close: () => server.close() };
}

function openInBrowser(address: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
        : ['xdg-open', [address]];
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => say('No browser could be opened: open the address yourself.'));
  opener.unref();
}

const hasScreen = (): boolean =>
  process.platform === 'darwin' ||
  process.platform === 'win32' ||
  Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

interface Opened {
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/** What VS Code starts with, whichever it is. */
interface Plan {
  readonly folder: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
}

function openDesktop(desktop: string, { folder, dataDir, env }: Plan): Opened {
  const settings = join(dataDir, 'User', 'settings.json');
  mergeSettings(settings, quietSettings, readSettings(settings));
  const unsandboxed = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    desktop,
    [
      ...[folder, '--new-window', '--disable-updates', '--skip-welcome', '--skip-release-notes', ...unsandboxed],
      ...[`--user-data-dir=${dataDir}`, `--extensions-dir=${join(dataDir, 'extensions')}`, '--disable-workspace-trust'],
      `--extensionDevelopmentPath=${repoRoot()}`,
    ],
    { env: { ...process.env, ...env }, stdio: 'ignore' },
  );
  say(`VS Code opens on ${folder}. It ends with Ctrl+C here.`);
  const ended = new Promise((done, fail) => {
    child.once('exit', done);
    child.once('error', fail);
  });
  return { ended, close: async () => void child.kill() };
}

/** The same word at every start, so that a browser's bookmark stays good. */
function keptToken(dataDir: string): string {
  const file = join(dataDir, 'token');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const token = randomUUID();
  writeFileSync(file, token, { mode: 0o600 });
  return token;
}

async function openServer({ folder, dataDir, env }: Plan, headless: boolean): Promise<Opened> {
  const settings = join(dataDir, 'data', 'User', 'settings.json');
  mergeSettings(settings, quietSettings, readSettings(settings));
  const install = await ensureHost();
  const output: string[] = [];
  const server = await startServer({
    install,
    dataDir,
    extensionsDir: join(dataDir, 'extensions'),
    env,
    trustEverything: true,
    token: keptToken(dataDir),
    page: { workspace: folder, developmentPath: repoRoot() },
    onOutput: (text) => {
      output.push(text);
      output.splice(0, output.length - 200);
    },
  });
  const { address } = server;
  say(`VS Code ${install.vscodeVersion} on ${folder}:\n\n  ${address}\n`);
  if (headless) say('Open this address in a browser on this machine. Ctrl+C ends it.');
  else if (hasScreen()) {
    openInBrowser(address);
    say('It opens in your browser. Ctrl+C ends it.');
  } else say('There is no display: open this address in a browser on this machine. Ctrl+C ends it.');
  const ended = server.exited.then((code) => {
    throw new Error(`VS Code's server ended by itself with code ${code}:\n${output.join('').slice(-2_000)}`);
  });
  // Ending it ourselves is no failure.
  ended.catch(() => {});
  return { ended, close: () => server.stop() };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done());
  });
  const desktop = options.headless ? undefined : await findDesktop();
  if (!desktop) await ensureHost();
  const data = takeDataFolder();
  const api = await chooseApi(options.demo);
  try {
    const plan: Plan = { folder: options.folder, dataDir: data.path, env: api.env };
    installRevealExtension(join(data.path, 'extensions'));
    const opened = desktop ? openDesktop(desktop, plan) : await openServer(plan, options.headless);
    try {
      await Promise.race([opened.ended, interrupted]);
    } finally {
      await opened.close();
    }
  } finally {
    await api.close();
    data.release();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
