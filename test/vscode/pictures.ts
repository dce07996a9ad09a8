/** What all pictures of the panel share: the folder that they show, the looks of VS Code, and a panel that stands still. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ChatHost } from '../integration/chatHost';

/** VS Code's own themes. */
export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
} as const;

export type Theme = keyof typeof themes;

/** Nothing between the reader and the code. */
export const settings = { 'editor.minimap.enabled': false, 'editor.renderWhitespace': 'none' };

/** Widths of the panel, and the window around it. */
const widths = [260, 400] as const;
export const size = { width: 1180, height: 860 };

/** Pixels of the title bar, which says that the extension is under development. */
const titleBar = 30;

export const longName = 'src/authentication/multiFactorEnrolmentReminderScheduler.ts';

export const files = {
  'src/login.ts': `import { session } from './session';
import { retry } from './retry';

/** Signs a user in; a slow server gets a second chance. */
export async function login(name: string, password: string): Promise<boolean> {
  const token = await retry(() => session.open(name, password), 2);
  if (token === null) return false;
  session.keep(token);
  return true;
}
`,
  'src/retry.ts': `/** Runs work up to \`times\` times; null when it never succeeds. */
export async function retry<T>(work: () => Promise<T>, times: number): Promise<T | null> {
  for (let attempt = 0; attempt < times; attempt += 1) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
    }
  }
  return null;
}
`,
  'src/session.ts':
    'export const session = { open: async (_name: string, _password: string) => "token", keep: (_token: string) => {} };\n',
  [longName]: `export const reminders = [\n${'  { after: 7, unit: "days" },\n'.repeat(40)}];\n`,
  'README.md': '# Shop\n\nA small shop.\n',
};

/** Drags the edge of the secondary side bar until the panel has this width. */
export async function setPanelWidth(page: Page, width: number): Promise<void> {
  const bar = page.locator('.part.auxiliarybar').first();
  const box = await bar.boundingBox();
  if (box === null) throw new Error('there is no secondary side bar');
  if (Math.abs(box.width - width) < 1) return;
  const edge = box.x + box.width - width;
  await page.mouse.move(box.x - 3, 400);
  await page.mouse.down();
  await page.mouse.move(edge - 3, 400, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(edge - 120, 700);
}

/** Changes the theme and waits until the panel has it. */
export async function setTheme(host: ChatHost, theme: Theme): Promise<void> {
  await host.session.evaluate(async (vscode, name) => {
    const global = vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration('workbench').update('colorTheme', name, global);
  }, themes[theme]);
  const kind = {
    dark: 'vscode-dark',
    light: 'vscode-light',
    highContrast: 'vscode-high-contrast:not(.vscode-high-contrast-light)',
    highContrastLight: 'vscode-high-contrast-light',
  }[theme];
  await (await host.frame()).locator(`body.${kind}`).waitFor();
}

/** A picture of the window below its title bar. */
export async function take(page: Page, path: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  await page.screenshot({ path, clip: { x: 0, y: titleBar, width, height: height - titleBar } });
}

/** Resolves when the panel has not changed its measures for a few frames. */
export async function still(host: ChatHost): Promise<void> {
  await (await host.frame()).evaluate(async () => {
    const measure = (): string => {
      const box = document.querySelector('.transcript');
      return [
        innerWidth,
        box?.scrollHeight,
        box?.scrollTop,
        document.querySelector('.composerArea')?.clientHeight,
      ].join();
    };
    const deadline = performance.now() + 2_000;
    for (let same = 0, last = ''; same < 6 && performance.now() < deadline; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = measure();
      same = now === last ? same + 1 : 0;
      last = now;
    }
  });
}

/** Takes the pictures of one host. */
export class Camera {
  readonly #host: ChatHost;
  readonly #folder: string;
  readonly #wanted: readonly string[];

  constructor(host: ChatHost, folder: string, wanted: readonly string[]) {
    this.#host = host;
    this.#folder = folder;
    this.#wanted = wanted;
  }

  /** One picture for each theme and width. `before` is done anew for each, where the width changes what is in sight. */
  async shoot(
    state: string,
    before: () => Promise<void> = async () => {},
    sizes: readonly number[] = widths,
  ): Promise<void> {
    if (this.#wanted.length > 0 && !this.#wanted.includes(state)) return;
    const { session } = this.#host;
    for (const width of sizes) {
      await setPanelWidth(session.page, width);
      for (const name of Object.keys(themes) as Theme[]) {
        await setTheme(this.#host, name);
        await before();
        await still(this.#host);
        await take(session.page, join(this.#folder, `${name}-${width}-${state}.png`));
      }
    }
  }
}
