/** The commands that package.json contributes; a test holds the two lists together. Imports nothing: it is part of
 * the thin entry. */
export const commandIds = [
  'prelude.newChat',
  'prelude.focusChat',
  'prelude.focusEditor',
  'prelude.explainSelection',
  'prelude.explainSelectionInNewChat',
  'prelude.fixSelection',
  'prelude.addSelection',
  'prelude.addCell',
  'prelude.addFile',
  'prelude.addTerminalOutput',
  'prelude.writeCommitMessage',
  'prelude.copyChat',
  'prelude.exportChat',
  'prelude.exportAllChats',
  'prelude.conversations',
  'prelude.renameChat',
  'prelude.openInEditor',
  'prelude.newChatInTab',
  'prelude.conversationsInTab',
  'prelude.compact',
  'prelude.compactInView',
  'prelude.chooseLeftOut',
  'prelude.chooseLeftOutInView',
  'prelude.chooseTools',
  'prelude.leaveOut',
  'prelude.leaveTurnOut',
  'prelude.takeBack',
  'prelude.regenerate',
  'prelude.regenerateWith',
  'prelude.fork',
  'prelude.insertCode',
  'prelude.applyCode',
  'prelude.newFileFromCode',
  'prelude.insertInTerminal',
  'prelude.showAddressLimits',
  'prelude.inspectRequest',
  'prelude.inspectRequestInView',
  'prelude.stop',
  'prelude.review',
  'prelude.goToTurn',
  'prelude.previousTurn',
  'prelude.nextTurn',
  'prelude.findInChat',
  'prelude.findNext',
  'prelude.findPrevious',
  'prelude.backToReview',
  'prelude.managePermissions',
  'prelude.showUsage',
  'prelude.setApiKey',
  'prelude.clearApiKey',
  'prelude.openSettings',
  'prelude.openLog',
] as const;

/** The id of a command of Prelude's. */
export type CommandId = (typeof commandIds)[number];

/** The webview view, as package.json names it. VS Code derives `prelude.chat.focus` from it. */
export const chatViewId = 'prelude.chat';

/** The type of the chat's editor tabs, as the activation event and the menus name it. */
export const chatTabType = 'prelude.chatTab';

/** The type of the usage view's editor tab. */
export const usageTabType = 'prelude.usage';

/** What each command does. */
export type CommandTable = Readonly<Record<CommandId, (...args: readonly unknown[]) => Promise<unknown>>>;
