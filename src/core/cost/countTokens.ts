/** The exact size of a request, by the API's own count (API-FACTS §7.1). It costs nothing, and it sends the request. */
import type Anthropic from '@anthropic-ai/sdk';
import type { ApiAccess } from '../api/access';
import { type ApiFetch, connect } from '../api/client';
import type { Request } from '../api/requestBody';

/** A count is a few bytes. */
const maxBytes = 1024 * 1024;

/** Tokens of all that the request holds. Rejects with the SDK's errors. */
export async function countTokens(
  request: Request,
  access: ApiAccess,
  fetch: ApiFetch,
  signal: AbortSignal,
): Promise<number> {
  const { model, messages, system, tools, thinking, output_config } = request;
  const params: Anthropic.MessageCountTokensParams = {
    model,
    messages,
    system,
    ...(tools === undefined ? {} : { tools }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(output_config === undefined || output_config === null ? {} : { output_config }),
  };
  const { input_tokens } = await connect(access, fetch, 'an exact count', maxBytes).messages.countTokens(params, {
    signal,
  });
  if (!Number.isSafeInteger(input_tokens) || input_tokens <= 0) throw new Error('the count is no number');
  return input_tokens;
}
