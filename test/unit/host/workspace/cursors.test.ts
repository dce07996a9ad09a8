/** What the cursors of an editor and the cells of a notebook have selected, over a stand-in for VS Code. */
import assert from 'node:assert/strict';
import { createStub, installStub } from '../../vscodeStub';

type Place = readonly [line: number, character: number];

describe('The cursors of an editor', () => {
  let restore: () => void;
  let module: ReturnType<typeof createStub>['module'] & {
    readonly Range: new (...places: readonly unknown[]) => { readonly start: unknown };
    readonly Uri: { parse(text: string): { readonly path: string } };
    readonly workspace: { notebookDocuments: unknown[] };
  };
  let cursors: typeof import('../../../../src/host/workspace/selected/cursors');

  before(async () => {
    ({ module } = createStub({ folder: '/work', storage: '/tmp', settings: {}, secrets: new Map() }) as never);
    const { Range } = module;
    // As VS Code's own, made of two places or of four numbers.
    const flat = (places: readonly unknown[]): readonly unknown[] =>
      places.flatMap((one) => (typeof one === 'object' ? [(one as Spot).line, (one as Spot).character] : [one]));
    const made = class extends Range {
      constructor(...places: readonly unknown[]) {
        super(...flat(places));
      }
    };
    Object.assign(module, { Range: made });
    restore = installStub(module);
    cursors = await import('../../../../src/host/workspace/selected/cursors');
  });
  after(() => restore());

  const lines = ['one', 'two', 'three', 'four', 'five', 'six'];
  const document = (uri = 'file:///work/a.ts') => ({
    uri: module.Uri.parse(uri),
    lineCount: lines.length,
    lineAt: (line: number) => ({ range: range([line, 0], [line, lines[line]?.length ?? 0]) }),
    getText: (of?: { readonly start: Spot; readonly end: Spot }) => {
      if (of === undefined) return lines.join('\n');
      const taken = lines.slice(of.start.line, of.end.line + 1);
      taken[taken.length - 1] = (taken.at(-1) ?? '').slice(0, of.end.character);
      taken[0] = (taken[0] ?? '').slice(of.start.character);
      return taken.join('\n');
    },
  });
  interface Spot {
    readonly line: number;
    readonly character: number;
  }
  const range = (from: Place, to: Place): { readonly start: Spot; readonly end: Spot } =>
    new module.Range(...from, ...to) as never;
  const selected = (...ranges: readonly object[]) => {
    const found = cursors.selectedIn({ document: document(), selections: ranges } as never);
    if (found === null) return null;
    return [found, ...(found.more ?? [])].map(({ startLine, endLine, text }) => `${startLine}-${endLine} ${text}`);
  };

  it('are taken in the order of the document, without those that hold nothing (L72)', () => {
    assert.deepEqual(selected(range([4, 0], [4, 4]), range([0, 0], [1, 3]), range([3, 1], [3, 1])), [
      '1-2 one\ntwo',
      '5-5 five',
    ]);
    assert.equal(selected(range([3, 1], [3, 1]), range([4, 0], [4, 0])), null);
  });

  it('are one where they share a line or overlap, and end with the line that is meant', () => {
    assert.deepEqual(selected(range([2, 0], [2, 2]), range([2, 3], [3, 2])), ['3-4 three\nfo']);
    assert.deepEqual(selected(range([0, 0], [2, 0]), range([2, 0], [3, 0])), ['1-2 one\ntwo', '3-3 three']);
  });

  it('in a cell have its number, and a cell in which nothing is selected goes whole (L58)', () => {
    const notebook = {
      uri: module.Uri.parse('file:///work/work.ipynb'),
      getCells: (): readonly unknown[] => cells,
    };
    const cells = [0, 1, 2].map((index) => ({
      index,
      document: document(`vscode-notebook-cell:/work/work.ipynb#W${index}`),
    }));
    module.workspace.notebookDocuments = [notebook];
    const editor = { document: cells[2]?.document, selections: [range([1, 0], [1, 3])] };
    const found = cursors.selectedIn(editor as never);
    assert.deepEqual([found?.cell, found?.startLine, found?.text], [3, 2, 'two']);
    assert.equal(found?.uri, notebook.uri.toString());
    const chosen = { notebook, selections: [range([0, 0], [0, 0])] };
    const { getCells } = notebook;
    notebook.getCells = (...of: readonly unknown[]) => (of.length === 0 ? getCells() : [cells[2]]);
    const whole = cursors.selectedCells(chosen as never, []);
    assert.deepEqual([whole?.cell, whole?.wholeCell, whole?.startLine, whole?.endLine], [3, true, 1, 6]);
    const within = cursors.selectedCells(chosen as never, [editor] as never);
    assert.deepEqual([within?.cell, within?.wholeCell, within?.startLine], [3, undefined, 2]);
  });
});
