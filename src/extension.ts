/**
 * The entry: registers the view and the commands, and loads everything else (host.js) when one of them is first used.
 * VS Code runs it when the view is opened or a command is called, and at no other time (L22).
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { CommandId } from './host/base/commandIds';
import { chatTabType, chatViewId, commandIds } from './host/base/commandIds';
import { localized, entryStrings as strings } from './host/base/entryStrings';
import { createLogChannel } from './host/base/log';
import { Once } from './host/base/once';
import { describeError } from './host/base/redact';
import { registerCodeActions } from './host/commands/codeActions';
import type { Composed } from './host/compose';
import { messageHtml } from './host/panel/chatHtml';
import { ChatPage } from './host/panel/webviewPage';
import type { LocalizableMessage } from './shared/chat';

/** Several turns of the event loop, ms. */
const handedOnMs = 20;

let composed: Composed | null = null;

/** Called by VS Code on first use: registers commands and views, and loads the rest when one of them is used. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = createLogChannel();

  // A failed start sets nothing up: the next one tries again.
  const start = new Once(async () => {
    const { compose } = await import('./host/compose');
    composed = await compose(context, channel);
    return composed;
  });
  const load = (): Promise<Composed> => start.get();

  const run = async (id: CommandId, args: readonly unknown[]): Promise<unknown> => {
    if (id === 'prelude.openLog') {
      // Works whatever else does not.
      channel.show();
      return undefined;
    }
    let loaded: Composed;
    try {
      loaded = await load();
    } catch (error) {
      showFailure(channel, error, () => run(id, args));
      return undefined;
    }
    return loaded.commands[id](...args);
  };

  /** The page loads while the host does. */
  const showPage = (
    webview: vscode.Webview,
    place: 'sidebar' | 'editor',
    connect: (loaded: Composed, page: ChatPage) => void,
  ): Promise<void> =>
    fill(webview, channel, async () => {
      const page = new ChatPage(webview, context.extensionUri, place);
      try {
        await handedOn();
        connect(await load(), page);
      } catch (error) {
        page.dispose();
        throw error;
      }
    });

  context.subscriptions.push(
    channel,
    registerCodeActions(),
    ...commandIds.map((id) => vscode.commands.registerCommand(id, (...args: unknown[]) => run(id, args))),
    vscode.window.registerWebviewPanelSerializer(chatTabType, {
      async deserializeWebviewPanel(panel, state) {
        await showPage(panel.webview, 'editor', ({ tabs }, page) => tabs.restore(panel, state, page));
      },
    }),
    vscode.window.registerWebviewViewProvider(chatViewId, {
      async resolveWebviewView(view) {
        await showPage(view.webview, 'sidebar', (loaded, page) => loaded.view.resolveWebviewView(view, page));
      },
    }),
  );
}

/** VS Code waits a few seconds for this: running answers are checkpointed and the store is closed. */
export async function deactivate(): Promise<void> {
  await composed?.dispose();
}

/**
 * What was set leaves for the window once the event loop of this process has turned a few times: it is packed beside
 * it. To load the host takes the loop for longer than that, and the page would wait for it.
 */
async function handedOn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, handedOnMs));
}

/** Fills a webview, or says in its place why not, with a button that tries again. */
async function fill(
  webview: vscode.Webview,
  channel: vscode.LogOutputChannel,
  show: () => Promise<void>,
): Promise<void> {
  try {
    await show();
  } catch (error) {
    channel.error(`Prelude could not start: ${describeError(error)}`);
    webview.options = { enableScripts: true, localResourceRoots: [] };
    const clicked = webview.onDidReceiveMessage((message: unknown) => {
      if (message !== 'retry') return;
      clicked.dispose();
      void fill(webview, channel, show);
    });
    webview.html = messageHtml({
      locale: vscode.env.language,
      title: strings.chatPage(),
      heading: strings.notStarted(),
      message: reasonOf(error),
      retry: { label: strings.retry(), nonce: randomBytes(16).toString('base64url') },
    });
  }
}

/** What a command set off has no place of its own. */
function showFailure(channel: vscode.LogOutputChannel, error: unknown, again: () => Promise<unknown>): void {
  channel.error(`Prelude could not start: ${describeError(error)}`);
  const openLog = strings.openLog();
  const retry = strings.retry();
  const message = strings.notStartedBecause(reasonOf(error));
  vscode.window.showErrorMessage(message, retry, openLog).then(
    (choice) => {
      if (choice === openLog) channel.show();
      return choice === retry ? again() : undefined;
    },
    (failure: unknown) => channel.error(describeError(failure)),
  );
}

function reasonOf(error: unknown): string {
  // What the store says is translated; its class is not loaded before the rest.
  if (error instanceof Error && 'said' in error) return localized(error.said as LocalizableMessage);
  return error instanceof Error ? error.message : String(error);
}
