/** How the next turn would begin, by the user's pauses and by price: for what is sent, and for what is shown before. */
import { noLimitsKnown } from '../../core/api/addressLimits';
import type { PauseHistogram } from '../../core/base/pauseHistogram';
import { effortFor } from '../../core/models/models';
import { freshSnapshotOf } from '../../core/prompt/freshSnapshot';
import type { RequestInput } from '../../core/prompt/request';
import type { Entry } from '../../core/record/record';
import type { ChosenContext, FreshSnapshotRule } from './openTurn';
import type { PricingDeps } from './pricingDeps';

/** The address that requests go to now and what it does not take; nothing is known of one that may not be used. */
export async function addressNow({
  api,
  addresses,
}: Pick<PricingDeps, 'api' | 'addresses'>): Promise<Pick<RequestInput, 'address' | 'limits'>> {
  const access = await api.access().catch(() => null);
  if (access === null) return { limits: noLimitsKnown };
  return { address: access.baseUrl, limits: await addresses.of(access.baseUrl) };
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
