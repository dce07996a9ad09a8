/** What is being looked at in each conversation that this view has shown: it is there again after a switch or a reload. */
import type { HostApi, KeptLook, KeptState } from './vscodeApi';

/** Conversations that are remembered besides the shown one. */
const maxOthers = 30;

/** null when this view has not shown it before. */
export function lookAt(host: HostApi, conversation: string): KeptLook | null {
  const kept = host.kept();
  if (kept === null) return null;
  return kept.conversation === conversation
    ? kept
    : (kept.others.find((one) => one.conversation === conversation) ?? null);
}

/** Keeps the look of the shown conversation; that of the one before stays among the others. */
export function keepLook(host: HostApi, state: Omit<KeptState, 'others'>): void {
  const before = host.kept();
  const known = before === null ? [] : [lookOf(before), ...before.others];
  const others = known.filter(({ conversation }, index) => {
    return conversation !== state.conversation && known.findIndex((one) => one.conversation === conversation) === index;
  });
  host.keep({ ...state, others: others.slice(0, maxOthers) });
}

function lookOf({ conversation, scrollTop, shown, folds, editing }: KeptLook): KeptLook {
  return { conversation, scrollTop, shown, folds, editing };
}
