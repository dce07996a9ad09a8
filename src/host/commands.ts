/** What each command of package.json does. */
import * as vscode from 'vscode';
import type { ChatView } from './chatView';
import type { CommandId } from './commandIds';
import type { Secrets } from './secrets';
import { refuseKey } from './secrets';
import type { ChatSession, ChatSessions } from './viewLink';

export type CommandTable = Readonly<Record<CommandId, (...args: readonly unknown[]) => Promise<unknown>>>;

export interface CommandParts {
  readonly extensionId: string;
  readonly channel: vscode.LogOutputChannel;
  readonly secrets: Secrets;
  readonly sessions: ChatSessions & { startNew(): Promise<ChatSession> };
  readonly view: () => ChatView;
}

/** The table of all commands; extension.ts registers each by its id. */
export function createCommands(parts: CommandParts): CommandTable {
  const { secrets, sessions } = parts;
  return {
    'prelude.newChat': async () => {
      await sessions.startNew();
      await parts.view().focus();
    },

    'prelude.focusChat': () => parts.view().focus(),

    'prelude.stop': async () => {
      const session = await sessions.current();
      session.handle({ type: 'stop', conversation: session.conversation });
    },

    // The argument is for tests and scripts; a person types into a box that hides what is typed.
    'prelude.setApiKey': async (given) => {
      const key = typeof given === 'string' ? checked(given) : await askForKey();
      if (key === null) return;
      await secrets.store(key);
      vscode.window.setStatusBarMessage(vscode.l10n.t('The API key is in VS Code’s secret storage.'), 5000);
    },

    'prelude.clearApiKey': async () => {
      await secrets.clear();
      vscode.window.setStatusBarMessage(vscode.l10n.t('The API key was removed from VS Code’s secret storage.'), 5000);
    },

    'prelude.openSettings': async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${parts.extensionId}`);
    },

    'prelude.openLog': async () => parts.channel.show(),
  };
}

function checked(given: string): string {
  const key = given.trim();
  const refusal = refuseKey(key);
  if (refusal !== null) throw new Error(vscode.l10n.t(refusal.text, ...(refusal.args ?? [])));
  return key;
}

/** null when the user left the box, or left it empty. */
async function askForKey(): Promise<string | null> {
  const given = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set API Key'),
    prompt: vscode.l10n.t(
      'Your Anthropic API key. It stays in VS Code’s secret storage; nothing is sent until you press Send.',
    ),
    placeHolder: 'sk-ant-…',
    password: true,
    ignoreFocusOut: true,
    validateInput(value) {
      // Nothing to complain about before anything is typed; Enter on nothing leaves the box.
      if (value.trim() === '') return undefined;
      const refusal = refuseKey(value.trim());
      return refusal === null ? undefined : vscode.l10n.t(refusal.text, ...(refusal.args ?? []));
    },
  });
  const key = given?.trim() ?? '';
  return key === '' ? null : key;
}
