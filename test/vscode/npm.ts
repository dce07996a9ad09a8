import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type UnpackOptions, unpackTgz } from './archive';

/** Settings of the npm that runs us, which must not leak into the installs that we make elsewhere. */
const foreignSetting =
  /^npm_(package|lifecycle)_|^npm_command$|^init_cwd$|^npm_config_(local_prefix|prefix|workspaces?|omit|include|production|dev|global|ignore_scripts|dry_run|package_lock)$/i;

/** How npm is called here: by its script with this Node where that is known, else by its name on PATH. */
function npmCommand(): { readonly command: string; readonly args: readonly string[]; readonly shell: boolean } {
  const windows = process.platform === 'win32';
  const beside = join(
    dirname(process.execPath),
    windows ? 'node_modules' : '../lib/node_modules',
    'npm/bin/npm-cli.js',
  );
  const scripts = [process.env['npm_execpath'], beside];
  const script = scripts.find((path) => path && basename(path) === 'npm-cli.js' && existsSync(path));
  if (script) return { command: process.execPath, args: [script], shell: false };
  return { command: windows ? 'npm.cmd' : 'npm', args: [], shell: windows };
}

/** Runs npm quietly in a folder; rejects with what npm printed when it fails. Resolves to its standard output. */
export async function npm(folder: string, args: readonly string[]): Promise<string> {
  const { command, args: first, shell } = npmCommand();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreignSetting.test(name)));
  return new Promise((resolve, reject) => {
    const child = spawn(
      command,
      [...first, ...args, '--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'],
      {
        cwd: folder,
        env,
        shell,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    child.on('error', (error) =>
      reject(
        new Error(`npm could not be started (${error.message}). It comes with Node.js: put it on PATH and try again.`),
      ),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else
        reject(new Error(`npm ${args.slice(0, 2).join(' ')} failed (exit code ${code}).\n${errors || output}`.trim()));
    });
  });
}

/**
 * Fetches a package from the registry and unpacks it; none of its scripts run and none of its dependencies come along.
 * @param spec name and exact version, e.g. `code-server@4.139.1`
 */
export async function fetchPackage(spec: string, target: string, options: UnpackOptions = {}): Promise<void> {
  const download = `${target}.download`;
  await rm(download, { recursive: true, force: true });
  await mkdir(download, { recursive: true });
  await npm(download, ['pack', spec, '--ignore-scripts', '--silent']);
  const archive = (await readdir(download)).find((file) => file.endsWith('.tgz'));
  if (!archive) throw new Error(`npm pack ${spec} left no archive.`);
  const { place = (path: string) => path } = options;
  await unpackTgz(join(download, archive), target, {
    // Packages lie in one folder, mostly called "package".
    place: (path) => {
      const inner = path.slice(path.indexOf('/') + 1);
      return inner ? place(inner) : undefined;
    },
  });
  await rm(download, { recursive: true, force: true });
}
