/** What a server says of its models, read with doubt: gateways list ids alone, in other shapes, or anything at all. */
import * as z from 'zod/mini';
import { isObject } from '../base/doorValues';
import { effortLevels } from '../base/settings';

/** Facts of a model as they are stored; null for each that the server did not give. Windows and limits in tokens. */
export const factsShape = z.object({
  id: z.string(),
  name: z.nullable(z.string()),
  window: z.nullable(z.number()),
  maxOutput: z.nullable(z.number()),
  adaptiveThinking: z.nullable(z.boolean()),
  imageInput: z.nullable(z.boolean()),
  // Missing in what was stored before they were read.
  webSearch: z._default(z.nullable(z.boolean()), null),
  webFetch: z._default(z.nullable(z.boolean()), null),
  efforts: z.nullable(z.array(z.enum(effortLevels))),
  lifecycle: z.nullable(z.string()),
  retiresAt: z.nullable(z.string()),
});
/** What the API said of one model; null where it said nothing (gateways often list ids alone). */
export type ModelFacts = z.infer<typeof factsShape>;

/** What is missing, or of another shape than expected, was not said. */
const said = <Shape extends z.ZodMiniType>(shape: Shape) => z.catch(z.nullish(shape), null);
const supported = z.object({ supported: z.boolean() });
const tokens = said(z.int().check(z.positive()));
const name = said(z.string().check(z.maxLength(300)));
const infoShape = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(300)),
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
  capabilities: said(
    z.object({
      image_input: said(supported),
      server_tools: said(
        z.object({ supported: said(z.boolean()), web_search: said(supported), web_fetch: said(supported) }),
      ),
      effort: said(z.record(z.string(), z.unknown())),
      thinking: said(z.object({ supported: z.boolean(), types: said(z.object({ adaptive: supported })) })),
    }),
  ),
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
