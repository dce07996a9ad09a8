/** What a recorded request says, in words. */
import type Anthropic from '@anthropic-ai/sdk';
import type { RecordedRequest } from '../fakeClaude/record';

export function systemText(request: RecordedRequest | undefined): string {
  const system = (request?.body as unknown as Anthropic.MessageCreateParams | undefined)?.system;
  return Array.isArray(system) ? system.map((block) => block.text).join('\n') : '';
}

/** The blocks of each message, in words. */
export function messages(request: RecordedRequest | undefined): readonly string[] {
  return ((request?.body.messages ?? []) as unknown as Anthropic.MessageParam[]).map(({ role, content }) => {
    const blocks =
      typeof content === 'string' ? [content] : content.map((one) => ('text' in one ? one.text : one.type));
    return `${role}: ${blocks.join(' | ')}`;
  });
}
