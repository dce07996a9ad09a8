/** Files are put back to the byte, unless they are others by then. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type EditKit, editKit } from './editKit';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** UTF-16, as bytes that are taken as characters. */
const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1');

describe('Putting files back', () => {
  let kit: EditKit;
  beforeEach(() => {
    kit = editKit({ files: { 'a.txt': bytes('caf\xe9\r\nafter\n'), 'b.txt': 'other\n' } });
  });
  afterEach(() => kit.temp.remove());

  it('gives any bytes back, of a file that was changed, deleted, made or moved', async () => {
    const { restoring } = kit;
    const a = kit.uri('a.txt');
    const now = await restoring.now(a);
    assert.deepEqual([Buffer.from(now.bytes ?? []), now.unsaved], [bytes('caf\xe9\r\nafter\n'), false]);
    assert.equal(await restoring.put(a, now, bytes('\xff\xfe\0before')), true);
    assert.deepEqual(kit.bytes('a.txt'), bytes('\xff\xfe\0before'));
    const gone = kit.uri('new/x.txt');
    assert.deepEqual(await restoring.now(gone), { bytes: null, unsaved: false });
    assert.equal(await restoring.put(gone, { bytes: null, unsaved: false }, bytes('back')), true);
    assert.deepEqual(kit.bytes('new/x.txt'), bytes('back'));
    assert.equal(await restoring.put(gone, { bytes: bytes('back'), unsaved: false }, null), true);
    assert.deepEqual([existsSync(join(kit.temp.folder, 'new/x.txt')), kit.state.trashed], [false, [gone]]);
    await restoring.move(kit.uri('b.txt'), kit.uri('c.txt'));
    assert.equal(kit.read('c.txt'), 'other\n');
    await assert.rejects(restoring.move(kit.uri('c.txt'), a), /something at/);
  });

  it('leaves what is another one by then', async () => {
    const { restoring } = kit;
    const before = await restoring.now(kit.uri('b.txt'));
    kit.temp.write('b.txt', 'mine\n');
    for (const to of [bytes('x'), null]) assert.equal(await restoring.put(kit.uri('b.txt'), before, to), false);
    assert.equal(await restoring.put(kit.uri('b.txt'), { bytes: null, unsaved: false }, bytes('x')), false);
    kit.editor('b.txt', { text: 'mine\n', dirty: true });
    assert.equal(await restoring.put(kit.uri('b.txt'), { bytes: bytes('mine\n'), unsaved: false }, bytes('x')), false);
    assert.equal(kit.read('b.txt'), 'mine\n');
  });

  it('changes an editor with unsaved changes, and leaves it unsaved', async () => {
    const editor = kit.editor('b.txt', { text: 'typed\nthere\n', dirty: true });
    const now = await kit.restoring.now(kit.uri('b.txt'));
    assert.equal(now.unsaved, true);
    assert.equal(await kit.restoring.put(kit.uri('b.txt'), now, Buffer.from('typed\nback\n')), true);
    assert.deepEqual([editor.text, editor.dirty, kit.read('b.txt')], ['typed\nback\n', true, 'other\n']);
    await assert.rejects(
      kit.restoring.put(kit.uri('b.txt'), await kit.restoring.now(kit.uri('b.txt')), null),
      /unsaved changes/,
    );
  });

  it('has an unsaved text in the encoding in which it would be saved, as what was kept of the file is', async () => {
    const { restoring } = kit;
    kit.temp.facts.decoder.encoding = 'windows1252';
    const latin1 = kit.editor('a.txt', { text: 'caf\xe9\ntyped\n', dirty: true, encoding: 'windows1252' });
    const now = await restoring.now(kit.uri('a.txt'));
    assert.deepEqual(Buffer.from(now.bytes ?? []), bytes('caf\xe9\ntyped\n'));
    assert.equal(await restoring.put(kit.uri('a.txt'), now, bytes('th\xe9\ntyped\n')), true);
    assert.deepEqual([latin1.text, latin1.dirty], ['th\xe9\ntyped\n', true]);
    const [, digest] = await kit.filesNow.digestsOf(kit.uri('a.txt'));
    assert.equal(digest, createHash('sha256').update(bytes('th\xe9\ntyped\n')).digest('hex'));
    kit.temp.write('b.txt', Buffer.from('\ufeffb\n'));
    const marked = kit.editor('b.txt', { text: 'typed\n', dirty: true, encoding: 'utf8bom' });
    const there = await restoring.now(kit.uri('b.txt'));
    assert.deepEqual(Buffer.from(there.bytes ?? []), Buffer.from('\ufefftyped\n'));
    assert.equal(await restoring.put(kit.uri('b.txt'), there, Buffer.from('\ufeffback\n')), true);
    assert.equal(marked.text, 'back\n');
    await assert.rejects(restoring.put(kit.uri('a.txt'), await restoring.now(kit.uri('a.txt')), null), /unsaved/);
  });

  it('formats nothing in an open editor', async () => {
    kit.editor('b.txt', { text: 'back\n', format: () => 'formatted' });
    await kit.restoring.put(kit.uri('b.txt'), await kit.restoring.now(kit.uri('b.txt')), bytes('back\n'));
    assert.equal(kit.read('b.txt'), 'back\n');
  });

  it('lets nothing be told of a file that is secret or ignored, or holds a key, there or not', async () => {
    kit.temp.write('.gitignore', 'out/\n');
    const may = (path: string, text = 'plain\n') => kit.restoring.mayTell(kit.uri(path), ['plain\n', text]);
    assert.deepEqual([await may('b.txt'), await may('new.txt')], [true, true]);
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEAq7'.repeat(4)}\n`;
    assert.deepEqual(
      [await may('.env'), await may('out/x.txt'), await may('b.txt', key), await may('b.txt', wide(key))],
      [false, false, false, false],
    );
    await assert.rejects(kit.restoring.mayTell('file:///tmp/x.txt', []), /refused/);
  });

  it('stays inside the workspace, and writes nothing in Restricted Mode', async () => {
    symlinkSync('/tmp', join(kit.temp.folder, 'tmp'));
    for (const uri of ['file:///tmp/x.txt', `${kit.uri('a.txt')}/../../../x`, kit.uri('tmp/x.txt'), 'x:%']) {
      await assert.rejects(kit.restoring.put(uri, { bytes: null, unsaved: false }, bytes('x')), /refused/, uri);
    }
    kit.state.trusted = false;
    await assert.rejects(kit.restoring.now(kit.uri('a.txt')), /Restricted/);
  });
});
