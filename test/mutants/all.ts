import { beginningMutants } from './beginning';
import { branchesMutants } from './branches';
import { chatsMutants } from './chats';
import { chipsMutants } from './chips';
import { codeBlocksMutants } from './codeBlocks';
import { consentMutants } from './consent';
import { editTextsMutants } from './editTexts';
import { editViewsMutants } from './editViews';
import { failuresMutants } from './failures';
import { editMutants } from './files/edits';
import { readingMutants } from './files/reading';
import { reviewedMutants } from './files/reviewed';
import { findingMutants } from './finding';
import { historyMutants } from './history';
import { mentionsMutants } from './mentions';
import type { Mutant } from './mutant';
import { openingMutants } from './opening';
import { otherToolsMutants } from './otherTools';
import { pastingMutants } from './pasting';
import { protocolMutants } from './protocol';
import { screenMutants } from './screen';
import { secretsMutants } from './secrets';
import { selectingMutants } from './selecting';
import { serverMutants } from './server';
import { storeMutants } from './store';
import { streamingMutants } from './streaming';
import { understandingMutants } from './understanding';
import { updatesMutants } from './updates';
import { webMutants } from './web';
import { windowsMutants } from './windows';
import { wordsMutants } from './words';
import { workMutants } from './work';
import { workspaceMutants } from './workspace';

/** The known faults by area. */
export const areas: Readonly<Record<string, readonly Mutant[]>> = {
  server: serverMutants,
  failures: failuresMutants,
  updates: updatesMutants,
  store: storeMutants,
  windows: windowsMutants,
  screen: screenMutants,
  protocol: protocolMutants,
  workspace: workspaceMutants,
  mentions: mentionsMutants,
  reading: readingMutants,
  understanding: understandingMutants,
  secrets: secretsMutants,
  chips: chipsMutants,
  history: historyMutants,
  chats: chatsMutants,
  branches: branchesMutants,
  beginning: beginningMutants,
  opening: openingMutants,
  finding: findingMutants,
  pasting: pastingMutants,
  selecting: selectingMutants,
  streaming: streamingMutants,
  work: workMutants,
  words: wordsMutants,
  otherTools: otherToolsMutants,
  consent: consentMutants,
  web: webMutants,
  edits: editMutants,
  editTexts: editTextsMutants,
  editViews: editViewsMutants,
  reviewed: reviewedMutants,
  codeBlocks: codeBlocksMutants,
};

/** Every known fault, in the order of the areas. */
export const allMutants: readonly Mutant[] = Object.values(areas).flat();
