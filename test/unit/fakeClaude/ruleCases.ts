import type { RuleId } from '../../fakeClaude/rules';
import type { FakeOptions } from '../../fakeClaude/server';
import { gif, pdf, pdfBlock, png } from './media';
import {
  assistant,
  cited,
  format,
  haiku,
  hour,
  image,
  look,
  mark,
  of,
  result,
  search,
  sonnet,
  strict,
  text,
  use,
  user,
} from './requests';

/** A request that one rule refuses. */
export interface Case {
  readonly rule: RuleId;
  /** The text the API would answer with. */
  readonly says: string | RegExp;
  readonly body: Record<string, unknown>;
  readonly version?: string;
  readonly path?: string;
  readonly switches?: FakeOptions['switches'];
}

/** Every rule of the catalogue, with a request that breaks it. */
export const cases: readonly Case[] = [
  { rule: 'extraInputs', says: 'temperature: Extra inputs are not permitted', body: { temperature: 1 } },
  { rule: 'extraInputs', says: 'top_k: Extra inputs are not permitted', body: { ...haiku, top_k: 1 } },
  {
    rule: 'extraInputs',
    says: 'messages.0.content.0.text.extra: Extra inputs are not permitted',
    body: of(user([text('a', { extra: 1 })])),
  },
  {
    rule: 'extraInputs',
    says: 'tools.0.custom.extra: Extra inputs are not permitted',
    body: { tools: [{ ...look, extra: 1 }] },
  },
  {
    rule: 'extraInputs',
    says: 'messages.1.content.0.thinking.cache_control: Extra inputs are not permitted',
    body: of(user('a'), assistant([{ type: 'thinking', thinking: '', signature: 'x', ...mark }])),
  },
  {
    rule: 'extraInputs',
    says: 'max_tokens: Extra inputs are not permitted',
    body: {},
    path: '/v1/messages/count_tokens',
  },
  { rule: 'fieldRequired', says: 'max_tokens: Field required', body: { max_tokens: undefined } },
  { rule: 'fieldRequired', says: 'messages: Field required', body: { messages: undefined } },
  { rule: 'fieldRequired', says: 'model: Field required', body: { model: undefined } },
  {
    rule: 'inputShould',
    says: /^messages\.0\.role: Input should be 'user', 'assistant' or 'system'/,
    body: of({ role: 'tool', content: 'x' }),
  },
  {
    rule: 'samplingDeprecated',
    says: '`temperature` is deprecated for this model.',
    body: { temperature: 1 },
    version: '2023-06-01',
  },
  {
    rule: 'toolName',
    says: "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    body: { tools: [{ ...look, name: 'a.b' }] },
  },
  {
    rule: 'toolUseId',
    says: /tool_use\.id: String should match/,
    body: of(user('a'), assistant([use('a b')]), user([result('a b')])),
  },
  {
    rule: 'toolName',
    says: /messages\.1\.content\.0\.tool_use\.name: String should match/,
    body: of(user('a'), assistant([{ ...use('a'), name: 'a b' }]), user([result('a')])),
  },
  {
    rule: 'serverToolUseId',
    says: /server_tool_use\.id: String should match/,
    body: of(user('a'), assistant([{ ...search, id: 'toolu_1' }])),
  },
  {
    rule: 'orphanServerResult',
    says: /unexpected `tool_use_id` found in `web_search_tool_result` blocks: srvtoolu_2/,
    body: of(user('a'), assistant([{ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_2', content: [] }])),
  },
  { rule: 'loneSurrogate', says: /no low surrogate in string/, body: of(user('half \ud83d')) },
  {
    rule: 'inputShould',
    says: 'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
    body: of(user('a'), assistant([{ ...use('a'), input: [] }]), user([result('a')])),
  },
  {
    rule: 'inputShould',
    says: 'messages.1.content.0.text.citations: Input should be a valid list',
    body: of(user('a'), assistant([text('b', { citations: 'c' })]), user('d')),
  },
  { rule: 'stopSequence', says: /stop sequence must contain non-whitespace/, body: { stop_sequences: [' '] } },
  { rule: 'firstRole', says: 'messages: first message must use the "user" role', body: of(assistant('a'), user('b')) },
  { rule: 'noMessages', says: /at least one message/, body: of() },
  {
    rule: 'emptyMessage',
    says: 'messages.1: all messages must have non-empty content except for the optional final assistant message',
    body: of(user('a'), assistant(''), user('b')),
  },
  { rule: 'emptyMessage', says: /^messages\.0: all messages/, body: of(user([])) },
  { rule: 'emptyText', says: 'messages: text content blocks must be non-empty', body: of(user([text('')])) },
  { rule: 'emptyText', says: 'system: text content blocks must be non-empty', body: { system: [text('')] } },
  {
    rule: 'blankText',
    says: 'messages: text content blocks must contain non-whitespace text',
    body: of(user([text(' \n')])),
  },
  {
    rule: 'prefill',
    says: 'This model does not support assistant message prefill. The conversation must end with a user message.',
    body: of(user('a'), assistant('b')),
  },
  {
    rule: 'trailingWhitespace',
    says: 'messages: final assistant content cannot end with trailing whitespace',
    body: { ...haiku, ...of(user('a'), assistant('b ')) },
  },
  {
    rule: 'wrongRole',
    says: /`tool_use` blocks can only be in `assistant` messages/,
    body: of(user([use('toolu_1')])),
  },
  {
    rule: 'assistantDocument',
    says: /^messages\.1\.content\.0: /,
    body: of(user('a'), assistant([pdfBlock(pdf(1))]), user('b')),
  },
  {
    rule: 'userCitations',
    says: /citations/,
    body: of(user([text('a', { citations: [{ type: 'char_location', cited_text: 'a' }] })])),
  },
  {
    rule: 'systemRole',
    says: /^messages\.1: /,
    body: { ...sonnet, ...of(user('a'), { role: 'system', content: 'b' }) },
  },
  { rule: 'systemFirst', says: /^messages\.0: /, body: of({ role: 'system', content: 'b' }, user('a')) },
  {
    rule: 'systemPlace',
    says: "messages.1: role 'system' must precede an 'assistant' message or end the array",
    body: of(user('a'), { role: 'system', content: 'b' }, user('c')),
  },
  {
    rule: 'orphanResult',
    says: 'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
    body: of(user([result('toolu_1')])),
  },
  {
    rule: 'orphanResult',
    says: /^messages\.4\.content\.0: unexpected/,
    body: of(
      user('a'),
      assistant([use('toolu_1')]),
      user([result('toolu_1')]),
      assistant('b'),
      user([result('toolu_1')]),
    ),
  },
  {
    rule: 'unansweredToolUse',
    says: 'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1, toolu_2. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
    body: of(user('a'), assistant([use('toolu_1'), use('toolu_2')]), user('b')),
  },
  {
    rule: 'unansweredToolUse',
    says: /immediately after: toolu_2\./,
    body: of(user('a'), assistant([use('toolu_1'), use('toolu_2')]), user([result('toolu_1')])),
  },
  {
    rule: 'unansweredToolUse',
    says: /immediately after: toolu_1\./,
    body: of(user('a'), assistant([use('toolu_1')]), user([text('first'), result('toolu_1')])),
  },
  {
    rule: 'unansweredToolUse',
    says: /immediately after: toolu_2\./,
    body: of(
      user('a'),
      assistant([use('toolu_1'), use('toolu_2')]),
      user([result('toolu_1')]),
      user([result('toolu_2')]),
    ),
  },
  {
    rule: 'duplicateResult',
    says: /Found multiple `tool_result` blocks with id: toolu_1$/,
    body: of(user('a'), assistant([use('toolu_1')]), user([result('toolu_1'), result('toolu_1')])),
  },
  {
    rule: 'duplicateToolUse',
    says: 'messages.3.content.0: `tool_use` ids must be unique',
    body: of(
      user('a'),
      assistant([use('toolu_1')]),
      user([result('toolu_1')]),
      assistant([use('toolu_1')]),
      user([result('toolu_1')]),
    ),
  },
  {
    rule: 'unresolvedServerTool',
    says: '`web_search` tool use with id `srvtoolu_1` was found without a corresponding `web_search_tool_result` block',
    body: of(user('a'), assistant([search]), user('b')),
  },
  { rule: 'uniqueToolNames', says: 'tools: Tool names must be unique.', body: { tools: [look, look] } },
  {
    rule: 'allDeferred',
    says: 'All tools have defer_loading: true',
    body: { tools: [{ ...look, defer_loading: true }] },
  },
  { rule: 'choiceWithoutTools', says: /tool_choice may only be specified/, body: { tool_choice: { type: 'auto' } } },
  {
    rule: 'unknownToolChoice',
    says: /Tool 'x' not found/,
    body: { tools: [look], tool_choice: { type: 'tool', name: 'x' } },
  },
  { rule: 'strictObject', says: /additionalProperties/, body: { tools: [strict({ type: 'object' })] } },
  {
    rule: 'strictKeyword',
    says: /property 'minimum' is not supported/,
    body: {
      tools: [
        strict({ type: 'object', additionalProperties: false, properties: { a: { type: 'integer', minimum: 1 } } }),
      ],
    },
  },
  {
    rule: 'forcedWithThinking',
    says: /forces tool use/,
    body: {
      ...sonnet,
      thinking: { type: 'enabled', budget_tokens: 2_000 },
      tools: [look],
      tool_choice: { type: 'any' },
    },
  },
  {
    rule: 'enabledUnsupported',
    says: '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    body: { thinking: { type: 'enabled', budget_tokens: 2_000 } },
  },
  {
    rule: 'adaptiveUnsupported',
    says: 'adaptive thinking is not supported on this model',
    body: { ...haiku, thinking: { type: 'adaptive' } },
  },
  { rule: 'thinkingUnsupported', says: /disabled/, body: { model: 'claude-opus-5-5', thinking: { type: 'disabled' } } },
  { rule: 'budgetTooSmall', says: /1024/, body: { ...haiku, thinking: { type: 'enabled', budget_tokens: 100 } } },
  {
    rule: 'budgetTooLarge',
    says: /budget_tokens/,
    body: { ...haiku, thinking: { type: 'enabled', budget_tokens: 4_000 } },
  },
  { rule: 'displayDisabled', says: /display/, body: { thinking: { type: 'disabled', display: 'omitted' } } },
  { rule: 'effortUnsupported', says: /effort/, body: { ...haiku, output_config: { effort: 'low' } } },
  {
    rule: 'effortLevel',
    says: "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
    body: { ...sonnet, output_config: { effort: 'xhigh' } },
  },
  {
    rule: 'tooManyMarks',
    says: 'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    body: of(user([1, 2, 3, 4, 5].map((n) => text(`${n}`, mark)))),
  },
  {
    rule: 'tooManyMarksAutomatic',
    says: /maximum of 4/,
    body: { ...mark, ...of(user([...[1, 2, 3, 4].map((n) => text(`${n}`, mark)), text('5')])) },
  },
  { rule: 'automaticTtl', says: /ttl/, body: { ...mark, ...of(user([text('a', hour)])) } },
  {
    rule: 'emptyMarked',
    says: 'messages.0.content.0.text: cache_control cannot be set for empty text blocks',
    body: of(user([text('', mark)])),
  },
  {
    rule: 'hourAfterFive',
    says: "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
    body: of(user([text('a', mark), text('b', hour)])),
  },
  {
    rule: 'hourAfterFive',
    says: /^system\.0\.cache_control\.ttl/,
    body: { tools: [{ ...look, ...mark }], system: [text('a', hour)] },
  },
  {
    rule: 'maxTokens',
    says: 'max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4-6',
    body: { ...sonnet, max_tokens: 64_001 },
  },
  { rule: 'maxTokens', says: /^max_tokens: 128001 > 128000/, body: { max_tokens: 128_001 } },
  {
    rule: 'promptTooLong',
    says: /^prompt is too long: \d{6} tokens > 200000 maximum$/,
    body: { ...haiku, ...of(user('word '.repeat(180_000))) },
  },
  { rule: 'warmUp', says: /stream/, body: { max_tokens: 0, stream: true } },
  { rule: 'warmUp', says: /thinking/, body: { max_tokens: 0, thinking: { type: 'adaptive' } } },
  { rule: 'warmUp', says: /format/, body: { max_tokens: 0, ...format } },
  { rule: 'warmUp', says: /tool_choice/, body: { max_tokens: 0, tools: [look], tool_choice: { type: 'any' } } },
  {
    rule: 'imageBytes',
    says: 'messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes',
    body: of(user([image(Buffer.concat([png(9, 9)], 3_932_163))])),
    switches: { imageLimitBytes: 5_242_880 },
  },
  {
    rule: 'imageDimensions',
    says: /dimensions exceed max allowed size: 8000 pixels$/,
    body: of(user([image(png(8_001, 10))])),
  },
  {
    rule: 'manyImageDimensions',
    says: /for many-image requests: 2000 pixels$/,
    body: of(user([...Array.from({ length: 20 }, () => image(png(9, 9))), image(png(2_001, 9))])),
  },
  {
    rule: 'tooManyImages',
    says: 'too many images and documents: 100 + 1 > 100',
    body: { ...haiku, ...of(user([...Array.from({ length: 100 }, () => image(png(9, 9))), pdfBlock(pdf(1))])) },
  },
  {
    rule: 'imageMismatch',
    says: 'messages.0.content.0.image.source.base64: The image was specified using the image/jpeg media type, but the image appears to be a image/gif image',
    body: of(user([image(gif(9, 9), 'image/jpeg')])),
  },
  {
    rule: 'imageMediaType',
    says: "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
    body: of(user([image(png(9, 9), 'image/bmp')])),
  },
  { rule: 'imageUnreadable', says: 'Could not process image', body: of(user([image(Buffer.from('nothing at all'))])) },
  {
    rule: 'invalidBase64',
    says: /invalid base64/,
    body: of(
      user([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'data:image/png;base64,xx' } }]),
    ),
  },
  {
    rule: 'oversizedImage',
    says: 'messages.0.content.0: image dimensions 1920x1080 exceed the maximum image size of a model named on this request and would be downsized to 1456x819; scale the image to at most 1456x819 or set the image\'s oversized_image setting to "downsize"',
    body: { ...sonnet, ...of(user([{ ...image(png(1_920, 1_080)), transformations: { oversized_image: 'error' } }])) },
  },
  { rule: 'invalidPdf', says: /PDF specified was not valid/, body: of(user([pdfBlock(Buffer.from('no pdf at all'))])) },
  { rule: 'encryptedPdf', says: /password protected/, body: of(user([pdfBlock(pdf(1, true))])) },
  {
    rule: 'pdfPages',
    says: 'A maximum of 100 PDF pages may be provided.',
    body: { ...haiku, ...of(user([pdfBlock(pdf(101))])) },
  },
  { rule: 'citationsFormat', says: /citations/, body: { ...format, ...of(user([cited])) } },
  { rule: 'citationsPartly', says: /citations/, body: of(user([cited, pdfBlock(pdf(1))])) },
  { rule: 'threads', says: /thread/, body: { thread: { type: 'create' } } },
];
