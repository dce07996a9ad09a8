/** What the user is looking at, out of VS Code's editors and tabs. */
import * as vscode from 'vscode';
import type { EditorContext } from '../../core/context/editorContext';
import type { ContextSelection } from '../../core/record/record';
import type { AutomaticContext } from '../settings/scopedSettings';
import { createEditorContextOver, type EditorFacts, type EditorSelection } from './context';
import { cellOf, notebookText, otherDocument, type Selected, selectedCells, selectedIn } from './selected/cursors';
import { isBeside, isTextBox, type OtherDocument } from './selected/documents';
import type { HostWorkspace } from './workspace';

interface VscodeEditorContextOptions {
  readonly workspace: HostWorkspace;
  /** The setting `prelude.context.automatic` as it is now. */
  automatic(): AutomaticContext;
  /** The setting `prelude.instructions`. */
  own(): string;
  /** Tokens of a text (core/tokens). */
  estimate(text: string): number;
}

interface VscodeEditorContext extends EditorContext, vscode.Disposable {
  /** Something that `current` tells may have changed; a moment after the last of several changes. */
  readonly onDidChange: vscode.Event<void>;
  /** Whether the project's instructions are in a file, or import it, there or not. */
  isInstruction(uri: string, path: string): boolean;
  /** URIs of what is open or was, the last used first. */
  recent(): readonly string[];
  /** Where the user types next, with a chat tab beside it or not (L70). */
  typedIn(): vscode.TextEditor | 'none' | 'several';
  /** What is selected, as it is: not judged. */
  selection(): EditorSelection | null;
  /** The same, judged. Rejects with a Refused where nothing is selected, or where it may not be sent. */
  selected(signal: AbortSignal): Promise<ContextSelection>;
}

/** ms. */
const settleTime = 150;
const maxRemembered = 64;

/** The EditorContext port over VS Code, until it is disposed of. */
export function createEditorContext(options: VscodeEditorContextOptions): VscodeEditorContext {
  const editors = new Editors(
    (uri) => context.forget(uri),
    (uri) => context.mayChange(uri),
  );
  const context = createEditorContextOver({ ...options, facts: editors });
  return {
    current: context.current,
    read: context.read,
    readAdded: context.readAdded,
    onDidChange: editors.onDidChange,
    selection: () => editors.selection(),
    selected: context.selected,
    isInstruction: context.isInstruction,
    recent: () => [...new Set([...editors.recentlyUsed(), ...editors.tabs()])],
    typedIn: () => editors.typedIn(),
    dispose: () => editors.dispose(),
  };
}

/** What decides, beside the settings, on which files go along, and what goes by itself. */
const watched = ['**/{.gitignore,.ignore,.rgignore,*.md}', '**/.git/info/exclude'];

/** Remembers which editors were used, and in which order: VS Code tells only which one is active. */
class Editors implements EditorFacts, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  #recent: readonly string[] = [];
  /** What was active last: the chat in a tab of its own makes none active. */
  #last: Looked | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `forget` is told of a file that changed, or, without one, that anything may have. `isImported`: the instructions
   * import it, or what lies in it.
   */
  constructor(forget: (uri?: string) => void, isImported: (uri: string) => boolean) {
    this.#use(vscode.window.activeNotebookEditor ?? vscode.window.activeTextEditor);
    const changed = () => this.#soon();
    const other = () => {
      forget();
      this.#soon();
    };
    const imported = (uri: vscode.Uri) => {
      if (isImported(uri.toString())) other();
    };
    const watchers = watched.map((glob) => vscode.workspace.createFileSystemWatcher(glob));
    // What is imported may have any name.
    const all = vscode.workspace.createFileSystemWatcher('**/*');
    this.#subscriptions = [
      ...[...watchers, all],
      ...[all.onDidCreate(imported), all.onDidChange(imported), all.onDidDelete(imported)],
      ...watchers.flatMap((watcher) => [
        watcher.onDidCreate(other),
        watcher.onDidChange(other),
        watcher.onDidDelete(other),
      ]),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        this.#use(editor);
        this.#soon();
      }),
      vscode.window.onDidChangeVisibleTextEditors(changed),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor || textEditor === this.#last) this.#soon();
      }),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => {
        this.#use(editor);
        this.#soon();
      }),
      vscode.window.onDidChangeNotebookEditorSelection(changed),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
        forget(notebook.uri.toString());
        this.#soon();
      }),
      vscode.workspace.onDidOpenNotebookDocument(({ uri }) => forget(uri.toString())),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => forget(uri.toString())),
      vscode.window.tabGroups.onDidChangeTabs(changed),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => forget(uri.toString())),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri.toString())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const uri = document.uri.toString();
        forget(uri);
        if (isImported(uri) || this.tabs().includes(uri)) this.#soon();
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        forget(uri.toString());
        this.#soon();
      }),
      // A file that comes, goes or is renamed may be one that was not there before.
      vscode.workspace.onDidCreateFiles(other),
      vscode.workspace.onDidDeleteFiles(other),
      vscode.workspace.onDidRenameFiles(other),
      vscode.workspace.onDidChangeWorkspaceFolders(other),
      vscode.workspace.onDidGrantWorkspaceTrust(other),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const keys = ['files.exclude', 'search.exclude', 'prelude.context', 'prelude.instructions'];
        if (keys.some((key) => event.affectsConfiguration(key))) other();
      }),
    ];
  }

  get isTrusted(): boolean {
    return vscode.workspace.isTrusted;
  }

  tabs(): readonly string[] {
    // A preview, which the next click replaces, is open only while it is what one looks at.
    const open = vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.filter((tab) => !tab.isPreview || tab.isActive),
    );
    const uris = open.flatMap(({ input }) => uriOfTab(input)).filter((uri) => !isTextBox(uri) && !isBeside(uri));
    return [...new Set(uris.map((uri) => uri.toString()))];
  }

  active(): string | null {
    const looked = this.#current();
    if (looked !== undefined) return uriOf(looked).toString();
    const input = vscode.window.tabGroups.activeTabGroup?.activeTab?.input;
    return uriOfTab(input)[0]?.toString() ?? null;
  }

  /** The active editor, else the last one that was, else the only one in sight. */
  typedIn(): vscode.TextEditor | 'none' | 'several' {
    const active = vscode.window.activeTextEditor;
    // A cell of a notebook, too.
    if (active !== undefined && !isTextBox(active.document.uri) && !isBeside(active.document.uri)) return active;
    const last = this.#current();
    if (last !== undefined && 'document' in last) return last;
    const [first, ...others] = vscode.window.visibleTextEditors.filter(isDocument);
    return others.length > 0 ? 'several' : (first ?? 'none');
  }

  recentlyUsed(): readonly string[] {
    return this.#recent;
  }

  selection(): EditorSelection | null {
    const looked = this.#current(true);
    if (looked === undefined) return null;
    if ('notebook' in looked) {
      const { notebook } = looked;
      return described(selectedCells(looked, vscode.window.visibleTextEditors), notebook.uri, notebook.isUntitled, () =>
        notebookText(notebook),
      );
    }
    const { document } = looked;
    return described(selectedIn(looked), document.uri, document.isUntitled, () => document.getText());
  }

  other(uri: string): OtherDocument | null {
    return otherDocument(vscode.Uri.parse(uri, true));
  }

  /** Of other extensions: what Prelude shows is no context. */
  page(): string | null {
    const tab = vscode.window.tabGroups.activeTabGroup?.activeTab;
    if (!(tab?.input instanceof vscode.TabInputWebview) || tab.input.viewType.includes('prelude')) return null;
    return tab.label;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  /** Never a closed editor: what was active last must still be visible. `beside`: an output in which something is selected, too. */
  #current(beside = false): Looked | undefined {
    const active = vscode.window.activeTextEditor;
    if (active !== undefined && cellOf(active.document) === null) {
      if (isDocument(active)) return active;
      if (beside && isBeside(active.document.uri) && active.selections.some(({ isEmpty }) => !isEmpty)) return active;
    }
    const notebook = vscode.window.activeNotebookEditor;
    if (notebook !== undefined) return notebook;
    const last = this.#last;
    if (last === undefined) return undefined;
    if ('notebook' in last)
      return vscode.window.visibleNotebookEditors.find(({ notebook: of }) => of === last.notebook);
    if (last.document.isClosed) return undefined;
    const visible = vscode.window.visibleTextEditors.filter(isDocument);
    // A hidden and reshown tab is another TextEditor over the same document.
    return visible.find((editor) => editor === last) ?? visible.find((editor) => editor.document === last.document);
  }

  #use(editor: Looked | undefined): void {
    if (editor === undefined || (!('notebook' in editor) && !isDocument(editor))) return;
    this.#last = editor;
    const uri = uriOf(editor).toString();
    this.#recent = [uri, ...this.#recent.filter((other) => other !== uri)].slice(0, maxRemembered);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed.fire(), settleTime);
  }
}

/** What one looks at: an editor of text, or of cells. */
type Looked = vscode.TextEditor | vscode.NotebookEditor;

function uriOf(looked: Looked): vscode.Uri {
  return 'notebook' in looked ? looked.notebook.uri : looked.document.uri;
}

/** The workspace judges its files itself, as they are in it; of a notebook all cells are judged, too. */
function described(
  selected: Selected | null,
  uri: vscode.Uri,
  isUntitled: boolean,
  whole: () => string,
): EditorSelection | null {
  if (selected === null) return null;
  const other = otherDocument(uri, isUntitled);
  if (other !== null) return { ...selected, other, whole };
  return selected.cell === undefined ? selected : { ...selected, whole };
}

/** Of a diff, the side that is the file as it is now. */
function uriOfTab(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook) return [input.uri];
  // Its text may be that of a file: reading it says.
  if (input instanceof vscode.TabInputCustom) return [input.uri];
  const isDiff = input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff;
  return isDiff ? [input.modified] : [];
}

/** Output panels, comment boxes, the debug console and what Prelude itself shows are text editors too; cells have their notebook. */
function isDocument({ document }: vscode.TextEditor): boolean {
  return !isTextBox(document.uri) && !isBeside(document.uri) && document.uri.scheme !== 'vscode-notebook-cell';
}
