/** The marks of this window: what VS Code says of its focus, and what is told while it has none. Nothing is approved by that. */
import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports';
import type { Store } from '../../core/record/store';
import { systemClock } from '../base/clock';
import { messages } from '../base/messages';
import { describeError } from '../base/redact';
import { localized, strings } from '../base/strings';
import type { ChatTabs } from '../panel/chatTabs';
import type { ChatView } from '../panel/chatView';
import type { ConversationList } from './conversationList';
import { Marks, type Noteworthy } from './marks';
import type { SideBarChat } from './sideBarChat';

interface WindowMarksParts {
  readonly store: Store;
  readonly conversations: SideBarChat;
  readonly list: ConversationList;
  readonly view: () => ChatView;
  readonly tabs: () => ChatTabs;
  readonly isAlive: (owner: string) => boolean;
  readonly log: Log;
}

/** Marks that follow the window's focus and the list; `dispose` ends that. */
export function createWindowMarks({ store, conversations, list, view, tabs, isAlive, log }: WindowMarksParts): Marks {
  const ends: (() => void)[] = [];
  const marks = new Marks({
    store,
    chats: conversations.chats,
    log,
    clock: systemClock,
    isAlive,
    workspaces: () => list.workspaces(),
    isFocused: () => vscode.window.state.focused,
    notify,
    show: async (id) => {
      if (tabs().review({ conversation: id, answer: null })) return;
      await conversations.open(id);
      await view().review();
    },
    say: (message) => void messages.warn(localized(message)),
    changed: () => list.changed(),
    ended: () => {
      for (const end of ends) end();
    },
  });
  const recount = (): void => {
    marks.refresh().catch((error: unknown) => log.warn(`What waits was not counted: ${describeError(error)}`));
  };
  const focus = vscode.window.onDidChangeWindowState(() => marks.focusChanged());
  ends.push(list.onDidChange(recount), () => focus.dispose());
  recount();
  return marks;
}

/** Resolves to whether the user wants to see it; false where the setting is off. */
async function notify(what: Noteworthy, title: string): Promise<boolean> {
  if (!vscode.workspace.getConfiguration('prelude').get('notifications', true)) return false;
  const show = strings.show();
  const said = strings.notified[what](title === '' ? strings.untitled() : title);
  return (await messages.info(said, show)) === show;
}
