/** What the views do with the list of conversations: in the list itself, in the view that asks, in editor tabs. */
import * as vscode from 'vscode';
import type { ConversationList } from './conversationList';
import type { ListActions } from './viewLink';

export interface ListActionParts {
  readonly list: ConversationList;
  readonly openTab: (conversation: string) => Promise<void>;
  /** Every place that shows it shows something else, or is closed. */
  readonly leave: (conversation: string) => Promise<void>;
}

export function createListActions({ list, openTab, leave }: ListActionParts): ListActions {
  return {
    onDidChange: (callback) => list.onDidChange(callback),

    async handle(intent, sessions, answer) {
      switch (intent.type) {
        case 'listConversations':
          answer(await list.page(intent, sessions.currentId));
          return;
        case 'openConversation':
          await sessions.open(intent.id);
          list.changed();
          return;
        case 'openInEditor':
          await openTab(intent.conversation);
          return;
        case 'renameConversation':
          await list.rename(intent.id, intent.title);
          return;
        case 'deleteConversation':
          await leave(intent.id);
          if (!(await list.delete(intent.id))) {
            list.changed();
            await vscode.window.showWarningMessage(
              vscode.l10n.t('Another window is asking in this conversation. Stop it there before you delete it.'),
            );
          }
          return;
        case 'undoDelete':
          await list.undoDelete(intent.id);
          return;
        case 'adoptConversations':
          await list.adopt(intent.key);
          return;
        case 'putBackConversations':
          await list.putBack(intent.key);
          return;
        case 'dismissOffer':
          await list.dismiss(intent.key);
          return;
        case 'showColumn':
          await list.showColumn(intent.shown);
          return;
      }
    },
  };
}
