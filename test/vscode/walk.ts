/**
 * A newcomer's first ten minutes, played by hand and keyboard in a real VS Code, with a picture at each stop, dark and
 * light: `npm run screenshots -- --walk [--readme]`.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import { type Chat, type ChatHost, chatIn, openChatHost, testKey } from '../integration/chatHost';
import { nls } from '../texts';
import { files, setPanelWidth, setTheme, settings, still, type Theme, take } from './pictures';

const looks: readonly Theme[] = ['dark', 'light'];
const size = { width: 1180, height: 760 };
const panelWidth = 420;

const firstAnswer = `It signs the user in and gives a slow server **two** chances: \`login\` wraps \`session.open\` in \`retry\` (\`src/login.ts:6\`).

- \`null\` means that both attempts threw, and \`login\` returns \`false\`.
- Anything thrown counts, so a **wrong password is tried twice** too (\`src/retry.ts:6\`).

To retry only when the network failed:

\`\`\`ts
const token = await retry(
  () => session.open(name, password),
  2,
  (error) => error instanceof NetworkError,
);
\`\`\`
`;

const explained = `\`retry\` runs \`work\` until it succeeds, at most \`times\` times.

1. A success returns at once (\`src/retry.ts:5\`).
2. After a failure it waits 100 ms, then 200 ms, then 400 ms: \`100 * 2 ** attempt\`.
3. When nothing succeeded the answer is \`null\`, and the last error is lost. \`login\` cannot say *why* it failed.
`;

const away = `\`open\` never throws by itself: it hands on what the server says (\`src/session.ts:1\`). Away means a rejected promise, and \`retry\` takes it for any other failure.
`;

const seen = `The button is 48 px wider than its card: it is 100 % wide, and its padding of 2 × 24 px comes on top.

\`\`\`css
form button {
  box-sizing: border-box;
  width: 100%;
}
\`\`\`
`;

const shorter = 'Then `login` should say which of the two it was: return the error instead of `false`.';

const halfAnswer = `There are two places to change.

1. \`src/retry.ts\` keeps the last error and throws it.
2. \`src/login.ts\` catches it and `;

/** What the newcomer's screenshot shows: a page whose button does not fit. */
const brokenPage = `<!doctype html><style>
body{margin:0;font:15px system-ui,sans-serif;background:#eef1f6;display:grid;place-items:center;height:100vh;color:#1d2433}
form{width:272px;padding:24px;background:#fff;border-radius:10px;box-shadow:0 2px 12px #0002}
h1{font-size:20px;margin:0 0 16px}label{display:block;margin:0 0 12px;font-size:13px;color:#566}
input{display:block;box-sizing:border-box;width:100%;margin-top:4px;padding:9px;border:1px solid #c6ccd8;border-radius:6px;font:inherit}
button{box-sizing:content-box;width:100%;padding:11px 24px;margin-top:6px;border:0;border-radius:6px;background:#2f6fed;color:#fff;font:600 15px system-ui,sans-serif}
</style><form><h1>Sign in</h1><label>Name<input value="ada"></label><label>Password<input type="password" value="secret"></label><button>Sign in</button></form>`;

/** Walks once, and takes each picture in both looks. With `readme` given, small ones go there too. */
export async function shootWalk(folder: string, readme: string | null): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'prelude-walk-'));
  const shop = join(base, 'shop');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(shop, path)), { recursive: true });
    writeFileSync(join(shop, path), text);
  }
  const host = await openChatHost({
    services: true,
    files: {},
    workspace: shop,
    key: false,
    settings,
    ...size,
  });
  try {
    const walk = new Walk(host, chatIn(host.session, shop), folder);
    await walk.arrive();
    await walk.ask();
    await walk.explain();
    await walk.mention();
    await walk.find();
    await walk.paste();
    await walk.switchModel();
    await walk.comeBack();
    await walk.edit();
    await walk.closeSideBar();
    await walk.fail();
    if (readme !== null) await walk.shrinkTo(readme);
  } finally {
    await host.close();
    rmSync(base, { recursive: true, force: true });
  }
}

class Walk {
  readonly #pictures: string[] = [];
  readonly #host: ChatHost;
  readonly #chat: Chat;
  readonly #folder: string;

  constructor(host: ChatHost, chat: Chat, folder: string) {
    this.#host = host;
    this.#chat = chat;
    this.#folder = folder;
  }

  /** There is no key yet; it is set, and the chat is ready. */
  async arrive(): Promise<void> {
    const { page } = this.#host.session;
    await this.#chat.open('src/retry.ts');
    await this.#chat.open('src/login.ts', [5, 10]);
    await this.#chat.run('prelude.focusChat');
    await setPanelWidth(page, panelWidth);
    const panel = await this.#chat.frame();
    await panel.locator('.firstSend').waitFor();
    await this.#shoot('noKey');
    await panel.locator('.empty [data-step="setKey"]').click();
    const box = page.locator('.quick-input-widget input[type="password"]');
    await box.waitFor();
    await box.fill(testKey);
    await this.#shoot('setKey');
    await page.keyboard.press('Enter');
    await panel.locator('.prompt').first().waitFor();
    await this.#shoot('ready');
  }

  /** One of the prompts is taken and asked: tools run, the answer streams, its code can be taken over. */
  async ask(): Promise<void> {
    const { fake, session } = this.#host;
    const panel = await this.#chat.frame();
    await panel.locator('.prompt').first().click();
    fake.enqueue(
      reply
        .thinking('The selection is the body of login. I should see what retry does before I explain it.')
        .text('I look at what `retry` does and who else uses it.')
        .toolUse('read_file', { path: 'src/retry.ts' })
        .toolUse('search_text', { query: 'retry(' }),
    );
    const held = fake.hold();
    await panel.locator('.composerText').press('Enter');
    const pieces = firstAnswer.split(/(?<= )/);
    await held.push(...pieces.slice(0, 42));
    await panel.getByText('It signs the user in').waitFor();
    await this.#shoot('streaming');
    await held.push(...pieces.slice(42));
    await held.end();
    await this.#chat.idle();
    const insert = panel.locator('[data-code="insert"]').last();
    await insert.hover();
    await this.#shoot('answer', () => insert.hover());
    await session.page.mouse.move(900, 600);
  }

  /** Code is explained from the editor: the question goes to the open conversation, the focus stays. */
  async explain(): Promise<void> {
    const { fake, session } = this.#host;
    const { page } = session;
    await this.#chat.open('src/retry.ts', [2, 11]);
    const menu = page.locator('.monaco-menu').getByText(nls['command.explainSelection.title'] ?? '', { exact: true });
    const line = page.locator('.view-line', { hasText: 'return await work();' }).first();
    await this.#shoot('explain', async () => {
      await page.keyboard.press('Escape');
      await this.#chat.open('src/retry.ts', [2, 11]);
      await line.click({ button: 'right', position: { x: 120, y: 8 } });
      await menu.hover();
    });
    fake.enqueue(reply.text(explained));
    // A menu takes no click in the moment in which it opens.
    await page.waitForTimeout(400);
    await menu.click();
    await this.#chat.see('and the last error is lost');
    await this.#chat.idle();
    await this.#shoot('explained');
  }

  /** A file is mentioned by a few letters, and asked about. */
  async mention(): Promise<void> {
    const panel = await this.#chat.frame();
    const text = panel.locator('.composerText');
    await text.click();
    await this.#host.session.page.keyboard.type('Does @ses');
    const row = panel.locator('.mentionPopup [role="option"]', { hasText: 'session.ts' }).first();
    await row.waitFor();
    await this.#shoot('mention', async () => {
      if (await row.isVisible()) return;
      await text.fill('');
      await text.pressSequentially('Does @ses');
      await row.waitFor();
    });
    await row.click();
    await this.#host.session.page.keyboard.type(' throw when the server is away?');
    this.#host.fake.enqueue(reply.text(away));
    await this.#host.session.page.keyboard.press('Enter');
    await this.#chat.see('never throws by itself');
    await this.#chat.idle();
  }

  /** What was said is found again, all over the chat. */
  async find(): Promise<void> {
    const panel = await this.#chat.frame();
    await this.#chat.run('prelude.findInChat');
    const box = panel.locator('.findBox input');
    await box.fill('retry');
    await panel.locator('.findBox', { hasText: /\d+ of \d+/ }).waitFor();
    await this.#shoot('find');
    await box.press('Escape');
  }

  /** A screenshot comes out of the clipboard, and is asked about. */
  async paste(): Promise<void> {
    const { fake, session } = this.#host;
    const { page } = session;
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(page.url()).origin });
    const bytes = await this.#screenshot();
    await page.evaluate(async (base64) => {
      const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      window.focus();
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([data], { type: 'image/png' }) })]);
    }, bytes.toString('base64'));
    const panel = await this.#chat.frame();
    await panel.locator('.composerText').click();
    await page.keyboard.press('Control+V');
    await panel.locator('.chip.attachment:not(.taking)').waitFor();
    await page.keyboard.type('Why does the button stick out of its card?');
    await this.#shoot('pasted');
    fake.enqueue(reply.text(seen));
    await page.keyboard.press('Enter');
    await this.#chat.see('wider than its card');
    await this.#chat.idle();
  }

  /** Another model is picked: it says beforehand what that costs. */
  async switchModel(): Promise<void> {
    const panel = await this.#chat.frame();
    await panel.locator('.composerModel').click();
    await panel.locator('.option[data-value="claude-sonnet-4-6"]').waitFor();
    await this.#shoot('models', async () => {
      if ((await panel.locator('.picker').count()) === 0) await panel.locator('.composerModel').click();
      await panel.locator('.option').first().waitFor();
    });
    await panel.locator('.option[data-value="claude-sonnet-4-6"]').click();
    await panel.locator('.rewriteNote').waitFor();
    await panel.locator('.composerText').fill('And how would I tell the two failures apart?');
    await this.#shoot('switched');
    this.#host.fake.enqueue(reply.text(shorter));
    await panel.locator('.composerText').press('Enter');
    await this.#chat.see('which of the two it was');
    await this.#chat.idle();
  }

  /** Several conversations; the window is reloaded in the middle of an answer, and everything is there. */
  async comeBack(): Promise<void> {
    const { fake, session } = this.#host;
    const newChat = async (): Promise<void> => {
      await this.#chat.run('prelude.newChat');
      await (await this.#chat.frame()).locator('.answer').first().waitFor({ state: 'detached' });
    };
    await newChat();
    fake.enqueue(reply.text('Start with `src/login.ts`: everything begins there.'));
    await this.#chat.send('What is in this folder, and where do I start reading?');
    await this.#chat.idle();
    await newChat();
    const running = fake.hold();
    await this.#chat.send('Write a commit message for my changes');
    await running.push('Retry signing in only when ');
    await this.#chat.see('Retry signing in only');
    const panel = await this.#chat.frame();
    await panel.locator('.titleButton').click();
    await panel.locator('.listRow').nth(2).waitFor();
    await panel.locator('.rowState.running').waitFor();
    await session.page.mouse.move(900, 600);
    await this.#shoot('conversations');
    await running.push('the network failed');
    await running.end();
    await panel.locator('.listRow').nth(2).locator('.rowOpen').click();
    await this.#chat.see('which of the two it was');
    const held = fake.hold();
    await this.#chat.send('Please show me how, step by step');
    await held.push(...halfAnswer.split(/(?<= )/));
    await this.#chat.see('catches it and');
    await session.reload();
    await this.#chat.run('prelude.focusChat');
    await this.#chat.see('catches it and');
    await this.#chat.idle();
    await this.#shoot('reloaded');
    const again = await this.#chat.frame();
    fake.enqueue(reply.text('returns it to the caller.\n\nThe sign-in page then shows its message.'));
    await again.locator('[data-step="continue"]').last().click();
    await this.#chat.see('then shows its message');
    await this.#chat.idle();
  }

  /** It is changed: the card shows the lines before they are written, and at the end each can be kept or undone. */
  async edit(): Promise<void> {
    const panel = await this.#chat.frame();
    this.#host.fake.enqueue(
      reply.text('`retry` gets a predicate, and `login` says what is worth a second try.').toolUse('edit_file', {
        path: 'src/retry.ts',
        edits: [
          { old_text: 'times: number): Promise', new_text: 'times: number, again = (_: unknown) => true): Promise' },
          { old_text: '    } catch {\n', new_text: '    } catch (error) {\n      if (!again(error)) throw error;\n' },
        ],
      }),
      reply.text('A wrong password is not tried twice any more.'),
    );
    await this.#chat.send('Yes, please change it');
    const card = panel.locator('.editCard');
    await card.locator('.diff').nth(1).waitFor();
    await this.#shoot('edit');
    await card.locator('[data-do="applyAtEnd"]').click();
    await this.#chat.see('is not tried twice any more');
    await this.#chat.idle();
    const end = panel.locator('.editsEnd').last();
    await end.locator('.foldLine').first().click();
    await end.locator('.hunk').nth(1).waitFor();
    await this.#shoot('reviewed', () => end.evaluate((place) => place.scrollIntoView({ block: 'end' })));
    await end.locator('[data-do="keepAll"]').click();
  }

  /** The chat is out of sight: where it is stands in the title of the editor. */
  async closeSideBar(): Promise<void> {
    const { page } = this.#host.session;
    const button = page.locator(`.editor-actions [aria-label^="${nls['command.focusChat.title']}"]`).first();
    const close = () => this.#chat.run('workbench.action.closeAuxiliaryBar').then(() => button.hover());
    await this.#shoot('sideBar', () => close().then(() => page.waitForTimeout(1500)), true);
  }

  /** Something goes wrong: what it is, what is kept, and the one thing to do. */
  async fail(): Promise<void> {
    this.#host.fake.enqueue(reply.error(401, 'authentication_error', 'invalid x-api-key'));
    await this.#chat.send('Thank you! Now the tests, please');
    const panel = await this.#chat.frame();
    await panel.locator('.answer.last .notice').waitFor();
    await this.#chat.idle();
    await this.#shoot('error');
  }

  /** Small copies of all pictures, for the README; those of an earlier walk go. */
  async shrinkTo(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    for (const old of readdirSync(folder)) if (old.startsWith('walk-')) rmSync(join(folder, old));
    for (const name of this.#pictures.flatMap((picture) => looks.map((look) => `${picture}-${look}`))) {
      const small = await shrink(this.#host.session.page, join(this.#folder, `${name}.png`));
      writeFileSync(join(folder, `${name}.webp`), small);
    }
  }

  /** One picture in each look. `before` is done anew for each: a menu may close when the look changes. `away`: it hides the panel. */
  async #shoot(name: string, before: () => Promise<void> = async () => {}, away = false): Promise<void> {
    const number = String(this.#pictures.length + 1).padStart(2, '0');
    for (const look of looks) {
      await setTheme(this.#host, look);
      await before();
      if (!away) await still(this.#host);
      await take(this.#host.session.page, join(this.#folder, `walk-${number}-${name}-${look}.png`));
      if (away) await this.#chat.run('prelude.focusChat');
    }
    this.#pictures.push(`walk-${number}-${name}`);
  }

  /** A picture of a page, as a screenshot tool makes it. */
  async #screenshot(): Promise<Buffer> {
    const page = await this.#host.session.page.context().newPage();
    try {
      await page.setViewportSize({ width: 460, height: 330 });
      await page.setContent(brokenPage);
      return await page.screenshot();
    } finally {
      await page.close();
    }
  }
}

/** A picture as WebP, which is a third of a PNG: for the README. */
async function shrink(page: Page, png: string): Promise<Buffer> {
  const base64 = await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.6 });
    const small = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(small, (byte) => String.fromCharCode(byte)).join(''));
  }, readFileSync(png).toString('base64'));
  return Buffer.from(base64, 'base64');
}
