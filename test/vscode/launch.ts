import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findDesktop } from './desktop';
import { ensureHost } from './install';
import { built, hostCache, repoRoot } from './paths';
import { type HostSession, type SessionPlan, startSession } from './session';
import { mergeSettings, quietSettings, readSettings } from './settings';
import { unpackVsix } from './vsix';

/** The look of the workbench, by VS Code's own default themes. */
export type ColorScheme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

const themes: Readonly<Record<ColorScheme, string>> = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
};

/** What VS Code is started with. */
export interface LaunchOptions {
  /** A folder or a .code-workspace file. */
  readonly workspace: string;
  /** User settings over the quiet ones of settings.ts. On a restart on the same data they are laid over what is there. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables for the extension host. ANTHROPIC_* of this process never get there unless they are named here. */
  readonly env?: Readonly<Record<string, string>>;
  /** The extension under development: the project by default. Null for none; then `vsix` names a packed one. */
  readonly extensionPath?: string | null;
  /** A packed extension to install. */
  readonly vsix?: string;
  /** Use the data of an earlier session, which was given the same folder; else it is temporary and deleted at the end. */
  readonly dataDir?: string;
  /** The window's size in CSS pixels (1280 × 800). */
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: ColorScheme;
  /** False: the workspace opens in Restricted Mode. */
  readonly trusted?: boolean;
  /**
   * True: VS Code's server comes with all extensions of its own, the language services and Git among them. Else only with
   * the few that colour code: a load takes less than half of the CPU time.
   */
  readonly services?: boolean;
}

/** Writes a script in one step, so that others that run at the same time never start half of it. */
function writeScript(name: string, body: string): string {
  const file = join(hostCache(), name);
  const text = process.platform === 'win32' ? `@echo off\r\n${body}\r\n` : `#!/bin/sh\n${body}\n`;
  try {
    if (readFileSync(file, 'utf8') === text) return file;
  } catch {
    // It is not there yet.
  }
  mkdirSync(hostCache(), { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, text, { mode: 0o755 });
  renameSync(half, file);
  return file;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The executable to give to `runTests` where there is no desktop: a script that starts executable.js. */
function serverLauncher(): string {
  const script = built('executable.js');
  if (process.platform === 'win32')
    return writeScript(`vscode-${process.versions.node}.cmd`, `"${process.execPath}" "${script}" %*`);
  return writeScript(`vscode-${process.versions.node}`, `exec ${quoted(process.execPath)} ${quoted(script)} "$@"`);
}

/** A desktop VS Code without the switch that `runTests` always adds and under which there is no Restricted Mode. */
function desktopWithTrust(desktop: string): string {
  if (process.platform === 'win32')
    throw new Error('trusted: false is not supported with a desktop VS Code on Windows.');
  const filter = 'for a; do shift; [ "$a" = --disable-workspace-trust ] || set -- "$@" "$a"; done';
  return writeScript('desktop-with-trust', `${filter}\nexec ${quoted(desktop)} "$@"`);
}

/** The agent as an extension of its own, for sessions without an extension under development: VS Code asks for one. */
function agentExtension(dataDir: string): string {
  const folder = join(dataDir, 'agent');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'agent', publisher: 'prelude-test', version: '0.0.1', engines: { vscode: '^1.90.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  cpSync(built('agent.js'), join(folder, 'agent.js'));
  return folder;
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ANTHROPIC_|CLAUDE_|PRELUDE_(DEMO|USE|REVEAL)|NODE_OPTIONS$)/.test(name),
  );
  return Object.fromEntries(inherited);
}

/**
 * Starts a VS Code with the extension in it and resolves when the extension host answers: a desktop build where there is
 * one (see desktop.ts), else VS Code's server with a headless Chromium. Everything that follows is the same in both.
 */
export async function launchHost(options: LaunchOptions): Promise<HostSession> {
  const desktop = await findDesktop();
  if (!desktop) await ensureHost();
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'prelude-')) : resolve(options.dataDir);
  try {
    return await startSession(planFor(options, desktop, dataDir));
  } catch (error) {
    if (temporary) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
}

/** Lays out the data folder and says how VS Code is started on it. */
function planFor(options: LaunchOptions, desktop: string | undefined, dataDir: string): SessionPlan {
  const { width = 1280, height = 800, trusted = true, services = false } = options;
  const extensionsDir = join(dataDir, 'extensions');
  mkdirSync(extensionsDir, { recursive: true });
  if (options.vsix) unpackVsix(options.vsix, extensionsDir);
  const developed = options.extensionPath === undefined ? repoRoot() : options.extensionPath;
  const ownAgent = developed === null ? agentExtension(dataDir) : undefined;

  const settingsFile = join(dataDir, 'User', 'settings.json');
  const theme = options.colorScheme ? { 'workbench.colorTheme': themes[options.colorScheme] } : {};
  const trust = { 'security.workspace.trust.enabled': !trusted };
  const settings = { ...readSettings(settingsFile), ...trust, ...theme, ...options.settings };
  mergeSettings(settingsFile, desktop ? quietSettings : {}, settings);

  return {
    kind: desktop ? 'desktop' : 'server',
    dataDir,
    temporary: options.dataDir === undefined,
    size: { width, height },
    settings: { ...trust, ...theme },
    env: inheritedEnvironment(),
    job: {
      vscodeExecutablePath: desktop ? (trusted ? desktop : desktopWithTrust(desktop)) : serverLauncher(),
      extensionDevelopmentPath: ownAgent ?? resolve(developed ?? ''),
      extensionTestsPath: ownAgent ? join(ownAgent, 'agent.js') : built('agent.js'),
      launchArgs: [resolve(options.workspace), `--user-data-dir=${dataDir}`, `--extensions-dir=${extensionsDir}`],
      extensionTestsEnv: {
        ...options.env,
        PRELUDE_STOP_FILE: join(dataDir, 'stopped'),
        PRELUDE_WINDOW: `${width}x${height}`,
        ...(trusted ? {} : { PRELUDE_KEEP_TRUST: '1' }),
        ...(services ? {} : { PRELUDE_PLAIN: '1' }),
      },
    },
  };
}
