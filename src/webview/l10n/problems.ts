/** What is said where something was asked for and was not done. */
import type { LocalizableMessage } from '../../shared/chat';
import type { IntentType } from '../../shared/intents';
import { localize, t } from './language';

/** "Couldn’t rename the conversation: the disk is full." */
export function problemText(type: IntentType, reason: LocalizableMessage): string {
  const what = Object.hasOwn(problems, type) ? problems[type] : undefined;
  const why = localize(reason);
  return what === undefined ? t('Couldn’t do this: {0}', why) : t('{0}: {1}', what(), why);
}

export const problems: Readonly<Partial<Record<IntentType, () => string>>> = {
  send: () => t('Couldn’t send the message'),
  stop: () => t('Couldn’t stop the answer'),
  restorePrompt: () => t('Couldn’t restore the prompt'),
  retry: () => t('Couldn’t ask again'),
  continue: () => t('Couldn’t continue'),
  retryNow: () => t('Couldn’t ask again'),
  leaveOut: () => t('Couldn’t change what is sent'),
  chooseLeftOut: () => t('Couldn’t change what is sent'),
  compact: () => t('Couldn’t compact the conversation'),
  draft: () => t('Couldn’t store what you typed'),
  removeChip: () => t('Couldn’t change the context'),
  includeFile: () => t('Couldn’t change the context'),
  onlyWhatIAdd: () => t('Couldn’t change the context'),
  countExactly: () => t('Couldn’t count the message'),
  inspectRequest: () => t('Couldn’t show the request'),
  unqueue: () => t('Couldn’t remove the message'),
  moveQueued: () => t('Couldn’t move the message'),
  editQueued: () => t('Couldn’t change the message'),
  sendQueuedNow: () => t('Couldn’t send the message'),
  editMessage: () => t('Couldn’t change the message'),
  attach: () => t('Couldn’t attach the file'),
  attachUrl: () => t('Couldn’t attach the image'),
  attachFile: () => t('Couldn’t attach the file'),
  detach: () => t('Couldn’t remove the attachment'),
  pickFiles: () => t('Couldn’t attach the file'),
  openFile: () => t('Couldn’t open the file'),
  openLink: () => t('Couldn’t open the link'),
  openText: () => t('Couldn’t open the text'),
  copy: () => t('Couldn’t copy'),
  insert: () => t('Couldn’t insert the code'),
  askModels: () => t('Couldn’t list the models'),
  setModel: () => t('Couldn’t set the model'),
  saveAsBranch: () => t('Couldn’t save the branch'),
  mend: () => t('Couldn’t ask again'),
  takeBackLimit: () => t('Couldn’t undo this'),
  setEffort: () => t('Couldn’t set the effort'),
  earlier: () => t('Couldn’t show earlier messages'),
  toolOutput: () => t('Couldn’t read the output'),
  loadBlob: () => t('Couldn’t read the image'),
  exportConversation: () => t('Couldn’t export the conversation'),
  usageConversation: () => t('Couldn’t open the conversation'),
  usageSettings: () => t('Couldn’t open the settings'),
  listConversations: () => t('Couldn’t list the conversations'),
  openConversation: () => t('Couldn’t open the conversation'),
  openInEditor: () => t('Couldn’t open the conversation'),
  renameConversation: () => t('Couldn’t rename the conversation'),
  deleteConversation: () => t('Couldn’t delete the conversation'),
  undoDelete: () => t('Couldn’t bring the conversation back'),
  adoptConversations: () => t('Couldn’t bring the conversations'),
  putBackConversations: () => t('Couldn’t put the conversations back'),
};
