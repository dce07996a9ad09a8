/** What is being looked at in each conversation that this view has shown: it is there again after a switch or a reload. */
import type { ViewState } from './store';
import type { HostApi, KeptState, KeptView } from './vscodeApi';

/** Conversations that are remembered besides the shown one. */
const maxOthers = 30;

/** Items at the end among which words that were on their way are looked for. */
const maxSaid = 20;

/** What is kept of the conversation that was shown last, with its draft; null where this is another one. */
export function draftAt(host: HostApi, conversation: string): KeptState | null {
  const kept = host.kept();
  return kept?.conversation === conversation ? kept : null;
}

/** null when this view has not shown it before. */
export function viewAt(host: HostApi, conversation: string): KeptView | null {
  const others = host.kept()?.others ?? [];
  return draftAt(host, conversation) ?? others.find((one) => one.conversation === conversation) ?? null;
}

/** Keeps the look of the shown conversation; that of the one before stays among the others. */
export function keepView(host: HostApi, state: Omit<KeptState, 'others' | 'early'>): void {
  const before = host.kept();
  const known = before === null ? [] : [keptViewOf(before), ...before.others];
  const others = known.filter(({ conversation }, index) => {
    if (conversation === '') return false;
    return conversation !== state.conversation && known.findIndex((one) => one.conversation === conversation) === index;
  });
  host.keep({ ...state, others: others.slice(0, maxOthers), early: '' });
}

const nothingKept: KeptState = {
  ...{ conversation: '', scrollTop: null, first: null, folds: [], editing: null, begun: [] },
  ...{ draft: '', untold: false, sent: '', others: [], early: '' },
};

/** What was typed before a conversation was shown, and a way to keep more of it; what is kept of those stays. */
export function earlyOf(host: HostApi): EarlyKept {
  return {
    kept: host.kept()?.early ?? '',
    keep: (early) => host.keep({ ...(host.kept() ?? nothingKept), early }),
  };
}

/** What is kept of a text that belongs to no conversation yet. */
export interface EarlyKept {
  /** As the page began; '' for nothing. */
  readonly kept: string;
  keep(text: string): void;
}

function keptViewOf({ conversation, scrollTop, first, folds, editing, begun, mentions = [] }: KeptView): KeptView {
  return { conversation, scrollTop, first, folds, editing, begun, mentions };
}

/** The words of the last messages, and of those that wait. */
export function saidIn(state: ViewState | null): readonly string[] {
  const items = state?.chat.items.slice(-maxSaid) ?? [];
  const said: readonly unknown[] = items.map((item) => (item?.type === 'user' ? item.text : null));
  const waiting: readonly unknown[] = (state?.composer.queued ?? []).map((row) => row?.text);
  return [...said, ...waiting].flatMap((text) => (typeof text === 'string' ? [text.trim()] : []));
}
