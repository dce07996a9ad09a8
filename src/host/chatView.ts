/** The chat as a view of the activity bar: the document, and a link to the conversations while it is visible. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Log } from '../core/ports';
import { chatHtml, messageHtml } from './chatHtml';
import { chatViewId } from './commandIds';
import type { ChatSessions, EnvironmentSource, ViewActions } from './viewLink';
import { ViewLink } from './viewLink';

export interface ChatViewParts {
  readonly extensionUri: vscode.Uri;
  readonly sessions: ChatSessions;
  readonly environment: EnvironmentSource;
  readonly actions: ViewActions;
  readonly log: Log;
}

export class ChatView implements vscode.WebviewViewProvider {
  readonly #parts: ChatViewParts;
  #link: ViewLink | null = null;
  #focusWanted = false;

  constructor(parts: ChatViewParts) {
    this.#parts = parts;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { extensionUri, log } = this.#parts;
    const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    const { webview } = view;
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [dist, media] };

    this.#link?.dispose();
    const link = new ViewLink({
      ...this.#parts,
      post: (message) => {
        webview.postMessage(message).then(undefined, (error: unknown) => log.error('The panel took no message', error));
      },
      onFailure: (error) => this.#showFailure(webview, error),
    });
    this.#link = link;
    if (this.#focusWanted) link.focus();
    this.#focusWanted = false;

    const subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => link.receive(message)),
      // A hidden view's document is thrown away (no retainContextWhenHidden); shown again, its script starts anew.
      view.onDidChangeVisibility(() => {
        if (!view.visible) link.hide();
      }),
    ];
    view.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
      link.dispose();
      if (this.#link === link) this.#link = null;
    });

    const uri = (folder: vscode.Uri, file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
    // Listeners first: the script speaks as soon as it runs.
    webview.html = chatHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      script: uri(dist, 'panel.js'),
      styles: [uri(dist, 'codicon.css'), uri(media, 'panel.css')],
      locale: vscode.env.language,
      title: vscode.l10n.t('Prelude Chat'),
    });
  }

  /** Opens the view and puts the cursor into the composer. */
  async focus(): Promise<void> {
    if (this.#link === null) this.#focusWanted = true;
    else this.#link.focus();
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
  }

  /** Shows the view and leaves the focus where it is. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${chatViewId}.focus`, { preserveFocus: true });
  }

  dispose(): void {
    this.#link?.dispose();
    this.#link = null;
  }

  #showFailure(webview: vscode.Webview, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const title = vscode.l10n.t('The conversations could not be opened.');
    webview.html = messageHtml(
      title,
      `${reason} ${vscode.l10n.t('When that is put right, run “Developer: Reload Window”. Nothing was deleted.')}`,
    );
    const openLog = vscode.l10n.t('Open Log');
    vscode.window.showErrorMessage(`${title} ${reason}`, openLog).then(
      (choice) => (choice === openLog ? this.#parts.actions.act('openLog') : undefined),
      (failure: unknown) => this.#parts.log.error('The failure could not be shown', failure),
    );
  }
}
