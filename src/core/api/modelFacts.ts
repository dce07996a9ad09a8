/** What a server says of its models, read with doubt: gateways list ids alone, in other shapes, or anything at all. */
import * as z from 'zod';
import { isObject } from '../base/doorValues';
import { effortLevels } from '../base/settings';

/** Facts of a model as they are stored; null for each that the server did not give. Windows and limits in tokens. */
export const factsShape = z.object({
  id: z.string(),
  name: z.string().nullable(),
  window: z.number().nullable(),
  maxOutput: z.number().nullable(),
  adaptiveThinking: z.boolean().nullable(),
  imageInput: z.boolean().nullable(),
  // Missing in what was stored before they were read.
  webSearch: z.boolean().nullable().default(null),
  webFetch: z.boolean().nullable().default(null),
  efforts: z.array(z.enum(effortLevels)).nullable(),
  lifecycle: z.string().nullable(),
  retiresAt: z.string().nullable(),
});
/** What the API said of one model; null where it said nothing (gateways often list ids alone). */
export type ModelFacts = z.infer<typeof factsShape>;

const supported = z.object({ supported: z.boolean() });
const tokens = z.number().int().positive().nullish().catch(null);
const name = z.string().max(300).nullish().catch(null);
const infoShape = z.object({
  id: z.string().min(1).max(300),
  display_name: name,
  name,
  max_input_tokens: tokens,
  max_tokens: tokens,
  // As gateways name them.
  context_length: tokens,
  context_window: tokens,
  max_output_tokens: tokens,
  lifecycle: name,
  retires_at: name,
  capabilities: z
    .object({
      image_input: supported.nullish().catch(null),
      server_tools: z
        .object({
          supported: z.boolean().nullish().catch(null),
          web_search: supported.nullish().catch(null),
          web_fetch: supported.nullish().catch(null),
        })
        .nullish()
        .catch(null),
      effort: z.record(z.string(), z.unknown()).nullish().catch(null),
      thinking: z
        .object({ supported: z.boolean(), types: z.object({ adaptive: supported }).nullish().catch(null) })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});

/** null for what is no model at all. The answer of a gateway may lack anything but the id. */
export function factsOf(info: unknown): ModelFacts | null {
  const read = infoShape.safeParse(info);
  if (!read.success) return null;
  const { id, lifecycle, retires_at, capabilities } = read.data;
  const { max_input_tokens, context_length, context_window, max_tokens, max_output_tokens } = read.data;
  const { effort, thinking, server_tools: web } = capabilities ?? {};
  const noWeb = web?.supported === false ? false : null;
  return {
    id,
    name: read.data.display_name ?? read.data.name ?? null,
    window: max_input_tokens ?? context_length ?? context_window ?? null,
    maxOutput: max_tokens ?? max_output_tokens ?? null,
    adaptiveThinking: thinking?.types?.adaptive.supported ?? (thinking?.supported === false ? false : null),
    imageInput: capabilities?.image_input?.supported ?? null,
    webSearch: noWeb ?? web?.web_search?.supported ?? null,
    // The API's own list says nothing of it (API-FACTS §7.2).
    webFetch: noWeb ?? web?.web_fetch?.supported ?? null,
    efforts: effort === null || effort === undefined ? null : effortsOf(effort),
    lifecycle: lifecycle ?? null,
    retiresAt: retires_at ?? null,
  };
}

function effortsOf(effort: Readonly<Record<string, unknown>>): ModelFacts['efforts'] {
  if (effort['supported'] === false) return [];
  return effortLevels.filter((level) => supported.safeParse(effort[level]).data?.supported === true);
}

/** A page of a list of models, of whatever server. */
interface ModelPage {
  readonly facts: readonly ModelFacts[];
  /** The id after which the next page begins; null for the last page. */
  readonly next: string | null;
}

/** null for what is no list of models: a web page, a sentence. */
export function pageOf(body: unknown): ModelPage | null {
  const list = Array.isArray(body) ? body : isObject(body) ? (body['data'] ?? body['models']) : null;
  if (!Array.isArray(list)) return null;
  const facts = list.flatMap((info: unknown) => factsOf(info) ?? []);
  const next = isObject(body) && body['has_more'] === true ? body['last_id'] : null;
  return { facts, next: typeof next === 'string' && next !== '' ? next : null };
}
