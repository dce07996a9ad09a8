/** Answers as the API would have given them to the request that a path makes: signed for it, and recorded with it. */
import type Anthropic from '@anthropic-ai/sdk';
import { modelOf } from '../../../src/core/models/models';
import { type PlannedRequest, planRequest, type RequestInput } from '../../../src/core/prompt/request';
import type { AssistantEntry, Entry } from '../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../src/core/tools/all';
import { bindingOf } from '../../fakeClaude/positions';
import { signThinking, thoughtName } from '../../fakeClaude/signatures';
import type { Block, RequestBody } from '../../fakeClaude/wire';
import { blobs, type PathMaker, settings } from './prompt/paths';

/** Binds thinking to what was before it. */
export const bound = 'claude-opus-5-5';

export function planned(path: readonly Entry[], model = bound, more: Partial<RequestInput> = {}): PlannedRequest {
  return planRequest({
    path,
    model: modelOf(model),
    settings: { ...settings, model },
    tools: toolDefinitions(tools),
    blobs,
    ...more,
  });
}

/** Adds the answer to the path's request. Its thinking blocks are signed for that request, whatever they have. */
export function answer(
  maker: PathMaker,
  content: readonly Anthropic.ContentBlock[],
  model = bound,
  more: Partial<AssistantEntry> = {},
  input: Partial<RequestInput> = {},
): PathMaker {
  const { request, held } = planned(maker.entries, model, input);
  const body = JSON.parse(JSON.stringify(request)) as RequestBody;
  let { prefix, previous } = bindingOf(body, model);
  const signed = content.map((block) => {
    if (block.type !== 'thinking') return block;
    const signature = signThinking(block.thinking, block.thinking, { model, prefix, previous });
    const thought = { ...block, signature };
    previous = thoughtName(thought as Block);
    return thought;
  });
  return maker.assistant(signed, { model, held, ...more });
}

/** Which of the answers that are sent still have their thoughts. */
export function thoughts(request: PlannedRequest['request']): readonly boolean[] {
  return request.messages
    .filter(({ role }) => role === 'assistant')
    .map(({ content }) => typeof content !== 'string' && content.some((block) => block.type === 'thinking'));
}
