/** `npm start` as a newcomer runs it: it says who answers, opens the chat, and a question is answered with tools. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { promptStrings } from '../../src/host/base/plainStrings';
import { strings } from '../../src/webview/l10n/strings';
import { reply } from '../fakeClaude/script';
import { startFakeClaude } from '../fakeClaude/server';
import { inAll } from '../short';
import { filled, saying } from '../texts';
import { launchBrowser } from '../vscode/browser';
import { built, repoRoot } from '../vscode/paths';
import { openComposer } from './chatHost';

interface Started {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly address: string;
}

/** A start whose address is open in the browser. */
interface Opened extends Started {
  readonly folder: string;
  readonly page: Page;
  readonly panel: Frame;
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

async function stop(started: Started): Promise<void> {
  if (started.process.exitCode !== null) return;
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

const flawed = `// Waits untill the lock is free.\n${'\n'.repeat(9)}// Opens the the file.\n`;

describe('npm start', () => {
  let browser: Browser;
  /** One for all starts: the code of the workbench is in its cache. */
  let context: BrowserContext;
  let opened: Opened | null = null;

  before(async () => {
    browser = await launchBrowser({ optimized: false });
    context = await browser.newContext();
  });

  afterEach(async function () {
    // The next try begins anew.
    if (this.currentTest?.state !== 'passed') await leave();
  });

  after(async () => {
    await leave();
    await browser?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function leave(): Promise<void> {
    if (opened === null) return;
    const { folder, page } = opened;
    await page.close();
    await stop(opened);
    rmSync(folder, { recursive: true, force: true });
    opened = null;
  }

  /** Starts it on a folder of its own; `looked` looks at it before its address is opened. */
  async function open(env: Readonly<Record<string, string>>, looked: (output: string) => void): Promise<Opened> {
    await leave();
    const folder = mkdtempSync(join(tmpdir(), 'prelude-start-'));
    cpSync(join(repoRoot(), 'src', 'shared'), join(folder, 'shared'), { recursive: true });
    writeFileSync(join(folder, 'lock.ts'), flawed);
    const started = await start([folder], env);
    try {
      looked(started.output());
      const page = await context.newPage();
      await page.goto(started.address);
      opened = { ...started, folder, page, panel: await panelOf(page) };
      return opened;
    } catch (error) {
      await stop(started);
      throw error;
    }
  }

  /** Without a key: both tests are of one start. */
  async function openDemo(): Promise<Opened> {
    return (
      opened ?? open({}, (output) => assert.match(output, /answered by a local stand-in at http:\/\/127\.0\.0\.1:\d+/))
    );
  }

  async function ask({ panel }: Opened, question: string): Promise<void> {
    await panel.locator('.composerText').fill(question);
    await panel.locator('.composerText').press('Enter');
  }

  it('leads by the third of its prompts to an edit with two hunks, which is asked about', async () => {
    const { folder, panel } = await openDemo();
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
  });

  it('answers by the local stand-in without a key, with tools and a quote from the folder', async () => {
    const demo = await openDemo();
    await ask(demo, 'Where is `reduce` defined?');
    const last = demo.panel.locator('.answer.last:not(.running)');
    await last
      .locator('.markdown', { hasText: /reduce\.ts/ })
      .first()
      .waitFor({ timeout: 60_000 });
    assert.ok((await last.locator('.tool, .work').count()) > 0, 'by tools');
    const text = await demo.panel.locator('body').innerText();
    assert.match(text, saying(strings.demo()));
    const line =
      readFileSync(join(demo.folder, 'shared', 'reduce.ts'), 'utf8')
        .split('\n')
        .findIndex((code) => code.includes('function reduce')) + 1;
    assert.match(await last.innerText(), new RegExp(`reduce\\.ts:${line}\\b`));
  });

  inAll.it(
    'answers by the API of the environment when there is a key, and says so before anything is sent',
    async () => {
      const fake = await startFakeClaude();
      fake.enqueue(reply.toolUse('find_files', { pattern: '**/*.ts' }), reply.text('There are two files.'));
      try {
        const env = { ANTHROPIC_API_KEY: 'sk-ant-from-the-environment', ANTHROPIC_BASE_URL: fake.url };
        const started = await open(env, (output) => {
          assert.match(output, new RegExp(`answered by the API at ${fake.url}`));
          assert.deepEqual(fake.requests, []);
        });
        await ask(started, 'Which files are there?');
        await started.panel.getByText('There are two files.').waitFor({ timeout: 30_000 });
        assert.equal(fake.messages[0]?.headers['authorization'], 'Bearer sk-ant-from-the-environment');
        assert.match(JSON.stringify(fake.messages[1]?.body.messages), /shared\/chat\.ts/);
        assert.deepEqual(fake.refusals, []);
      } finally {
        await fake.close();
      }
    },
  );
});
