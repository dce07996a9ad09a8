/** What the webviews have in common: their document, and the icon of those that are tabs. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { entryStrings as strings } from '../base/entryStrings';
import { chatHtml } from './chatHtml';

interface Page {
  /** File names in dist/webview. */
  readonly script: string;
  readonly style: string;
  readonly title: string;
  readonly place: 'sidebar' | 'editor';
  /** True for one with the chat's text box. */
  readonly isChat: boolean;
}

/** Loads the page. Its script speaks as soon as it runs: whoever listens to it does so before. */
export function fillPage(webview: vscode.Webview, extensionUri: vscode.Uri, page: Page): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [dist] };
  webview.html = chatHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
    script: uri(page.script),
    style: uri(page.style),
    locale: vscode.env.language,
    title: page.title,
    place: page.place,
    text: page.isChat ? { label: strings.composer(), placeholder: placeholder() } : null,
  });
}

function placeholder(): string {
  return vscode.workspace.name === undefined ? strings.askClaude() : strings.askAboutWorkspace();
}

/**
 * A chat page from the moment at which it begins to load: what it says is heard in order once somebody listens, so that
 * it loads while the rest of the host does.
 */
export class ChatPage implements vscode.Disposable {
  private said: unknown[] | null = [];
  private readonly heard: vscode.Disposable;
  private listener: ((message: unknown) => void) | null = null;

  constructor(webview: vscode.Webview, extensionUri: vscode.Uri, place: Page['place']) {
    this.heard = webview.onDidReceiveMessage((message: unknown) => {
      if (this.listener === null) this.said?.push(message);
      else this.listener(message);
    });
    fillPage(webview, extensionUri, {
      script: 'panel.js',
      style: 'panel.css',
      title: strings.chatPage(),
      place,
      isChat: true,
    });
  }

  /** What was said so far is heard first. */
  listen(listener: (message: unknown) => void): void {
    this.listener = listener;
    for (const message of this.said ?? []) listener(message);
    this.said = null;
  }

  /** Its document is gone, and with it whoever said something: the next one speaks for itself. */
  forget(): void {
    if (this.said !== null) this.said = [];
  }

  dispose(): void {
    this.heard.dispose();
  }
}

/** The icon of a tab in light and dark themes. */
export function tabIcon(extensionUri: vscode.Uri): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `icon-${theme}.svg`);
  return { light: icon('light'), dark: icon('dark') };
}
