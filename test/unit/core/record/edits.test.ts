/** What a turn has changed in files, what became of edits that were cut off, and what of it the model is told. */
import assert from 'node:assert/strict';
import { coreStrings } from '../../../../src/core/base/strings';
import { retryHead } from '../../../../src/core/record/branchPoint';
import { carriedOver } from '../../../../src/core/record/excluded';
import { judged } from '../../../../src/core/record/pendingEdits';
import type { FileEdit, TurnFile } from '../../../../src/core/record/record';
import { repairOf } from '../../../../src/core/record/repair';
import { checkpointOf, editsCut, filesAfter, turnEdits } from '../../../../src/core/record/turnEdits';
import { chatMarkdown } from '../../../../src/core/transcript/chatMarkdown';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { PathMaker, text, toolUse } from '../prompt/paths';
import { Kept, result, turnOf, uriOf } from './editKit';

const lines = (changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 20 }, (_, line) => `${changed[line] ?? `line ${line}`}\n`).join('');

describe('What a turn has changed in files', () => {
  it('is one file for all edits of it, with its hunks between what was there first and last', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(
      kept.edit('a.ts', lines(), lines({ 2: 'two' })),
      kept.edit('b.ts', 'b\n', 'B\n'),
      kept.edit('a.ts', lines({ 2: 'two' }), lines({ 2: 'two', 15: 'x\ny' })),
      kept.edit('b.ts', 'B\n', 'b\n'),
    );
    const file: TurnFile = {
      ...{ uri: uriOf('a.ts'), path: 'a.ts', kind: 'edit', added: 3, removed: 2, open: 2, undone: false },
      ...{ base: kept.put(lines()), current: kept.put(lines({ 2: 'two', 15: 'x\ny' })) },
    };
    assert.deepEqual(await turnEdits(maker.entries, turn, kept.versions), { kind: 'edits', turn, files: [file] });
  });

  it('has what each file was before its turn, whatever came later, was moved or decided', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(
      kept.edit('a.ts', 'a\n', 'A\n'),
      kept.edit('a.ts', 'theirs\n', 'B\n'),
      kept.rename('b.ts', 'c.ts', 'b\n'),
      kept.edit('b.ts', null, 'new\n'),
      kept.edit('new.ts', null, 'n\n'),
      kept.rename('new.ts', 'newer.ts', 'n\n'),
      kept.edit('newer.ts', 'n\n', 'N\n'),
      kept.rename('d.ts', 'e.ts', 'd\n'),
      kept.edit('e.ts', 'd\n', null),
      kept.edit('open.ts', 'typed\n', 'typed, edited\n', { unsaved: true }),
    );
    const edits = await turnEdits(maker.entries, turn, kept.versions);
    maker.add({
      kind: 'edits',
      turn,
      files: (edits?.files ?? []).map((file) => ({ ...file, open: 0, base: file.current })),
    });
    const was = (path: string, from?: string) => {
      const at = checkpointOf(maker.entries, turn, {
        uri: uriOf(path),
        ...(from === undefined ? {} : { from: uriOf(from) }),
      });
      const version = at?.version == null ? null : Buffer.from(kept.bytes.get(at.version) ?? []).toString('latin1');
      return at === null ? null : [at.uri.replace(uriOf(''), ''), version, at.unsaved];
    };
    assert.deepEqual(was('a.ts'), ['a.ts', 'a\n', false]);
    assert.deepEqual(was('c.ts', 'b.ts'), ['b.ts', 'b\n', false]);
    assert.deepEqual(was('b.ts'), ['b.ts', null, false]);
    assert.deepEqual(was('newer.ts')?.slice(1), [null, false]);
    assert.deepEqual(was('d.ts'), ['d.ts', 'd\n', false], 'one that was moved and deleted is named as it was');
    assert.deepEqual(was('open.ts'), ['open.ts', 'typed\n', true]);
    assert.equal(was('other.ts'), null);
  });

  it('leaves out what somebody else changed between two edits', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(
      kept.edit('a.ts', lines(), lines({ 2: 'two' })),
      kept.edit('a.ts', lines({ 2: 'two', 10: 'the user’s' }), lines({ 2: 'two', 10: 'the user’s', 15: 'z' })),
    );
    const [file] = (await turnEdits(maker.entries, turn, kept.versions))?.files ?? [];
    assert.equal(file?.base, kept.put(lines({ 10: 'the user’s' })));
    assert.equal(file?.open, 2);
  });

  it('leaves lines of its own that somebody else has changed between two edits to them', async () => {
    const kept = new Kept();
    const theirs = { 2: 'two, the user’s' };
    const { maker, turn } = turnOf(
      kept.edit('a.ts', lines(), lines({ 2: 'two' })),
      kept.edit('a.ts', lines(theirs), lines({ ...theirs, 15: 'z' })),
    );
    const [file] = (await turnEdits(maker.entries, turn, kept.versions))?.files ?? [];
    assert.deepEqual([file?.base, file?.open], [kept.put(lines(theirs)), 1]);
  });

  it('is no new file with what somebody else wrote into it: undone, that would be gone', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(
      kept.edit('a.ts', null, 'a\n'),
      kept.edit('a.ts', 'a\nthe user’s\n', 'A\nthe user’s\n'),
    );
    const [file] = (await turnEdits(maker.entries, turn, kept.versions))?.files ?? [];
    assert.deepEqual([file?.kind, file?.base, file?.current], ['create', null, kept.put('A\n')]);
  });

  it('is a deletion of what somebody else wrote into a file that the turn made: that can be undone', async () => {
    const kept = new Kept();
    const calls = [kept.edit('a.ts', null, 'a\n'), kept.edit('a.ts', 'a\nthe user’s\n', null)];
    const { maker, turn } = turnOf(...calls);
    const [file] = (await turnEdits(maker.entries, turn, kept.versions))?.files ?? [];
    assert.deepEqual([file?.kind, file?.base, file?.current], ['delete', kept.put('a\nthe user’s\n'), null]);
    const moved = turnOf(kept.edit('b.ts', null, 'a\n'), kept.rename('b.ts', 'a.ts', 'a\n'), ...calls.slice(1));
    const [there] = (await turnEdits(moved.maker.entries, moved.turn, kept.versions))?.files ?? [];
    assert.deepEqual(there, file, 'where it was then');
    const made = turnOf(...calls, kept.edit('a.ts', null, 'b\n'));
    const { files = [] } = (await turnEdits(made.maker.entries, made.turn, kept.versions)) ?? {};
    assert.deepEqual(
      files.map(({ kind, base, current, open }) => [kind, base, current, open]),
      [['edit', kept.put('a\nthe user’s\n'), kept.put('b\n'), 1]],
      'and one that takes its place is no new file',
    );
  });

  it('follows renames, and knows what was made and deleted', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(
      kept.rename('a.ts', 'b.ts', 'a\n'),
      kept.edit('b.ts', 'a\n', 'A\n'),
      kept.edit('new.ts', null, 'n\n'),
      kept.rename('new.ts', 'newer.ts', 'n\n'),
      kept.edit('old.ts', 'o\n', null),
      kept.edit('passing.ts', null, 'p\n'),
      kept.edit('passing.ts', 'p\n', null),
      kept.rename('back.ts', 'there.ts', 'x\n'),
      kept.rename('there.ts', 'back.ts', 'x\n'),
    );
    const { files = [] } = (await turnEdits(maker.entries, turn, kept.versions)) ?? {};
    assert.deepEqual(
      files.map(({ kind, uri, path, to, from, open }) => ({ kind, uri, path, to, from, open })),
      [
        { kind: 'rename', uri: uriOf('b.ts'), path: 'a.ts', to: 'b.ts', from: uriOf('a.ts'), open: 1 },
        { kind: 'create', uri: uriOf('newer.ts'), path: 'newer.ts', to: undefined, from: undefined, open: 1 },
        { kind: 'delete', uri: uriOf('old.ts'), path: 'old.ts', to: undefined, from: undefined, open: 1 },
      ],
    );
  });

  it('goes on from what was decided', async () => {
    const kept = new Kept();
    const after = lines({ 2: 'two', 15: 'z' });
    const { maker, turn } = turnOf(kept.edit('a.ts', lines(), after));
    const first = await turnEdits(maker.entries, turn, kept.versions);
    assert.ok(first !== null);
    const [file] = first.files as [TurnFile];
    // The first hunk is kept.
    maker.add({ ...first, files: [{ ...file, base: kept.put(lines({ 2: 'two' })), open: 1 }] });
    assert.equal(await turnEdits(maker.entries, turn, kept.versions), null, 'nothing is new');
    maker.assistant([toolUse('toolu_more')]);
    result(maker, 'toolu_more', [kept.edit('a.ts', after, lines({ 2: 'two', 15: 'z', 19: 'new' }))]);
    const [again] = (await turnEdits(maker.entries, turn, kept.versions))?.files ?? [];
    assert.deepEqual([again?.added, again?.removed, again?.open], [3, 3, 2]);
    assert.equal(again?.base, kept.put(lines({ 2: 'two' })));
  });

  it('goes on from what was done before the turn was asked again', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(kept.edit('a.ts', lines(), lines({ 2: 'two' })));
    const said = await turnEdits(maker.entries, turn, kept.versions);
    assert.ok(said !== null);
    maker.add(said);
    maker.end();
    const again = carriedOver(maker.entries, turn);
    assert.deepEqual(again, [said]);
    const path = [...maker.entries.slice(0, maker.entries.findIndex(({ id }) => id === turn) + 1), ...again];
    const edit = kept.edit('a.ts', lines({ 2: 'two' }), lines({ 2: 'two', 15: 'x' }));
    const result = { kind: 'toolResult', toolUseId: 'toolu_2', content: '', edits: [edit] } as const;
    const rest = { isError: false, cancelled: false, label: { text: '' }, summary: null };
    const [file] = (await turnEdits([...path, { ...result, ...rest }], turn, kept.versions))?.files ?? [];
    assert.deepEqual([file?.base, file?.open, file?.added], [kept.put(lines()), 2, 2]);
  });

  it('is taken over from turns that are cut off, as far as it is not decided', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(
      kept.edit('a.ts', 'a\n', 'A\n'),
      kept.rename('b.ts', 'c.ts', 'b\n'),
      kept.edit('d.ts', 'd\n', 'D\n'),
    );
    const first = await turnEdits(maker.entries, turn, kept.versions);
    assert.ok(first !== null);
    maker.add(first);
    maker.end().user('More.');
    const second = maker.last();
    maker.assistant([toolUse('toolu_more')]);
    result(maker, 'toolu_more', [kept.edit('a.ts', 'A\n', 'AA\n'), kept.edit('c.ts', 'b\n', null)]);
    const more = await turnEdits(maker.entries, second, kept.versions);
    assert.ok(more !== null);
    maker.add(more);
    maker.end();
    const decided = first.files.map((file) => (file.path === 'd.ts' ? { ...file, open: 0 } : file));
    maker.add({ ...first, files: decided });
    const taken = await filesAfter([], editsCut(maker.entries, null), kept.versions);
    assert.deepEqual(
      taken.map(({ kind, uri, base, current, open }) => ({ kind, uri, base, current, open })),
      [
        { kind: 'edit', uri: uriOf('a.ts'), base: kept.put('a\n'), current: kept.put('AA\n'), open: 1 },
        { kind: 'delete', uri: uriOf('b.ts'), base: kept.put('b\n'), current: null, open: 1 },
      ],
    );
    const behind = await filesAfter([], editsCut(maker.entries, second), kept.versions);
    assert.deepEqual(behind, [], 'of a turn that stays there is nothing to take over');
    const [own] = await filesAfter([], editsCut(maker.entries, turn), kept.versions);
    assert.deepEqual([own?.base, own?.current], [kept.put('A\n'), kept.put('AA\n')]);
  });

  it('is nothing where nothing was edited', async () => {
    const { maker, turn } = turnOf();
    assert.equal(await turnEdits(maker.entries, turn, new Kept().versions), null);
  });

  it('stands at the answer, and in the Markdown of the chat', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(kept.edit('a.ts', 'a\n', 'A\nB\n'), kept.rename('b.ts', 'c.ts', 'b\n'));
    maker.assistant([text('Done.')]);
    const entry = await turnEdits(maker.entries, turn, kept.versions);
    assert.ok(entry !== null);
    maker.add(entry);
    maker.end();
    const state = stateOf('c', '', maker.entries);
    const answer = state.items.find((item) => item.type === 'answer');
    assert.deepEqual(answer?.edits?.[0], {
      ...{ uri: uriOf('a.ts'), path: 'a.ts', kind: 'edit', added: 2, removed: 1, open: 1, undone: false },
    });
    assert.match(
      await chatMarkdown(state),
      /Done\.\n\n- Edited `a\.ts` \(\+2 −1\)\n- Renamed `b\.ts` to `c\.ts` \(\+0 −0\)\n$/,
    );
    maker.add({ ...entry, files: [] });
    const decided = stateOf('c', '', maker.entries).items.find((item) => item.type === 'answer');
    assert.deepEqual(decided?.edits, []);
  });
});

describe('An edit that was cut off', () => {
  /** What the repair says of a call that was to make these edits, the files being so. */
  async function healed(edits: readonly FileEdit[], now: Readonly<Record<string, string | null>>, kept: Kept) {
    const maker = new PathMaker()
      .snapshot()
      .user('Change it.')
      .assistant([toolUse('toolu_x'), toolUse('toolu_y')]);
    const files = {
      digestsOf: async (uri: string) => {
        const path = uri.slice('file:///work/'.length);
        if (!(path in now)) throw new Error('it cannot be read');
        const content = now[path] ?? null;
        return [content === null ? null : kept.put(content)];
      },
    };
    const became = await judged([{ call: 'toolu_x', edits }], files);
    const { entries = [] } = repairOf(maker.entries, null, became) ?? {};
    const [first, second, end] = entries;
    assert.ok(first?.kind === 'toolResult' && second?.kind === 'toolResult' && end?.kind === 'end');
    assert.equal(second.content, 'The editor closed before this finished.');
    assert.equal(second.edits, undefined);
    return { first, maker, entries };
  }

  it('is told as made where the file is what it was to be', async () => {
    const kept = new Kept();
    const edit = kept.edit('a.ts', 'a\n', 'A\n');
    const { first } = await healed([edit], { 'a.ts': 'A\n' }, kept);
    assert.deepEqual([first.edits, first.isError, first.cancelled], [[edit], false, false]);
    assert.match(first.content, /a\.ts: the change was made/);
    assert.deepEqual([first.label, first.summary], [coreStrings.edited('a.ts'), coreStrings.lines(1, 1)]);
  });

  it('is told as not made where it is as it was', async () => {
    const kept = new Kept();
    const { first } = await healed([kept.edit('a.ts', 'a\n', 'A\n')], { 'a.ts': 'a\n' }, kept);
    assert.deepEqual([first.edits, first.isError, first.cancelled], [undefined, true, true]);
    assert.match(first.content, /a\.ts: it was not changed/);
    assert.deepEqual(first.label, coreStrings.edit('a.ts'));
  });

  it('is told as unknown where it is something else, or cannot be read', async () => {
    const kept = new Kept();
    const edits = [kept.edit('a.ts', 'a\n', 'A\n'), kept.edit('b.ts', 'b\n', 'B\n')];
    const { first } = await healed(edits, { 'a.ts': 'other\n' }, kept);
    // What cannot be looked at can be undone all the same, where it turns out to have been made.
    assert.deepEqual([first.edits, first.isError, first.cancelled], [[edits[1]], true, false]);
    assert.match(first.content, /a\.ts: it is now neither/);
    assert.match(first.content, /b\.ts: whether it was changed is not known/);
  });

  it('is judged file by file, and by the last edit of each', async () => {
    const kept = new Kept();
    const edits = [
      kept.edit('a.ts', 'a\n', 'b\n'),
      kept.edit('a.ts', 'b\n', 'c\n'),
      kept.rename('x.ts', 'y.ts', 'x\n'),
      kept.edit('gone.ts', 'g\n', null),
      kept.edit('made.ts', null, 'm\n'),
    ];
    const now = { 'a.ts': 'c\n', 'x.ts': 'x\n', 'y.ts': null, 'gone.ts': null, 'made.ts': null };
    const { first } = await healed(edits, now, kept);
    assert.deepEqual(first.edits, [edits[0], edits[1], edits[3]]);
    assert.equal(first.isError, true);
  });

  it('is judged by what other calls have made of the file since', async () => {
    const kept = new Kept();
    const rename = kept.rename('a.ts', 'b.ts', 'a\n');
    const edits = [rename, kept.edit('b.ts', 'a\n', 'A\n'), kept.edit('b.ts', 'A\n', 'B\n')];
    const pending = edits.map((one, index) => ({ call: `toolu_${9 - index}`, edits: [one] }));
    const now = (content: string | null) => ({
      digestsOf: async (uri: string) => [uri === uriOf('b.ts') && content !== null ? kept.put(content) : null],
    });
    const became = async (content: string | null): Promise<readonly string[]> =>
      [...(await judged(pending, now(content))).values()].flatMap((all) => all.map((one) => one.became));
    assert.deepEqual(await became('B\n'), ['written', 'written', 'written']);
    assert.deepEqual(await became('A\n'), ['written', 'written', 'notWritten']);
    assert.deepEqual(await became('other\n'), ['other', 'other', 'other']);
  });

  it('keeps its step when the turn is run again', async () => {
    const kept = new Kept();
    const { maker, entries } = await healed([kept.edit('a.ts', 'a\n', 'A\n')], { 'a.ts': 'A\n' }, kept);
    for (const entry of entries) maker.add(entry);
    assert.equal(retryHead(maker.entries)?.kind, 'toolResult');
  });
});
