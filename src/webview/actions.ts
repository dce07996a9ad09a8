/** Acts that are told to the host and do nothing else here. */
import type { ViewToHost } from '../shared/protocol';
import type { Actions } from './view';

type Told = Pick<
  Actions,
  | 'copy'
  | 'insert'
  | 'openFile'
  | 'openLink'
  | 'removeChip'
  | 'includeFile'
  | 'onlyWhatIAdd'
  | 'unqueue'
  | 'moveQueued'
  | 'sendQueuedNow'
>;

/** `inConversation` calls back with the conversation that is shown, if there is one. */
export function toldActions(
  post: (message: ViewToHost) => void,
  inConversation: (act: (conversation: string) => void) => void,
): Told {
  return {
    copy: (text) => post({ type: 'copy', text }),
    insert: (text) => post({ type: 'insert', text }),
    openFile: (path, line) => post({ type: 'openFile', path, line }),
    openLink: (url) => post({ type: 'openLink', url }),
    removeChip: (id) => inConversation((conversation) => post({ type: 'removeChip', conversation, id })),
    includeFile: (id, included) =>
      inConversation((conversation) => post({ type: 'includeFile', conversation, id, included })),
    onlyWhatIAdd: (only) => inConversation((conversation) => post({ type: 'onlyWhatIAdd', conversation, only })),
    unqueue: (id) => inConversation((conversation) => post({ type: 'unqueue', conversation, id })),
    moveQueued: (id, by) => inConversation((conversation) => post({ type: 'moveQueued', conversation, id, by })),
    sendQueuedNow: (id) => inConversation((conversation) => post({ type: 'sendQueuedNow', conversation, id })),
  };
}
