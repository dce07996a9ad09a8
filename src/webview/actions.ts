/** What the buttons and links of the panel do: most of it is told to the host and does nothing else here. */
import type { ViewToHost } from '../shared/protocol';
import type { Actions } from './view';

export interface ActionParts
  extends Pick<Actions, 'send' | 'usePrompt' | 'showConversations' | 'showEarlier' | 'jumpToLatest'> {
  readonly post: (message: ViewToHost) => void;
  /** Says something about the conversation that is shown, if there is one. */
  readonly tell: (about: (conversation: string) => ViewToHost) => void;
  /** Opens the list of models. */
  readonly chooseModel: () => void;
  /** Opens the list of conversations where it is not open. */
  readonly openConversations: () => void;
}

export function buildActions({ post, tell, chooseModel, openConversations, ...here }: ActionParts): Actions {
  const say = (
    type:
      | 'saveAsBranch'
      | 'stop'
      | 'retryNow'
      | 'retry'
      | 'continue'
      | 'restorePrompt'
      | 'compact'
      | 'chooseLeftOut'
      | 'mend',
  ) => tell((conversation) => ({ type, conversation }));
  return {
    ...here,
    stop: () => say('stop'),
    retryNow: () => say('retryNow'),
    step: (step) => {
      if (step === 'chooseModel') chooseModel();
      else if (step === 'leaveOut') say('chooseLeftOut');
      else if (
        step === 'stop' ||
        step === 'retry' ||
        step === 'continue' ||
        step === 'restorePrompt' ||
        step === 'saveAsBranch' ||
        step === 'compact' ||
        step === 'mend'
      )
        say(step);
      else post({ type: 'do', action: step });
    },
    leaveOut: (target, out) => tell((conversation) => ({ type: 'leaveOut', conversation, target, out })),
    copy: (text) => post({ type: 'copy', text }),
    insert: (text) => post({ type: 'insert', text }),
    openFile: (path, line) => post({ type: 'openFile', path, line }),
    openLink: (url) => post({ type: 'openLink', url }),
    openText: (id, label) => post({ type: 'openText', id, label }),
    takeBackLimit: (key) => post({ type: 'takeBackLimit', key }),
    removeChip: (id) => tell((conversation) => ({ type: 'removeChip', conversation, id })),
    includeFile: (id, included) => tell((conversation) => ({ type: 'includeFile', conversation, id, included })),
    countExactly: () => tell((conversation) => ({ type: 'countExactly', conversation })),
    inspectRequest: () => tell((conversation) => ({ type: 'inspectRequest', conversation })),
    onlyWhatIAdd: (only) => tell((conversation) => ({ type: 'onlyWhatIAdd', conversation, only })),
    unqueue: (id) => tell((conversation) => ({ type: 'unqueue', conversation, id })),
    moveQueued: (id, by) => tell((conversation) => ({ type: 'moveQueued', conversation, id, by })),
    sendQueuedNow: (id) => tell((conversation) => ({ type: 'sendQueuedNow', conversation, id })),
    reopen: () => post({ type: 'reopen' }),
    exportConversation: (id) => post({ type: 'exportConversation', id }),
    adopt: (key) => {
      post({ type: 'adoptConversations', key });
      openConversations();
    },
    dismissOffer: (key) => post({ type: 'dismissOffer', key }),
  };
}
