/** What the extension host says through VS Code's own parts: messages, pickers, tabs, documents. */
import * as vscode from 'vscode';
import type { ToolProblem } from '../../core/tools/others/adopt';
import { entryStrings } from './entryStrings';

export { localized } from './entryStrings';

/** What is said through VS Code's own parts, translated when it is called. */
export const strings = {
  ...entryStrings,
  openSettings: () => vscode.l10n.t('Open Settings'),
  openBilling: () => vscode.l10n.t('Open Billing'),

  usageTab: () => vscode.l10n.t('Prelude Usage'),
  applyTitle: () => vscode.l10n.t('Apply to File'),
  applyPlaceholder: () => vscode.l10n.t('Select the file that the code belongs to'),
  definitionsOf: (name: string) => vscode.l10n.t('Definitions of {0}', name),
  filesNamed: (name: string) => vscode.l10n.t('Files named {0}', name),
  goToTurn: () => vscode.l10n.t('Go to Turn'),
  regenerateWith: () => vscode.l10n.t('Regenerate with Another Model or Effort'),
  selectModel: () => vscode.l10n.t('Select a model'),
  selectEffort: () => vscode.l10n.t('Select an effort'),
  effort: (level: string): string =>
    ({
      low: vscode.l10n.t('Low'),
      medium: vscode.l10n.t('Medium'),
      high: vscode.l10n.t('High'),
      xhigh: vscode.l10n.t('Extra high'),
      max: vscode.l10n.t('Max'),
    })[level] ?? level,
  selectMessage: () => vscode.l10n.t('Select one of your messages'),
  noMessages: () => vscode.l10n.t('There are no messages in this conversation yet.'),
  untitled: () => vscode.l10n.t('New chat'),

  keptDamaged: (file: string) =>
    vscode.l10n.t(
      'The damaged file with your conversations is kept as {0}. Couldn’t read it, so new conversations are stored in a new file.',
      file,
    ),
  showFile: () => vscode.l10n.t('Show File'),
  storeVanished: (file: string) =>
    vscode.l10n.t(
      'Prelude’s conversations are gone: there was a database at {0}, and it is missing or empty. New conversations are stored in a new one.',
      file,
    ),
  waitingForWindow: () => vscode.l10n.t('Waiting for another window to finish before opening the conversations.'),

  limitsTitle: (host: string) => vscode.l10n.t('Not Sent to {0}', host),
  limitsPlaceholder: () => vscode.l10n.t('Select what to send again'),

  nothingToExclude: () => vscode.l10n.t('There is nothing to exclude in this conversation.'),
  tokens: (count: string) => vscode.l10n.t('{0} tokens', count),
  excludeTitle: (model: string) => vscode.l10n.t('Exclude from Context for {0}', model),
  excludeAsksAgain: () => vscode.l10n.t('Checked items are excluded, and the question is sent again'),
  excludeRewrites: () => vscode.l10n.t('Checked items are excluded; the prompt cache is rewritten from there on'),

  noOtherTools: () => vscode.l10n.t('There are no tools of MCP servers or other extensions.'),
  toolsRestricted: () =>
    vscode.l10n.t('Tools of MCP servers and other extensions aren’t available in Restricted Mode.'),
  manageTrust: () => vscode.l10n.t('Manage Workspace Trust'),
  showServers: () => vscode.l10n.t('Show MCP Servers'),
  toolsTitle: (count: number, price: string) =>
    count === 1
      ? vscode.l10n.t('1 tool: {0} per request', price)
      : vscode.l10n.t('{0} tools: {1} per request', count, price),
  toolsPlaceholder: () => vscode.l10n.t('Select the tools to offer in this conversation and new ones'),
  toolsRewrite: (price: string) => vscode.l10n.t('Changing tools rewrites the prompt cache: {0}', price),
  beside: (name: string, fact: string) => vscode.l10n.t('{0} · {1}', name, fact),
  /** null: a call costs its tokens alone. */
  perThousand: (usd: string | null) =>
    usd === null ? vscode.l10n.t('no extra charge') : vscode.l10n.t('{0} per 1,000 searches', usd),
  webConsent: (tool: string, usd: string | null) =>
    usd === null
      ? vscode.l10n.t('Let Claude use {0}?', tool)
      : vscode.l10n.t('Let Claude use {0}, at {1} per 1,000 searches?', tool, usd),
  webConsentDetail: () => vscode.l10n.t('Claude chooses what is sent, which may include what it has read here'),
  webSpan: (span: 'once' | 'conversation' | 'workspace') => {
    if (span === 'once') return vscode.l10n.t('Allow Once');
    return span === 'conversation'
      ? vscode.l10n.t('Allow for This Conversation')
      : vscode.l10n.t('Allow in This Workspace');
  },
  webSpanNote: (span: 'once' | 'conversation' | 'workspace') => {
    if (span === 'once') return vscode.l10n.t('for this message');
    return span === 'conversation'
      ? vscode.l10n.t('until this window closes, up to 12 hours')
      : vscode.l10n.t('until you clear it in Manage Tool Permissions');
  },
  webDeny: () => vscode.l10n.t('Don’t Allow'),
  webDenyNote: () => vscode.l10n.t('send without it'),
  toolsOfSource: (count: number, price: string) =>
    count === 1 ? vscode.l10n.t('1 tool · {0}', price) : vscode.l10n.t('{0} tools · {1}', count, price),
  toolSince: (since: 'gone' | 'changed') =>
    since === 'gone' ? vscode.l10n.t('not running') : vscode.l10n.t('changed since it was chosen'),
  notWithModel: (model: string) => vscode.l10n.t('not available with {0}', model),
  toolProblem: (problem: ToolProblem) => {
    switch (problem) {
      case 'notAnObject':
        return vscode.l10n.t('can’t be used: its input isn’t an object');
      case 'propertyNames':
        return vscode.l10n.t('can’t be used: the API doesn’t support the names of its fields');
      case 'tooLong':
        return vscode.l10n.t('can’t be used: the description of its input is too long');
      case 'tooDeep':
        return vscode.l10n.t('can’t be used: the description of its input is nested too deeply');
    }
  },

  attach: () => vscode.l10n.t('Attach'),
  attachTitle: () => vscode.l10n.t('Attach images, PDF or text files'),
  allAttachable: () => vscode.l10n.t('Images, PDF and text'),
  images: () => vscode.l10n.t('Images'),
  pdf: () => vscode.l10n.t('PDF'),
  isFolder: () => vscode.l10n.t('it is a folder'),
  isTooLarge: () => vscode.l10n.t('it is larger than the 22 MB that a request takes'),
  isNoPlainFile: () => vscode.l10n.t('it is not a plain file'),

  useFoundKey: (lastFour: string) => vscode.l10n.t('Use key …{0} from the environment', lastFour),
  setKeyTitle: () => vscode.l10n.t('Set API Key'),
  setKeyPrompt: () =>
    vscode.l10n.t('Your Anthropic API key. It is checked with the API and stays in VS Code’s secret storage.'),
  storeAnyway: () => vscode.l10n.t('Store Anyway'),
  keyStored: () => vscode.l10n.t('API key saved in VS Code’s secret storage.'),
  keyRemoved: () => vscode.l10n.t('API key removed from VS Code’s secret storage.'),

  needYou: (count: number) =>
    count === 1 ? vscode.l10n.t('1 item needs your attention') : vscode.l10n.t('{0} items need your attention', count),
  notified: {
    unread: (title: string) => vscode.l10n.t('Claude answered in “{0}”.', title),
    needsYou: (title: string) => vscode.l10n.t('Claude couldn’t finish in “{0}”.', title),
    asks: (title: string) => vscode.l10n.t('Claude needs your approval in “{0}”.', title),
  },
  show: () => vscode.l10n.t('Show'),
  permissionsTitle: () => vscode.l10n.t('Tool Permissions'),
  permissionsHint: () => vscode.l10n.t('Clear a permission to revoke it.'),
  noPermissions: () => vscode.l10n.t('No tool has a permission in this workspace or its conversations.'),
  inWorkspace: () => vscode.l10n.t('Allow in This Workspace'),
  inConversations: () => vscode.l10n.t('In Conversations, until This Window Closes'),
  unknownPermission: () => vscode.l10n.t('A permission that can’t be read'),
  mayRead: (path: string) => vscode.l10n.t('Read {0}', path),
  mayRun: (tool: string) => vscode.l10n.t('Run {0}', tool),
  maySearchWeb: () => vscode.l10n.t('Search the web'),
  whyAsked: (why: string) => {
    if (why === 'ignored') return vscode.l10n.t('ignored');
    if (why === 'secret') return vscode.l10n.t('may contain secrets');
    return why === 'outside' ? vscode.l10n.t('outside the workspace') : vscode.l10n.t('too large to check for secrets');
  },

  textMissing: () => vscode.l10n.t('This text is no longer stored.'),
  nextRequest: () => vscode.l10n.t('Next request'),
  reviewTitle: () => vscode.l10n.t('Changes by Claude'),
  proposedTitle: (name: string) => vscode.l10n.t('{0} (Proposed by Claude)', name),
  versionGone: () => vscode.l10n.t('Couldn’t find the earlier version of this file.'),
  inspectAgain: () => vscode.l10n.t('Run “Prelude: Inspect Request” again to see the next request.'),

  exportTitle: () => vscode.l10n.t('Export'),
  exportMarkdown: () => vscode.l10n.t('Messages, answers and attached texts, to read'),
  exportJson: () => vscode.l10n.t('Every entry as it is stored, on all branches, with attachments'),
  exportHere: () => vscode.l10n.t('Export Here'),
  exportFolder: () => vscode.l10n.t('Prelude chats'),
  exporting: () => vscode.l10n.t('Exporting…'),
  exported: (name: string) => vscode.l10n.t('Exported to “{0}”.', name),
  exportedInPart: (name: string, unread: string) =>
    vscode.l10n.t('Exported to “{0}”, except for what couldn’t be read: {1}', name, unread),
  moreUnread: () => vscode.l10n.t('more conversations'),
  nothingToCopy: () => vscode.l10n.t('This chat is empty. There is nothing to copy.'),
  chatCopied: () => vscode.l10n.t('Chat copied as Markdown.'),
  cell: (cell: string) => vscode.l10n.t('cell {0}', cell),
  explain: (place: string) => vscode.l10n.t('Explain {0}.', place),
  fix: (place: string) => vscode.l10n.t('Find what is wrong in {0} and show the fix.', place),
  fixInFile: (place: string) => vscode.l10n.t('Find what is wrong in {0} and fix it in the file.', place),
  tests: (place: string) => vscode.l10n.t('Write tests for {0} in the style of this project’s tests.', place),
  commit: () =>
    vscode.l10n.t(
      'Look at what is staged, or else at what has changed, and write a commit message for it in a code block.',
    ),
  keptInActivityBar: () =>
    vscode.l10n.t('The chat stays in the activity bar. Its place is in the secondary side bar now.'),
  moveToSecondarySideBar: () => vscode.l10n.t('Move to Secondary Side Bar'),
  noRepository: () => vscode.l10n.t('There is no Git repository here.'),
  nothingToCommit: () => vscode.l10n.t('There are no changes to commit.'),
  messageChanged: () => vscode.l10n.t('The commit message was changed while Claude wrote one.'),
  replaceMessage: () => vscode.l10n.t('Replace'),
  editorReports: () => vscode.l10n.t('The editor reports there:'),
  mayHoldSecrets: (file: string) =>
    vscode.l10n.t('{0} may hold secrets (keys, tokens, passwords), so it is not sent.', file),
  notAdded: (file: string) =>
    vscode.l10n.t('Couldn’t add {0}. Only text files up to 1 MB without secrets can be added.', file),
  noEditor: () => vscode.l10n.t('Open a file first, or select code in one.'),
  nothingSelected: () => vscode.l10n.t('Select some code first.'),
  isEmpty: (name: string) => vscode.l10n.t('{0} is empty.', name),
  secretSelected: () => vscode.l10n.t('This may hold secrets (keys, tokens, passwords), so nothing was sent.'),
} as const;

/** What a document is that is no plain file of the workspace, on its chip. */
export const documentStrings = {
  index: () => vscode.l10n.t('Index'),
  output: (channel: string) => vscode.l10n.t('Output: {0}', channel),
  search: () => vscode.l10n.t('Search Results'),
  outside: (name: string) => vscode.l10n.t('{0} (outside the workspace)', name),
  userSettings: (name: string) => vscode.l10n.t('{0} (VS Code settings)', name),
  saved: (name: string) => vscode.l10n.t('{0} (saved)', name),
} as const;
