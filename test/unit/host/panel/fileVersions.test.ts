/** The tabs of reviews, over a stand-in for VS Code: which of them the next review takes the place of. */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { createStub, installStub } from '../../vscodeStub';

interface Tab {
  readonly label: string;
  readonly isDirty: boolean;
  readonly input: unknown;
}

describe('The review of new files alone', () => {
  let restore: () => void;
  let tabs: Tab[];
  let close: () => void;
  let show: (path: string, answer: string) => Promise<void>;
  let addTab: (input: (uri: (text: string) => unknown) => unknown) => Tab;

  beforeEach(async () => {
    const { module } = createStub({ folder: tmpdir(), storage: tmpdir(), settings: {}, secrets: new Map() });
    const stub = module as {
      readonly Uri: { parse(text: string): unknown };
      readonly window: { readonly tabGroups: object };
      readonly commands: object;
    };
    tabs = [];
    let title = '';
    addTab = (input) => {
      const tab = { label: `${title} (1 file)`, isDirty: false, input: input((text) => stub.Uri.parse(text)) };
      tabs.push(tab);
      return tab;
    };
    Object.assign(stub.window.tabGroups, {
      all: [
        {
          get tabs() {
            return tabs;
          },
        },
      ],
      close: async (gone: readonly Tab[]) => {
        tabs = tabs.filter((tab) => !gone.includes(tab));
      },
    });
    Object.assign(stub.commands, {
      executeCommand: async (command: string, name: string, rows: readonly (readonly unknown[])[]) => {
        if (command !== 'vscode.changes') return;
        title = name;
        addTab(() => ({ textDiffs: rows.map(([, original, modified]) => ({ original, modified })) }));
      },
    });
    restore = installStub(module);
    const { FileVersions } = await import('../../../../src/host/panel/fileVersions');
    const versions = new FileVersions({ fileVersion: async () => null });
    close = () => versions.dispose();
    show = (path, answer) => versions.show([{ uri: `file:///w/${path}`, before: null }], { conversation: 'c', answer });
  });
  afterEach(() => {
    close();
    restore();
  });

  it('takes the place of the one that was opened for the same answer, and of no other', async () => {
    await show('a.ts', 'a1');
    await show('b.ts', 'a2');
    const [first, second] = tabs;
    await show('a.ts', 'a1');
    assert.equal(tabs.length, 2);
    assert.ok(second !== undefined && tabs.includes(second) && first !== undefined && !tabs.includes(first));
    const others = addTab((uri) => ({ textDiffs: [{ modified: uri('file:///w/other.ts') }] }));
    await show('a.ts', 'a1');
    assert.ok(tabs.includes(others), 'it was not opened here');
  });

  it('is opened beside a tab whose address says nothing that can be read', async () => {
    const odd = addTab((uri) => ({ textDiffs: [{ original: uri('prelude-version:/w/a.ts?no-json') }] }));
    await show('a.ts', 'a1');
    assert.equal(tabs.length, 2);
    assert.ok(tabs.includes(odd));
  });
});
