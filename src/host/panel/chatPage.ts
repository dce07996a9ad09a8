/** One webview with the chat in it, wherever it is: its document, and its link to the conversations. */
import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports';
import type { ChatSessions, EnvironmentSource, ListActions, ViewActions } from './viewLink';
import { ViewLink } from './viewLink';
import { ChatPage } from './webviewPage';

/** What a webview with a chat in it is connected to. */
export interface ChatPageParts {
  readonly extensionUri: vscode.Uri;
  readonly environment: EnvironmentSource;
  readonly actions: ViewActions;
  readonly list: ListActions;
  readonly log: Log;
  readonly onFocus?: (focused: boolean) => void;
}

/** Tells VS Code's keys whether they go into a chat: its own `focusedView` and the active editor do not say so. */
export function tellFocus(key: 'prelude.viewFocused' | 'prelude.tabFocused', focused: boolean, log: Log): void {
  vscode.commands
    .executeCommand('setContext', key, focused)
    .then(undefined, (error: unknown) => log.error('The focus could not be told', error));
}

/**
 * Fills the webview and answers it from now on. Whoever calls hides and disposes of the link with the webview.
 * `takeFocus` gives the webview the keys; `page` is the page where it loads already.
 */
export function fillChatPage(
  webview: vscode.Webview,
  place: 'sidebar' | 'editor',
  sessions: ChatSessions,
  parts: ChatPageParts,
  takeFocus: () => void,
  page: ChatPage = new ChatPage(webview, parts.extensionUri, place),
): { readonly link: ViewLink; readonly subscription: vscode.Disposable } {
  const { log } = parts;
  const link = new ViewLink({
    ...parts,
    sessions,
    takeFocus,
    post: (message) => {
      webview.postMessage(message).then(undefined, (error: unknown) => log.error('The panel took no message', error));
    },
  });
  page.listen((message) => link.receive(message));
  return { link, subscription: page };
}
