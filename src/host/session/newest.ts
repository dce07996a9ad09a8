/** The newest turns of a conversation that is still being read: a long one is looked at before all of it is there. */
import { effortFor } from '../../core/models/models';
import { stateOf } from '../../core/transcript/transcript';
import type { ChatState } from '../../shared/chat';
import type { ComposerState, HostToView } from '../../shared/protocol';
import { tailOf, tailStart, turnStart } from '../../shared/tail';
import { unknownUsage } from '../../shared/tokenUsage';
import { unknownCost } from '../pricing/costEstimator';
import { decodeDraft } from './draft/draft';
import type { ControllerDeps } from './turns/controllerDeps';

/** The message that a view begins to show a conversation with. */
export type Snapshot = Extract<HostToView, { type: 'snapshot' }>;

/** Entries that are read for it. Of a conversation with fewer, all is there as soon. */
const readEntries = 200;

/**
 * What a view can be told of it before the snapshot of the whole, which says the same of these turns; null where it is
 * short, or where its last turn is longer than what is read. What it costs is not known yet.
 */
export async function newestOf(
  conversation: string,
  deps: Pick<ControllerDeps, 'store' | 'models' | 'settings'>,
): Promise<Snapshot | null> {
  const stored = await deps.store.loadEnd(conversation, readEntries);
  if (stored === null || stored.path.length < readEntries) return null;
  const state = stateOf(conversation, stored.meta.title, stored.path);
  // The first turn has lost its beginning.
  const start = state.items.findIndex((_, at) => at > 0 && turnStart(state.items, at) === at);
  if (start === -1) return null;
  const items = state.items.slice(start);
  const whole: ChatState = { ...state, items, usd: null, usage: unknownUsage };
  const tail = tailOf(whole);
  // How much stands above is told by the whole; that something does is enough.
  const above = { items: start + tailStart(items), size: 0 };
  return {
    type: 'snapshot',
    conversation,
    seq: 0,
    state: { ...tail, above },
    composer: composerOf(deps),
    draft: decodeDraft(stored.draft).text,
  };
}

/** Nothing is known of the next message but its model. */
function composerOf({ models, settings }: Pick<ControllerDeps, 'models' | 'settings'>): ComposerState {
  const { model: id, effort } = settings();
  const model = models.of(id);
  return {
    chips: [],
    attachments: [],
    maxImageTokens: model.maxImageTokens,
    queued: [],
    firstSend: null,
    modelId: model.id,
    modelName: model.name,
    effort: effortFor(model, effort),
    next: unknownCost(model.window),
    rewrite: null,
    review: null,
    todayUsd: null,
    pausedSince: null,
  };
}
