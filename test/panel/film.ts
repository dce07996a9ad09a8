/** A film of an answer that streams into the panel: a picture every 250 ms, and what moved from frame to frame. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { play, player, type Stream } from '../bench/light/stage';
import { cut, mixedText } from '../bench/light/texts';
import { launchBrowser } from '../vscode/browser';
import { answer, chat, text, user } from './chats';
import { PagePool } from './pagePool';
import { conversation, fakeHost, type PanelBench, PanelPage } from './panelPage';
import { startPanelServer } from './server';
import { themeSheets } from './themes';

const everyMs = 250;
const widths = [260, 500] as const;
const height = 480;

/** As fast as Claude writes, and as the bench streams. */
const streams: Readonly<Record<string, Stream>> = {
  calm: cut(mixedText(3000, 3), 200, 4000),
  paced: cut(mixedText(100_000, 160), 4000, 4000),
};

/** Takes the pictures into the folder, and sheets of them. Says how often the text moved down again, or its tail was out of sight. */
export async function shootFilm(folder: string, say: (line: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [browser, server] = await Promise.all([launchBrowser(), startPanelServer(themeSheets())]);
  const pages = new PagePool(browser, [fakeHost, player]);
  try {
    for (const [name, stream] of Object.entries(streams))
      for (const width of widths) await shoot({ browser, server, pages }, { folder, name, width, stream, say });
  } finally {
    await browser.close();
    await server.close();
  }
}

interface Take {
  readonly folder: string;
  readonly name: string;
  readonly width: number;
  readonly stream: Stream;
  say(line: string): void;
}

async function shoot(bench: PanelBench, { folder, name, width, stream, say }: Take): Promise<void> {
  const running = answer('u1', [text('a', '', true)], { outcome: null, endedAt: null });
  const panel = await PanelPage.open(bench, {
    alone: true,
    width,
    height,
    state: chat([user('u1', 'Why?'), running], { activity: { kind: 'writing', since: Date.now() } }),
  });
  try {
    const watched = watch(panel);
    let over = false;
    const played = play(panel.page, conversation, 0, stream).finally(() => {
      over = true;
    });
    const pictures: Buffer[] = [];
    for (let next = Date.now(); !over; next += everyMs) {
      const path = join(folder, `${name}-${width}-${String(pictures.length).padStart(2, '0')}.png`);
      pictures.push(await panel.page.screenshot({ path }));
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next + everyMs - Date.now())));
    }
    await played;
    const { frames, back, away } = await watched();
    say(`${name}, ${width} px: ${frames} frames; in ${back} the text moved down, in ${away} its end was out of sight`);
    await sheet(panel, pictures, join(folder, `${name}-${width}.png`), width);
  } finally {
    await panel.close();
  }
}

/** Where the transcript is scrolled to in each frame. */
function watch(panel: PanelPage): () => Promise<{ frames: number; back: number; away: number }> {
  const seen = panel.page.evaluate(() => {
    const counted = { frames: 0, back: 0, away: 0 };
    Object.assign(window, { filmed: counted });
    const box = document.querySelector('.transcript') as HTMLElement;
    let top = 0;
    const look = (): void => {
      counted.frames += 1;
      if (box.scrollTop < top - 1) counted.back += 1;
      if (box.scrollHeight - box.clientHeight - box.scrollTop > 2) counted.away += 1;
      top = box.scrollTop;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return async () => {
    await seen;
    return panel.page.evaluate(
      () => (window as unknown as { filmed: Awaited<ReturnType<ReturnType<typeof watch>>> }).filmed,
    );
  };
}

/** All pictures in one. */
async function sheet(panel: PanelPage, pictures: readonly Buffer[], path: string, width: number): Promise<void> {
  const context = await panel.page
    .context()
    .browser()
    ?.newContext({ viewport: { width: (width + 8) * 6, height } });
  const page = await context?.newPage();
  const images = pictures.map(
    (picture) =>
      `<img style="margin:4px;outline:1px solid gray" width="${width}" src="data:image/png;base64,${picture.toString('base64')}">`,
  );
  await page?.setContent(`<body style="margin:0;font-size:0;background:black">${images.join('')}`);
  await page?.screenshot({ path, fullPage: true });
  await context?.close();
}
