/**
 * `npm run screenshots [-- --readme]`: pictures of the panel in a real VS Code: every theme, narrow and wide, empty, in
 * mid-answer, with tools, with a failure. They go to `.cache/screenshots`; `--readme` renews those of the README too.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import { type ChatHost, openChatHost } from '../integration/chatHost';
import type { ColorScheme } from './launch';
import { repoRoot } from './paths';

const themes: readonly ColorScheme[] = ['dark', 'light', 'highContrast'];
const widths = [260, 400] as const;

const files = {
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
  'README.md': '# Shop\n\nA small shop.\n',
};

const answer = `The retry comes from \`src/login.ts:6\`: \`login\` wraps \`session.open\` in \`retry\` with **two** attempts.

\`\`\`ts
const token = await retry(() => session.open(name, password), 2);
\`\`\`

What happens on each attempt:

| Attempt | Waits before the next | Then |
| --- | ---: | --- |
| 1 | 100 ms | tries again |
| 2 | – | gives up with \`null\` |

1. A thrown error is swallowed in \`src/retry.ts:6\`, so a wrong password is tried twice as well.
2. \`login\` returns \`false\` only when both attempts threw.

> To retry only on network failures, let \`retry\` take a predicate.`;

/** Drags the side bar's edge until the panel has this width. */
async function setPanelWidth(page: Page, width: number): Promise<void> {
  const bar = page.locator('.part.sidebar').first();
  const box = await bar.boundingBox();
  if (box === null) throw new Error('there is no side bar');
  const edge = box.x + box.width;
  await page.mouse.move(edge + 2, 400);
  await page.mouse.down();
  await page.mouse.move(box.x + width + 2, 400, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(900, 700);
}

async function main(argv: readonly string[]): Promise<void> {
  const folder = join(repoRoot(), '.cache', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const theme of themes) await shootTheme(theme, folder);
  if (argv.includes('--readme')) {
    const media = join(repoRoot(), 'media', 'screenshots');
    mkdirSync(media, { recursive: true });
    for (const name of ['dark-400-answer', 'light-400-answer']) {
      copyFileSync(join(folder, `${name}.png`), join(media, `${name}.png`));
    }
  }
  process.stdout.write(`The pictures are in ${folder}\n`);
}

async function shootTheme(theme: ColorScheme, folder: string): Promise<void> {
  const host = await openChatHost({ files, colorScheme: theme, width: 1180, height: 860 });
  const shoot = async (state: string): Promise<void> => {
    for (const width of widths) {
      await setPanelWidth(host.session.page, width);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await host.session.screenshot(join(folder, `${theme}-${width}-${state}.png`));
    }
  };
  try {
    await host.open('src/retry.ts');
    await host.open('src/login.ts', [5, 7]);
    await host.run('prelude.focusChat');
    await (await host.frame()).locator('.chip').first().waitFor();
    await shoot('empty');
    await converse(host, shoot);
  } finally {
    await host.close();
  }
}

async function converse(host: ChatHost, shoot: (state: string) => Promise<void>): Promise<void> {
  host.fake.enqueue(
    reply
      .thinking('The user wants to know why login retries. I should look at where retry is used and what it does.')
      .text('I will look at where `retry` is used.')
      .toolUse('search_text', { query: 'retry(' })
      .toolUse('read_file', { path: 'src/retry.ts' })
      .toolUse('read_file', { path: 'src/session.ts' }),
  );
  const held = host.fake.hold();
  await host.send('Why does login retry twice?');
  await held.push(
    { thinking: 'Two attempts, and the error is swallowed. Let me explain it.' },
    ...answer.slice(0, 330).split(/(?<= )/),
  );
  await host.see('The retry comes from');
  await shoot('streaming');
  await held.push(...answer.slice(330).split(/(?<= )/));
  await held.end();
  await host.idle();
  await shoot('answer');
  const group = (await host.frame()).locator('.toolGroup button').first();
  await group.click();
  await shoot('tools');
  await group.click();
  host.fake.enqueue(reply.text('The change would be small: ').midStreamError());
  await host.send('How would I change that?');
  await (await host.frame()).locator('.answer.last .notice').waitFor();
  await shoot('failure');
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
