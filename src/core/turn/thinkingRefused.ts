/**
 * Thinking that an address refuses to take back (API-FACTS §5): of another account, damaged on its way, or without a
 * signature. The request is made again without it, and that is remembered, so that it is refused once.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type { KnownLimits } from '../api/addressBook';
import type { AddressLimits } from '../api/addressLimits';
import { TurnFailureError } from '../api/failures';
import type { Log } from '../base/ports';
import type { PlannedRequest } from '../prompt/request';

/** What a request is to be planned with. */
export interface Replan {
  readonly limits: AddressLimits;
  readonly withoutThinking: boolean;
}

interface Refused {
  readonly planned: PlannedRequest;
  readonly used: Replan;
  readonly address: string;
  /** The user entry of the turn; null outside of one. */
  readonly turn: string | null;
}

/**
 * How to ask again after `error`: without thinking that has no signature, where there was some, else without any. null
 * where the refusal is not about thinking, or none was sent.
 */
export async function withoutRefused(
  error: unknown,
  { planned, used, address, turn }: Refused,
  addresses: KnownLimits,
  diagnostics: Log,
): Promise<Replan | null> {
  if (!isAboutThinking(error)) return null;
  const sent = thinkingIn(planned.request.messages);
  if (sent === 'none') return null;
  if (sent === 'signed') return { ...used, withoutThinking: true };
  const limit = { kind: 'unsignedThinking', turn } as const;
  try {
    await addresses.add(address, limit);
  } catch (cause) {
    diagnostics.warn(`What an address takes was not stored: ${cause instanceof Error ? cause.name : 'unknown'}.`);
  }
  return { ...used, limits: [...used.limits, limit] };
}

/** Words of servers about a thinking block of the messages; not about the parameter, which has its own name there. */
const aboutBlocks =
  /signature|content\.\d+\.(?:redacted_)?thinking|thinking\b[^.]{0,40}\bblocks?\b|\bblocks?\b[^.]{0,40}thinking/i;

/** True for a refused request whose refusal speaks of thinking blocks. */
export function isAboutThinking(error: unknown): boolean {
  const cause = error instanceof TurnFailureError ? error.cause : error;
  if (!(cause instanceof Error) || (error instanceof TurnFailureError && error.failure.partial)) return false;
  const { status } = cause as { status?: unknown };
  return typeof status === 'number' && status >= 400 && aboutBlocks.test(cause.message);
}

/** Whether any thinking is in the messages, and whether all of it has a signature. */
function thinkingIn(messages: readonly Anthropic.MessageParam[]): 'none' | 'signed' | 'unsigned' {
  let found: 'none' | 'signed' = 'none';
  for (const { content } of messages) {
    if (typeof content === 'string') continue;
    for (const block of content) {
      if (block.type === 'redacted_thinking') found = 'signed';
      if (block.type !== 'thinking') continue;
      // As a server sent it: it may have none at all.
      const { signature } = block as { readonly signature?: unknown };
      if (typeof signature !== 'string' || signature === '') return 'unsigned';
      found = 'signed';
    }
  }
  return found;
}
