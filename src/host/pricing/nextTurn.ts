/** How the next turn would begin, by the user's pauses and by price: for what is sent, and for what is shown before. */
import type { ApiAccess } from '../../core/api/access';
import { noLimitsKnown } from '../../core/api/addressLimits';
import { digestOf } from '../../core/base/digest';
import type { PauseHistogram } from '../../core/base/pauseHistogram';
import type { ChatSettings } from '../../core/base/settings';
import type { ContextNow } from '../../core/context/editorContext';
import { effortFor, type Model } from '../../core/models/models';
import { freshSnapshotOf } from '../../core/prompt/freshSnapshot';
import type { RequestInput } from '../../core/prompt/request';
import type { ContextFile, Entry } from '../../core/record/record';
import type { StoredConversation } from '../../core/record/store';
import { openFilesId } from './chips';
import { learnEarlier } from './earlierPrefixes';
import type { ChosenContext, FreshSnapshotRule, WarmFiles } from './openTurn';
import type { PricingDeps } from './pricingDeps';
import { askedOf } from './systemPrefixCache';

/** The address that requests go to now and what it does not take; nothing is known of one that may not be used. */
export async function addressNow({
  api,
  addresses,
}: Pick<PricingDeps, 'api' | 'addresses'>): Promise<Pick<RequestInput, 'address' | 'limits'>> {
  const access = await api.access().catch(() => null);
  if (access === null) return { limits: noLimitsKnown };
  return { address: access.baseUrl, limits: await addresses.of(access.baseUrl) };
}

/** Tells what is held of prompts which address and key requests go out with now; null where none do. */
export async function useAccount({ api, tokens }: Pick<PricingDeps, 'api' | 'tokens'>): Promise<ApiAccess | null> {
  const access = await api.access();
  if (access !== null) tokens.prefixes.use(digestOf(`${access.baseUrl} ${access.apiKey}`));
  return access;
}

type WarmDeps = Pick<PricingDeps, 'models' | 'settings' | 'clock' | 'tokens' | 'store' | 'api'>;

/**
 * The files that a new conversation begins with, as earlier ones of this window left them in the cache. One of them that
 * is deleted for good, and what was removed from it since, ends that for whoever asks.
 */
export async function beginningNow(
  { models, settings, clock, tokens, store, api }: WarmDeps,
  { cost, tools }: Pick<ChosenContext, 'cost' | 'tools'>,
  context: ContextNow,
): Promise<readonly ContextFile[] | null> {
  const access = await useAccount({ api, tokens });
  if (access === null) return null;
  const { prefixes } = tokens;
  await prefixes.lookedUp(() => learnEarlier({ store, clock, models, tokens }, access, tools.offered.json));
  for (;;) {
    const chosen = settings();
    const model = models.of(chosen.model);
    const asked = askedOf(model.id, effortFor(model, chosen.effort));
    const begun = prefixes.beginning(asked, tools.offered.json, context, clock.now(), cost);
    if (begun === null) return null;
    const stored = await Promise.all(begun.conversations.map((id) => store.loadEnd(id, 1)));
    const isOut = (one: StoredConversation | null): boolean =>
      one === null || one.removedContext.some((id) => id === openFilesId || begun.files.some(({ uri }) => uri === id));
    if (!stored.some(isOut)) return begun.files;
    prefixes.end(begun);
  }
}

/** The same for what is sent; without it where it cannot be looked up. */
export function warmFilesNow(
  deps: WarmDeps & Pick<PricingDeps, 'log'>,
  chosen: Pick<ChosenContext, 'cost' | 'tools'>,
): WarmFiles {
  return (context) =>
    beginningNow(deps, chosen, context).catch((error: unknown) => {
      // A price only: the conversation begins with what is open.
      deps.log.error('what the cache holds of other conversations could not be looked up', error);
      return null;
    });
}

/** How many texts of a request's `system` the cache holds now, with these tools before them. */
export function heldNow(
  { clock, tokens }: Pick<PricingDeps, 'clock' | 'tokens'>,
  toolsJson: string,
  model: Model,
  effort: ChatSettings['effort'],
): (system: readonly string[]) => number {
  const asked = askedOf(model.id, effortFor(model, effort));
  return (system) => tokens.prefixes.readable(asked, toolsJson, system, clock.now()).texts;
}

/** Whether a turn that goes on from `path` begins with a fresh snapshot. */
export function freshSnapshotNow(
  path: readonly Entry[],
  pauseHistogram: PauseHistogram,
  { models, settings, clock, log }: Pick<PricingDeps, 'models' | 'settings' | 'clock' | 'log'>,
  { cost: memo, tools }: Pick<ChosenContext, 'cost' | 'tools'>,
): FreshSnapshotRule {
  const chosen = settings();
  const model = models.of(chosen.model);
  return (seen, context) => {
    try {
      return freshSnapshotOf({
        path,
        seen,
        context,
        model,
        effort: effortFor(model, chosen.effort),
        ttl: chosen.cacheTtl ?? 'auto',
        pauseHistogram,
        now: clock.now(),
        toolsJson: tools.offered.json,
        memo,
      });
    } catch (error) {
      // A price only: the turn goes on from what was sent.
      log.error('whether the context begins anew could not be decided', error);
      return null;
    }
  };
}
