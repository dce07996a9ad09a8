import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for `@vscode/spdlog`, whose native part has no prebuilt binary: the same functions over appendFileSync,
 * with rotation left out because a run's logs are small.
 */
const spdlogReplacement = `'use strict';
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');
const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(type, name, filename) {
    this.filename = filename;
    this.level = 2;
    this.bare = false;
    mkdirSync(dirname(filename), { recursive: true });
  }
  write(level, message) {
    if (level < this.level) return;
    const stamp = new Date().toISOString().replace('T', ' ').slice(0, -1);
    try {
      appendFileSync(this.filename, this.bare ? message : stamp + ' [' + names[level] + '] ' + message + '\\n');
    } catch {
      // The data folder is gone: the run is over.
    }
  }
  trace(message) { this.write(0, message); }
  debug(message) { this.write(1, message); }
  info(message) { this.write(2, message); }
  warn(message) { this.write(3, message); }
  error(message) { this.write(4, message); }
  critical(message) { this.write(5, message); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.bare = true; }
  flush() {}
  drop() {}
}
exports.version = 1;
exports.Logger = Logger;
exports.LogLevel = { Trace: 0, Debug: 1, Info: 2, Warning: 3, Error: 4, Critical: 5, Off: 6 };
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, filename) => new Logger('rotating', name, filename);
exports.createAsyncRotatingLogger = async (name, filename) => new Logger('rotating_async', name, filename);
`;

/** Stands in for `@vscode/native-watchdog`: ends this process some seconds after the one it watches is gone. */
const watchdogReplacement = `'use strict';
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(87);
    }
  }, 3000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`;

/** Replaces the two native modules that have no prebuilt binaries. */
export function replaceNativeModules(server: string): void {
  for (const [name, source] of [
    ['@vscode/spdlog', spdlogReplacement],
    ['@vscode/native-watchdog', watchdogReplacement],
  ] as const) {
    const file = join(server, 'node_modules', name, 'index.js');
    if (!existsSync(file)) throw new Error(`${name} is not among the server's modules: the recipe no longer fits.`);
    writeFileSync(file, source);
  }
}

/**
 * code-server switches every proposed API on for every extension, so that misuse would pass here and fail in a stable
 * VS Code. This makes the check ask the extension's `enabledApiProposals` again.
 */
export function restoreProposalCheck(server: string): void {
  const file = join(server, 'out', 'vs', 'workbench', 'api', 'node', 'extensionHostProcess.js');
  const source = readFileSync(file, 'utf8');
  const complaint = source.indexOf('CANNOT use API proposal');
  const pattern = /function ([\w$]+)\(([\w$]+),([\w$]+)\)\{return!0\}(?=function [\w$]+\([\w$]+,[\w$]+\)\{if\(!\1\()/g;
  const matches = [...source.matchAll(pattern)].filter(({ index }) => index < complaint && complaint - index < 400);
  const [match] = matches;
  if (complaint < 0 || !match || matches.length !== 1) {
    throw new Error(
      `The check for proposed APIs was not found in ${file} (${matches.length} matches). This code-server differs from ` +
        'the one the recipe was written for: adapt restoreProposalCheck in test/vscode/serverParts.ts.',
    );
  }
  const [whole, name, extension, proposal] = match;
  const check = `function ${name}(${extension},${proposal}){return !!${extension}.enabledApiProposals?.includes(${proposal})}`;
  writeFileSync(file, source.slice(0, match.index) + check + source.slice(match.index + whole.length));
}

/** Packages that no extension under test needs and that weigh more than all the rest. */
const unneededPackages = ['@devcontainers', '@github', '@microsoft/mxc-sdk', '@vscode/sqlite3'];

/** Folders that hold one binary for each platform; only this platform's is kept. */
const perPlatform = ['@vscode/ripgrep-universal/bin', 'node-pty/prebuilds'];

/** Deletes what would only fill the disk: unused packages, and binaries of other platforms. */
export function pruneServer(server: string): void {
  const modules = join(server, 'node_modules');
  for (const name of unneededPackages) rmSync(join(modules, name), { recursive: true, force: true });
  const own = `${process.platform}-${process.arch}`;
  for (const folder of perPlatform) {
    const path = join(modules, folder);
    if (!existsSync(join(path, own))) continue;
    for (const platform of readdirSync(path)) {
      if (platform !== own) rmSync(join(path, platform), { recursive: true, force: true });
    }
  }
}

/** The built-in extensions that a chat about code looks odd without. */
const plainNames = ['javascript', 'json', 'markdown-basics', 'theme-defaults', 'theme-seti', 'typescript-basics'];

/**
 * A folder beside the server with these of its extensions; made when it is not there. Of the others it has what names
 * them and no more: one that is missing would run in the browser instead.
 */
export function plainExtensions(server: string): string {
  const folder = join(server, 'plainExtensions');
  if (existsSync(folder)) return folder;
  const half = mkdtempSync(`${folder}-`);
  for (const name of readdirSync(join(server, 'extensions'))) {
    const from = join(server, 'extensions', name);
    const manifest = join(from, 'package.json');
    if (plainNames.includes(name)) cpSync(from, join(half, name), { recursive: true });
    else if (existsSync(manifest)) writeStub(join(half, name), manifest);
  }
  try {
    renameSync(half, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function writeStub(folder: string, manifest: string): void {
  const { name, publisher, version, engines } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, publisher, version, engines }));
}
