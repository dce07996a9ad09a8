/** Files as they are changed: to the byte, in their editors, beside other writers, and never elsewhere. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { never, type TempOptions } from '../../../workspace/tempWorkspace';
import { type EditKit, edit, editKit } from './editKit';

describe('Changing files', () => {
  let kit: EditKit;
  const open = (files: TempOptions['files'] = {}): EditKit => {
    kit = editKit({ files });
    return kit;
  };
  afterEach(() => kit.temp.remove());

  for (const [name, before, after] of [
    ['LF', 'one\ntwo\nthree\n', 'one\n2\n2b\nthree\n'],
    ['CRLF', 'one\r\ntwo\r\nthree\r\n', 'one\r\n2\r\n2b\r\nthree\r\n'],
    ['mixed line ends', 'one\r\ntwo\nthree\r\nfour', 'one\r\n2\n2b\nthree\r\nfour'],
    ['no final line end', 'one\ntwo', 'one\n2\n2b'],
    ['a byte order mark', '\ufeffone\ntwo\n', '\ufeffone\n2\n2b\n'],
    ['lone CR', 'one\rtwo\rthree', 'one\r2\r2b\rthree'],
  ] as const) {
    it(`leaves every other byte of a file with ${name}, and keeps what was there first`, async () => {
      open({ 'a.txt': before });
      const { edits } = await kit.make(edit('a.txt', 'two', '2\n2b'));
      assert.equal(kit.read('a.txt'), after);
      const [one] = edits;
      assert.equal(kit.kept.get(one?.before ?? '')?.toString('utf8'), before);
      assert.equal(kit.kept.get(one?.after ?? '')?.toString('utf8'), after);
      assert.deepEqual(kit.noted.at(-1), edits);
      assert.equal(one?.unsaved, false);
    });
  }

  it('writes in the encoding of the file, and refuses what has no place in it', async () => {
    open({ 'latin.txt': Buffer.from('caf\xe9\nbehind\n', 'latin1') });
    kit.temp.facts.decoder.encoding = 'windows1252';
    await kit.make(edit('latin.txt', 'café', 'cafés où'));
    assert.deepEqual(kit.bytes('latin.txt'), Buffer.from('caf\xe9s o\xf9\nbehind\n', 'latin1'));
    await assert.rejects(kit.make(edit('latin.txt', 'behind', 'behind →')), /windows1252.*no place for "→"/);
    assert.deepEqual(kit.bytes('latin.txt'), Buffer.from('caf\xe9s o\xf9\nbehind\n', 'latin1'));
  });

  it('writes UTF-16 with and without its mark', async () => {
    const wide = Buffer.from('\ufeffone\ntwo\n', 'utf16le');
    open({ 'wide.txt': wide, 'big.txt': Buffer.from(wide).swap16(), 'plain.txt': wide.subarray(2) });
    for (const path of ['wide.txt', 'big.txt', 'plain.txt']) await kit.make(edit(path, 'two', 'zwei ü'), path);
    const after = Buffer.from('\ufeffone\nzwei ü\n', 'utf16le');
    assert.deepEqual(kit.bytes('wide.txt'), after);
    assert.deepEqual(kit.bytes('big.txt'), Buffer.from(after).swap16());
    assert.deepEqual(kit.bytes('plain.txt'), after.subarray(2));
  });

  it('refuses a file whose text does not give the same bytes again', async () => {
    open({ 'broken.txt': Buffer.from('caf\xe9\nbehind\n', 'latin1') });
    await assert.rejects(kit.plan(edit('broken.txt', 'behind', 'x')), /would not give the same bytes/);
  });

  it('refuses what is no text, notebooks, custom editors, folders and what is outside', async () => {
    open({
      'a.png': Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'),
      'b.ipynb': '{}',
      'c.svg': '<svg/>',
      'd/e.txt': 'x',
    });
    kit.editor('c.svg', { text: '<svg/>', shown: 'custom' });
    symlinkSync('/etc/hostname', join(kit.temp.folder, 'out.txt'));
    for (const [path, words] of [
      ['a.png', /not text/],
      ['b.ipynb', /notebook/],
      ['c.svg', /custom editor/],
      ['d', /folder/],
      ['../x.txt', /refused/],
      ['/etc/hostname', /refused/],
      ['out.txt', /out of the workspace/],
      ['gone.txt', /nothing at/],
    ] as const) {
      await assert.rejects(kit.plan(edit(path, 'x', 'y')), words, path);
    }
    await assert.rejects(kit.plan({ kind: 'create', path: 'new.ipynb', text: '{}' }), /notebook/);
    await assert.rejects(kit.make({ kind: 'create', path: 'new.IPYNB', text: '{}' }), /notebook/);
    for (const path of ['../x.txt', '/tmp/x.txt', 'out.txt', 'd/../../y.txt']) {
      await assert.rejects(kit.plan({ kind: 'create', path, text: '' }), /refused|leads nowhere|is something at/, path);
    }
    symlinkSync('/tmp', join(kit.temp.folder, 'tmp'));
    await assert.rejects(kit.plan({ kind: 'create', path: 'tmp/new/x.txt', text: '' }), /refused/);
    symlinkSync('/nowhere', join(kit.temp.folder, 'dangling'));
    await assert.rejects(kit.plan({ kind: 'create', path: 'dangling', text: '' }), /leads nowhere/);
    await assert.rejects(kit.plan({ kind: 'create', path: 'dangling/x', text: '' }), /refused/);
    await assert.rejects(kit.plan({ kind: 'delete', path: 'd' }), /folder/);
    await assert.rejects(kit.plan({ kind: 'rename', path: 'd/e.txt', to: '../e.txt' }), /refused/);
  });

  it('writes nothing in Restricted Mode', async () => {
    open({ 'a.txt': 'one' });
    kit.state.trusted = false;
    await assert.rejects(kit.plan(edit('a.txt', 'one', 'two')), /Restricted/);
    await assert.rejects(kit.of().apply(edit('a.txt', 'one', 'two'), never), /Restricted/);
  });

  it('tells what a formatter makes of a file that never met one: all of it, and of a large one what is near', async () => {
    const lines = (count: number): string => Array.from({ length: count }, (_, n) => `call(${n})\n\n\n\n`).join('');
    const format = (text: string): string => text.replace(/\)\n/g, ');\n');
    open({ 'small.ts': lines(100), 'large.ts': lines(400) });
    kit.editor('small.ts', { text: lines(100), format });
    kit.editor('large.ts', { text: lines(400), format });
    const small = (await kit.make(edit('small.ts', 'call(50)', 'called(50)'))).notes.join('\n');
    for (const n of [0, 49, 99]) assert.ok(small.includes(`+call(${n});`), small);
    const large = (await kit.make(edit('large.ts', 'call(200)', 'called(200)'), 'large')).notes.join('\n');
    assert.ok(large.includes('+called(200);') && large.includes('+call(201);'), large);
    assert.ok(!large.includes('call(0)') && large.length < 3_000, large);
    assert.match(large, /an edit whose old_text is not there any more is answered with the lines as they are/);
    const again = kit.make(edit('large.ts', 'call(5)\n\n\n\ncall(6)\n', 'x'), 'again');
    await assert.rejects(again, /call\(5\);/);
    assert.doesNotMatch(small + large, /[Rr]ead the lines/);
  });

  it('goes through an open editor, whose save may format it, and says what that changed', async () => {
    open({ 'a.ts': 'one\ntwo\n' });
    const editor = kit.editor('a.ts', { text: 'one\ntwo\n', format: (text) => text.replaceAll('2', '2;') });
    const { edits, notes, added, removed } = await kit.make(edit('a.ts', 'two', '2'));
    assert.equal(kit.read('a.ts'), 'one\n2;\n');
    assert.deepEqual([editor.text, editor.dirty], ['one\n2;\n', false]);
    assert.match(notes.join('\n'), /formatter[\s\S]*\+2;/);
    assert.deepEqual([added, removed], [1, 1]);
    assert.equal(kit.kept.get(edits[0]?.after ?? '')?.toString(), 'one\n2;\n');
    assert.deepEqual(kit.noted.at(-1), edits);
    for (let i = 0; i < 10; i += 1) await kit.make(edit('a.ts', 'one', `one\n${'x'.repeat(i + 1)}`), `call ${i}`);
    assert.equal(kit.read('a.ts').split('\n').length, 13);
  });

  it('is made in an editor with unsaved changes, and stays unsaved there', async () => {
    open({ 'a.ts': 'one\ntwo\nthree\nfour\nfive\n' });
    const editor = kit.editor('a.ts', { text: 'one\nTWO\nthree\nfour\nfive\n', dirty: true });
    const plan = await kit.plan(edit('a.ts', 'five', 'FIVE'));
    assert.deepEqual([plan.proposed.unsaved, plan.files[0]?.why], [true, []]);
    const { edits, notes } = await kit.make(edit('a.ts', 'five', 'FIVE'));
    assert.deepEqual([editor.text, editor.dirty], ['one\nTWO\nthree\nfour\nFIVE\n', true]);
    assert.equal(kit.read('a.ts'), 'one\ntwo\nthree\nfour\nfive\n');
    assert.equal(edits[0]?.unsaved, true);
    assert.match(notes.join(), /not saved/);
    assert.equal(kit.kept.get(edits[0]?.before ?? '')?.toString(), 'one\nTWO\nthree\nfour\nfive\n');
    const own = await kit.plan(edit('a.ts', 'FIVE', 'five!'), 'again');
    assert.deepEqual(own.files[0]?.why, [], 'lines that a call has changed are not the user’s');
    const yours = await kit.plan(edit('a.ts', 'TWO', '2'), 'yours');
    assert.deepEqual(yours.files[0]?.why, ['yourLines']);
  });

  it('is refused where the user came to change the same lines after it was allowed', async () => {
    open({ 'a.ts': 'one\ntwo\nthree\n' });
    const change = edit('a.ts', 'two', '2');
    await kit.plan(change);
    kit.editor('a.ts', { text: 'one\ntwo!\nthree\n', dirty: true });
    await assert.rejects(kit.of().apply(change, never), /not saved them, which the user was not asked about/);
    assert.equal(kit.read('a.ts'), 'one\ntwo\nthree\n');
  });

  it('is computed anew on what somebody else wrote meanwhile', async () => {
    open({ 'a.txt': 'one\ntwo\n' });
    let left = 2;
    kit.state.meanwhile = () => {
      if (left > 0) kit.temp.write('a.txt', `${'more\n'.repeat(3 - left)}one\ntwo\n`);
      left -= 1;
    };
    const { edits, lines } = await kit.make(edit('a.txt', 'two', '2'));
    assert.equal(kit.read('a.txt'), 'more\nmore\none\n2\n');
    assert.equal(kit.kept.get(edits[0]?.before ?? '')?.toString(), 'more\nmore\none\ntwo\n');
    assert.deepEqual(lines, { first: 4, last: 4 });
  });

  it('is left to somebody else who wrote as many bytes meanwhile', async () => {
    open({ 'a.txt': 'one\ntwo\n' });
    let left = 1;
    kit.state.meanwhile = () => {
      if (left > 0) kit.temp.write('a.txt', 'ONE\ntwo\n');
      left -= 1;
    };
    await kit.make(edit('a.txt', 'two', '2'));
    assert.equal(kit.read('a.txt'), 'ONE\n2\n');
  });

  it('keeps what the user types while it is being made', async () => {
    open({ 'a.ts': 'one\ntwo\n' });
    const editor = kit.editor('a.ts', { text: 'one\ntwo\n' });
    let typed = false;
    kit.state.meanwhile = () => {
      if (typed) return;
      typed = true;
      editor.text = 'zero\none\ntwo\n';
      editor.version += 1;
      editor.dirty = true;
    };
    await kit.make(edit('a.ts', 'two', '2'));
    assert.deepEqual([editor.text, editor.dirty], ['zero\none\n2\n', true]);
    assert.equal(kit.read('a.ts'), 'one\ntwo\n');
  });

  it('says why it could not be written, and leaves things as they were', async () => {
    open({ 'locked.txt': 'one\n', 'open.ts': 'one\n' });
    chmodSync(join(kit.temp.folder, 'locked.txt'), 0o444);
    await assert.rejects(kit.make(edit('locked.txt', 'one', 'two')), /read-only/);
    const editor = kit.editor('open.ts', { text: 'one\n', saves: false });
    await assert.rejects(kit.make(edit('open.ts', 'one', 'two')), /could not be saved/);
    assert.deepEqual([kit.read('locked.txt'), kit.read('open.ts'), editor.text], ['one\n', 'one\n', 'one\n']);
  });

  it('puts back what was there where a write fails halfway (a full disk)', async () => {
    const before = 'x'.repeat(6_000);
    open({ 'a.txt': before });
    // A process whose files may have 8 KB at most.
    const script = `
      const { filesOf } = require(${JSON.stringify(require.resolve('../../../../../src/host/workspace/edits/writing'))});
      const [place] = JSON.parse(process.argv[1]);
      const bytes = (size, letter) => Buffer.alloc(size, letter);
      const files = filesOf({}, {});
      (async () => {
        const said = [];
        for (const work of [
          () => files.replace(place, bytes(6000, 'x'), bytes(60000, 'y')),
          () => files.create({ ...place, file: place.file + '.new/deep/b.txt' }, bytes(60000, 'y')),
        ]) said.push(await work().then(String, (error) => error.message));
        console.log(JSON.stringify(said));
      })();`;
    const place = { path: 'a.txt', file: join(kit.temp.folder, 'a.txt'), root: { folder: kit.temp.folder } };
    const run = ['-c', 'ulimit -f 8; exec "$0" -e "$1" "$2"', process.execPath, script, JSON.stringify([place])];
    const said = JSON.parse(execFileSync('bash', run, { encoding: 'utf8' })) as readonly string[];
    for (const one of said) assert.match(one, /too large for the disk\. It is as it was/);
    assert.equal(kit.read('a.txt'), before);
    assert.deepEqual(readdirSync(kit.temp.folder), ['a.txt']);
  });

  it('keeps the rights of a file, and the links to it', async () => {
    open({ 'run.sh': 'echo one\n' });
    const file = join(kit.temp.folder, 'run.sh');
    chmodSync(file, 0o755);
    linkSync(file, join(kit.temp.folder, 'same.sh'));
    symlinkSync('run.sh', join(kit.temp.folder, 'link.sh'));
    const { edits } = await kit.make(edit('link.sh', 'one', 'two'));
    assert.equal(edits[0]?.path, 'run.sh');
    assert.equal(statSync(file).mode & 0o777, 0o755);
    assert.deepEqual([kit.read('run.sh'), kit.read('same.sh')], ['echo two\n', 'echo two\n']);
    assert.ok(lstatSync(join(kit.temp.folder, 'link.sh')).isSymbolicLink());
  });

  it('makes a file with its folders, in the line ends and the encoding of its place, and never over another', async () => {
    open({ 'a.txt': 'there', 'file/x': '' });
    kit.state.eol = '\r\n';
    kit.temp.facts.decoder.encoding = 'windows1252';
    const { edits, added } = await kit.make({ kind: 'create', path: 'new/deep/b.txt', text: 'é\nzwei\n' });
    assert.deepEqual(kit.bytes('new/deep/b.txt'), Buffer.from('\xe9\r\nzwei\r\n', 'latin1'));
    assert.deepEqual([edits[0]?.before, added], [null, 2]);
    await assert.rejects(kit.plan({ kind: 'create', path: 'a.txt', text: '' }), /something at a\.txt/);
    kit.editor('unsaved.txt', { text: 'mine', dirty: true });
    await assert.rejects(kit.plan({ kind: 'create', path: 'unsaved.txt', text: '' }), /unsaved text|something at/);
    await assert.rejects(kit.make({ kind: 'create', path: 'file/x/y.txt', text: '' }), /a part of its path is a file/);
    kit.state.meanwhile = () => kit.temp.write('raced.txt', 'first');
    await assert.rejects(kit.make({ kind: 'create', path: 'raced.txt', text: 'second' }), /something at raced\.txt/);
    assert.equal(kit.read('raced.txt'), 'first');
  });

  it('moves a file without overwriting one, and deletes one to the trash', async () => {
    open({ 'a.txt': 'one', 'b.txt': 'two', 'c.bin': Buffer.from([0, 1, 2]) });
    await assert.rejects(kit.plan({ kind: 'rename', path: 'a.txt', to: 'b.txt' }), /something at b\.txt/);
    const { edits } = await kit.make({ kind: 'rename', path: 'a.txt', to: 'x/y.txt' });
    assert.deepEqual([existsSync(join(kit.temp.folder, 'a.txt')), kit.read('x/y.txt')], [false, 'one']);
    assert.deepEqual([edits[0]?.path, edits[0]?.to?.path, edits[0]?.before], ['a.txt', 'x/y.txt', edits[0]?.after]);
    kit.editor('b.txt', { text: 'two!', dirty: true });
    await assert.rejects(kit.plan({ kind: 'delete', path: 'b.txt' }), /unsaved changes/);
    await assert.rejects(kit.plan({ kind: 'rename', path: 'b.txt', to: 'd.txt' }), /unsaved changes/);
    const gone = await kit.make({ kind: 'delete', path: 'c.bin' });
    assert.deepEqual(kit.kept.get(gone.edits[0]?.before ?? ''), Buffer.from([0, 1, 2]));
    assert.deepEqual([kit.state.trashed, gone.edits[0]?.after], [[kit.uri('c.bin')], null]);
    kit.state.trash = false;
    await kit.make({ kind: 'delete', path: 'x/y.txt' });
    assert.deepEqual(readdirSync(join(kit.temp.folder, 'x')), []);
    symlinkSync('b.txt', join(kit.temp.folder, 'link.txt'));
    await assert.rejects(kit.plan({ kind: 'delete', path: 'link.txt' }), /symbolic link/);
  });

  it('is not made beside a file of the same name in another Unicode form', async () => {
    open({ ['caf\u00e9.txt'.normalize('NFD')]: 'one\n' });
    await assert.rejects(kit.plan({ kind: 'create', path: 'caf\u00e9.txt', text: '' }), /something at/);
    await kit.make(edit('caf\u00e9.txt', 'one', 'two'));
    assert.equal(kit.read('caf\u00e9.txt'.normalize('NFD')), 'two\n');
  });

  it('is planned once, however many are planned before it in the same step', async () => {
    open({ 'a.txt': 'one\n' });
    for (let at = 0; at < 20; at += 1) {
      await kit.plan({ kind: 'create', path: `new/${at}.txt`, text: 'x' }, `call ${at}`);
    }
    assert.equal(kit.state.lookedUp, 20);
    await kit.of('call 0').apply({ kind: 'create', path: 'new/0.txt', text: 'x' }, never);
    await assert.rejects(kit.plan({ kind: 'create', path: 'new/1.txt', text: 'y' }, 'last'), /something at/);
  });

  it('leaves what the user’s settings make read-only, and says so before a card is shown', async () => {
    open({
      'dist/a.txt': 'one\n',
      'dist/own/b.txt': 'one\n',
      'c.txt': 'one\n',
      'whole/d.txt': 'one\n',
      'locked.txt': 'one\n',
    });
    kit.state.readonly = {
      include: ['**/dist/**', `${kit.temp.folder}/whole/*.txt`, '{broken'],
      exclude: ['dist/own/**'],
    };
    chmodSync(join(kit.temp.folder, 'locked.txt'), 0o444);
    for (const path of ['dist/a.txt', 'whole/d.txt', 'locked.txt']) {
      await assert.rejects(kit.plan(edit(path, 'one', 'two')), /read-only/, path);
      await assert.rejects(kit.plan({ kind: 'delete', path }), /read-only/, path);
      await assert.rejects(kit.plan({ kind: 'rename', path, to: 'e.txt' }), /read-only/, path);
    }
    await assert.rejects(kit.plan({ kind: 'create', path: 'dist/new.txt', text: '' }), /files\.readonlyInclude/);
    await assert.rejects(kit.plan({ kind: 'rename', path: 'c.txt', to: 'dist/c.txt' }), /files\.readonlyInclude/);
    await kit.make(edit('dist/own/b.txt', 'one', 'two'));
    await kit.make(edit('c.txt', 'one', 'two'));
    // An editor that the user may not write in is not written in by others either.
    const editor = kit.editor('dist/a.txt', { text: 'one\ntyped\n', dirty: true });
    await assert.rejects(kit.of().apply(edit('dist/a.txt', 'one', 'two'), never), /read-only/);
    assert.deepEqual([editor.text, kit.read('dist/a.txt')], ['one\ntyped\n', 'one\n']);
  });

  it('is planned on what was planned before it in the same step', async () => {
    open({ 'a.txt': 'one\n' });
    await kit.plan(edit('a.txt', 'one', 'two'), '1');
    await kit.plan(edit('a.txt', 'two', 'three'), '2');
    await kit.plan({ kind: 'rename', path: 'a.txt', to: 'b.txt' }, '3');
    await kit.plan({ kind: 'create', path: 'a.txt', text: 'new\n' }, '4');
    const { proposed } = await kit.plan(edit('b.txt', 'three', 'four'), '5');
    assert.deepEqual(proposed.hunks[0]?.lines, ['-three', '+four']);
    await kit.plan({ kind: 'delete', path: 'b.txt' }, '6');
    await assert.rejects(kit.plan(edit('b.txt', 'four', 'five'), '7'), /gone by an earlier call/);
    await assert.rejects(kit.of('8', 'another step').plan(edit('a.txt', 'two', 'x'), never), /does not stand/);
    const { of } = kit;
    await of('1').apply(edit('a.txt', 'one', 'two'), never);
    await of('2').apply(edit('a.txt', 'two', 'three'), never);
    assert.equal(kit.read('a.txt'), 'three\n');
    assert.deepEqual(
      await kit.plan(edit('b.txt', 'three', 'x'), '9').catch(({ message }) => message),
      'b.txt is gone by an earlier call of this step.',
    );
  });

  it('asks for ignored and secret files, and shows no line of them in an error', async () => {
    open({ '.gitignore': 'dist/\n', 'dist/a.js': 'hidden one\nhidden two\n', '.env': 'KEY=hidden\n', 'src.ts': 'x\n' });
    assert.deepEqual((await kit.plan(edit('dist/a.js', 'hidden one', 'x'))).files[0]?.why, ['ignored']);
    assert.deepEqual((await kit.plan(edit('.env', 'KEY', 'K'))).files[0]?.why, ['secret']);
    for (const path of ['dist/a.js', '.env']) {
      await assert.rejects(kit.plan(edit(path, 'hiden on', 'x')), (error: Error) => !error.message.includes('hidden'));
    }
    await assert.rejects(kit.of('unplanned').apply(edit('.env', 'KEY', 'K'), never), /may hold secrets/);
    assert.deepEqual(
      (await kit.plan({ kind: 'rename', path: 'src.ts', to: 'dist/b.js' })).files.map(({ why }) => why),
      [[], ['ignored']],
    );
  });

  it('is stopped before it writes, never in the middle', async () => {
    open({ 'a.txt': 'one' });
    const stop = new AbortController();
    kit.state.meanwhile = () => stop.abort(new Error('stopped'));
    await kit.plan(edit('a.txt', 'one', 'two'));
    await assert.rejects(kit.of().apply(edit('a.txt', 'one', 'two'), stop.signal), /stopped/);
    assert.equal(kit.read('a.txt'), 'one');
  });

  it('begins with the name of a folder where there are several', async () => {
    kit = editKit({ roots: ['a', 'b'], files: { 'a/x/y.txt': 'one', 'b/z.txt': 'two' } });
    await assert.rejects(kit.plan({ kind: 'create', path: 'new.txt', text: '' }), /not clear/);
    assert.equal((await kit.plan({ kind: 'create', path: 'b/new.txt', text: '' })).files[0]?.path, 'b/new.txt');
    assert.equal((await kit.plan({ kind: 'create', path: 'x/new.txt', text: '' })).files[0]?.path, 'a/x/new.txt');
    await kit.make(edit('b/z.txt', 'two', '2'), 'z');
    mkdirSync(join(kit.temp.base, 'c'));
    writeFileSync(join(kit.temp.base, 'c/x.txt'), '');
    await assert.rejects(kit.plan(edit('../c/x.txt', '', 'x')), /refused/);
  });
});
