/** What a turn is run with, and what is learnt of it. */
import { noLimits } from '../../../core/base/settings';
import { SpendGuard } from '../../../core/cost/spend';
import { effortFor } from '../../../core/models/models';
import type { Entry } from '../../../core/record/record';
import { tools as ownTools, toolDefinitions } from '../../../core/tools/all';
import { boundNow, offeredTools } from '../../../core/tools/others/offered';
import type { OpenCalls } from '../../../core/turn/openCalls';
import type { TurnInput } from '../../../core/turn/turnInput';
import { beside } from '../../base/beside';
import { loadBlobs } from '../../pricing/blobs';
import { heldNow } from '../../pricing/nextTurn';
import type { ChosenContext } from '../../pricing/openTurn';
import type { ControllerDeps } from './controllerDeps';
import type { TurnWay } from './turnTypes';
import { allowedTools } from './webConsent';

/** How long a turn's end waits for what is learnt of it, ms. */
const learnMs = 250;

/** Learns what a turn cost, for estimates: its end waits for that no longer than a moment. */
export function learnFrom(
  { tokens, pauses, log }: ControllerDeps,
  path: readonly Entry[],
  input: TurnInput,
): Promise<void> {
  const effort = effortFor(input.model, input.settings.effort);
  pauses.turnEnded();
  return beside(
    () =>
      tokens.learnTurn(path, input.model, effort, JSON.stringify(toolDefinitions(input.tools)), input.log.conversation),
    undefined,
    (error) => log.warn(`A turn was not learnt from in time: ${String(error)}`),
    learnMs,
  );
}

/** What a turn is run with, by the settings of this moment, or where `way` says otherwise. */
export async function turnInput(
  deps: ControllerDeps,
  turn: Pick<TurnInput, 'log' | 'shown' | 'tryNow' | 'handOver'> & {
    readonly way: TurnWay;
    readonly chosen: Pick<ChosenContext, 'cost' | 'tools'>;
    readonly calls: OpenCalls;
    readonly signal: AbortSignal;
    /** Shows which tool of the web the user is asked about; null for none any more. */
    readonly asking: (tool: string | null) => void;
  },
): Promise<TurnInput> {
  const { way, chosen, calls, signal, asking, ...own } = turn;
  const { cost, tools } = chosen;
  const others = await allowedTools(tools.offered.chosen, own.log.conversation, deps, { signal, asking });
  const { store, api, addresses, clock, ids, context, fetch, consents, situation } = deps;
  const settings = { ...deps.settings(), ...way.of };
  const model = deps.models.of(settings.model);
  const offered = offeredTools(ownTools, others, await boundNow(others, deps.tools.others));
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
    tools: offered,
    toolsChosen: tools.offered.switched || others.length > 0,
    ports: deps.tools,
    approvals: { consents, situation, calls },
    settings,
    model,
    fetch,
    spend: new SpendGuard({ limits: settings.spend ?? noLimits, raisedTo: way.raisedTo ?? null, store, clock, cost }),
    memo: cost,
    blobs: await loadBlobs(own.log.path, store),
    pauseHistogram: await deps.pauses.now(),
    held: heldNow(deps, JSON.stringify(toolDefinitions(offered)), model, settings.effort),
  };
}
