/** What earlier windows have left in the cache: a window that was just loaded has sent nothing itself. */
import type { ApiAccess } from '../../core/api/access';
import { lifeMs } from '../../core/base/pauseHistogram';
import { constantDigest } from '../../core/prompt/prefix';
import type { PricingDeps } from './pricingDeps';

/** The last conversations that are looked at, and the entries of each. */
const conversations = 8;
const entries = 100;

/** Takes in the requests of the last hour that went to this address with this key and these tools, by the record. */
export async function learnEarlier(
  { store, clock, models, tokens }: Pick<PricingDeps, 'store' | 'clock' | 'models' | 'tokens'>,
  access: ApiAccess,
  toolsJson: string,
): Promise<void> {
  if (!tokens.isLast(access)) return;
  const since = clock.now() - lifeMs['1h'];
  const { rows } = await store.list({ workspaces: null, limit: conversations });
  // What is told last holds.
  for (const { id } of rows.filter(({ updatedAt }) => updatedAt > since).toReversed()) {
    const path = (await store.loadEnd(id, entries))?.path ?? [];
    for (const [index, entry] of path.entries()) {
      if (entry.kind !== 'assistant' || entry.at < since) continue;
      const { model, held } = entry;
      if (held?.address !== access.baseUrl || held.tools !== constantDigest(toolsJson)) continue;
      tokens.prefixes.learn(path.slice(0, index + 1), models.of(model), toolsJson, id);
    }
  }
}
