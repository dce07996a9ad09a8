/**
 * Pages for tests, one after the other. A page of its own for each test is a renderer process for each: started, with
 * every script compiled anew, and ended. So a test gets a page that another has given back: a fresh document, at the
 * size and in the colours that are asked for, with nothing under the mouse.
 */
import type { Browser, Page } from 'playwright-core';

export interface PageWishes {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** A time zone, as the IANA names it; such a page is made for one test alone. */
  readonly timeZone?: string | undefined;
  /** True: the page is made for one test alone, which changes what no new document puts right, such as its clock. */
  readonly alone?: boolean;
}

/** A page, from when a test takes it until it gives it back. */
export interface TakenPage {
  readonly page: Page;
  /** Different for each taking. */
  readonly name: string;
  /** Exceptions, and errors and warnings of the console, since it was taken. */
  readonly problems: readonly string[];
  giveBack(): Promise<void>;
}

export class PagePool {
  readonly #browser: Browser;
  /** Run in each document of each page before anything else does. */
  readonly #init: readonly (() => void)[];
  readonly #idle: Page[] = [];
  #taken = 0;

  constructor(browser: Browser, init: readonly (() => void)[]) {
    this.#browser = browser;
    this.#init = init;
  }

  async take(wishes: PageWishes): Promise<TakenPage> {
    const {
      width,
      height,
      colorScheme,
      reducedMotion = 'no-preference',
      timeZone,
      alone = timeZone !== undefined,
    } = wishes;
    const page = (alone ? undefined : this.#idle.pop()) ?? (await this.#made(timeZone));
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    this.#taken += 1;
    return { page, name: String(this.#taken), problems, giveBack: () => this.#takeBack(page, alone) };
  }

  async #made(timezoneId: string | undefined): Promise<Page> {
    const context = await this.#browser.newContext(timezoneId === undefined ? {} : { timezoneId });
    const page = await context.newPage();
    for (const init of this.#init) await page.addInitScript(init);
    return page;
  }

  async #takeBack(page: Page, alone: boolean): Promise<void> {
    if (alone || page.isClosed()) {
      await page.context().close();
      return;
    }
    await page.removeAllListeners(undefined, { behavior: 'ignoreErrors' });
    await page.mouse.move(-1, -1);
    this.#idle.push(page);
  }
}
