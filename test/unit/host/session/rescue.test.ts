/** What was paid for and cannot be committed is kept: tried again, then beside the record, and taken in when it can be. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../../src/core/base/errors';
import type { Entry } from '../../../../src/core/record/record';
import { systemClock } from '../../../../src/host/base/clock';
import { databaseName } from '../../../../src/host/store/file/protocol';
import { schemaVersion } from '../../../../src/host/store/file/schema';
import { reply } from '../../../fakeClaude/script';
import { ask, until } from '../../core/kit';
import { brings, failing, lastFailure, SleepyClock, send, shown, Windows } from './fenceKit';

describe('An answer that the record refuses', () => {
  const windows = new Windows();

  beforeEach(() => windows.begin());
  afterEach(() => windows.end());

  for (const code of ['full', 'readOnly', 'unavailable', 'busy'] as const) {
    it(`keeps a paid answer that cannot be committed in a file of its own, and takes it in when it can: ${code}`, async () => {
      let refuses = true;
      const fault = (name: string, args: readonly unknown[]): StoreError | null =>
        refuses && (brings('assistant', name, args) || name === 'takeIn') ? new StoreError(code, 'Not now.') : null;
      const clock = new SleepyClock();
      const chat = await windows.open('one', { wrap: failing(fault), clock });
      const view = await windows.viewOf(chat);
      const id = view.controller.conversation;
      windows.fake.enqueue(reply.text('The paid answer.'));
      send(view, 'What does it say?');
      if (code === 'busy') {
        await until('it to be said', () => view.state.activity?.kind === 'saving');
        clock.wake(61_000);
      }
      await until('the turn to end', () => !view.controller.isRunning);
      assert.equal(lastFailure(view), 'storeRescued');
      assert.ok(shown(view).includes('The paid answer.'));
      const [file] = windows.rescueFiles();
      assert.ok(file !== undefined);
      if (process.platform !== 'win32') assert.equal(statSync(join(windows.folder.path, file)).mode & 0o777, 0o600);
      // While the record refuses, nothing is sent that would have to follow it.
      const asked = windows.fake.messages.length;
      await ask(view, 'And more?');
      assert.equal(windows.fake.messages.length, asked);
      assert.equal(lastFailure(view), 'storeFailed');
      refuses = false;
      windows.fake.enqueue(reply.text('It goes on.'));
      await ask(view, 'And more?');
      assert.deepEqual(windows.rescueFiles(), []);
      assert.ok(JSON.stringify(windows.fake.messages.at(-1)?.body.messages).includes('The paid answer.'));
      const stored = await chat.store.load(id);
      assert.deepEqual(
        stored?.path.map(({ kind }) => kind),
        ['snapshot', 'user', 'assistant', 'end', 'user', 'assistant', 'end'],
      );
    });
  }

  it('commits a paid answer though another window holds the file for longer than SQLite waits', async function () {
    this.timeout(60_000);
    const chat = await windows.openThreaded(systemClock);
    const view = await windows.viewOf(chat);
    const held = windows.fake.hold();
    send(view, 'What does it say?');
    await held.push('The paid');
    await until('the words', () => shown(view).includes('The paid'));
    const other = new DatabaseSync(join(windows.folder.path, databaseName));
    other.exec('BEGIN EXCLUSIVE');
    await held.push(' answer.');
    await held.end();
    await until('it to be said', () => view.state.activity?.kind === 'saving', 20_000);
    other.exec('COMMIT');
    other.close();
    await until('the turn to end', () => !view.controller.isRunning, 20_000);
    assert.equal(lastFailure(view), null);
    assert.equal(windows.storedWith('The paid answer.'), 1);
    assert.deepEqual(windows.rescueFiles(), []);
  });

  /** One turn whose answer lies in the rescue file; the window is closed. */
  async function rescued(): Promise<{ readonly id: string; readonly file: string; readonly bytes: Buffer }> {
    const wrap = failing((name, args) =>
      name === 'takeIn' || brings('assistant', name, args) ? new StoreError('full', 'The disk is full.') : null,
    );
    const chat = await windows.open('one', { wrap });
    const view = await windows.viewOf(chat);
    windows.fake.enqueue(reply.text('The paid answer.'));
    await ask(view, 'What does it say?');
    const id = view.controller.conversation;
    await windows.closeAll();
    const file = join(windows.folder.path, windows.rescueFiles()[0] ?? '');
    return { id, file, bytes: readFileSync(file) };
  }

  it('takes in what was kept when it is opened the next time, in order and once', async () => {
    const { id, file, bytes } = await rescued();
    // The machine died while a further line was written.
    writeFileSync(file, Buffer.concat([bytes, bytes.subarray(0, bytes.length / 3)]));
    let path: readonly Entry[] = [];
    for (const round of [1, 2, 3]) {
      const chat = await windows.open('two');
      assert.deepEqual(windows.rescueFiles(), []);
      const stored = await chat.store.load(id);
      assert.deepEqual(
        stored?.path.map(({ kind }) => kind),
        ['snapshot', 'user', 'assistant', 'end'],
      );
      if (round > 1) assert.deepEqual(stored?.path, path);
      path = stored?.path ?? [];
      assert.equal((await chat.store.list({ workspaces: null, limit: 10 })).rows.length, 1);
      await windows.closeAll();
      // As if it had died before the file was removed.
      writeFileSync(file, bytes);
    }
  });

  it('makes a conversation of its own of what was kept, where another window has gone on meanwhile', async () => {
    const { id, file, bytes } = await rescued();
    renameSync(file, `${file}.away`);
    const two = await windows.open('two');
    const other = await windows.viewOf(two, id);
    windows.fake.enqueue(reply.text('Of the other window'));
    await ask(other, 'Go on here');
    renameSync(`${file}.away`, file);
    assert.ok(bytes.equals(readFileSync(file)));
    const head = (await two.store.getMeta(id))?.head;
    await windows.closeAll();
    const three = await windows.open('three');
    const { rows } = await three.store.list({ workspaces: null, limit: 10 });
    assert.equal(rows.length, 2);
    assert.equal(rows.find((row) => row.id === id)?.head, head);
    const branch = await windows.viewOf(three, rows.find((row) => row.id !== id)?.id);
    assert.ok(shown(branch).includes('What does it say?') && shown(branch).includes('The paid answer.'));
    windows.fake.enqueue(reply.text('It goes on.'));
    await ask(branch, 'And more?');
    assert.deepEqual(windows.fake.refusals, []);
    assert.deepEqual(windows.rescueFiles(), []);
  });

  it('erases what was kept with its conversation', async () => {
    const { id, file, bytes } = await rescued();
    renameSync(file, `${file}.away`);
    const chat = await windows.open('two');
    renameSync(`${file}.away`, file);
    assert.ok(bytes.includes('The paid answer.'));
    await chat.store.deleteForever(id);
    assert.ok(!existsSync(file));
    writeFileSync(file, bytes);
    await chat.store.setDeleted(id, { owner: 'host-1', at: 1 }).catch(() => undefined);
    assert.equal(await chat.store.load(id), null, 'and it does not come back');
  });

  it('keeps the answer of a window that meets a database of a newer version', async () => {
    const chat = await windows.open('one');
    const view = await windows.viewOf(chat);
    const id = view.controller.conversation;
    const held = windows.fake.hold();
    send(view, 'A long story?');
    await held.push('Of an older time');
    await until('the words', () => shown(view).includes('Of an older time'));
    const db = new DatabaseSync(join(windows.folder.path, databaseName));
    db.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    await held.end();
    await until('the turn to end', () => !view.controller.isRunning);
    assert.equal(lastFailure(view), 'storeRescued');
    assert.equal(windows.rescueFiles().length, 1);
    db.exec(`PRAGMA user_version = ${schemaVersion}`);
    db.close();
    const newer = await windows.open('two');
    assert.ok(JSON.stringify(await newer.store.load(id)).includes('Of an older time'));
    assert.deepEqual(windows.rescueFiles(), []);
  });

  it('is taken in as soon as that can be, while it is shown', async () => {
    let refuses = true;
    const fault = (name: string, args: readonly unknown[]): StoreError | null =>
      refuses && (name === 'takeIn' || brings('assistant', name, args)) ? new StoreError('full', 'Not now.') : null;
    const chat = await windows.open('one', { wrap: failing(fault) });
    const view = await windows.viewOf(chat);
    windows.fake.enqueue(reply.text('The paid answer.'));
    await ask(view, 'What does it say?');
    assert.equal(lastFailure(view), 'storeRescued');
    refuses = false;
    await until('it to be in the record', () => windows.rescueFiles().length === 0);
    await until('it to be shown so', () => lastFailure(view) === null);
    assert.equal(windows.storedWith('The paid answer.'), 1);
  });

  it('gets an end when it is taken in where that could be kept nowhere', async () => {
    let refuses = true;
    const fault = (name: string, args: readonly unknown[]): StoreError | null => {
      const isEnd = name === 'rescue' && (args[1] as readonly Entry[]).some(({ kind }) => kind === 'end');
      const isRefused = name === 'takeIn' || brings('assistant', name, args) || isEnd;
      return refuses && isRefused ? new StoreError('full', 'Not now.') : null;
    };
    const chat = await windows.open('one', { wrap: failing(fault) });
    const view = await windows.viewOf(chat);
    windows.fake.enqueue(reply.text('The paid answer.'));
    await ask(view, 'What does it say?');
    refuses = false;
    await until('it to be in the record', () => windows.rescueFiles().length === 0);
    await until('its end', () => windows.storedWith('"interrupted"') + windows.storedWith('"done"') > 0);
    await until('the window to be free', () => view.state.activity === null);
    assert.equal(windows.storedWith('The paid answer.'), 1);
  });
});
