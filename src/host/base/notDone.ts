/** What is said where a view asked for something and it was not done. */
import type { LocalizableMessage } from '../../shared/chat';
import type { Intent, IntentType } from '../../shared/intents';
import { phrase } from '../../shared/phrase';

/** "Couldn’t rename the conversation: the disk is full." */
export function notDone<K extends IntentType>(intent: Intent<K>, reason: LocalizableMessage): LocalizableMessage {
  const problem: (of: Intent<K>) => LocalizableMessage = problems[intent.type];
  return phrase('{0}: {1}', problem(intent), reason);
}

// What is said of several stands here once.
const context = (): LocalizableMessage => phrase('Couldn’t change the context');
const opening = (): LocalizableMessage => phrase('Couldn’t open the conversation');
const file = (): LocalizableMessage => phrase('Couldn’t attach the file');
const again = (): LocalizableMessage => phrase('Couldn’t ask again');
const code = (): LocalizableMessage => phrase('Couldn’t apply the code');
const compact = (): LocalizableMessage => phrase('Couldn’t compact the conversation');
const panel = (): LocalizableMessage => phrase('Couldn’t update the panel');

const draft = (): LocalizableMessage => phrase('Couldn’t store what you typed');

/** What was not done, by intent: the first half of the sentence, the reason is the second. */
const problems: { readonly [K in IntentType]: (intent: Intent<K>) => LocalizableMessage } = {
  ready: () => phrase('Couldn’t load the panel'),
  reopen: opening,
  do: () => phrase('Couldn’t run the command'),
  focused: panel,
  viewFailed: () => phrase('Couldn’t log the failure'),
  resync: panel,
  send: () => phrase('Couldn’t send the message'),
  stop: () => phrase('Couldn’t stop the answer'),
  restorePrompt: () => phrase('Couldn’t restore the prompt'),
  retry: again,
  continue: () => phrase('Couldn’t continue'),
  approve: () => phrase('Couldn’t approve this'),
  deny: () => phrase('Couldn’t deny this'),
  stopCall: () => phrase('Couldn’t stop this'),
  setReview: () => phrase('Couldn’t change how edits are reviewed'),
  editHunks: () => phrase('Couldn’t load the changes'),
  decideEdits: ({ keep }) => (keep ? phrase('Couldn’t keep this') : phrase('Couldn’t undo this')),
  reviewChanges: () => phrase('Couldn’t open the changes'),
  applyBlock: code,
  moveBlock: code,
  answerBlock: code,
  openProposed: () => phrase('Couldn’t open the changes'),
  retryNow: again,
  exclude: context,
  startServer: () => phrase('Couldn’t start the server'),
  chooseTools: () => phrase('Couldn’t change the tools'),
  manageExcluded: context,
  compact,
  compactByOwn: compact,
  draft,
  keepEdit: draft,
  removeChip: context,
  includeFile: context,
  onlyWhatIAdd: context,
  countExactly: () => phrase('Couldn’t count the message'),
  inspectRequest: () => phrase('Couldn’t show the request'),
  askThere: () => phrase('Couldn’t ask in the other chat'),
  unqueue: () => phrase('Couldn’t remove the message'),
  moveQueued: () => phrase('Couldn’t move the message'),
  editQueued: () => phrase('Couldn’t change the message'),
  sendQueuedNow: () => phrase('Couldn’t send the message'),
  editMessage: () => phrase('Couldn’t change the message'),
  attach: file,
  attachToEdit: file,
  dropFromEdit: () => phrase('Couldn’t remove the attachment'),
  attachPasted: () => phrase('Couldn’t attach the pasted text'),
  pastedText: () => phrase('Couldn’t insert the text'),
  attachUrl: () => phrase('Couldn’t attach the image'),
  attachFile: file,
  detach: () => phrase('Couldn’t remove the attachment'),
  addOutput: () => phrase('Couldn’t add the output'),
  dismissOutput: () => phrase('Couldn’t remove the output'),
  mentions: () => phrase('Couldn’t look for files'),
  mention: () => phrase('Couldn’t add what you mentioned'),
  unmention: context,
  pickFiles: file,
  openFile: () => phrase('Couldn’t open the file'),
  openSource: () => phrase('Couldn’t open the document'),
  linkable: () => phrase('Couldn’t look for files and symbols'),
  openSymbol: () => phrase('Couldn’t open the symbol'),
  openLink: () => phrase('Couldn’t open the link'),
  openText: () => phrase('Couldn’t open the text'),
  copy: () => phrase('Couldn’t copy'),
  insert: () => phrase('Couldn’t insert the code'),
  newFile: () => phrase('Couldn’t open a new file'),
  insertInTerminal: () => phrase('Couldn’t insert in the terminal'),
  promptFiles: () => phrase('Couldn’t list the prompt files'),
  promptText: () => phrase('Couldn’t read the prompt'),
  askModels: () => phrase('Couldn’t list the models'),
  setModel: () => phrase('Couldn’t set the model'),
  regenerate: again,
  fork: () => phrase('Couldn’t fork the conversation'),
  walk: () => phrase('Couldn’t show the other branch'),
  saveAsBranch: () => phrase('Couldn’t save the branch'),
  mend: again,
  takeBackLimit: () => phrase('Couldn’t undo this'),
  setEffort: () => phrase('Couldn’t set the effort'),
  earlier: () => phrase('Couldn’t show earlier messages'),
  find: () => phrase('Couldn’t search the chat'),
  toolOutput: () => phrase('Couldn’t read the output'),
  loadBlob: () => phrase('Couldn’t read the image'),
  exportConversation: () => phrase('Couldn’t export the conversation'),
  usageEnvironment: () => phrase('Couldn’t load usage data'),
  usageReport: () => phrase('Couldn’t load usage data'),
  usageConversation: opening,
  usageSettings: () => phrase('Couldn’t open the settings'),
  listConversations: () => phrase('Couldn’t list the conversations'),
  ownPrompts: () => phrase('Couldn’t list your prompts'),
  openConversation: opening,
  openInEditor: opening,
  renameConversation: () => phrase('Couldn’t rename the conversation'),
  deleteConversation: () => phrase('Couldn’t delete the conversation'),
  deleteForever: () => phrase('Couldn’t delete the conversation'),
  undoDelete: () => phrase('Couldn’t bring the conversation back'),
  adoptConversations: () => phrase('Couldn’t bring the conversations'),
  putBackConversations: () => phrase('Couldn’t put the conversations back'),
  dismissOffer: () => phrase('Couldn’t hide the offer'),
  showColumn: () => phrase('Couldn’t show or hide the list'),
};
