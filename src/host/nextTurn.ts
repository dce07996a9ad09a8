/** How the next turn would begin, by the user's rhythm and by price: for what is sent, and for what is shown before. */
import { noLimitsKnown } from '../core/addressLimits';
import { type Rhythm, rhythmOf } from '../core/cachePlan';
import { effortFor } from '../core/models';
import { rebaseOf } from '../core/rebase';
import type { Entry } from '../core/record';
import type { RequestInput } from '../core/request';
import { noLimits, SpendGuard } from '../core/spend';
import { toolDefinitions, tools } from '../core/tools/all';
import type { TurnInput } from '../core/turn';
import { loadBlobs } from './blobs';
import type { ControllerDeps } from './controllerDeps';
import type { Rebase } from './openTurn';

/** Pauses that the user's rhythm is known by: about a week's. */
const knownPauses = 300;

/** JSON of the tools that are offered. */
export const toolsJson = JSON.stringify(toolDefinitions(tools));

/** The user's pauses, as the store knows them; without them the prompt cache is used by what is usual. */
export async function rhythmNow({ store, log }: Pick<ControllerDeps, 'store' | 'log'>): Promise<Rhythm> {
  try {
    return rhythmOf(await store.recentPauses(knownPauses), await store.recentSteps(knownPauses));
  } catch (error) {
    log.error('the pauses between turns could not be read', error);
    return rhythmOf([]);
  }
}

/** The address that requests go to now and what it does not take; nothing is known of one that may not be used. */
export async function addressNow({
  api,
  addresses,
}: Pick<ControllerDeps, 'api' | 'addresses'>): Promise<Pick<RequestInput, 'address' | 'limits'>> {
  const access = await api.access().catch(() => null);
  if (access === null) return { limits: noLimitsKnown };
  return { address: access.baseUrl, limits: await addresses.of(access.baseUrl) };
}

/** Whether a turn that goes on from `path` begins with a fresh snapshot. */
export function rebaseNow(
  path: readonly Entry[],
  rhythm: Rhythm,
  { models, settings, clock }: Pick<ControllerDeps, 'models' | 'settings' | 'clock'>,
): Rebase {
  const chosen = settings();
  const model = models.of(chosen.model);
  return (seen, context) =>
    rebaseOf({
      path,
      seen,
      context,
      model,
      effort: effortFor(model, chosen.effort),
      ttl: chosen.cacheTtl ?? 'auto',
      rhythm,
      now: clock.now(),
      toolsJson,
    });
}

/** What a turn is run with, by the settings of this moment. `raisedTo`: what it may cost by now, US dollars. */
export async function turnInput(
  deps: ControllerDeps,
  turn: Pick<TurnInput, 'log' | 'shown' | 'tryNow' | 'handOver'> & { readonly raisedTo: number | null },
): Promise<TurnInput> {
  const { raisedTo, ...own } = turn;
  const { store, api, addresses, clock, ids, context, fetch } = deps;
  const settings = deps.settings();
  return {
    ...own,
    store,
    owner: deps.owner,
    api,
    addresses,
    clock,
    ids,
    diagnostics: deps.log,
    context,
    tools,
    ports: deps.tools,
    settings,
    model: deps.models.of(settings.model),
    fetch,
    spend: new SpendGuard({ limits: settings.spend ?? noLimits, raisedTo, store, clock }),
    blobs: await loadBlobs(own.log.path, store),
    rhythm: await rhythmNow(deps),
  };
}
