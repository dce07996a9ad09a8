/** What the user lets be left out for an address after a refusal, so that the same request is taken. */
import {
  type AddressLimit,
  type AddressLimits,
  leavesOut,
  limitKey,
  maxTokensAt,
  type OptionalField,
  optionalFields,
} from '../../../core/api/addressLimits';
import { remedyOf } from '../../../core/api/failures';
import { defaultMaxTokens, type Model } from '../../../core/models/models';
import type { Entry } from '../../../core/record/record';
import { type AddressNote, type AddressState, fieldToOmit, type Remedy } from '../../../shared/remedy';
import type { ControllerDeps } from './controllerDeps';

type MendDeps = Pick<ControllerDeps, 'api' | 'addresses' | 'models' | 'settings'>;

/** Fewer tokens than these are no answer. */
const fewest = 256;

/** What is asked again once its failure is mended. */
type Mended = 'turn' | 'compaction';

/**
 * Remembers for the address what mends the failure that the path ends with, a turn's or a compaction's. Resolves to
 * what has failed; null when nothing known helps.
 */
export async function mend(
  path: readonly Entry[],
  { api, addresses, models, settings }: MendDeps,
): Promise<Mended | null> {
  const ended = path.findLast((entry) => entry.kind === 'end' || entry.kind === 'compaction');
  if (ended === undefined || ended.outcome.kind !== 'failed') return null;
  const what = ended.kind === 'end' ? 'turn' : ended.kind;
  const remedy = remedyOf(ended.outcome.failure);
  const access = await api.access();
  if (remedy === null || access === null) return null;
  const limits = await addresses.of(access.baseUrl);
  const turn = path.findLast((entry) => entry.kind === 'user')?.id ?? null;
  const chosen = settings();
  const model = models.of(ended.kind === 'compaction' ? ended.model : chosen.model);
  // The user's limit is for answers (core/turn/compact.ts).
  const limit = limitFor(remedy, limits, model, what === 'turn' ? chosen.maxTokens : null, turn);
  if (limit === null) return null;
  await addresses.add(access.baseUrl, limit);
  return what;
}

function limitFor(
  remedy: Remedy,
  limits: AddressLimits,
  model: Model,
  wanted: number | null,
  turn: string | null,
): AddressLimit | null {
  if (remedy.kind === 'leaveOut') {
    const known = remedy.fields.filter((field): field is OptionalField => optionalFields.some((one) => one === field));
    const field = fieldToOmit(known, (one) => leavesOut(limits, one as OptionalField)) as OptionalField | null;
    return field === null ? null : { kind: 'field', field, turn };
  }
  const sent = Math.min(
    wanted ?? defaultMaxTokens(model),
    model.maxOutput,
    maxTokensAt(limits, model.id) ?? Number.POSITIVE_INFINITY,
  );
  // A limit that the server names and that was kept is not the one it means.
  const named = remedy.tokens !== null && remedy.tokens < sent ? remedy.tokens : null;
  const tokens = named ?? Math.floor(sent / 2);
  return tokens < Math.min(fewest, named ?? fewest) ? null : { kind: 'maxTokens', model: model.id, tokens, turn };
}

/** What the panel shows of the address that requests go to now; undefined where none may be used. */
export async function addressState({
  api,
  addresses,
  models,
}: Pick<MendDeps, 'api' | 'addresses' | 'models'>): Promise<AddressState | undefined> {
  const access = await api.access().catch(() => null);
  if (access === null) return undefined;
  const limits = await addresses.of(access.baseUrl);
  const notes = limits.map((limit) => noteOf(limit, models));
  return { host: new URL(access.baseUrl).host, notes };
}

function noteOf(limit: AddressLimit, models: MendDeps['models']): AddressNote {
  const place = { key: limitKey(limit), turn: limit.turn };
  switch (limit.kind) {
    case 'field':
      return { ...place, what: { kind: limit.kind, field: limit.field } };
    case 'maxTokens':
      return { ...place, what: { kind: limit.kind, model: models.of(limit.model).name, tokens: limit.tokens } };
    case 'unsignedThinking':
      return { ...place, what: { kind: limit.kind } };
  }
}

/** Sends it again from now on. `key` is that of an AddressNote. */
export async function takeBackLimit(
  key: string,
  { api, addresses }: Pick<MendDeps, 'api' | 'addresses'>,
): Promise<void> {
  const access = await api.access();
  if (access !== null) await addresses.remove(access.baseUrl, key);
}
