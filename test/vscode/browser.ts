import { type Browser, type BrowserContext, chromium as playwright } from 'playwright-core';
import type { Chromium } from './browserParts';
import { ensureChromium } from './install';

/** Flags under which the browser reaches this machine and nothing else, and does nothing on its own. */
const hermeticFlags = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

/**
 * What Chromium leaves off. The list takes the place of Playwright's: what that has against the network is held by
 * `hermeticFlags`.
 */
const disabledFeatures: readonly string[] = [
  // Scripts are read in the background and compiled anew at each load of a page, though their code is in the cache: the
  // 19 MB of the workbench take 2 s of CPU time.
  'BackgroundResourceFetch',
  // Each load of a page would be a frame of its own, with what draws it: half of the CPU time of a small page.
  'RenderDocument',
  // As Playwright has it, for pages that are left, looked at and framed.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
];

function flags(chromium: Chromium, extra: readonly string[]): string[] {
  // Chromium refuses its sandbox to root.
  const unsandboxed = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const features = `--disable-features=${disabledFeatures.join(',')}`;
  return [...chromium.args, ...hermeticFlags, features, ...unsandboxed, ...extra];
}

function launchOptions(chromium: Chromium, extra: readonly string[]) {
  return {
    executablePath: chromium.executablePath,
    args: flags(chromium, extra),
    env: { ...process.env, ...chromium.env },
    headless: true,
    // Scroll bars are part of what is looked at.
    ignoreDefaultArgs: ['--hide-scrollbars'],
    // Whoever starts a browser ends it; the browser itself ends when this process is gone.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

/** Scripts that run for seconds only are not compiled once more to run faster. */
const brief = ['--js-flags=--no-opt --no-maglev'];

/**
 * Starts the installed Chromium, headless and cut off from the network, for pages that no VS Code opens. `optimized`:
 * what takes long in them is to be as fast as for a user.
 */
export async function launchBrowser({ optimized = true } = {}): Promise<Browser> {
  return playwright.launch(launchOptions(await ensureChromium(), optimized ? [] : brief));
}

/** How `launchProfile` starts the browser. */
export interface ProfileOptions {
  readonly chromium: Chromium;
  /** The browser's own data: a workbench keeps its global and workspace state there. */
  readonly profile: string;
  readonly width: number;
  readonly height: number;
  /** Lets other processes attach by CDP on this loopback port. */
  readonly debuggingPort?: number | undefined;
  /** False: scripts that run for seconds only are not compiled once more, and nothing moves without a need. */
  readonly optimized: boolean;
}

/** Starts Chromium on a profile folder; its one context is what others see over CDP. */
export async function launchProfile(options: ProfileOptions): Promise<BrowserContext> {
  const extra = options.debuggingPort === undefined ? [] : [`--remote-debugging-port=${options.debuggingPort}`];
  const { width, height, optimized } = options;
  const engine = optimized ? [] : [...brief, '--force-prefers-reduced-motion'];
  return playwright.launchPersistentContext(options.profile, {
    ...launchOptions(options.chromium, [...extra, ...engine, `--window-size=${width},${height}`]),
    // No viewport of its own: clients that attach decide on the size.
    viewport: null,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
}
