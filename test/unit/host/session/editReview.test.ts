/** What a turn has changed in files is kept or undone, hunk by hunk, by file and by turn: the file is what the record says. */
import assert from 'node:assert/strict';
import type { Entry } from '../../../../src/core/record/record';
import { Refused } from '../../../../src/host/base/refused';
import { editStrings, stateText } from '../../../../src/webview/l10n/editStrings';
import { ReviewDesk } from './reviewDesk';

const lines = (...own: readonly string[]): string => own.map((line) => `${line}\n`).join('');
const before = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
const after = lines('a', 'B', 'c', 'd', 'e', 'f', 'g', 'h', 'I', 'j');

describe('The review of what a turn has changed', () => {
  it('undoes one hunk and keeps the other', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    const [first, second] = await desk.hunks('a.ts');
    assert.ok(first && second);
    await desk.decide('a.ts', first.id, false);
    assert.equal(desk.text('a.ts'), after.replace('B', 'b'));
    assert.deepEqual(
      desk.last.files.map(({ open, undone, added, removed }) => ({ open, undone, added, removed })),
      [{ open: 1, undone: true, added: 1, removed: 1 }],
    );
    assert.match(desk.last.undone?.[0]?.patch ?? '', /-B\n\+b/);
    await desk.decide('a.ts', second.id, true);
    assert.equal(desk.last.files[0]?.open, 0);
    assert.equal(desk.text('a.ts'), after.replace('B', 'b'));
    assert.deepEqual(await desk.hunks('a.ts'), []);
    assert.equal(desk.last.undone, undefined);
  });

  it('shows text as it reads in any script, without its byte order mark, and hidden characters as such (L37)', async () => {
    const desk = new ReviewDesk();
    const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
    const marked = (word: string): string => latin1(`\ufeff“${word}” — 日本\nplain\n`);
    desk.edited('a.ts', marked('old'), marked('new'));
    desk.edited('b.ts', 'caf\xe9\n', 'caf\xe9 x\n');
    desk.edited('c.ts', 'x\n', latin1('x\u202ey\n'));
    assert.deepEqual((await desk.hunks('a.ts'))[0]?.lines, ['-“old” — 日本', '+“new” — 日本', ' plain']);
    assert.deepEqual((await desk.hunks('b.ts'))[0]?.lines, ['-café', '+café x']);
    assert.deepEqual((await desk.hunks('c.ts'))[0]?.lines, ['-x', '+x\\u{202e}y']);
  });

  it('leaves a hunk that was kept when the rest is undone', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    const [first] = await desk.hunks('a.ts');
    await desk.decide('a.ts', first?.id ?? '', true);
    assert.equal(desk.last.files[0]?.open, 1);
    await desk.decide('a.ts', null, false);
    assert.equal(desk.text('a.ts'), before.replace('b', 'B'));
    assert.deepEqual(
      desk.last.files.map(({ open, undone, added }) => ({ open, undone, added })),
      [{ open: 0, undone: true, added: 1 }],
    );
  });

  it('undoes and keeps all of one file, and no other', async () => {
    const desk = new ReviewDesk();
    for (const name of ['a.ts', 'b.ts', 'c.ts']) desk.edited(name, before, after);
    const texts = () => ['a.ts', 'b.ts', 'c.ts'].map((name) => desk.text(name));
    await desk.decide('a.ts', null, false);
    assert.deepEqual(texts(), [before, after, after]);
    await desk.decide('b.ts', null, true);
    assert.deepEqual(texts(), [before, after, after]);
    assert.deepEqual(
      desk.last.files.map(({ open, undone }) => [open, undone]),
      [
        [0, true],
        [0, false],
        [2, false],
      ],
    );
    await assert.rejects(desk.decide('b.ts', null, false), Refused);
    assert.equal(desk.text('b.ts'), after, 'what was kept is decided');
  });

  it('decides one after the other', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    const { decideEdits } = desk.review;
    const hunks = await desk.hunks('a.ts');
    const of = { type: 'decideEdits', conversation: 'c', answer: 't', uri: 'file:///w/a.ts', keep: false } as const;
    await Promise.all(hunks.map(({ id }) => decideEdits({ ...of, hunk: id })));
    assert.equal(desk.text('a.ts'), before);
    assert.deepEqual(
      desk.last.files.map(({ open, undone, added, removed }) => ({ open, undone, added, removed })),
      [{ open: 0, undone: true, added: 0, removed: 0 }],
    );
    assert.equal(desk.path.length, 3);
  });

  it('decides nothing while an answer comes, or another window drives', async () => {
    for (const isRunning of [true, false]) {
      const desk = new ReviewDesk();
      desk.edited('a.ts', before, after);
      Object.assign(desk.state, { mayStart: false, isRunning });
      await assert.rejects(desk.decide('a.ts', null, false), Refused);
      assert.deepEqual([desk.text('a.ts'), desk.path.length], [after, 1]);
    }
  });

  it('undoes a whole turn to the byte: what was changed, made and deleted', async () => {
    const desk = new ReviewDesk();
    const odd = 'gr\u00fc\u00df\r\nx\ny\r\n\u0000\u00ff';
    desk.edited('a.ts', before, after);
    desk.edited('odd.bin', odd, odd.replace('x', 'X'));
    desk.edited('new.ts', null, 'new\n');
    desk.edited('gone.ts', 'gone\n', null);
    await desk.decide(null, null, false);
    assert.deepEqual(
      ['a.ts', 'odd.bin', 'new.ts', 'gone.ts'].map((name) => desk.text(name)),
      [before, odd, null, 'gone\n'],
    );
    assert.ok(desk.last.files.every(({ open, undone }) => open === 0 && undone));
  });

  it('leaves what somebody else has changed since, and says where it cannot undo', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    const theirs = after.replace('e\n', 'theirs\n').replace('I\n', 'theirs too\n');
    desk.files.set('file:///w/a.ts', Buffer.from(theirs));
    const hunks = await desk.hunks('a.ts');
    assert.deepEqual(
      hunks.map(({ changedSince = false }) => changedSince),
      [false, true],
    );
    await assert.rejects(desk.decide('a.ts', null, false), Refused);
    assert.equal(desk.text('a.ts'), theirs.replace('B', 'b'));
    assert.equal(desk.last.files[0]?.open, 0, 'it is theirs');
    await assert.rejects(desk.decide('a.ts', hunks[1]?.id ?? '', false), Refused);
    assert.equal(desk.text('a.ts'), theirs.replace('B', 'b'));
  });

  it('puts no line back beside the one that it was typed over, where another window has not saved that', async () => {
    for (const where of ['disk', 'edit', 'now', 'both'] as const) {
      const unsaved = where !== 'disk';
      const desk = new ReviewDesk();
      desk.unsaved = where === 'now' || where === 'both';
      desk.edited('a.ts', lines('a', 'b', 'c, typed', 'd'), lines('a', 'b', 'd'));
      const edit = { uri: 'file:///w/a.ts', path: 'a.ts', unsaved: where === 'edit' || where === 'both' };
      desk.results = [{ kind: 'toolResult', edits: [edit] } as unknown as Entry];
      desk.files.set('file:///w/a.ts', Buffer.from(lines('a', 'b', 'c', 'd')));
      const undone = desk.decide('a.ts', null, false);
      if (unsaved) await assert.rejects(undone, Refused);
      else await undone;
      // On the disk it is a line that the user has typed there since.
      const both = lines('a', 'b', 'c, typed', 'c', 'd');
      assert.equal(desk.text('a.ts'), unsaved ? lines('a', 'b', 'c', 'd') : both, where);
    }
  });

  it('looks again at a file that changes at the same moment', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    desk.meanwhile = () => desk.files.set('file:///w/a.ts', Buffer.from(after.replace('e\n', 'now\n')));
    await assert.doesNotReject(desk.decide('a.ts', null, false));
    assert.equal(desk.text('a.ts'), before.replace('e\n', 'now\n'));
  });

  it('takes no new file away that was changed since, and puts none over another', async () => {
    const desk = new ReviewDesk();
    desk.edited('new.ts', null, 'new\n');
    desk.edited('gone.ts', 'gone\n', null);
    desk.files.set('file:///w/new.ts', Buffer.from('mine\n'));
    desk.files.set('file:///w/gone.ts', Buffer.from('another\n'));
    await assert.rejects(desk.decide(null, null, false), Refused);
    assert.deepEqual([desk.text('new.ts'), desk.text('gone.ts')], ['mine\n', 'another\n']);
    assert.equal(desk.path.length, 1, 'nothing was decided');
  });

  it('keeps to the record where a renamed file cannot have its old name back, and moves it when that is free', async () => {
    const desk = new ReviewDesk();
    desk.edited('b.ts', before, after);
    const [entry] = desk.path;
    assert.ok(entry);
    desk.path = [
      { ...entry, files: entry.files.map((file) => ({ ...file, kind: 'rename', to: 'b.ts', from: 'file:///w/a.ts' })) },
    ];
    desk.files.set('file:///w/a.ts', Buffer.from('mine\n'));
    await assert.rejects(desk.decide('b.ts', null, false), Refused);
    assert.deepEqual([desk.text('a.ts'), desk.text('b.ts')], ['mine\n', before]);
    assert.deepEqual([desk.last.files[0]?.uri, desk.last.files[0]?.open], ['file:///w/b.ts', 1]);
    assert.equal(desk.last.files[0]?.current, desk.keep(before));
    const said = desk.path.length;
    await assert.rejects(desk.decide('b.ts', null, false), Refused);
    assert.equal(desk.path.length, said);
    desk.files.delete('file:///w/a.ts');
    await desk.decide('b.ts', null, false);
    assert.deepEqual([desk.text('a.ts'), desk.text('b.ts'), desk.last.files[0]?.open], [before, null, 0]);
  });

  it('settles a rename that was taken back already, with the edits beside it, and no other file of that name', async () => {
    const renamed = (text: string): ReviewDesk => {
      const desk = new ReviewDesk();
      desk.edited('b.ts', before, after);
      const move = { kind: 'rename', to: 'b.ts', from: 'file:///w/a.ts' } as const;
      desk.path = desk.path.map((one) => ({ ...one, files: one.files.map((file) => ({ ...file, ...move })) }));
      desk.files.delete('file:///w/b.ts');
      desk.files.set('file:///w/a.ts', Buffer.from(text));
      return desk;
    };
    for (const text of [before, after]) {
      const desk = renamed(text);
      await assert.doesNotReject(desk.decide('b.ts', null, false));
      assert.deepEqual([desk.text('a.ts'), desk.text('b.ts'), desk.file('a.ts', 't').open], [before, null, 0]);
    }
    const desk = renamed('mine\n');
    await assert.rejects(desk.decide('b.ts', null, false), Refused);
    assert.equal(desk.text('a.ts'), 'mine\n');
  });

  it('keeps nothing of what came to nothing, and says so', async () => {
    const desk = new ReviewDesk();
    for (const name of ['back.ts', 'gone.ts']) desk.edited(name, before, after);
    desk.edited('new.ts', null, 'new\n');
    desk.edited('half.ts', before, after);
    desk.files.set('file:///w/back.ts', Buffer.from(before));
    for (const name of ['gone.ts', 'new.ts']) desk.files.delete(`file:///w/${name}`);
    desk.files.set('file:///w/half.ts', Buffer.from(after.replace('B', 'b')));
    await desk.decide(null, null, true);
    assert.deepEqual(
      desk.last.files.map((file) => [file.kind, file.added, file.removed, stateText(file)]),
      [
        ['edit', 0, 0, editStrings.nothingLeft()],
        ['edit', 0, 0, editStrings.nothingLeft()],
        ['edit', 0, 0, editStrings.nothingLeft()],
        ['edit', 1, 1, editStrings.kept()],
      ],
    );
  });

  it('settles what somebody has undone already, and tells the model of nothing', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    desk.edited('new.ts', null, 'new\n');
    desk.edited('gone.ts', 'gone\n', null);
    desk.files.set('file:///w/a.ts', Buffer.from(before));
    desk.files.delete('file:///w/new.ts');
    desk.files.set('file:///w/gone.ts', Buffer.from('gone\n'));
    await desk.decide(null, null, false);
    assert.deepEqual(
      desk.last.files.map(({ open }) => open),
      [0, 0, 0],
    );
    assert.equal(desk.last.undone, undefined);
    assert.deepEqual([desk.text('a.ts'), desk.text('new.ts'), desk.text('gone.ts')], [before, null, 'gone\n']);
  });

  it('tells the model no line of a file that it may not read, under either name, and undoes it all the same', async () => {
    const undone = async (arm: (desk: ReviewDesk) => void, name: string, from: string | null, to: string | null) => {
      const desk = new ReviewDesk();
      desk.edited(name, from, to);
      arm(desk);
      await desk.decide(name, null, false);
      assert.equal(desk.text(desk.path[0]?.files[0]?.from === undefined ? name : '.env'), from);
      return desk.last.undone;
    };
    const secret = (desk: ReviewDesk): void => {
      desk.secret = ['.env'];
    };
    const unknown = (desk: ReviewDesk): void => {
      desk.secret = null;
    };
    const renamed = (desk: ReviewDesk): void => {
      secret(desk);
      const from = 'file:///w/.env';
      desk.path = desk.path.map((entry) => ({
        ...entry,
        files: entry.files.map((file) => ({ ...file, kind: 'rename', to: 'b.ts', from })),
      }));
    };
    const nothing = (path: string) => [{ path, patch: '' }];
    assert.deepEqual(await undone(secret, '.env', before, after), nothing('.env'));
    assert.deepEqual(await undone(secret, '.env', null, 'new\n'), nothing('.env'));
    assert.deepEqual(await undone(unknown, 'a.ts', before, after), nothing('a.ts'));
    assert.deepEqual(await undone(renamed, 'b.ts', before, after), nothing('b.ts'));
    const held = before.replace('a', 'sk-key');
    assert.deepEqual(await undone(() => undefined, 'a.ts', held, held.replace('j', 'J')), nothing('a.ts'));
    assert.match((await undone(secret, 'a.ts', before, after))?.[0]?.patch ?? '', /-B\n\+b/);
  });

  it('undoes the rest where one file cannot be put back', async () => {
    const desk = new ReviewDesk();
    desk.edited('new.ts', null, 'new\n');
    desk.edited('a.ts', before, after);
    desk.files.set('file:///w/new.ts', Buffer.from('mine\n'));
    await assert.rejects(desk.decide(null, null, false), Refused);
    assert.deepEqual([desk.text('new.ts'), desk.text('a.ts')], ['mine\n', before]);
  });

  it('refuses a hunk that is no longer there, and changes nothing', async () => {
    const desk = new ReviewDesk();
    desk.edited('a.ts', before, after);
    await assert.rejects(desk.decide('a.ts', 'no such', false), Refused);
    await assert.rejects(desk.decide('b.ts', null, false), Refused);
    assert.equal(desk.text('a.ts'), after);
    assert.equal(desk.path.length, 1);
  });
});
