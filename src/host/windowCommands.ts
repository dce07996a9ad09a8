/** Commands that keep a conversation within the model's window. */
import * as vscode from 'vscode';
import type { Log } from '../core/ports';
import type { CommandId } from './commandIds';
import type { CommandTable } from './commands';
import { parseIntent } from './intents';
import type { ChatSession } from './viewLink';

/** What these do with a conversation. */
export interface WindowSession {
  readonly isRunning: boolean;
  /** False when there is nothing to sum up, or when something runs. */
  compact(): boolean;
  chooseLeftOut(): Promise<void>;
}

export interface WindowCommandParts {
  /** The conversation of the chat tab that has the focus, else of the side bar. */
  readonly shown: () => Promise<WindowSession>;
  readonly find: (conversation: string) => Promise<ChatSession | null>;
  /** Shows the panel and leaves the focus where it is. */
  readonly reveal: () => Promise<void>;
  readonly log: Log;
}

type Ids = Extract<
  CommandId,
  'prelude.compact' | 'prelude.chooseLeftOut' | 'prelude.leaveOut' | 'prelude.leaveTurnOut' | 'prelude.takeBack'
>;

export function createWindowCommands(parts: WindowCommandParts): Pick<CommandTable, Ids> {
  return {
    'prelude.compact': async () => {
      await parts.reveal();
      const session = await parts.shown();
      const { isRunning } = session;
      if (session.compact()) return;
      const why = isRunning
        ? vscode.l10n.t('Wait until the answer has ended, or stop it: then the conversation can be compacted.')
        : vscode.l10n.t(
            'There is nothing to compact: no answer has come since the conversation began or was compacted.',
          );
      // Whoever closes it decides nothing.
      void vscode.window.showInformationMessage(why);
    },

    'prelude.chooseLeftOut': async () => (await parts.shown()).chooseLeftOut(),

    'prelude.leaveOut': (context) => leaveOut(parts, context, true),

    'prelude.leaveTurnOut': (context) => leaveOut(parts, context, true),

    'prelude.takeBack': (context) => leaveOut(parts, context, false),
  };
}

/** `context` is what the panel says of the thing that the menu was opened on. */
async function leaveOut({ find, log }: WindowCommandParts, context: unknown, out: boolean): Promise<void> {
  const { conversation, preludeTarget, entry, index } = (context ?? {}) as Readonly<Record<string, unknown>>;
  const intent = parseIntent({ type: 'leaveOut', conversation, target: { what: preludeTarget, entry, index }, out });
  const session = intent?.type === 'leaveOut' ? await find(intent.conversation) : null;
  if (intent === null || session === null) log.warn('The menu was opened on nothing that can be left out.');
  else session.handle(intent);
}
