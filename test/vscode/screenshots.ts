/**
 * `npm run screenshots [-- --readme] [STATE …]`: pictures of the panel in a real VS Code: every theme, narrow and wide,
 * in every state that it has. They go to `.cache/screenshots`; `--readme` renews those of the README too. With `--walk`
 * it is a newcomer's first ten minutes instead, with `--film` an answer that streams into the panel alone.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import { startFakeClaude } from '../fakeClaude/server';
import { type ChatHost, openChatHost, testKey } from '../integration/chatHost';
import { shootFilm } from '../panel/film';
import { someReport } from '../panel/usagePage';
import { editStates, shootEdits } from './editPictures';
import { repoRoot } from './paths';
import { Camera, files, longName, settings, size } from './pictures';
import { dayStates, shootDay } from './shootDay';
import { failedStates, shootFailures } from './shootFailures';
import { shootTools, toolStates } from './shootTools';
import { shootWalk } from './walk';

const wide = 900;

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

const longAnswer = Array.from(
  { length: 12 },
  (_, n) =>
    `## Step ${n + 1}\n\nMove the retry out of \`login\` and let the caller decide, as in \`src/retry.ts:${n + 1}\`.\n\n`,
).join('');

/** Scrolls the transcript, and nothing around it, until this is at its top. */
async function toTop(place: Locator): Promise<void> {
  await place.evaluate((element) => {
    const box = element.closest('.transcript');
    if (box !== null) box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
  });
}

async function main(argv: readonly string[]): Promise<void> {
  const folder = join(repoRoot(), '.cache', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const wanted = argv.filter((argument) => !argument.startsWith('-'));
  if (argv.includes('--walk')) {
    await shootWalk(folder, argv.includes('--readme') ? join(repoRoot(), 'media', 'screenshots') : null);
    process.stdout.write(`The pictures of the walk are in ${folder}\n`);
    return;
  }
  if (argv.includes('--film')) {
    const film = join(folder, 'film');
    await shootFilm(film, (line) => process.stdout.write(`${line}\n`));
    process.stdout.write(`The film is in ${film}\n`);
    return;
  }
  const cameraOf = (host: ChatHost): Camera => new Camera(host, folder, wanted);
  const isOf = (states: readonly string[]): boolean => wanted.some((state) => states.includes(state));
  const apart = [...toolStates, ...failedStates];
  if (wanted.length === 0 || !wanted.every((state) => apart.includes(state))) await shootChat(folder, wanted);
  if (wanted.length === 0 || isOf(toolStates)) await shootTools(cameraOf);
  if (wanted.length === 0 || isOf(failedStates)) await shootFailures(cameraOf);
  if (wanted.length === 0 || wanted.includes('demo')) await shootDemo(folder);
  if (argv.includes('--readme')) {
    const media = join(repoRoot(), 'media', 'screenshots');
    mkdirSync(media, { recursive: true });
    for (const name of ['dark-400-answer', 'light-400-answer']) {
      copyFileSync(join(folder, `${name}.png`), join(media, `${name}.png`));
    }
  }
  process.stdout.write(`The pictures are in ${folder}\n`);
}

async function shootChat(folder: string, wanted: readonly string[]): Promise<void> {
  const host = await openChatHost({
    services: true,
    files,
    key: false,
    settings,
    ...size,
  });
  const camera = new Camera(host, folder, wanted);
  try {
    await camera.shoot('noKey');
    await host.run('prelude.setApiKey', testKey);
    await host.open('src/retry.ts');
    await host.open('src/login.ts', [5, 7]);
    await host.run('prelude.focusChat');
    const panel = await host.frame();
    await panel.locator('.chip').first().waitFor();
    await panel.locator('.prompt').first().waitFor();
    await camera.shoot('empty');
    const isOfEdits = (state: string): boolean => editStates.some((name) => name === state);
    const isOfDay = (state: string): boolean => dayStates.includes(state);
    if (wanted.length === 0 || !wanted.every((state) => isOfEdits(state) || isOfDay(state))) {
      await converse(host, camera);
      await trouble(host, camera);
      await spending(host, camera);
    }
    if (wanted.length === 0 || wanted.some(isOfDay)) await shootDay(host, camera);
    if (wanted.length === 0 || wanted.some(isOfEdits))
      await shootEdits(host, (state, before, sizes) => camera.shoot(state, before, sizes));
  } finally {
    await host.close();
  }
}

/** Who answers is settled when VS Code starts: the demo has one of its own. */
async function shootDemo(folder: string): Promise<void> {
  const fake = await startFakeClaude();
  const host = await openChatHost({
    services: true,
    files,
    key: false,
    settings,
    ...size,
    env: { PRELUDE_DEMO_URL: fake.url },
  });
  try {
    await (await host.frame()).locator('.demoLine').waitFor();
    await (await host.frame()).locator('.prompt').first().waitFor();
    await new Camera(host, folder, []).shoot('demo');
  } finally {
    await host.close();
    await fake.close();
  }
}

/** A question, its answer as it comes and when it is there, its tools, and a second question after some edits. */
async function converse(host: ChatHost, camera: Camera): Promise<void> {
  const { fake, session } = host;
  fake.enqueue(
    reply
      .thinking('The user wants to know why login retries. I should look at where retry is used and what it does.')
      .text('I will look at where `retry` is used.')
      .toolUse('search_text', { query: 'retry(' })
      .toolUse('read_file', { path: 'src/retry.ts' })
      .toolUse('read_file', { path: 'src/session.ts' }),
  );
  const held = fake.hold();
  await host.send('Why does login retry twice?');
  await held.push(
    { thinking: 'Two attempts, and the error is swallowed. Let me explain it.' },
    ...answer.slice(0, 330).split(/(?<= )/),
  );
  await host.see('The retry comes from');
  await camera.shoot('streaming');
  await held.push(...answer.slice(330).split(/(?<= )/));
  await held.end();
  await host.idle();
  await camera.shoot('answer');
  const panel = await host.frame();
  const group = panel.locator('.work > .fold > .foldLine').first();
  await group.click();
  await camera.shoot('tools', () => toTop(group));
  await group.click();
  await session.page.setViewportSize({ ...size, width: 1400 });
  await camera.shoot('answer', () => toTop(panel.locator('.bubble').first()), [wide]);
  await session.page.setViewportSize(size);

  await session.evaluate(async (vscode) => {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined) return;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(5, 0, 6, 0), '  const token = await session.open(name, password);\n');
    await vscode.workspace.applyEdit(edit);
  });
  await host.open(longName, [2, 9]);
  const second = fake.hold();
  await panel
    .locator('.composerText')
    .fill('And with a second factor?\nThe reminders are in the file that I have selected.');
  await camera.shoot('draft');
  await panel.locator('.filesChip').click();
  await camera.shoot('openFiles');
  await session.page.keyboard.press('Escape');
  await panel.locator('.composerModel').click();
  await camera.shoot('models');
  await session.page.keyboard.press('Escape');
  await panel.locator('.costLine').click();
  await camera.shoot('cost');
  await session.page.setViewportSize({ ...size, width: 1400 });
  await camera.shoot('cost', undefined, [wide]);
  await session.page.setViewportSize(size);
  await panel.locator('[data-do="inspectRequest"]').click();
  await session.page.locator('.tab.active', { hasText: '.md' }).waitFor();
  await camera.shoot('inspect', undefined, [400]);
  await host.run('workbench.action.closeActiveEditor');
  await host.send('And with a second factor?');
  await second.push('The reminders do not retry at all.');
  await host.see('The reminders do not retry');
  await camera.shoot('context');
  await second.push('\n\n', ...longAnswer.split(/(?<= )/));
  await host.see('Step 12');
  await panel.locator('.transcript').hover();
  await session.page.mouse.wheel(0, -900);
  await panel.locator('.pill').waitFor();
  await camera.shoot('scrolledUp');
  await panel.locator('.pill').click();
  await second.end();
  await host.idle();
}

/** What goes wrong: a limit that is waited out, and an answer that breaks off. */
async function trouble(host: ChatHost, camera: Camera): Promise<void> {
  const panel = await host.frame();
  host.fake.enqueue(reply.rateLimited(40));
  await host.send('How would I change that?');
  await panel.locator('.retrying').waitFor();
  await camera.shoot('retrying');
  await host.run('prelude.stop');
  await host.idle();
  await camera.shoot('stopped');
  host.fake.enqueue(reply.text('The change would be small: ').midStreamError());
  await host.send('How would I change that?');
  await panel.locator('.answer.last .notice').waitFor();
  await camera.shoot('failure');
}

/** A turn that reached its limit, what it was spent for, what a missed cache has cost, and the usage view. */
async function spending(host: ChatHost, camera: Camera): Promise<void> {
  const { fake, session } = host;
  const set = (name: string, value: unknown): Promise<void> =>
    session.evaluate(
      async (vscode, [key, given]) => {
        await vscode.workspace
          .getConfiguration('prelude')
          .update(String(key), given, vscode.ConfigurationTarget.Global);
      },
      [name, value] as const,
    );
  const panel = await host.frame();
  await host.run('prelude.newChat');
  await panel.locator('.answer').first().waitFor({ state: 'detached' });
  await set('spend.perTurn', 0.12);
  fake.enqueue(reply.text(longAnswer.repeat(3)).toolUse('read_file', { path: 'src/retry.ts' }));
  for (const place of ['src/login.ts', 'src/session.ts', 'README.md']) {
    fake.enqueue(reply.text(longAnswer.repeat(2)).toolUse('read_file', { path: place }));
  }
  await host.send('Move the retry out of login');
  await panel.locator('.answer.last .notice').waitFor();
  await camera.shoot('spendLimit');
  await camera.shoot('turnCost', async () => {
    const open = await panel.locator('.answer.last .turnUsage:popover-open').count();
    if (open === 0) await panel.locator('.answer.last .turnCost').click();
  });
  await set('spend.perTurn', undefined);
  await host.run('prelude.stop');
  await panel.locator('.answer.last .stopped').waitFor();
  fake.clock.advance(2 * 3_600_000);
  fake.enqueue(reply.text('It is in `src/retry.ts` now.'));
  await host.send('Where is it now?');
  await panel.locator('.answer.last .cacheMiss').waitFor();
  await camera.shoot('cacheMiss');
  await host.run('prelude.showUsage');
  const usage = await session.webview('.usage .card');
  // A month does not pass while pictures are taken: the view is told of one.
  const month = async (): Promise<void> =>
    usage.evaluate((report) => {
      // It asks anew, and hears this before the host can answer.
      window.postMessage({ type: 'usageChanged' }, '*');
      const answer = { ok: true, value: report };
      for (let ask = 1; ask < 200; ask += 1) window.postMessage({ type: 'answer', ask, answer }, '*');
    }, someReport());
  await camera.shoot('usage', month, [260]);
  await usage.locator('.asTable summary').click();
  await camera.shoot('usageTable', month, [260]);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
