/** Files of other schemes than this machine's disk are changed through VS Code, with the same care. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../../../../../src/core/tools/edits/editing';
import { createEditing } from '../../../../../src/host/workspace/edits/editing';
import { virtualDoor } from '../../../../../src/host/workspace/files/door';
import { editorDecoder } from '../../../workspace/editorDecoder';
import { defaultSettings, never } from '../../../workspace/tempWorkspace';
import { edit } from './editKit';

const root = { name: 'remote', uri: 'memory://host/project', folder: null };

function remote(files: Map<string, Buffer>, links: readonly string[] = []) {
  const state = {
    writable: true,
    meanwhile: () => {},
    folders: [] as string[],
    trash: true,
    silent: null as Promise<void> | null,
  };
  const pathOf = (uri: string): string => uri.slice(root.uri.length + 1);
  const isFolder = (path: string): boolean =>
    path === '' || [...files.keys()].some((one) => one.startsWith(`${path}/`));
  const port = createEditing({
    facts: {
      roots: () => [root],
      uriOf: (_, relative) => (relative === '' ? root.uri : `${root.uri}/${relative}`),
      openDocuments: () => [],
      searchSettings: () => defaultSettings,
      git: async () => ({ kind: 'missing' }),
      warn: () => {},
      ripgrep: async () => null,
      decoder: editorDecoder(),
      virtual: {
        stat: async (uri) => {
          const path = pathOf(uri);
          if (path === 'late.txt') await state.silent;
          if (links.includes(path)) return { kind: 'symlink', size: 0 };
          const content = files.get(path);
          if (content !== undefined) return { kind: 'file', size: content.length };
          return isFolder(path) ? { kind: 'directory', size: 0 } : null;
        },
        read: async (uri) => files.get(pathOf(uri)) ?? Buffer.alloc(0),
        list: async () => [],
      },
    },
    edits: {
      isTrusted: () => true,
      documents: () => [],
      shown: () => 'none',
      settingsOf: () => ({ eol: '\n', encoding: 'utf8' }),
      readonlyOf: () => ({ include: [], exclude: [] }),
      encodingOf: async () => 'utf8',
      encode: async (text) => Buffer.from(text),
      change: async () => false,
      save: async () => false,
      virtual: {
        isWritable: () => state.writable,
        write: async (uri, bytes) => {
          await state.silent;
          if (pathOf(uri).startsWith('denied')) throw Object.assign(new Error('no'), { code: 'NoPermissions' });
          files.set(pathOf(uri), Buffer.from(bytes));
        },
        createFolder: async (uri) => void state.folders.push(pathOf(uri)),
        rename: async (from, to) => {
          files.set(pathOf(to), files.get(pathOf(from)) ?? Buffer.alloc(0));
          files.delete(pathOf(from));
        },
      },
      remove: async (uri, useTrash) => {
        if (useTrash && !state.trash) throw new Error('no trash');
        files.delete(pathOf(uri));
      },
    },
    problems: {
      before: async () => ({ after: async () => null, dispose: () => {} }),
      ofNew: async () => ({ after: async () => null, dispose: () => {} }),
    },
    store: {
      putFileVersion: async (_, bytes) => createHash('sha256').update(bytes).digest('hex'),
      notePendingEdits: async () => state.meanwhile(),
    },
  });
  const make = async (change: Change) => {
    const editing = port.of({ conversation: 'c', step: JSON.stringify(change), call: 'call' });
    const { files: written } = await editing.plan(change, never);
    await editing.apply(change, never);
    return written.map(({ path, why }) => [path, why]);
  };
  return { state, port, make, text: (path: string) => files.get(path)?.toString(), restoring: port.restoring };
}

describe('Changing files of another scheme', () => {
  it('edits, makes, moves and deletes', async () => {
    const { make, text, state } = remote(new Map([['a.txt', Buffer.from('one\r\ntwo\n')]]));
    assert.deepEqual(await make(edit('a.txt', 'one', '1')), [['a.txt', []]]);
    assert.equal(text('a.txt'), '1\r\ntwo\n');
    assert.deepEqual(await make({ kind: 'create', path: '.vscode/x/b.json', text: '{}' }), [
      ['.vscode/x/b.json', ['runsCode']],
    ]);
    assert.deepEqual([text('.vscode/x/b.json'), state.folders], ['{}', ['.vscode/x']]);
    await make({ kind: 'rename', path: 'a.txt', to: 'c.txt' });
    assert.deepEqual([text('a.txt'), text('c.txt')], [undefined, '1\r\ntwo\n']);
    state.trash = false;
    await make({ kind: 'delete', path: 'c.txt' });
    assert.equal(text('c.txt'), undefined);
  });

  it('is not known where the file system falls silent in the middle of it, and is not made once it was given up', async () => {
    const { make, text, state, port } = remote(new Map([['a.txt', Buffer.from('one\n')]]));
    const { promise: silent, resolve: answer } = Promise.withResolvers<void>();
    const times = { ...virtualDoor.times };
    Object.assign(virtualDoor.times, { silentMs: 30, patienceMs: 60 });
    try {
      const editing = port.of({ conversation: 'c', step: 's', call: 'call' });
      await editing.plan(edit('a.txt', 'one', '1'), never);
      assert.deepEqual(editing.unresolved?.(), []);
      const create: Change = { kind: 'create', path: 'late.txt', text: 'late' };
      const creating = port.of({ conversation: 'c', step: 'other', call: 'other' });
      await creating.plan(create, never);
      // Once it is noted, right before it is written.
      state.meanwhile = () => {
        state.silent = silent;
      };
      await assert.rejects(editing.apply(edit('a.txt', 'one', '1'), never), /not known whether a\.txt was changed/);
      assert.deepEqual(
        editing.unresolved?.().map(({ path, kind }) => [path, kind]),
        [['a.txt', 'edit']],
      );
      state.silent = null;
      await assert.rejects(creating.apply(create, never), /does not answer/);
      assert.deepEqual(creating.unresolved?.(), []);
      answer();
      await delay(20);
      assert.deepEqual([text('a.txt'), text('late.txt')], ['1\n', undefined]);
      state.meanwhile = () => {};
      state.silent = null;
      await make(edit('a.txt', '1', '2'));
      assert.equal(text('a.txt'), '2\n');
    } finally {
      Object.assign(virtualDoor.times, times);
    }
  });

  it('computes anew on what was written meanwhile, and says why it cannot write', async () => {
    const files = new Map([
      ['a.txt', Buffer.from('one\n')],
      ['denied.txt', Buffer.from('one\n')],
      ['folder/x', Buffer.from('')],
    ]);
    const { make, text, state } = remote(files, ['link']);
    let left = 1;
    state.meanwhile = () => {
      if (left > 0) files.set('a.txt', Buffer.from('more\none\n'));
      left -= 1;
    };
    await make(edit('a.txt', 'one', '1'));
    assert.equal(text('a.txt'), 'more\n1\n');
    await assert.rejects(make(edit('denied.txt', 'one', '1')), /could not be written: it may not be written/);
    await assert.rejects(make({ kind: 'create', path: 'link/x.txt', text: '' }), /symbolic link/);
    await assert.rejects(make({ kind: 'create', path: 'a.txt/x.txt', text: '' }), /is no folder/);
    await assert.rejects(make({ kind: 'create', path: 'folder', text: '' }), /something at/);
    await assert.rejects(make({ kind: 'create', path: '../x.txt', text: '' }), /refused/);
    state.writable = false;
    await assert.rejects(make(edit('a.txt', '1', '2')), /read-only/);
  });
});
