/** What the views do with the list of conversations: in the list itself, in the view that asks, in editor tabs. */
import { UnopenedError } from '../panel/unopened';
import type { ListActions } from '../panel/viewLink';
import type { ConversationList } from './conversationList';

interface ListActionParts {
  readonly list: ConversationList;
  readonly openTab: (conversation: string) => Promise<void>;
  /** Every place that shows it shows something else, or is closed. */
  readonly leave: (conversation: string) => Promise<void>;
}

/** The handlers of the list's intents, for each view. */
export function createListActions({ list, openTab, leave }: ListActionParts): ListActions {
  return {
    onDidChange: (callback) => list.onDidChange(callback),

    handlers: (sessions) => ({
      listConversations: (request) => list.page(request, sessions.currentId),
      ownPrompts: () => list.ownPrompts(),
      openConversation: async ({ id }) => {
        try {
          await sessions.open(id);
        } catch (error) {
          // It is said in its place.
          if (!(error instanceof UnopenedError)) throw error;
        } finally {
          list.changed();
        }
      },
      openInEditor: ({ id }) => openTab(id),
      renameConversation: ({ id, title }) => list.rename(id, title),
      deleteConversation: ({ id }) => list.delete(id, () => leave(id)),
      undoDelete: ({ id }) => list.undoDelete(id),
      deleteForever: ({ id }) => list.deleteForever(id),
      adoptConversations: ({ key }) => list.adopt(key),
      putBackConversations: ({ key }) => list.putBack(key),
      dismissOffer: ({ key }) => list.dismiss(key),
      showColumn: ({ shown }) => list.showColumn(shown),
    }),
  };
}
