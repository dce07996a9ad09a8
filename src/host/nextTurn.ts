/** How the next turn would begin, by the user's rhythm and by price: for what is sent, and for what is shown before. */
import { noLimitsKnown } from '../core/addressLimits';
import type { Rhythm } from '../core/cachePlan';
import { effortFor } from '../core/models';
import { rebaseOf } from '../core/rebase';
import type { Entry } from '../core/record';
import type { RequestInput } from '../core/request';
import { noLimits, type RaisedTo, SpendGuard } from '../core/spend';
import { toolDefinitions, tools } from '../core/tools/all';
import type { TurnInput } from '../core/turn';
import { beside } from './beside';
import { loadBlobs } from './blobs';
import type { ControllerDeps } from './controllerDeps';
import type { Rebase } from './openTurn';

const learnMs = 250;

/** JSON of the tools that are offered. */
export const toolsJson = JSON.stringify(toolDefinitions(tools));

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
  { models, settings, clock, log }: Pick<ControllerDeps, 'models' | 'settings' | 'clock' | 'log'>,
): Rebase {
  const chosen = settings();
  const model = models.of(chosen.model);
  return (seen, context) => {
    try {
      return rebaseOf({
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
    } catch (error) {
      // A price only: the turn goes on from what was sent.
      log.error('whether the context begins anew could not be decided', error);
      return null;
    }
  };
}

/** Learns what a turn cost, for estimates: its end waits for that no longer than a moment. */
export function learnFrom({ tokens, log }: ControllerDeps, path: readonly Entry[], input: TurnInput): Promise<void> {
  const effort = effortFor(input.model, input.settings.effort);
  return beside(
    () => tokens.learnTurn(path, input.model, effort, toolsJson),
    undefined,
    (error) => log.warn(`A turn was not learnt from in time: ${String(error)}`),
    learnMs,
  );
}

/** What a turn is run with, by the settings of this moment. `raisedTo`: what it may cost by now. */
export async function turnInput(
  deps: ControllerDeps,
  turn: Pick<TurnInput, 'log' | 'shown' | 'tryNow' | 'handOver'> & { readonly raisedTo: RaisedTo | null },
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
    rhythm: await deps.pauses.now(),
  };
}
