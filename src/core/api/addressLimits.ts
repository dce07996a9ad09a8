/**
 * What an address (a base URL) is known not to take of a request, and a request without it (LESSONS L44). Gateways know
 * fewer fields than the API: what one refused is left out there from then on, until the user takes that back.
 */
import type Anthropic from '@anthropic-ai/sdk';
import * as z from 'zod/mini';
import type { Request } from './requestBody';

/** Fields of our requests that an answer can do without, by the path that servers name them with. */
export const optionalFields = [
  'thinking.display',
  'thinking',
  'output_config.effort',
  'cache_control.ttl',
  'cache_control',
  'diagnostics',
  'document.title',
  'tools.server',
  'tools',
] as const;
/** A field of the request that can be left out, as a path with dots. */
export type OptionalField = (typeof optionalFields)[number];

const turn = z.catch(z.nullable(z.string()), null);
const limitShape = z.discriminatedUnion('kind', [
  /** A field that is not sent. */
  z.object({ kind: z.literal('field'), field: z.enum(optionalFields), turn }),
  /** Tokens that `max_tokens` of this model has at most. */
  z.object({ kind: z.literal('maxTokens'), model: z.string(), tokens: z.int().check(z.positive()), turn }),
  /** Thinking blocks without a signature do not go back. */
  z.object({ kind: z.literal('unsignedThinking'), turn }),
]);

/** One thing that an address does not take. `turn`: the user entry in whose turn it was noticed; null when unknown. */
export type AddressLimit = Readonly<z.infer<typeof limitShape>>;
/** All that one address is known not to take. */
export type AddressLimits = readonly AddressLimit[];

/** An address that takes everything. */
export const noLimitsKnown: AddressLimits = [];

/** One string for each thing that can be limited: the same of two limits of one thing. */
export function limitKey(limit: AddressLimit): string {
  switch (limit.kind) {
    case 'field':
      return `field/${limit.field}`;
    case 'maxTokens':
      return `maxTokens/${limit.model}`;
    case 'unsignedThinking':
      return limit.kind;
  }
}

/** True when a field is not sent to the address. */
export function leavesOut(limits: AddressLimits, field: OptionalField): boolean {
  return limits.some((limit) => limit.kind === 'field' && limit.field === field);
}

/** True when thinking blocks that came without a signature are not sent back to the address. */
export function leavesOutUnsignedThinking(limits: AddressLimits): boolean {
  return limits.some(({ kind }) => kind === 'unsignedThinking');
}

/** The tools that the address takes: all, ours alone without those that the API runs itself, or none. */
export function offeredAt(
  tools: readonly Anthropic.ToolUnion[],
  limits: AddressLimits,
): readonly Anthropic.ToolUnion[] {
  if (leavesOut(limits, 'tools')) return [];
  return leavesOut(limits, 'tools.server') ? tools.filter((tool) => 'input_schema' in tool) : tools;
}

/** Tokens that `max_tokens` has at most for a model; null for no limit of the address. */
export function maxTokensAt(limits: AddressLimits, model: string): number | null {
  const found = limits.find((limit) => limit.kind === 'maxTokens' && limit.model === model);
  return found?.kind === 'maxTokens' ? found.tokens : null;
}

/** The limits that a stored text holds; what cannot be read of it, or is not known, counts as no limit. */
export function parseLimits(text: string | null): AddressLimits {
  if (text === null) return noLimitsKnown;
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return noLimitsKnown;
  }
  if (!Array.isArray(stored)) return noLimitsKnown;
  return stored.flatMap((one) => {
    const read = limitShape.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

/** The request as the address takes it. The life of its breakpoints is chosen before (request.ts). */
export function withinLimits(request: Request, limits: AddressLimits): Request {
  if (limits.length === 0) return request;
  let { thinking } = request;
  if (leavesOut(limits, 'thinking')) thinking = undefined;
  else if (thinking?.type === 'adaptive' && leavesOut(limits, 'thinking.display')) thinking = { type: 'adaptive' };
  const { thinking: _, output_config, diagnostics, tools, ...rest } = request;
  const limited: Request = {
    ...rest,
    max_tokens: Math.min(request.max_tokens, maxTokensAt(limits, request.model) ?? request.max_tokens),
    ...(thinking === undefined ? {} : { thinking }),
    ...(output_config === undefined || leavesOut(limits, 'output_config.effort') ? {} : { output_config }),
    ...(diagnostics === undefined || leavesOut(limits, 'diagnostics') ? {} : { diagnostics }),
    ...(tools === undefined || leavesOut(limits, 'tools') ? {} : { tools }),
  };
  const breakpoints = !leavesOut(limits, 'cache_control');
  const titles = !leavesOut(limits, 'document.title');
  if (breakpoints && titles) return limited;
  return {
    ...limited,
    system: limited.system.map((block) => withoutParts(block, breakpoints, true)),
    messages: limited.messages.map((message) =>
      typeof message.content === 'string'
        ? message
        : ({
            ...message,
            content: message.content.map((block) => withoutParts(block, breakpoints, titles)),
          } as Anthropic.MessageParam),
    ),
  };
}

/** Without its breakpoint and its title, where those are not taken. */
function withoutParts<T extends Anthropic.ContentBlockParam>(block: T, breakpoints: boolean, titles: boolean): T {
  const copy: Record<string, unknown> = { ...block };
  if (!breakpoints) delete copy['cache_control'];
  if (!titles && block.type === 'document') delete copy['title'];
  return copy as unknown as T;
}
