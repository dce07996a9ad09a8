/** The next request of a conversation as a read-only document of the editor. */
import * as vscode from 'vscode';
import { inspection, type RequestFacts } from '../../core/cost/inspection';
import { strings } from '../base/strings';

const scheme = 'prelude-request';

/** Serves inspected requests to VS Code under a scheme of its own, one a conversation, until they are closed. */
export class RequestDocuments implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      // What was shown is forgotten with its document: it may be large.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#texts.delete(uri.toString());
      }),
    ];
  }

  /** Opens it, or brings the one that is open up to date. */
  async show(conversation: string, facts: RequestFacts): Promise<void> {
    const name = strings.nextRequest();
    const uri = vscode.Uri.from({ scheme, path: `/${name}.md`, query: conversation });
    this.#texts.set(
      uri.toString(),
      inspection({
        ...facts,
        t: (text, ...args) => vscode.l10n.t(text, ...args),
        number: (value) => value.toLocaleString(vscode.env.language),
        usd: (value) => (value === null ? '—' : `$${value.toFixed(value < 0.1 ? 4 : 2)}`),
      }),
    );
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    // What is in front of the user stays there: a selection that is no longer in sight would not be sent any more.
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const isTaken = vscode.window.tabGroups.activeTabGroup.activeTab !== undefined;
    const viewColumn = shown?.viewColumn ?? (isTaken ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active);
    await vscode.window.showTextDocument(document, { preview: true, viewColumn });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? strings.inspectAgain();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#texts.clear();
  }
}
