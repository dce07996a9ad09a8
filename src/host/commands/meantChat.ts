/** Which chat a command means: that of the menu it was called from, else the one that was used last. */
import * as vscode from 'vscode';
import { chatTabType, chatViewId } from '../base/commandIds';
import type { ChatTabs } from '../panel/chatTabs';
import type { ChatView } from '../panel/chatView';

/** What a menu of the chat view says. That of its title says nothing: it has commands of its own, which say this. */
export const inView = { webview: chatViewId };

interface Places {
  readonly view: Pick<ChatView, 'isUsed'>;
  readonly tabs: Pick<ChatTabs, 'active'>;
}

/**
 * The tab that is meant; null for the chat view. `context` is what VS Code gave the command: a menu in a webview says in
 * which kind, that of an editor's title what is in the editor, and keys and the palette nothing.
 */
export function meantTab(context: unknown, { view, tabs }: Places): ChatTabs['active'] {
  const { webview } = (context ?? {}) as { readonly webview?: unknown };
  const isInTab = webview === chatTabType || context instanceof vscode.Uri;
  const isInView = webview === chatViewId || (view.isUsed && !isInTab);
  return isInView ? null : tabs.active;
}
