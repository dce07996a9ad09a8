/** The built panel in a real browser, with a host that records what the panel says and says what a test wants. */
import type { Browser, Locator, Page } from 'playwright-core';
import { type ChatEvent, type ChatState, emptyChat } from '../../src/shared/chat';
import type { Intent, IntentType, PostedIntent, ValueOf } from '../../src/shared/intents';
import type { Answer, ComposerState, HostToView, PanelEnvironment } from '../../src/shared/protocol';
import type { BegunWords } from '../../src/shared/turn/editing';
import { launchBrowser } from '../vscode/browser';
import { nextCost } from './costs';
import { PagePool, type TakenPage } from './pagePool';
import { posted } from './refused';
import { bodyClasses, type PanelServer, startPanelServer } from './server';
import { type ThemeName, themeSheets } from './themes';

export const conversation = 'conversation-1';

/** A browser and a server for the panel's pages; all files of tests have the same one. */
export interface PanelBench {
  readonly browser: Browser;
  readonly server: PanelServer;
  readonly pages: PagePool;
}

/** False for `npm run bench`. */
const isTest = typeof after === 'function';

export async function startBench(): Promise<PanelBench> {
  if (globalThis.panelBench?.browser.isConnected() !== true) {
    const launched = launchBrowser({ optimized: !isTest });
    const [browser, server] = await Promise.all([launched, startPanelServer(themeSheets())]);
    globalThis.panelBench = { browser, server, pages: new PagePool(browser, [fakeHost]) };
  }
  return globalThis.panelBench;
}

async function endBench(): Promise<void> {
  const bench = globalThis.panelBench;
  globalThis.panelBench = undefined;
  await bench?.browser.close();
  await bench?.server.close();
}

// After the last file of tests.
if (isTest) after(endBench);

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly environment?: Partial<PanelEnvironment>;
  readonly composer?: Partial<ComposerState>;
  readonly state?: ChatState;
  readonly draft?: string;
  /** What the host has of messages that are being written anew. */
  readonly begun?: readonly BegunWords[];
  /** False: nothing is posted; the test says everything. */
  readonly snapshot?: boolean;
  readonly reducedMotion?: boolean;
  /** True: the panel has drawn itself before the snapshot comes, and waits for no frame. */
  readonly drawnBefore?: boolean;
  /** True: on a page that no other test gets, see `PagePool`. */
  readonly alone?: boolean;
  /** What happens in the document while its script is on its way; on a page that no other test gets. */
  readonly beforeScript?: (page: Page) => Promise<void>;
}

export const baseEnvironment: PanelEnvironment = {
  key: { kind: 'stored' },
  models: [],
  modelList: 'table',
  suggestions: [],
  moved: null,
  fontSize: null,
  fontFamily: null,
  column: false,
  workspaceName: 'prelude',
  words: {},
  locale: 'en',
};

export const baseComposer: ComposerState = {
  chips: [],
  attachments: [],
  maxImageTokens: 4784,
  queued: [],
  firstSend: null,
  modelId: 'claude-opus-4-8',
  modelName: 'Opus 4.8',
  effort: 'high',
  review: null,
  next: nextCost(),
  rewrite: null,
  todayUsd: null,
  pausedSince: null,
};

const schemeOf = (theme: ThemeName): 'light' | 'dark' => (/light$/i.test(theme) ? 'light' : 'dark');

/** A panel in a document of its own. */
export class PanelPage {
  readonly page: Page;
  readonly #taken: TakenPage;
  #seq = 0;

  private constructor(taken: TakenPage) {
    this.#taken = taken;
    this.page = taken.page;
  }

  static async open(bench: PanelBench, options: PanelOptions = {}): Promise<PanelPage> {
    const { theme = 'dark', width = 400, height = 700, beforeScript, alone = beforeScript !== undefined } = options;
    const taken = await bench.pages.take({
      width,
      height,
      colorScheme: schemeOf(theme),
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
      alone,
    });
    const panel = new PanelPage(taken);
    const address = `${bench.server.origin}/panel?theme=${theme}&page=${taken.name}`;
    if (beforeScript === undefined) await panel.page.goto(address);
    else await panel.#goto(address, beforeScript);
    await panel.#untilSaid('ready');
    if (options.snapshot !== false) await panel.start(options);
    else await panel.settled();
    return panel;
  }

  async #goto(address: string, beforeScript: (page: Page) => Promise<void>): Promise<void> {
    const meanwhile = Promise.withResolvers<void>();
    await this.page.route('**/panel.js', async (route) => {
      await meanwhile.promise;
      await route.continue();
    });
    await this.page.goto(address, { waitUntil: 'commit' });
    await beforeScript(this.page);
    meanwhile.resolve();
  }

  /** Posts environment and snapshot, as the host does after `ready`. */
  async start(options: PanelOptions = {}): Promise<void> {
    // What is measured must not move when an icon comes late.
    await this.page.evaluate(() => Promise.all([...document.fonts].map((font) => font.load())).then(() => undefined));
    await this.post({ type: 'environment', environment: { ...baseEnvironment, ...options.environment } });
    if (options.drawnBefore === true) await this.settled();
    await this.snapshot(options);
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const look = (): void => {
            const text = document.querySelector('.composerArea:not([aria-busy]) textarea');
            if (text === null || text.getClientRects().length === 0) requestAnimationFrame(look);
            else requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
          };
          look();
        }),
    );
  }

  async snapshot(options: PanelOptions = {}): Promise<void> {
    const state = options.state ?? emptyChat(conversation);
    this.#seq = 0;
    await this.post({
      type: 'snapshot',
      conversation: state.conversation,
      seq: 0,
      state,
      composer: { ...baseComposer, ...options.composer },
      draft: options.draft ?? '',
      ...(options.begun === undefined ? {} : { begun: options.begun }),
    });
  }

  /** Resolves when the panel has taken it. */
  async post(message: HostToView): Promise<void> {
    await this.page.evaluate(
      (data) =>
        new Promise<void>((resolve) => {
          // Behind the panel's own listener: it has taken the message by then.
          window.addEventListener('message', () => resolve(), { once: true });
          window.postMessage(data, '*');
        }),
      message,
    );
  }

  /** Posts events with the right numbers and waits until they are rendered. */
  async events(...events: readonly ChatEvent[]): Promise<void> {
    await this.post({ type: 'events', conversation, seq: this.#seq + 1, events });
    this.#seq += events.length;
    await this.settled();
  }

  /** Two frames: what was posted is taken and rendered. */
  async settled(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 0)),
    );
  }

  /** Another theme, while the panel is open: VS Code gives other variables, and another class to the body. */
  async wear(theme: ThemeName): Promise<void> {
    await this.page.emulateMedia({ colorScheme: schemeOf(theme) });
    await this.page.evaluate(
      async ([name, worn]) => {
        const old = document.querySelector<HTMLLinkElement>('link[href*="/themes/"]');
        if (old === null) throw new Error('The page has no theme.');
        const address = old.href.replace(/[^/]+\.css$/, `${name}.css`);
        if (address !== old.href) {
          const fresh = old.cloneNode() as HTMLLinkElement;
          fresh.href = address;
          const loaded = new Promise((resolve) => fresh.addEventListener('load', resolve, { once: true }));
          old.after(fresh);
          await loaded;
          old.remove();
        }
        const kinds = ['vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light'];
        document.body.classList.remove(...kinds);
        document.body.classList.add(...worn.split(' '));
      },
      [theme, bodyClasses[theme]] as const,
    );
    await this.settled();
    // No colour is on its way from the one theme to the other.
    await this.page.evaluate(async () => {
      const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
      await Promise.all(fading.map(({ finished }) => finished.catch(() => undefined)));
    });
  }

  /** Everything the panel has said so far. */
  async said(): Promise<readonly Intent[]>;
  /** What it said of one kind; waits for the first. */
  async said<T extends IntentType>(type: T): Promise<readonly Intent<T>[]>;
  async said(type?: IntentType): Promise<readonly Intent[]> {
    if (type !== undefined) await this.#untilSaid(type);
    // What the panel said it for is drawn by then too.
    await this.settled();
    const all = await this.page.evaluate(() => window.panelHost.said);
    return type === undefined ? all : all.filter((message) => message.type === type);
  }

  /**
   * Waits in the page, as `evaluate` does: each way of Playwright's own to wait puts its 300 KB of script into each
   * document first, which takes longer than the panel's.
   */
  async #untilSaid(type: IntentType): Promise<void> {
    await this.page.evaluate(
      (wanted) =>
        new Promise<void>((resolve) => {
          const look = (): void => {
            if (window.panelHost.said.some((message) => message.type === wanted)) resolve();
            else setTimeout(look, 10);
          };
          look();
        }),
      type,
    );
  }

  /** The long texts that it gave away; waits for the first. */
  async pasted(): Promise<readonly { readonly text: string; readonly edit: string | null }[]> {
    await this.said('attachPasted');
    return this.page.evaluate(() => {
      const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
      return window.panelHost.said.flatMap((one) =>
        one.type === 'attachPasted' ? [{ text: utf8.decode(one.bytes), edit: one.edit }] : [],
      );
    });
  }

  async forget(): Promise<void> {
    await this.page.evaluate(() => {
      window.panelHost.said.length = 0;
      window.panelHost.asks.length = 0;
    });
  }

  /** Answers an intent of one kind: the last one, or that many before it. Waits for the first. */
  async answer<K extends IntentType>(type: K, answer: Answer<ValueOf<K>>, before = 0): Promise<void> {
    await this.said(type);
    const asks = await this.page.evaluate(
      (wanted) => window.panelHost.asks.filter(({ intent }) => intent.type === wanted),
      type as IntentType,
    );
    const { ask, intent } = asks.at(-1 - before) ?? { ask: 0, intent: { type } as Intent };
    await this.post({ type: 'answer', ask, answer: posted(intent, answer) });
    await this.settled();
  }

  /** What the first match of a selector says, in single spaces. */
  async words(selector: string | Locator): Promise<string> {
    const place = typeof selector === 'string' ? this.page.locator(selector) : selector;
    return ((await place.first().textContent()) ?? '').replace(/\s+/g, ' ').trim();
  }

  /** A new document with the kept state of this one, as after a reload of the window. */
  async reload(options: PanelOptions = {}): Promise<void> {
    await this.page.reload();
    await this.#untilSaid('ready');
    await this.start(options);
  }

  /** Errors of the page: exceptions, and what the content security policy refused. */
  get problems(): readonly string[] {
    return this.#taken.problems;
  }

  async close(): Promise<void> {
    await this.#taken.giveBack();
  }
}

declare global {
  // Each file of tests is built with its own copy of this module. A name of the global object is a `var`.
  var panelBench: PanelBench | undefined;
  interface Window {
    panelHost: { said: Intent[]; asks: PostedIntent[] };
  }
}

/**
 * Runs in the page before the panel does. The kept state lives in the session's storage, so it outlives a reload; it is
 * kept by the address, so what an earlier document of the page leaves is not found.
 */
export function fakeHost(): void {
  const said: Intent[] = [];
  const asks: PostedIntent[] = [];
  window.panelHost = { said, asks };
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: PostedIntent, transfer: ArrayBuffer[]) => {
        const asked = structuredClone(message, { transfer });
        asks.push(asked);
        said.push(asked.intent);
      },
      setState: (state: unknown) => sessionStorage.setItem(location.href, JSON.stringify(state)),
      getState: () => JSON.parse(sessionStorage.getItem(location.href) ?? 'null'),
    }),
  });
}
