/** What a request is on the wire. */
import type Anthropic from '@anthropic-ai/sdk';

/** What is sent; always streamed. */
export type Request = Anthropic.MessageStreamParams & {
  system: Anthropic.TextBlockParam[];
  messages: Anthropic.MessageParam[];
};
