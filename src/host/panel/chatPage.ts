/** One webview with the chat in it, wherever it is: its document, and its link to the conversations. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports';
import { strings } from '../base/strings';
import { chatHtml } from './chatHtml';
import type { ChatSessions, EnvironmentSource, ListActions, ViewActions } from './viewLink';
import { ViewLink } from './viewLink';

export interface ChatPageParts {
  readonly extensionUri: vscode.Uri;
  readonly environment: EnvironmentSource;
  readonly actions: ViewActions;
  readonly list: ListActions;
  readonly log: Log;
  readonly onFocus?: (focused: boolean) => void;
}

/**
 * Fills the webview and answers it from now on. Whoever calls hides and disposes of the link with the webview.
 * `takeFocus` gives the webview the keys.
 */
export function fillChatPage(
  webview: vscode.Webview,
  place: 'sidebar' | 'editor',
  sessions: ChatSessions,
  parts: ChatPageParts,
  takeFocus: () => void,
): { readonly link: ViewLink; readonly subscription: vscode.Disposable } {
  const { extensionUri, log } = parts;
  const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const media = vscode.Uri.joinPath(extensionUri, 'media');
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [dist, media] };
  const link = new ViewLink({
    ...parts,
    sessions,
    takeFocus,
    post: (message) => {
      webview.postMessage(message).then(undefined, (error: unknown) => log.error('The panel took no message', error));
    },
  });
  const subscription = webview.onDidReceiveMessage((message: unknown) => link.receive(message));
  const uri = (folder: vscode.Uri, file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  // Listeners first: the script speaks as soon as it runs.
  webview.html = chatHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
    script: uri(dist, 'panel.js'),
    styles: [uri(dist, 'codicon.css'), uri(media, 'panel.css')],
    locale: vscode.env.language,
    title: strings.chatPage(),
    place,
  });
  return { link, subscription };
}
