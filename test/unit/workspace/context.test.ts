import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileChange } from '../../../src/core/context/context';
import { estimateTokens } from '../../../src/core/models/tokens';
import { absences } from '../../../src/host/base/plainStrings';
import type { AutomaticContext } from '../../../src/host/settings/scopedSettings';
import { chooseFiles, orderOpenFiles } from '../../../src/host/workspace/chooseFiles';
import { createEditorContextOver, type EditorFacts, type EditorSelection } from '../../../src/host/workspace/context';
import { never, type TempWorkspace, tempWorkspace } from './tempWorkspace';

interface Window {
  tabs: string[];
  active: string | null;
  recent: string[];
  selection: EditorSelection | null;
  isTrusted: boolean;
  automatic: AutomaticContext;
}

/** A window over a temp workspace; paths stand for their URIs. */
function windowOver(temp: TempWorkspace, state: Partial<Window>) {
  const uri = (path: string) => (path.includes(':') ? path : pathToFileURL(join(temp.folder, path)).href);
  const facts: EditorFacts = {
    tabs: () => (state.tabs ?? []).map(uri),
    active: () => (state.active ? uri(state.active) : null),
    recentlyUsed: () => (state.recent ?? []).map(uri),
    selection: () => (state.selection ? { ...state.selection, uri: uri(state.selection.uri) } : null),
    isTrusted: state.isTrusted ?? true,
  };
  const context = createEditorContextOver({
    facts,
    workspace: temp.workspace,
    automatic: () => state.automatic ?? 'openFiles',
    estimate: estimateTokens,
  });
  return { context, uri, now: () => context.current(never) };
}

const selected = (uri: string, text: string, rest: Partial<EditorSelection> = {}): EditorSelection => ({
  uri,
  startLine: 4,
  endLine: 4 + text.split('\n').length - 1,
  text,
  ...rest,
});

describe('The open files that go along', () => {
  let temp: TempWorkspace;
  afterEach(() => temp.remove());

  const pathsOf = async (state: Partial<Window>) => (await windowOver(temp, state).now()).files.map(({ path }) => path);

  it('are the active one, then the most recently used, then the rest as their tabs stand', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'a', 'b.ts': 'b', 'c.ts': 'c', 'd.ts': 'd', 'closed.ts': 'x' } });
    const tabs = ['a.ts', 'b.ts', 'c.ts', 'd.ts'];
    assert.deepEqual(await pathsOf({ tabs, active: 'c.ts', recent: ['c.ts', 'closed.ts', 'b.ts'] }), [
      'c.ts',
      'b.ts',
      'a.ts',
      'd.ts',
    ]);
    assert.deepEqual(await pathsOf({ tabs, active: 'closed.ts' }), tabs);
  });

  it('are never secrets, ignored, binary, outside, untitled or of another scheme (L32)', async () => {
    temp = tempWorkspace({
      files: {
        '.gitignore': 'dist\n',
        '.env': 'KEY=1',
        'dist/a.js': '1',
        'a.bin': Buffer.from([0, 1]),
        'ok.ts': 'ok',
        'key.txt': '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n',
      },
    });
    writeFileSync(join(temp.base, 'outside.ts'), 'x');
    symlinkSync(join(temp.base, 'outside.ts'), join(temp.folder, 'link.ts'));
    const tabs = [
      '.env',
      'dist/a.js',
      'a.bin',
      '../outside.ts',
      'link.ts',
      'untitled:Untitled-1',
      'output:x',
      'gone.ts',
    ];
    assert.deepEqual(await pathsOf({ tabs: [...tabs, 'key.txt', 'ok.ts'], active: '.env' }), ['ok.ts']);
  });

  it('are at most eight and 14,000 tokens, and one that is too large keeps no other out (L11)', async () => {
    const small = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${10 + i}.ts`, 'x'.repeat(3_000)]));
    temp = tempWorkspace({ files: { ...small, 'large.ts': 'x'.repeat(44_000), 'half.ts': 'x'.repeat(24_000) } });
    const many = await pathsOf({ tabs: Object.keys(small) });
    assert.equal(many.length, 8);
    const mixed = await pathsOf({ tabs: ['large.ts', 'half.ts', ...Object.keys(small)], active: 'large.ts' });
    assert.deepEqual(mixed, ['half.ts', 'f10.ts', 'f11.ts', 'f12.ts', 'f13.ts', 'f14.ts', 'f15.ts']);
  });

  it('are their editors’ texts, the same order and bytes each time', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'disk', 'b.ts': 'b' } });
    const state = { tabs: ['b.ts', 'a.ts'], active: 'a.ts' };
    const { uri, now } = windowOver(temp, state);
    temp.facts.documents.push({ uri: uri('a.ts'), dirty: true, text: () => 'editor' });
    const first = await now();
    assert.deepEqual(first.files[0], { uri: uri('a.ts'), path: 'a.ts', text: 'editor' });
    assert.equal(JSON.stringify(await now()), JSON.stringify(first));
  });

  it('are what the setting says', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'a', 'b.ts': 'b' } });
    const state = { tabs: ['a.ts', 'b.ts'], active: 'b.ts', selection: selected('b.ts', 'b') };
    assert.deepEqual(await pathsOf({ ...state, automatic: 'activeFile' }), ['b.ts']);
    const none = await windowOver(temp, { ...state, automatic: 'none' }).now();
    assert.deepEqual([none.files, none.selection, none.closed], [[], null, []]);
  });
});

describe('The selection', () => {
  let temp: TempWorkspace;
  afterEach(() => temp.remove());
  const selectionOf = async (selection: EditorSelection | null) =>
    (await windowOver(temp, { selection }).now()).selection;

  it('goes along with its place, from files of the workspace and untitled ones', async () => {
    temp = tempWorkspace({ files: { 'src/a.ts': 'a' } });
    const found = await selectionOf(selected('src/a.ts', 'one\ntwo'));
    assert.deepEqual({ ...found, uri: '' }, { uri: '', path: 'src/a.ts', startLine: 4, endLine: 5, text: 'one\ntwo' });
    const untitled = selected('untitled:Untitled-1', 'x', {
      other: { path: 'Untitled-1', label: 'Untitled-1', what: 'unsaved document', outside: false },
    });
    assert.equal((await selectionOf(untitled))?.path, 'Untitled-1');
    assert.equal(await selectionOf(null), null);
    assert.equal(await selectionOf(selected('src/a.ts', '')), null);
  });

  it('never comes from a secret or from outside (L32)', async () => {
    temp = tempWorkspace({ files: { '.env': 'KEY=1' } });
    writeFileSync(join(temp.base, 'outside.ts'), 'x');
    assert.equal(await selectionOf(selected('.env', 'KEY=1')), null);
    assert.equal(await selectionOf(selected('../outside.ts', 'x')), null);
    assert.equal(await selectionOf(selected('output:tasks', 'x')), null);
  });

  it('is bounded by whole lines, and its range with it (L36)', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'a' } });
    const found = await selectionOf(selected('a.ts', `${'x'.repeat(999)}\n`.repeat(500)));
    assert.ok(found && found.text.length <= 100_000);
    assert.equal(found.endLine - found.startLine + 1, found.text.split('\n').length);
  });
});

describe('A notebook (L58)', () => {
  const notebook = (source: string, picture = 'iVBORw0KGgo='.repeat(4_000)) =>
    JSON.stringify({
      cells: [
        { cell_type: 'markdown', source: ['# Rates'] },
        {
          cell_type: 'code',
          source: [source],
          execution_count: 2,
          outputs: [{ output_type: 'display_data', data: { 'image/png': picture, 'text/plain': ['<Figure>'] } }],
        },
      ],
      metadata: { kernelspec: { name: 'python3', language: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    });

  it('goes along as numbered cells, open or added, and its changes are those of its cells', async () => {
    const temp = tempWorkspace({ files: { 'work.ipynb': notebook('rate = 1'), 'bad.ipynb': '{}' } });
    try {
      const { context, uri, now } = windowOver(temp, { tabs: ['work.ipynb', 'bad.ipynb'], active: 'work.ipynb' });
      const [file] = (await now()).files;
      assert.match(
        file?.text ?? '',
        /^--- cell 1, markdown\n {2}1\t# Rates\n--- cell 2, code, run as \[2\]\n {2}1\trate = 1\n/,
      );
      assert.match(file?.text ?? '', /image\/png, 36,000 bytes, not shown/);
      assert.ok((file?.text.length ?? 0) < 500);
      assert.deepEqual(await context.readAdded([uri('work.ipynb'), uri('bad.ipynb')], never), [file, null]);
      assert.equal(JSON.stringify(await now()), JSON.stringify(await now()));
      temp.write('work.ipynb', notebook('rate = 2'));
      const [after] = await context.read([uri('work.ipynb')], never);
      assert.ok(file !== undefined && after !== null && after !== 'unread' && after !== undefined);
      const change = fileChange(file, after);
      assert.ok(change.change === 'modified' && change.patch.includes('+  1\trate = 2'));
    } finally {
      temp.remove();
    }
  });

  it('gives the selection of a cell with its number; one with a key gives none', async () => {
    const temp = tempWorkspace({ files: { 'work.ipynb': notebook('rate = 1') } });
    try {
      const cell = (whole: string) =>
        selected('work.ipynb', 'rate = 1', { cell: 2, startLine: 1, endLine: 1, whole: () => whole });
      const found = (await windowOver(temp, { selection: cell('rate = 1') }).now()).selection;
      assert.deepEqual([found?.path, found?.cell, found?.startLine], ['work.ipynb', 2, 1]);
      const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n';
      assert.equal((await windowOver(temp, { selection: cell(key) }).now()).selection, null);
    } finally {
      temp.remove();
    }
  });
});

describe('What is open and does not go along', () => {
  it('is told with its reason, what one looks at first', async () => {
    const temp = tempWorkspace({
      files: {
        '.gitignore': 'dist\n',
        '.env': 'KEY=1',
        'dist/a.js': '1',
        'a.bin': Buffer.from([0, 1, 2, 0]),
        'a.png': Buffer.from('89504e470d0a1a0a0000', 'hex'),
        'large.ts': 'x'.repeat(300_000),
        'half.ts': 'x '.repeat(60_000),
        'ok.ts': 'ok',
      },
    });
    try {
      writeFileSync(join(temp.base, 'outside.ts'), 'x');
      const tabs = ['ok.ts', '.env', 'dist/a.js', 'a.bin', 'large.ts', 'half.ts', '../outside.ts', 'gone.ts', 'a.png'];
      const { absent, files } = await windowOver(temp, { tabs, active: 'a.png' }).now();
      assert.deepEqual(
        files.map(({ path }) => path),
        ['ok.ts'],
      );
      const told = Object.fromEntries((absent ?? []).map(({ label, reason }) => [label, reason]));
      assert.deepEqual(told, {
        'a.png': absences.image(),
        '.env': absences.secret(),
        'a.js': absences.ignored(),
        'a.bin': absences.binary(),
        'large.ts': absences.tooLarge(),
        'half.ts': absences.tooLarge(),
        'outside.ts': absences.outside(),
        'gone.ts': absences.unreadable(),
      });
      assert.deepEqual([absent?.[0]?.label, absent?.filter(({ active }) => active).length], ['a.png', 1]);
      const selection = selected('../outside.ts', 'x', {
        other: { path: 'outside.ts', label: 'outside.ts (outside)', what: 'file outside', outside: true },
      });
      const alone = await windowOver(temp, { selection }).now();
      assert.deepEqual([alone.selection, alone.absent?.map(({ reason }) => reason)], [null, [absences.outside()]]);
    } finally {
      temp.remove();
    }
  });
});

describe('Context that was sent before', () => {
  it('is read again wherever it is, and null where it is gone or may no longer be read', async () => {
    const temp = tempWorkspace({ files: { 'a.ts': 'a', 'b.ts': 'b', 'c.ts': 'c' } });
    try {
      const { context, uri } = windowOver(temp, {});
      rmSync(join(temp.folder, 'b.ts'));
      temp.write('.gitignore', 'c.ts');
      assert.deepEqual(await context.read([uri('a.ts'), uri('b.ts'), uri('c.ts')], never), [
        { uri: uri('a.ts'), path: 'a.ts', text: 'a' },
        null,
        null,
      ]);
      const abort = new AbortController();
      abort.abort(new Error('stop'));
      await assert.rejects(context.read([uri('a.ts')], abort.signal), /stop/);
    } finally {
      temp.remove();
    }
  });
});

describe('Choosing by budget', () => {
  it('reads no more than it needs', async () => {
    const asked: string[] = [];
    const read = async (uri: string) => {
      asked.push(uri);
      return { uri, path: uri, text: 'xxx' };
    };
    const chosen = await chooseFiles(['a', 'b', 'c'], { maxFiles: 2, maxTokens: 9, estimate: () => 1 }, read);
    assert.deepEqual([chosen.length, asked], [2, ['a', 'b']]);
    assert.deepEqual(orderOpenFiles(['a', 'b', 'a'], 'x', ['b', 'y', 'b']), ['b', 'a']);
  });
});
