/** `npm start` as a newcomer runs it: it says who answers, opens the chat, and a question is answered with tools. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Frame, Page } from 'playwright-core';
import { promptStrings } from '../../src/host/base/plainStrings';
import { strings } from '../../src/webview/l10n/strings';
import { reply } from '../fakeClaude/script';
import { startFakeClaude } from '../fakeClaude/server';
import { filled, saying } from '../texts';
import { launchBrowser } from '../vscode/browser';
import { built, repoRoot } from '../vscode/paths';
import { openComposer } from './chatHost';

interface Started {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly address: string;
}

/** Not that of the checkout, which may be of another version. */
const dataDir = mkdtempSync(join(tmpdir(), 'prelude-start-data-'));

/** Starts it headless and waits for the address that it prints. */
async function start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Started> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANTHROPIC_')));
  const child = spawn(process.execPath, [built('start.js'), '--headless', ...args], {
    cwd: repoRoot(),
    env: { ...clean, PRELUDE_START_DATA: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const deadline = Date.now() + 90_000;
  for (;;) {
    const address = /http:\/\/\S+/.exec(output.split('VS Code ')[1] ?? '')?.[0];
    if (address !== undefined) return { process: child, output: () => output, address };
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`npm start did not open:\n${output}`);
    await delay(100);
  }
}

async function stop(started: Started | undefined): Promise<void> {
  if (started === undefined || started.process.exitCode !== null) return;
  const ended = new Promise((resolve) => started.process.once('exit', resolve));
  started.process.kill('SIGINT');
  await ended;
}

/** The chat's document, once it is there. */
async function panelOf(page: Page): Promise<Frame> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    for (const frame of page.frames()) {
      if (
        (await frame
          .locator(openComposer)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    }
    if (Date.now() > deadline) throw new Error('the chat did not open');
    await delay(200);
  }
}

describe('npm start', () => {
  let browser: Browser;
  let started: Started | undefined;
  let folder: string;

  before(async () => {
    browser = await launchBrowser();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-start-'));
    cpSync(join(repoRoot(), 'src', 'shared'), join(folder, 'shared'), { recursive: true });
  });

  afterEach(async () => {
    await stop(started);
    started = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  after(async () => {
    await browser?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const ask = async (question: string): Promise<{ readonly page: Page; readonly panel: Frame }> => {
    assert.ok(started);
    const page = await browser.newPage();
    await page.goto(started.address);
    const panel = await panelOf(page);
    await panel.locator('.composerText').fill(question);
    await panel.locator('.composerText').press('Enter');
    return { page, panel };
  };

  it('answers by the local stand-in without a key, with tools and a quote from the folder', async () => {
    started = await start([folder], {});
    assert.match(started.output(), /answered by a local stand-in at http:\/\/127\.0\.0\.1:\d+/);
    const { page, panel } = await ask('Where is `reduce` defined?');
    await panel.locator('.answer .tool, .answer .work').first().waitFor({ timeout: 30_000 });
    await panel
      .locator('.answer:not(.running) .markdown', { hasText: /reduce\.ts/ })
      .first()
      .waitFor({ timeout: 60_000 });
    const text = await panel.locator('body').innerText();
    assert.match(text, saying(strings.demo()));
    const line =
      readFileSync(join(folder, 'shared', 'reduce.ts'), 'utf8')
        .split('\n')
        .findIndex((code) => code.includes('function reduce')) + 1;
    assert.match(text, new RegExp(`reduce\\.ts:${line}\\b`));
    await page.close();
  });

  it('leads by the third of its prompts to an edit with two hunks, which is asked about', async () => {
    const flawed = `// Waits untill the lock is free.\n${'\n'.repeat(9)}// Opens the the file.\n`;
    writeFileSync(join(folder, 'lock.ts'), flawed);
    started = await start([folder], {});
    assert.ok(started);
    const page = await browser.newPage();
    await page.goto(started.address);
    const panel = await panelOf(page);
    const prompts = panel.locator('.prompt');
    await prompts.nth(2).waitFor({ timeout: 30_000 });
    assert.equal(await prompts.first().innerText(), filled(promptStrings.thisFolder()));
    assert.equal(await prompts.nth(2).innerText(), filled(promptStrings.smallFlaw()));
    await prompts.nth(2).click();
    await panel.locator('.composerText').press('Enter');
    await panel.locator('.editCard .diff').nth(1).waitFor({ timeout: 60_000 });
    assert.equal(readFileSync(join(folder, 'lock.ts'), 'utf8'), flawed);
    await panel.locator('.editCard [data-do="apply"]').click();
    await panel.locator('.editsEnd').waitFor({ timeout: 30_000 });
    const mended = flawed.replace('untill', 'until').replace('the the', 'the');
    assert.equal(readFileSync(join(folder, 'lock.ts'), 'utf8'), mended);
    await page.close();
  });

  it('answers by the API of the environment when there is a key, and says so before anything is sent', async () => {
    const fake = await startFakeClaude();
    fake.enqueue(reply.toolUse('find_files', { pattern: '**/*.ts' }), reply.text('There are two files.'));
    try {
      started = await start([folder], {
        ANTHROPIC_API_KEY: 'sk-ant-from-the-environment',
        ANTHROPIC_BASE_URL: fake.url,
      });
      assert.match(started.output(), new RegExp(`answered by the API at ${fake.url}`));
      assert.deepEqual(fake.requests, []);
      const { page, panel } = await ask('Which files are there?');
      await panel.getByText('There are two files.').waitFor({ timeout: 30_000 });
      assert.equal(fake.messages[0]?.headers['authorization'], 'Bearer sk-ant-from-the-environment');
      assert.match(JSON.stringify(fake.messages[1]?.body.messages), /shared\/chat\.ts/);
      assert.deepEqual(fake.refusals, []);
      await page.close();
    } finally {
      await fake.close();
    }
  });
});
