/** What becomes of a change whose editor is to save it, where that fails or its store does. */
import assert from 'node:assert/strict';
import { StoreError } from '../../../../../src/core/base/errors';
import { never } from '../../../workspace/tempWorkspace';
import { type EditKit, edit, editKit, type FakeEditor } from './editKit';

describe('A change that its editor is to save', () => {
  const before = 'one\ntwo\n';
  let kit: EditKit;

  beforeEach(() => {
    kit = editKit({ files: { 'a.ts': before } });
  });
  afterEach(() => kit.temp.remove());

  const editorOf = (more: Partial<FakeEditor>): FakeEditor => kit.editor('a.ts', { text: before, ...more });

  it('stands there unsaved, and is an edit, where a formatter ran and the save failed', async () => {
    const editor = editorOf({
      format: (text) => {
        editor.text = text.replaceAll('2', '2;');
        throw new Error('The disk is full.');
      },
    });
    const made = kit.make(edit('a.ts', 'two', '2'));
    await assert.doesNotReject(made);
    const { edits, notes } = await made;
    assert.deepEqual([editor.text, kit.read('a.ts')], ['one\n2;\n', before]);
    assert.deepEqual(
      edits.map(({ unsaved, after }) => [unsaved, kit.kept.get(after ?? '')?.toString()]),
      [[true, 'one\n2;\n']],
    );
    assert.match(notes.join(), /stands there, unsaved/);
    assert.deepEqual(kit.noted.at(-1), edits);
  });

  it('is an edit without what the user types while it is changed back', async () => {
    const editor = editorOf({ saves: false });
    let left = 2;
    kit.state.meanwhile = () => {
      left -= 1;
      if (left !== -1) return;
      editor.text += 'mine\n';
      editor.version += 1;
    };
    const { edits } = await kit.make(edit('a.ts', 'two', '2'));
    assert.deepEqual([editor.text, editor.dirty], ['one\n2\nmine\n', true]);
    assert.deepEqual([edits[0]?.unsaved, kit.kept.get(edits[0]?.after ?? '')?.toString()], [true, 'one\n2\n']);
    const yours = await kit.plan(edit('a.ts', 'mine', 'x'), 'yours');
    assert.deepEqual(yours.files[0]?.why, ['yourLines']);
  });

  it('is told as made where the store takes no further word of it', async () => {
    editorOf({ format: (text) => text.replaceAll('2', '2;') });
    let words = 0;
    const said = async (): Promise<void> => {
      words += 1;
      if (words > 1) throw new StoreError('overtaken', 'Another window was first.');
    };
    const editing = kit
      .over({ putFileVersion: async (_, bytes) => String(bytes.length), notePendingEdits: said })
      .of({ conversation: 'c', step: 's', call: 'x' });
    await editing.plan(edit('a.ts', 'two', '2'), never);
    const made = editing.apply(edit('a.ts', 'two', '2'), never);
    await assert.doesNotReject(made);
    const { edits } = await made;
    assert.equal(kit.read('a.ts'), 'one\n2;\n');
    assert.equal(edits[0]?.after, String('one\n2;\n'.length));
    assert.equal(words, 2);
  });
});
