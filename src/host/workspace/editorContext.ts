/** What the user is looking at, out of VS Code's editors and tabs. */
import * as vscode from 'vscode';
import type { EditorContext } from '../../core/context/editorContext';
import type { AutomaticContext } from '../settings/scopedSettings';
import { createEditorContextOver, type EditorFacts, type EditorSelection } from './context';
import type { HostWorkspace } from './workspace';

interface VscodeEditorContextOptions {
  readonly workspace: HostWorkspace;
  /** The setting `prelude.context.automatic` as it is now. */
  automatic(): AutomaticContext;
  /** Tokens of a text (core/tokens). */
  estimate(text: string): number;
}

interface VscodeEditorContext extends EditorContext, vscode.Disposable {
  /** Something that `current` tells may have changed; a moment after the last of several changes. */
  readonly onDidChange: vscode.Event<void>;
}

/** ms. */
const settleTime = 150;
const maxRemembered = 64;

/** The EditorContext port over VS Code, until it is disposed of. */
export function createEditorContext(options: VscodeEditorContextOptions): VscodeEditorContext {
  const editors = new Editors((uri) => context.forget(uri));
  const context = createEditorContextOver({ ...options, facts: editors });
  return {
    current: context.current,
    read: context.read,
    readAdded: context.readAdded,
    onDidChange: editors.onDidChange,
    dispose: () => editors.dispose(),
  };
}

/** What decides, beside the settings, on which files go along, and what goes by itself. */
const watched = ['**/{.gitignore,.ignore,.rgignore,CLAUDE.md,AGENTS.md}', '**/.git/info/exclude'];

/** Remembers which editors were used, and in which order: VS Code tells only which one is active. */
class Editors implements EditorFacts, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  #recent: readonly string[] = [];
  /** The editor that was active last: the chat in a tab of its own makes none active. */
  #last: vscode.TextEditor | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `forget` is told of a file that changed, or, without one, that anything may have. */
  constructor(forget: (uri?: string) => void) {
    this.#use(vscode.window.activeTextEditor);
    const changed = () => this.#soon();
    const other = () => {
      forget();
      this.#soon();
    };
    const watchers = watched.map((glob) => vscode.workspace.createFileSystemWatcher(glob));
    this.#subscriptions = [
      ...watchers,
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
        if (textEditor === this.#current()) this.#soon();
      }),
      vscode.window.tabGroups.onDidChangeTabs(changed),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => forget(uri.toString())),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri.toString())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const uri = document.uri.toString();
        forget(uri);
        if (this.tabs().includes(uri)) this.#soon();
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
        if (['files.exclude', 'search.exclude', 'prelude.context'].some((key) => event.affectsConfiguration(key)))
          other();
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
    const uris = open.flatMap(({ input }) => uriOfTab(input));
    return [...new Set(uris.filter(({ scheme }) => scheme !== 'untitled').map((uri) => uri.toString()))];
  }

  active(): string | null {
    return this.#current()?.document.uri.toString() ?? null;
  }

  recentlyUsed(): readonly string[] {
    return this.#recent;
  }

  selection(): EditorSelection | null {
    const editor = this.#current();
    if (editor === undefined || editor.selection.isEmpty) return null;
    const { document, selection } = editor;
    const { start, end } = selection;
    // A selection of whole lines ends at the start of the next one, which is not meant.
    const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    const range = last === end.line ? selection : new vscode.Range(start, document.lineAt(last).range.end);
    return {
      uri: document.uri.toString(),
      untitled: document.isUntitled,
      name: document.uri.path.split('/').at(-1) ?? document.uri.path,
      startLine: start.line + 1,
      endLine: last + 1,
      text: document.getText(range),
      ...(document.isUntitled ? { whole: () => document.getText() } : {}),
    };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  /** Never a closed editor: what was active last must still be visible. */
  #current(): vscode.TextEditor | undefined {
    const active = vscode.window.activeTextEditor;
    if (active !== undefined && isFile(active)) return active;
    const last = this.#last;
    if (last === undefined || last.document.isClosed) return undefined;
    const visible = vscode.window.visibleTextEditors.filter(isFile);
    // A hidden and reshown tab is another TextEditor over the same document.
    return visible.find((editor) => editor === last) ?? visible.find((editor) => editor.document === last.document);
  }

  #use(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined || !isFile(editor)) return;
    this.#last = editor;
    const uri = editor.document.uri.toString();
    this.#recent = [uri, ...this.#recent.filter((other) => other !== uri)].slice(0, maxRemembered);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed.fire(), settleTime);
  }
}

/** Of a diff, the side that is the file as it is now. */
function uriOfTab(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}

/** Output panels, comment boxes, the debug console and what Prelude itself shows are text editors too. */
function isFile(editor: vscode.TextEditor): boolean {
  return !notFiles.includes(editor.document.uri.scheme);
}

const notFiles: readonly string[] = [
  'output',
  'comment',
  'debug',
  'vscode-scm',
  'search-editor',
  'vscode-interactive-input',
  'prelude-request',
  'prelude-attachment',
];
