/** Every cursor and cell of a selection: how it is told to the model, named to the user, and told apart. */
import assert from 'node:assert/strict';
import { changesSince } from '../../../../src/core/context/context';
import {
  isSameSelection,
  selectionLabel,
  selectionPlace,
  selectionPlaces,
  selectionSource,
  selectionText,
} from '../../../../src/core/context/selection';
import type { ContextSelection, SelectedLines } from '../../../../src/core/record/record';

const at = (startLine: number, text: string, rest: Partial<SelectedLines> = {}): SelectedLines => ({
  startLine,
  endLine: startLine + text.split('\n').length - 1,
  text,
  ...rest,
});
const selection = (first: SelectedLines, rest: Partial<ContextSelection> = {}): ContextSelection => ({
  uri: 'file:///work/src/login.ts',
  path: 'src/login.ts',
  ...first,
  ...rest,
});

describe('A selection', () => {
  it('of one cursor in a plain file is told as it always was', () => {
    const one = selection(at(3, 'a\nb'));
    assert.equal(selectionText(one), '<selection path="src/login.ts" lines="3-4">\na\nb\n</selection>');
    assert.deepEqual([selectionLabel(one), selectionPlaces(one)], ['login.ts:3-4', '3-4']);
  });

  it('of several cursors is all of them, in order, and its label counts them (L72)', () => {
    const three = selection(at(3, 'a\nb'), { more: [at(9, 'c'), at(12, 'd')] });
    assert.equal(
      selectionText(three),
      [
        '<selection path="src/login.ts" lines="3-4">\na\nb\n</selection>',
        '<selection path="src/login.ts" lines="9-9">\nc\n</selection>',
        '<selection path="src/login.ts" lines="12-12">\nd\n</selection>',
      ].join('\n'),
    );
    assert.deepEqual([selectionLabel(three), selectionPlaces(three)], ['login.ts:3-4 +2', '3-4,9-9,12-12']);
  });

  it('says how many cursors are left out (L72)', () => {
    const many = selection(at(3, 'a'), { more: [at(9, 'c')], leftOut: 7 });
    assert.match(selectionText(many), /<selection path="src\/login.ts" not_shown="7"\/>$/);
    assert.equal(selectionLabel(many), 'login.ts:3 +8');
  });

  it('in a notebook names its cell, and the active cell as such (L58)', () => {
    const notebook = { uri: 'file:///work/work.ipynb', path: 'work.ipynb' };
    const lines = selection(at(2, 'x = 1', { cell: 3 }), notebook);
    assert.equal(selectionLabel(lines), 'work.ipynb · cell 3:2');
    assert.equal(selectionText(lines), '<selection path="work.ipynb" cell="3" lines="2-2">\nx = 1\n</selection>');
    const active = selection(at(1, 'x = 1\ny', { cell: 3, wholeCell: true }), notebook);
    assert.equal(selectionLabel(active), 'work.ipynb · cell 3');
    assert.match(selectionText(active), /^<selection path="work.ipynb" cell="3" active="true" lines="1-2">/);
    assert.notEqual(selectionPlaces(active), selectionPlaces({ ...active, cell: 4 }));
  });

  it('has a place at the end of its label, which is never cut (L58)', () => {
    const [notebook, git] = [{ path: 'work.ipynb' }, (label: string) => ({ document: { label, what: 'a version' } })];
    const places = [
      selection(at(3, 'a\nb'), { more: [at(9, 'c')] }),
      selection(at(2, 'x', { cell: 3 }), notebook),
      selection(at(1, 'x', { cell: 12, wholeCell: true }), notebook),
      selection(at(4, 'a'), git('login.ts (HEAD)')),
      selection(at(4, 'a'), git('(odd)')),
      selection(at(4, 'a'), git('hosts (a long word of where it lies)')),
    ].map((one) => {
      const place = selectionPlace(one);
      assert.ok(selectionLabel(one).endsWith(place));
      return place;
    });
    assert.deepEqual(places, [':3-4 +1', ' · cell 3:2', ' · cell 12', ' (HEAD):4', ':4', ':4']);
    assert.deepEqual(selectionSource(selection(at(2, 'x', { cell: 3 }), notebook)), {
      uri: 'file:///work/src/login.ts',
      path: 'work.ipynb',
      line: 2,
      cell: 3,
    });
  });

  it('of another document than a file of the workspace says what that is', () => {
    const head = selection(at(3, 'a'), { document: { label: 'login.ts (HEAD)', what: 'version HEAD in Git' } });
    assert.equal(selectionLabel(head), 'login.ts (HEAD):3');
    assert.equal(
      selectionText(head),
      '<selection path="src/login.ts" document="version HEAD in Git" lines="3-3">\na\n</selection>',
    );
  });

  it('is another one with another cursor, cell or text, and the same when only its lines moved with a change', () => {
    const two = selection(at(3, 'a'), { more: [at(9, 'c')] });
    assert.equal(isSameSelection(two, structuredClone(two)), true);
    assert.equal(isSameSelection(two, selection(at(3, 'a'))), false);
    assert.equal(isSameSelection(two, { ...two, more: [at(9, 'd')] }), false);
    assert.equal(isSameSelection(two, { ...two, more: [at(10, 'c')] }), false);
    const file = { uri: two.uri, path: two.path, text: `${'a line of some length\n'.repeat(12)}` };
    const seen = { project: new Map(), files: new Map([[file.uri, file]]), selection: two };
    const moved = { ...two, startLine: 4, endLine: 4, more: [at(10, 'c')] };
    const told = (text: string, now: ContextSelection) =>
      changesSince(seen, { project: [], files: [{ ...file, text }], selection: now }).map(({ change }) => change);
    assert.deepEqual(told(file.text, two), []);
    assert.deepEqual(told(`new\n${file.text}`, moved), ['modified']);
    assert.deepEqual(told(file.text, moved), ['selection']);
    assert.deepEqual(told(`new\n${file.text}`, { ...moved, more: [at(10, 'other')] }), ['modified', 'selection']);
  });
});
