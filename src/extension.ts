/**
 * The entry: registers the view and the commands, and loads everything else (host.js) when one of them is first used.
 * VS Code runs it when the view is opened or a command is called, and at no other time (L22).
 */
import * as vscode from 'vscode';
import { messageHtml } from './host/chatHtml';
import { registerCodeActions } from './host/codeActions';
import type { CommandId } from './host/commandIds';
import { chatTabType, chatViewId, commandIds } from './host/commandIds';
import type { Composition } from './host/compose';
import { createLogChannel } from './host/log';
import { describeError } from './host/redact';

let loaded: Promise<Composition> | null = null;

export function activate(context: vscode.ExtensionContext): void {
  const channel = createLogChannel();

  const load = (): Promise<Composition> => {
    // A failed start is kept: half of it may have been set up, and only a reload clears that.
    loaded ??= import('./host/compose').then(({ compose }) => compose(context, channel));
    return loaded;
  };

  const run = async (id: CommandId, args: readonly unknown[]): Promise<unknown> => {
    if (id === 'prelude.openLog') {
      // Works whatever else does not.
      channel.show();
      return undefined;
    }
    let composition: Composition;
    try {
      composition = await load();
    } catch (error) {
      showFailure(channel, error);
      return undefined;
    }
    return composition.commands[id](...args);
  };

  context.subscriptions.push(
    channel,
    registerCodeActions(),
    ...commandIds.map((id) => vscode.commands.registerCommand(id, (...args: unknown[]) => run(id, args))),
    vscode.window.registerWebviewPanelSerializer(chatTabType, {
      async deserializeWebviewPanel(panel, state) {
        try {
          await (await load()).tabs.deserializeWebviewPanel(panel, state);
        } catch (error) {
          panel.webview.html = messageHtml(vscode.l10n.t('Prelude could not start.'), reasonOf(error));
          showFailure(channel, error);
        }
      },
    }),
    vscode.window.registerWebviewViewProvider(chatViewId, {
      async resolveWebviewView(view) {
        try {
          (await load()).view.resolveWebviewView(view);
        } catch (error) {
          view.webview.html = messageHtml(vscode.l10n.t('Prelude could not start.'), reasonOf(error));
          showFailure(channel, error);
        }
      },
    }),
  );
}

/** VS Code waits a few seconds for this: running answers are checkpointed and the store is closed. */
export async function deactivate(): Promise<void> {
  const composition = await loaded?.catch(() => null);
  await composition?.dispose();
}

function showFailure(channel: vscode.LogOutputChannel, error: unknown): void {
  channel.error(`Prelude could not start: ${describeError(error)}`);
  const openLog = vscode.l10n.t('Open Log');
  const reload = vscode.l10n.t('Reload Window');
  const message = vscode.l10n.t('Prelude could not start: {0}', reasonOf(error));
  vscode.window.showErrorMessage(message, openLog, reload).then(
    (choice) => {
      if (choice === openLog) channel.show();
      return choice === reload ? vscode.commands.executeCommand('workbench.action.reloadWindow') : undefined;
    },
    (failure: unknown) => channel.error(describeError(failure)),
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
