/** What requests cost by a ledger of their own: input side, in tokens of base input. */
import { CacheLedger } from '../../fakeClaude/ledger';
import { inputCost, type Model } from '../../fakeClaude/models';
import type { TokenProfile } from '../../fakeClaude/tokens';
import type { InputUsage, RequestBody } from '../../fakeClaude/wire';

/** A request and when it started, in ms. */
export interface Sent {
  readonly at: number;
  readonly body: RequestBody;
}

/** What decides about money besides the requests. */
export interface Rule {
  readonly profile: TokenProfile;
  readonly appendedImagesKeepCache: boolean;
}

/** A fresh ledger under this rule. */
export function ledgerOf({ profile, appendedImagesKeepCache }: Rule): CacheLedger {
  return new CacheLedger({ profile, switches: { appendedImagesKeepCache } });
}

/** What each request costs, when they are all that is sent. */
export function billsOf(requests: readonly Sent[], rule: Rule): readonly number[] {
  const ledger = ledgerOf(rule);
  return requests.map(({ at, body }) => {
    const { model, usage } = ledger.play(body, at);
    return paidFor(model, usage);
  });
}

/** The input side of one request in tokens of base input. */
export function paidFor(model: Model, usage: InputUsage): number {
  return (inputCost(model, usage) / model.prices.input) * 1e6;
}
