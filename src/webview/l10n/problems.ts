/** What is said where something was asked for and was not done. */
import type { LocalizableMessage } from '../../shared/chat';
import type { IntentType } from '../../shared/intents';
import { localize, t } from './language';

/** "Couldn’t rename the conversation: the disk is full." */
export function problemText(type: IntentType, reason: LocalizableMessage): string {
  return t('{0}: {1}', problems[type](), localize(reason));
}

// What is said of several stands here once.
const context = (): string => t('Couldn’t change the context');
const opening = (): string => t('Couldn’t open the conversation');
const file = (): string => t('Couldn’t attach the file');
const again = (): string => t('Couldn’t ask again');
const code = (): string => t('Couldn’t apply the code');
const compact = (): string => t('Couldn’t compact the conversation');
const panel = (): string => t('Couldn’t update the panel');

const draft = (): string => t('Couldn’t store what you typed');

/** What was not done, by intent: the first half of the sentence, the reason is the second. */
export const problems: Readonly<Record<IntentType, () => string>> = {
  ready: () => t('Couldn’t load the panel'),
  reopen: opening,
  do: () => t('Couldn’t run the command'),
  focused: panel,
  viewFailed: () => t('Couldn’t log the failure'),
  resync: panel,
  send: () => t('Couldn’t send the message'),
  stop: () => t('Couldn’t stop the answer'),
  restorePrompt: () => t('Couldn’t restore the prompt'),
  retry: again,
  continue: () => t('Couldn’t continue'),
  approve: () => t('Couldn’t approve this'),
  deny: () => t('Couldn’t deny this'),
  stopCall: () => t('Couldn’t stop this'),
  setReview: () => t('Couldn’t change how edits are reviewed'),
  editHunks: () => t('Couldn’t load the changes'),
  decideEdits: () => t('Couldn’t change the file'),
  reviewChanges: () => t('Couldn’t open the changes'),
  applyBlock: code,
  moveBlock: code,
  answerBlock: code,
  openProposed: () => t('Couldn’t open the changes'),
  retryNow: again,
  exclude: context,
  startServer: () => t('Couldn’t start the server'),
  chooseTools: () => t('Couldn’t change the tools'),
  manageExcluded: context,
  compact,
  compactByOwn: compact,
  draft,
  keepEdit: draft,
  removeChip: context,
  includeFile: context,
  onlyWhatIAdd: context,
  countExactly: () => t('Couldn’t count the message'),
  inspectRequest: () => t('Couldn’t show the request'),
  askThere: () => t('Couldn’t ask in the other chat'),
  unqueue: () => t('Couldn’t remove the message'),
  moveQueued: () => t('Couldn’t move the message'),
  editQueued: () => t('Couldn’t change the message'),
  sendQueuedNow: () => t('Couldn’t send the message'),
  editMessage: () => t('Couldn’t change the message'),
  attach: file,
  attachToEdit: file,
  dropFromEdit: () => t('Couldn’t remove the attachment'),
  attachPasted: () => t('Couldn’t attach the pasted text'),
  pastedText: () => t('Couldn’t insert the text'),
  attachUrl: () => t('Couldn’t attach the image'),
  attachFile: file,
  detach: () => t('Couldn’t remove the attachment'),
  addOutput: () => t('Couldn’t add the output'),
  dismissOutput: () => t('Couldn’t remove the output'),
  mentions: () => t('Couldn’t look for files'),
  mention: () => t('Couldn’t add what you mentioned'),
  unmention: context,
  pickFiles: file,
  openFile: () => t('Couldn’t open the file'),
  openSource: () => t('Couldn’t open the document'),
  linkable: () => t('Couldn’t look for files and symbols'),
  openSymbol: () => t('Couldn’t open the symbol'),
  openLink: () => t('Couldn’t open the link'),
  openText: () => t('Couldn’t open the text'),
  copy: () => t('Couldn’t copy'),
  insert: () => t('Couldn’t insert the code'),
  newFile: () => t('Couldn’t open a new file'),
  insertInTerminal: () => t('Couldn’t insert in the terminal'),
  promptFiles: () => t('Couldn’t list the prompt files'),
  promptText: () => t('Couldn’t read the prompt'),
  askModels: () => t('Couldn’t list the models'),
  setModel: () => t('Couldn’t set the model'),
  regenerate: again,
  fork: () => t('Couldn’t fork the conversation'),
  walk: () => t('Couldn’t show the other branch'),
  saveAsBranch: () => t('Couldn’t save the branch'),
  mend: again,
  takeBackLimit: () => t('Couldn’t undo this'),
  setEffort: () => t('Couldn’t set the effort'),
  earlier: () => t('Couldn’t show earlier messages'),
  find: () => t('Couldn’t search the chat'),
  toolOutput: () => t('Couldn’t read the output'),
  loadBlob: () => t('Couldn’t read the image'),
  exportConversation: () => t('Couldn’t export the conversation'),
  usageEnvironment: () => t('Couldn’t load usage data'),
  usageReport: () => t('Couldn’t load usage data'),
  usageConversation: opening,
  usageSettings: () => t('Couldn’t open the settings'),
  listConversations: () => t('Couldn’t list the conversations'),
  ownPrompts: () => t('Couldn’t list your prompts'),
  openConversation: opening,
  openInEditor: opening,
  renameConversation: () => t('Couldn’t rename the conversation'),
  deleteConversation: () => t('Couldn’t delete the conversation'),
  deleteForever: () => t('Couldn’t delete the conversation'),
  undoDelete: () => t('Couldn’t bring the conversation back'),
  adoptConversations: () => t('Couldn’t bring the conversations'),
  putBackConversations: () => t('Couldn’t put the conversations back'),
  dismissOffer: () => t('Couldn’t hide the offer'),
  showColumn: () => t('Couldn’t show or hide the list'),
};
