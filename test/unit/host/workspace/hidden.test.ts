/** What the window's changes cost while the panel is shown, and while it is hidden (L74). */

import assert from 'node:assert/strict';
import syncFs from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { estimateTokens } from '../../../../src/core/models/tokens';
import { createEditorContextOver, type EditorSelection } from '../../../../src/host/workspace/context';
import type { HostToView } from '../../../../src/shared/protocol';
import { startFakeClaude } from '../../../fakeClaude/server';
import { closeChat, FakeEditors, openChat, temporaryFolder, until } from '../../core/kit';
import { functionsRun } from '../../functionCalls';
import { never, tempWorkspace } from '../../workspace/tempWorkspace';
import { openWholeHost } from '../wholeHost';

/** Editors that count how often they are read. */
class CountedEditors extends FakeEditors {
  reads = 0;

  override async current(): ReturnType<FakeEditors['current']> {
    this.reads += 1;
    return await super.current();
  }
}

describe('A panel that is hidden', () => {
  it('reads nothing and computes nothing, and is right as soon as it is shown again (L74)', async () => {
    const fake = await startFakeClaude();
    const folder = await temporaryFolder();
    const editors = new CountedEditors();
    editors.files.set('a.ts', 'one');
    editors.files.set('b.ts', 'two');
    editors.open = ['a.ts'];
    let asked = 0;
    const settings = () => {
      asked += 1;
      return {};
    };
    const chat = await openChat({ url: fake.url, folder: folder.path, editors, settings });
    try {
      const controller = await chat.conversations.current();
      let shown: HostToView[] = [];
      const chips = () => {
        const last = shown.findLast((message) => message.type === 'composer' || message.type === 'snapshot');
        assert.ok(last?.type === 'composer' || last?.type === 'snapshot');
        return last.composer.chips
          .flatMap((chip) => (chip.kind === 'openFiles' ? chip.files : []))
          .map(({ path }) => path);
      };
      const detach = controller.attach((message) => shown.push(message));
      await until('the first chips', () => chips().includes('a.ts'));

      const { conversation } = controller;
      const typed = async (text: string): Promise<void> => {
        controller.handle({ type: 'draft', conversation, text });
        for (let tries = 0; (await chat.store.load(conversation))?.draft.includes(text) !== true; tries += 1) {
          assert.ok(tries < 500, 'the draft is not stored');
          await delay(5);
        }
      };
      await typed('first words');
      detach();
      shown = [];
      editors.reads = 0;
      asked = 0;
      editors.open = ['b.ts'];
      for (let move = 0; move < 10; move += 1) {
        chat.conversations.refreshComposers();
        await delay(5);
      }
      // What a view said last comes in late.
      await typed('last words');
      assert.deepEqual([editors.reads, shown.length], [0, 0]);
      assert.equal(asked, 0, 'the settings are not read');

      let reads: number | null = null;
      controller.attach((message) => {
        shown.push(message);
        // Counted right then: where the machine is busy, it may have looked once more before this test goes on.
        if (chips().includes('b.ts') && !chips().includes('a.ts')) reads ??= editors.reads;
      });
      await until('the chips of now', () => reads !== null);
      assert.equal(reads, 1);
    } finally {
      await closeChat(chat);
      await fake.close();
      folder.remove();
    }
  });
});

describe('Moves of the cursor while every panel is hidden', () => {
  it('ask no file system and VS Code for no setting, and run a handful of functions (L74)', async function () {
    this.timeout(20_000);
    const folder = await temporaryFolder();
    const fake = await startFakeClaude();
    const { host, panels, window, configuration, moveCursor, restore } = await openWholeHost(fake.url, folder.path);
    try {
      const path = join(folder.path, 'a.ts');
      await fs.writeFile(path, 'export const a = 1;\n');
      const document = { uri: { scheme: 'file', path, toString: () => pathToFileURL(path).href }, isClosed: false };
      window['activeTextEditor'] = { document, selection: { isEmpty: true } };
      await host.tabs.open(null);
      const [panel] = panels;
      assert.ok(panel !== undefined);
      panel.webview.say({ type: 'ready' });
      const told = (): number => panel.webview.told.length;
      await until('the chat', () => panel.webview.told.some(({ type }) => type === 'snapshot'));
      await delay(300);
      panel.show({ visible: false, active: false });
      await delay(300);

      const asked = configuration.inspected.length;
      const said = told();
      /** What happens in the window of one move, or of none. */
      const watched = async (move: () => void): Promise<{ readonly ran: number; readonly disk: readonly string[] }> => {
        const disk = countedDisk();
        try {
          const ran = await functionsRun(async () => {
            move();
            // Longer than what a move leads to waits for the cursor to rest.
            await delay(200);
          });
          return { ran, disk: disk.calls };
        } finally {
          disk.restore();
        }
      };
      // What else runs in this process, and for whom, is no part of a move.
      const beyond: { readonly ran: number; readonly disk: number }[] = [];
      for (let round = 0; round < 5; round += 1) {
        const quiet = await watched(() => undefined);
        const moved = await watched(moveCursor);
        beyond.push({ ran: moved.ran - quiet.ran, disk: moved.disk.length - quiet.disk.length });
      }
      assert.deepEqual([configuration.inspected.length, told()], [asked, said]);
      const median = (of: (one: (typeof beyond)[number]) => number): number =>
        beyond.map(of).toSorted((a, b) => a - b)[2] ?? Number.NaN;
      assert.ok(median(({ disk }) => disk) <= 0, JSON.stringify(beyond));
      assert.ok(median(({ ran }) => ran) <= 20, JSON.stringify(beyond));
    } finally {
      await host.dispose();
      restore();
      await fake.close();
      folder.remove();
    }
  });
});

/** Every call of `node:fs`, of its promises, by name, until it is restored. */
function countedDisk(): { readonly calls: readonly string[]; restore(): void } {
  const calls: string[] = [];
  const undo = [fs, syncFs].map((module) => {
    const real = Object.entries(module).filter(([name, member]) => typeof member === 'function' && /^[a-z]/.test(name));
    for (const [name, member] of real) {
      Object.assign(module, {
        [name]: (...args: readonly unknown[]) => {
          calls.push(name);
          return Reflect.apply(member as (...args: readonly unknown[]) => unknown, module, args);
        },
      });
    }
    return () => Object.assign(module, Object.fromEntries(real));
  });
  return { calls, restore: () => void undo.map((one) => one()) };
}

describe('Ten moves of the cursor', () => {
  const calls = ['stat', 'lstat', 'realpath', 'open', 'opendir', 'readFile', 'readdir', 'access'] as const;
  const real = Object.fromEntries(calls.map((name) => [name, fs[name]]));
  let count = 0;

  beforeEach(() => {
    count = 0;
    for (const name of calls) {
      const call = fs[name] as (...args: unknown[]) => unknown;
      Object.assign(fs, {
        [name]: (...args: unknown[]) => {
          count += 1;
          return call(...args);
        },
      });
    }
  });
  afterEach(() => {
    Object.assign(fs, real);
  });

  it('ask no disk while nothing has changed, and sending asks each thing once (L74)', async () => {
    const folder = 'packages/core/src/parts';
    const names = Array.from({ length: 8 }, (_, i) => `${folder}/f${i}.ts`);
    const files = Object.fromEntries(names.map((name) => [name, `export const text = 'one of ${name}';\n`]));
    const temp = tempWorkspace({ files: { ...files, '.gitignore': 'dist\n', 'CLAUDE.md': 'Be brief.' } });
    try {
      const uri = (path: string) => pathToFileURL(join(temp.folder, path)).href;
      const tabs = names.map(uri);
      let line = 0;
      const selection = (): EditorSelection => {
        line += 1;
        const at = { startLine: line, endLine: line, text: `line ${line}` };
        return { uri: tabs[0] ?? '', ...at };
      };
      const context = createEditorContextOver({
        facts: { tabs: () => tabs, active: () => tabs[0] ?? null, recentlyUsed: () => [], selection, isTrusted: true },
        workspace: temp.workspace,
        automatic: () => 'openFiles',
        estimate: estimateTokens,
      });
      const first = await context.current(never, 'shown');
      assert.equal(first.files.length, 8);
      const cold = count;
      assert.ok(cold < 80, `${cold} calls at first`);

      count = 0;
      for (let move = 0; move < 10; move += 1) {
        const now = await context.current(never, 'shown');
        assert.deepEqual(now.files, first.files);
        assert.equal(now.selection?.startLine, line);
      }
      assert.equal(count, 0);

      temp.write(`${folder}/f3.ts`, 'changed');
      context.forget(tabs[3]);
      const changed = await context.current(never, 'shown');
      assert.equal(changed.files.find(({ uri: one }) => one === tabs[3])?.text, 'changed');
      assert.ok(count < 45, `${count} calls for one file`);

      // What is sent is what is there, whatever was told.
      temp.write(`${folder}/f4.ts`, 'changed unseen');
      temp.write('.gitignore', 'f5.ts\n');
      count = 0;
      const sent = await context.current(never);
      assert.equal(sent.files.find(({ uri: one }) => one === tabs[4])?.text, 'changed unseen');
      assert.equal(sent.files.length, 7);
      assert.ok(count < 80, `${count} calls to send`);
      assert.deepEqual((await context.current(never, 'shown')).files, sent.files);
    } finally {
      temp.remove();
    }
  });

  it('read no ignore file again that is the same as before', async () => {
    const temp = tempWorkspace({ files: { 'a/b/c/x.ts': 'x', '.gitignore': 'dist\n', 'a/.gitignore': 'out\n' } });
    try {
      const uri = pathToFileURL(join(temp.folder, 'a/b/c/x.ts')).href;
      // What changed a moment ago is not relied on.
      await delay(2_100);
      await temp.workspace.access().admit(uri);
      const opened: string[] = [];
      const { open } = fs;
      Object.assign(fs, {
        open: (path: string, ...rest: []) => {
          opened.push(path);
          return open(path, ...rest);
        },
      });
      count = 0;
      assert.ok(await temp.workspace.access().admit(uri));
      assert.deepEqual(opened, []);
      assert.ok(count <= 16, `${count} calls`);
      temp.write('a/.gitignore', 'x.ts\n');
      assert.equal(await temp.workspace.access().admit(uri), null);
      temp.write('a/.gitignore', 'out\n');
      temp.write('a/b/.ignore', 'c\n');
      assert.equal(await temp.workspace.access().admit(uri), null);
    } finally {
      temp.remove();
    }
  });
});
