/**
 * The API's own tools are offered only to whom the user has allowed them: the API runs them without a further word, so
 * that it is asked before the request (DESIGN "The tools"). What is not allowed is not offered in this turn.
 */
import type { OtherTool } from '../../../core/record/chosenTool';
import { decide } from '../../../core/tools/consent';
import { serverToolOf } from '../../../core/tools/others/web';
import type { ControllerDeps } from './controllerDeps';

type Asking = Pick<ControllerDeps, 'consents' | 'situation' | 'askForWeb' | 'log'>;

/** The turn that they would be offered in. */
interface AskedTurn {
  readonly signal: AbortSignal;
  /** Shows what the user is asked about; null once that is answered. */
  readonly asking: (tool: string | null) => void;
}

/** Of the chosen tools those that may be offered now. Asks the user where it has to, until the signal; never rejects. */
export async function allowedTools(
  chosen: readonly OtherTool[],
  conversation: string,
  deps: Asking,
  turn: AskedTurn,
): Promise<readonly OtherTool[]> {
  const all: OtherTool[] = [];
  for (const tool of chosen) {
    const server = serverToolOf(tool);
    if (server === undefined || (await isAllowed(tool, server.usdPerCall, conversation, deps, turn))) all.push(tool);
  }
  return all;
}

async function isAllowed(
  { title }: OtherTool,
  usd: number,
  conversation: string,
  { consents, situation, askForWeb, log }: Asking,
  { signal, asking }: AskedTurn,
): Promise<boolean> {
  const call = { kind: 'web', tool: title, usd } as const;
  try {
    const decision = decide(call, await consents.allowed(conversation), { ...situation(), reviewAtEnd: false });
    if (decision.kind !== 'asks') return decision.kind === 'runs';
    if (signal.aborted || askForWeb === undefined) return false;
    asking(title);
    const span = await askForWeb(decision.approval, title, usd, signal).finally(() => asking(null));
    if (span === null) return false;
    // Should the store refuse it, the yes is for this turn.
    if (span !== 'once') await consents.allow(conversation, decision.permits, span);
    return true;
  } catch (error) {
    log.error('whether a tool of the web is allowed could not be settled', error);
    return false;
  }
}
