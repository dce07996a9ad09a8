/** A further window of the same VS Code: a page of its server with an extension host, and an agent in it, of its own. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Frame, Page } from 'playwright-core';
import { AgentLink } from './agentLink';
import { pagePath } from './server';
import type { HostFunction } from './session';

/** What can be done in any window. */
export interface HostWindow {
  readonly page: Page;
  evaluate<T>(run: HostFunction<T, undefined>): Promise<T>;
  evaluate<T, A>(run: HostFunction<T, A>, argument: A): Promise<T>;
  /** The frame that holds a marker (a CSS selector), in whichever webview; waits for it. */
  webview(marker: string): Promise<Frame>;
  extensionHostPid(): number;
}

export interface OtherWindow extends HostWindow {
  /** Closes it as a user does; what its extension host still stores, it stores after this resolves. */
  close(): Promise<void>;
  /** Ends its extension host with SIGKILL, and the window with it, so that nothing starts another one. */
  kill(): Promise<void>;
}

export interface OtherWindowOptions {
  readonly browser: Browser;
  /** `http://127.0.0.1:<port>` of the server. */
  readonly origin: string;
  readonly dataDir: string;
  readonly developmentPath: string;
  readonly testsPath: string;
  /** A folder, a .code-workspace file, or nothing. */
  readonly workspace: string | undefined;
  /** Variables for its extension host beside the server's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly size: { readonly width: number; readonly height: number };
  readonly onLog: (text: string) => void;
}

const launchMilliseconds = 60_000;
const webviewMilliseconds = 30_000;

/** Waits for the frame of a page that holds a marker; null when time is up. */
export async function frameWith(page: Page, marker: string, timeout: number): Promise<Frame | null> {
  for (const deadline = Date.now() + timeout; Date.now() < deadline; await delay(50)) {
    // A webview's document is among the last.
    for (const frame of page.frames().toReversed()) {
      const count = await frame
        .locator(marker)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
  }
  return null;
}

export async function openOtherWindow(options: OtherWindowOptions): Promise<OtherWindow> {
  const { browser, origin, dataDir, developmentPath, testsPath, workspace, size } = options;
  const link = await AgentLink.open(options.onLog);
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('The browser has no window yet.');
  const page = await context.newPage();
  const close = async (): Promise<void> => {
    await page.close({ runBeforeUnload: false }).catch(() => {});
    link.close();
  };
  try {
    await page.setViewportSize(size);
    page.on('console', (message) => {
      if (message.type() === 'error') options.onLog(`[other page] ${message.text()}\n`);
    });
    // What the workbench of a test calls. The end of this window's agent is not the end of the suite.
    await page.addInitScript(() => {
      Object.assign(window, { codeAutomationLog: () => {}, codeAutomationExit: () => {} });
    });
    const environment = { ...options.environment, ...link.env, PRELUDE_STOP_FILE: join(dataDir, 'window-stopped') };
    const path = pagePath({ workspace, developmentPath, testsPath, environment });
    await page.goto(origin + path, { waitUntil: 'commit' });
    if (!(await link.waitForAgent(0, launchMilliseconds))) throw new Error('The second window has no extension host.');
  } catch (error) {
    await close();
    throw error;
  }
  const pid = (): number => {
    if (link.pid === undefined) throw new Error('The extension host of the second window is gone.');
    return link.pid;
  };
  return {
    page,
    evaluate: async <T, A>(run: HostFunction<T, A>, argument?: A): Promise<T> =>
      (await link.evaluate(run.toString(), argument)) as T,
    webview: async (marker) => {
      const frame = await frameWith(page, marker, webviewMilliseconds);
      if (frame === null) throw new Error(`The second window has no webview that holds ${marker}.`);
      return frame;
    },
    extensionHostPid: pid,
    close,
    kill: async () => {
      process.kill(pid(), 'SIGKILL');
      await close();
    },
  };
}
