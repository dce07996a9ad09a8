import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import type * as vscode from 'vscode';
import { AgentLink } from './agentLink';
import { readLogs } from './logs';
import { built, messageOf, scratchFolder } from './paths';
import { freePort } from './ports';
import type { HostJob } from './runHost';
import { pagePath } from './server';
import { mergeSettings, quietSettings, readSettings } from './settings';
import { frameWith, type HostWindow, type OtherWindow, openOtherWindow } from './window';

/** What a session starts, and starts again after a crash that ended VS Code. */
export interface SessionPlan {
  readonly kind: 'desktop' | 'server';
  readonly dataDir: string;
  /** Delete the data at the end. */
  readonly temporary: boolean;
  readonly size: { readonly width: number; readonly height: number };
  /** User settings beside the quiet ones of settings.ts. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
  readonly job: HostJob;
}

/** A function that runs in the extension host. Only its source travels: it sees its two arguments and globals. */
export type HostFunction<T, A> = (api: typeof vscode, argument: A) => T | PromiseLike<T>;

/** A running VS Code, driven from outside. */
export interface HostSession extends HostWindow {
  readonly kind: 'desktop' | 'server';
  /** The workbench. After a crash that ended a desktop it is another object than before. */
  readonly page: Page;
  readonly dataDir: string;
  /** Where VS Code keeps the extensions' global storage; Prelude's is in `prelude.prelude` below it. */
  readonly globalStoragePath: string;
  /**
   * Runs a function in the extension host with the very `vscode` module that the extension has. Its source is sent, so
   * it can use nothing from around it but what comes as the argument; argument and result travel as JSON. For Node's
   * modules use `process.getBuiltinModule('node:fs')` in it.
   */
  evaluate<T>(run: HostFunction<T, undefined>): Promise<T>;
  evaluate<T, A>(run: HostFunction<T, A>, argument: A): Promise<T>;
  /** Activates an extension (Prelude) and waits for it. */
  activate(extensionId?: string): Promise<void>;
  extensionHostPid(): number;
  /** Reloads the window and waits until the new extension host answers. */
  reload(): Promise<void>;
  /** Kills the extension host with SIGKILL and waits until another one answers. */
  killExtensionHost(): Promise<void>;
  /**
   * Opens another window beside this one, on a folder, a .code-workspace file or nothing, with an extension host of its
   * own over the same data, and variables for it. Only where VS Code's server is the host: `kind` says so.
   */
  openWindow(workspace?: string, environment?: Readonly<Record<string, string>>): Promise<OtherWindow>;
  /**
   * Shows another workspace in this window, with settings laid over the quiet ones and nothing stored of the extension's
   * but what VS Code keeps in the browser. Only where VS Code's server is the host.
   */
  beginAnew(workspace: string, settings: Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * The window as it is, at its first size, with settings laid over the quiet ones in place of what was written there.
   * Only where VS Code's server is the host.
   */
  goOn(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** The frame that holds a marker (a CSS selector), in whichever webview; waits for it. */
  webview(marker: string, options?: { readonly timeout?: number }): Promise<Frame>;
  screenshot(path: string): Promise<void>;
  /** All that was printed, and VS Code's logs on disk. */
  logs(): Promise<string>;
  /** Keeps a picture of the window and the logs below `.cache/failures`; resolves to the folder. */
  saveFailure(title: string): Promise<string>;
  /** Ends VS Code; its data is deleted unless it was given. */
  close(): Promise<void>;
}

const launchMilliseconds = 90_000;
/** It loads as much as a launch does. */
const reloadMilliseconds = launchMilliseconds;
const webviewMilliseconds = 30_000;
const closeMilliseconds = 15_000;

/** Waits until a process is gone, and ends it when it takes long. */
async function endOf(pid: number): Promise<void> {
  for (const deadline = Date.now() + closeMilliseconds; ; await delay(20)) {
    try {
      process.kill(pid, Date.now() > deadline ? 'SIGKILL' : 0);
    } catch {
      return;
    }
  }
}

class Session implements HostSession {
  readonly #plan: SessionPlan;
  readonly #link: AgentLink;
  readonly #printed: string[];
  #child: ChildProcess | undefined;
  #exited: Promise<number | null> = Promise.resolve(null);
  #ended = true;
  /** Extension hosts of other windows, which may go on a little when those are closed. */
  readonly #otherHosts = new Set<number>();
  #browser: Browser | undefined;
  #page: Page | undefined;

  constructor(plan: SessionPlan, link: AgentLink, printed: string[]) {
    this.#plan = plan;
    this.#link = link;
    this.#printed = printed;
  }

  get kind(): 'desktop' | 'server' {
    return this.#plan.kind;
  }

  get dataDir(): string {
    return this.#plan.dataDir;
  }

  get globalStoragePath(): string {
    const user = this.kind === 'desktop' ? join(this.dataDir, 'User') : join(this.dataDir, 'data', 'User');
    return join(user, 'globalStorage');
  }

  /** The user's, where VS Code's server is the host. */
  get #settingsFile(): string {
    return join(this.dataDir, 'data', 'User', 'settings.json');
  }

  get page(): Page {
    if (!this.#page) throw new Error('VS Code has no window now.');
    return this.#page;
  }

  /** Starts VS Code and attaches to it. */
  async start(): Promise<void> {
    const { job, env, dataDir, size } = this.#plan;
    const { generation } = this.#link;
    await rm(join(dataDir, 'stopped'), { force: true });
    const port = await freePort();
    const child = fork(built('runHost.js'), {
      env,
      detached: process.platform !== 'win32',
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#ended = false;
    child.stdout?.on('data', (data: Buffer) => this.#printed.push(data.toString()));
    child.stderr?.on('data', (data: Buffer) => this.#printed.push(data.toString()));
    this.#exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    void this.#exited.then(() => {
      this.#ended = true;
    });
    child.send({
      ...job,
      ...(this.#plan.temporary ? { temporaryFolder: dataDir } : {}),
      launchArgs: [...job.launchArgs, `--remote-debugging-port=${port}`],
      extensionTestsEnv: { ...job.extensionTestsEnv, ...this.#link.env },
    } satisfies HostJob);
    const there = await this.#agentOrExit(generation, launchMilliseconds);
    if (there === 'timeout') await this.#attach(port).catch(() => {});
    if (there !== 'agent') await this.#fail('the extension host of a VS Code just started', there, launchMilliseconds);
    await this.#attach(port);
    // A window has frames and bars around its page, and a headless browser may too.
    await this.page.setViewportSize(size);
  }

  async #attach(port: number): Promise<void> {
    await this.#browser?.close().catch(() => {});
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    for (const deadline = Date.now() + launchMilliseconds; ; await delay(50)) {
      for (const page of this.#browser.contexts().flatMap((context) => context.pages())) {
        if (
          (await page
            .locator('.monaco-workbench')
            .count()
            .catch(() => 0)) === 0
        )
          continue;
        this.#page = page;
        return;
      }
      if (Date.now() > deadline) throw new Error('None of the windows shows a workbench.');
    }
  }

  async #agentOrExit(after: number, milliseconds: number): Promise<'agent' | 'exit' | 'timeout'> {
    return Promise.race([
      this.#link.waitForAgent(after, milliseconds).then((found) => (found ? 'agent' : 'timeout')),
      this.#exited.then(() => 'exit' as const),
    ]);
  }

  async #fail(waitedFor: string, outcome: 'exit' | 'timeout', milliseconds: number): Promise<never> {
    const folder = await this.saveFailure(waitedFor);
    const tail = this.#printed.join('').split('\n').slice(-15).join('\n');
    const what =
      outcome === 'exit'
        ? `VS Code ended while waiting for: ${waitedFor}.`
        : `Waited ${milliseconds / 1_000} s for: ${waitedFor}.`;
    throw new Error(`${what} A picture and the logs are in ${folder}.\n${tail}`);
  }

  async evaluate<T, A>(run: HostFunction<T, A>, argument?: A): Promise<T> {
    if (!this.#ended && this.#link.pid === undefined) {
      const there = await this.#agentOrExit(this.#link.generation, reloadMilliseconds);
      if (there !== 'agent') await this.#fail('an extension host to evaluate in', there, reloadMilliseconds);
    }
    return (await this.#link.evaluate(run.toString(), argument)) as T;
  }

  async activate(extensionId = 'prelude.prelude'): Promise<void> {
    await this.evaluate(async (api, id) => {
      const extension = api.extensions.getExtension(id);
      if (!extension) throw new Error(`The extension ${id} is not installed.`);
      await extension.activate();
    }, extensionId);
  }

  extensionHostPid(): number {
    const { pid } = this.#link;
    if (pid === undefined) throw new Error('No extension host is connected.');
    return pid;
  }

  async reload(): Promise<void> {
    const { generation } = this.#link;
    // The answer is lost with the window.
    await this.evaluate((api) => void api.commands.executeCommand('workbench.action.reloadWindow')).catch(() => {});
    const there = await this.#agentOrExit(generation, reloadMilliseconds);
    if (there !== 'agent')
      await this.#fail('the extension host after a reload of the window', there, reloadMilliseconds);
  }

  async killExtensionHost(): Promise<void> {
    const { generation } = this.#link;
    process.kill(this.extensionHostPid(), 'SIGKILL');
    const there = await this.#agentOrExit(generation, reloadMilliseconds);
    // A desktop whose extension host crashes under a test ends; its user would open it again.
    if (there === 'exit') await this.start();
    else if (there === 'timeout')
      await this.#fail('an extension host after the last one was killed', there, reloadMilliseconds);
  }

  async openWindow(workspace?: string, environment = {}): Promise<OtherWindow> {
    const { job, dataDir, size } = this.#plan;
    if (this.kind === 'desktop') throw new Error("Further windows are opened where VS Code's server is the host.");
    if (!this.#browser) throw new Error('VS Code has no window now.');
    const window = await openOtherWindow({
      browser: this.#browser,
      origin: new URL(this.page.url()).origin,
      dataDir,
      developmentPath: job.extensionDevelopmentPath as string,
      testsPath: job.extensionTestsPath,
      workspace,
      environment,
      size,
      onLog: (text) => this.#printed.push(text),
    });
    this.#otherHosts.add(window.extensionHostPid());
    return window;
  }

  async beginAnew(workspace: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { job, size } = this.#plan;
    const { generation } = this.#link;
    const { origin } = new URL(this.page.url());
    const hosts = [this.extensionHostPid(), ...this.#otherHosts];
    this.#otherHosts.clear();
    await this.page.goto('about:blank');
    // What they still store is deleted with the rest.
    await Promise.all(hosts.map(endOf));
    await rm(join(this.globalStoragePath, 'prelude.prelude'), { recursive: true, force: true });
    mergeSettings(this.#settingsFile, quietSettings, this.#plan.settings, settings);
    this.#printed.length = 0;
    await this.page.setViewportSize(size);
    const path = pagePath({
      workspace,
      developmentPath: job.extensionDevelopmentPath as string,
      testsPath: job.extensionTestsPath,
    });
    await this.page.goto(origin + path, { waitUntil: 'commit' });
    const there = await this.#agentOrExit(generation, launchMilliseconds);
    if (there !== 'agent') await this.#fail('the extension host of another workspace', there, launchMilliseconds);
  }

  async goOn(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await this.page.setViewportSize(this.#plan.size);
    const wanted: Readonly<Record<string, unknown>> = { ...quietSettings, ...this.#plan.settings, ...settings };
    const now = readSettings(this.#settingsFile);
    const changed = [...new Set([...Object.keys(now), ...Object.keys(wanted)])]
      .filter((key) => JSON.stringify(now[key]) !== JSON.stringify(wanted[key]))
      .map((key) => [key, wanted[key] ?? null] as const);
    await this.evaluate(async (api, all) => {
      const configuration = api.workspace.getConfiguration();
      for (const [key, value] of all)
        await configuration.update(key, value ?? undefined, api.ConfigurationTarget.Global);
    }, changed);
  }

  async webview(marker: string, { timeout = webviewMilliseconds } = {}): Promise<Frame> {
    const frame = await frameWith(this.page, marker, timeout);
    if (frame !== null) return frame;
    return this.#fail(`a webview that holds ${marker}`, 'timeout', timeout);
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }

  async logs(): Promise<string> {
    return `${this.#printed.join('')}\n${await readLogs(this.dataDir)}`;
  }

  async saveFailure(title: string): Promise<string> {
    const name = title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60);
    const folder = scratchFolder('failures', `${new Date().toISOString().replaceAll(':', '-')}-${name}`);
    await mkdir(folder, { recursive: true });
    await this.#page?.screenshot({ path: join(folder, 'window.png'), timeout: 5_000 }).catch(() => {});
    await writeFile(join(folder, 'logs.txt'), await this.logs());
    return folder;
  }

  async close(): Promise<void> {
    if (!this.#ended) {
      this.#link.stopAgent();
      const timer = new AbortController();
      const late = delay(closeMilliseconds, undefined, { signal: timer.signal }).catch(() => {});
      await Promise.race([this.#exited, late]);
      timer.abort();
      // Without its channel the runner ends VS Code by force.
      if (!this.#ended) this.#child?.disconnect();
      await this.#exited;
    }
    await this.#browser?.close().catch(() => {});
    this.#page = undefined;
    this.#link.close();
    if (this.#plan.temporary) await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Starts what a plan says; on failure everything is ended again. */
export async function startSession(plan: SessionPlan): Promise<HostSession> {
  const printed: string[] = [];
  const link = await AgentLink.open((text) => printed.push(text));
  const session = new Session(plan, link, printed);
  try {
    await session.start();
  } catch (error) {
    await session.close().catch((later: unknown) => printed.push(messageOf(later)));
    throw error;
  }
  return session;
}
