/**
 * Exact counts by the API. Only what was sent already is counted by itself: what is typed, what is open and what is
 * attached leave this machine when the user asks for it, once for each click.
 */
import { failureOf } from '../../core/api/failures';
import { countTokens } from '../../core/cost/countTokens';
import { estimatedTokens } from '../../core/cost/estimate';
import type { Entry } from '../../core/record/record';
import type { Counted } from '../../shared/nextCost';
import type { CostEstimator } from './costEstimator';
import { type NextSource, nextRequest, sentRequest } from './nextRequest';
import type { PricingDeps } from './pricingDeps';

/** What counting by the API needs of the host. */
export type ExactCountDeps = Pick<
  PricingDeps,
  'api' | 'addresses' | 'fetch' | 'store' | 'clock' | 'log' | 'models' | 'settings' | 'tokens' | 'pauses'
>;

const timeoutMs = 20_000;
/** The API's own: everything that is documented works there. */
export const officialAddress = 'https://api.anthropic.com';

/** Addresses that have shown that they do not count. They are not asked again in this window. */
const cannotCount = new Set<string>();

/** Has the API count tokens for one conversation, and says why there is no count when there is none. */
export class ExactCount {
  private asking = false;
  private failed: { readonly why: 'unsupported' | 'failed' | 'noKey'; readonly path: readonly Entry[] } | null = null;
  /** What was counted by itself, or was tried: "answer model". */
  private tried = '';

  constructor(
    private readonly deps: ExactCountDeps,
    private readonly source: NextSource,
    private readonly estimator: CostEstimator,
    private readonly changed: () => void,
  ) {}

  /** What goes before the estimate's own word on how the size is known; null when there is nothing to say. */
  get state(): Counted | null {
    if (this.asking) return { kind: 'asking' };
    const { failed } = this;
    return failed === null || failed.path !== this.source.next.path ? null : { kind: 'failed', why: failed.why };
  }

  /** The user wants it: the whole next request goes to the API to be counted. Never rejects. */
  async count(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.failed = null;
    this.changed();
    const why = await this.ask();
    this.asking = false;
    this.failed = why === null ? null : { why, path: this.source.next.path };
    this.changed();
  }

  /**
   * Another model counts otherwise: the request that the last answer came for is counted for it, when it was sent from
   * this window to this very address. Never rejects.
   */
  async countSent(): Promise<void> {
    const { api, models, settings, tokens, fetch, log } = this.deps;
    const { path } = this.source.next;
    const at = path.findLastIndex((entry) => entry.kind === 'assistant');
    // Inside a tool loop the API wants the thoughts of the model that had them.
    if (path[at - 1]?.kind === 'toolResult') return;
    const answer = path[at];
    const model = models.of(settings().model);
    if (answer?.kind !== 'assistant' || answer.model === model.id || this.tried === `${answer.id} ${model.id}`) return;
    this.tried = `${answer.id} ${model.id}`;
    try {
      const access = await api.access();
      if (access === null || cannotCount.has(access.baseUrl) || !tokens.wasSent(answer.id, access.baseUrl)) return;
      const request = await sentRequest(path, at, this.source.tools.offered, this.deps);
      try {
        const counted = await countTokens(request, access, fetch, AbortSignal.timeout(timeoutMs));
        this.estimator.cost.countedSent = { entry: answer.id, model: model.id, tokens: counted };
        this.changed();
      } catch (error) {
        if (isUnsupported(error, access.baseUrl)) cannotCount.add(access.baseUrl);
        throw error;
      }
    } catch (error) {
      log.info(`The conversation could not be counted for another model: ${failureOf(error).code}.`);
    }
  }

  private async ask(): Promise<'unsupported' | 'failed' | 'noKey' | null> {
    const { api, fetch, log } = this.deps;
    let address = officialAddress;
    try {
      const access = await api.access();
      if (access === null) return 'noKey';
      address = access.baseUrl;
      if (cannotCount.has(address)) return 'unsupported';
      const signal = AbortSignal.timeout(timeoutMs);
      const { request, message, stoodIn } = await nextRequest(this.source, this.deps, signal);
      const input = this.estimator.input(message);
      const { cost } = this.estimator;
      const estimated = estimatedTokens(input, cost);
      const tokens = await countTokens(request, access, fetch, signal);
      const estimatedSent = stoodIn ? estimatedTokens({ ...input, draft: '' }, cost) : estimated;
      this.estimator.cost.counted = {
        model: input.model.id,
        head: message.path.at(-1)?.id ?? null,
        tokens: tokens - (estimated - estimatedSent),
        estimated: estimatedSent,
      };
      return null;
    } catch (error) {
      log.warn(`The tokens could not be counted: ${failureOf(error).code}.`);
      if (!isUnsupported(error, address)) return 'failed';
      cannotCount.add(address);
      return 'unsupported';
    }
  }
}

/** A gateway that refuses the question itself, not this one key or this one moment. */
function isUnsupported(error: unknown, address: string): boolean {
  const { status } = failureOf(error);
  const passing = [401, 402, 403, 408, 413, 429];
  return (
    address !== officialAddress &&
    status !== null &&
    status >= 400 &&
    (status < 500 || status === 501) &&
    !passing.includes(status)
  );
}
