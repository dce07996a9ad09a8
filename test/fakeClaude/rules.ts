/**
 * The texts of every refusal, in one table keyed by a rule id (API-FACTS §3.2), so that a text can be corrected without
 * touching the check. Each text is a function of what the rule found. `sure: false` marks wording nobody has confirmed.
 */

type Found = Readonly<Record<string, string | number>>;

interface Rule {
  readonly text: (found: Found) => string;
  readonly sure: boolean;
}

const sure = (text: (f: Found) => string): Rule => ({ text, sure: true });
const unsure = (text: (f: Found) => string): Rule => ({ text, sure: false });

export const rules = {
  // Shape
  extraInputs: sure((f) => `${f['path']}: Extra inputs are not permitted`),
  fieldRequired: unsure((f) => `${f['path']}: Field required`),
  inputShould: unsure((f) => `${f['path']}: Input should be ${f['what']}`),
  samplingDeprecated: sure((f) => `\`${f['path']}\` is deprecated for this model.`),
  toolName: sure((f) => `${f['path']}: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`),
  serverToolUseId: unsure((f) => `${f['path']}: String should match pattern '^srvtoolu_[a-zA-Z0-9_]+$'`),
  toolUseId: sure((f) => `${f['path']}: String should match pattern '^[a-zA-Z0-9_-]+$'`),
  tooManyMessages: unsure(() => 'messages: at most 100000 messages may be provided'),
  stopSequence: sure(() => 'stop_sequences: each stop sequence must contain non-whitespace'),
  missingVersion: unsure(() => 'anthropic-version: header is required'),
  unknownVersion: unsure((f) => `anthropic-version: "${f['version']}" is not a valid version`),
  invalidJson: unsure(() => 'The request body is not valid JSON'),
  loneSurrogate: sure(() => 'The request body is not valid JSON: no low surrogate in string'),
  // Turns
  firstRole: sure(() => 'messages: first message must use the "user" role'),
  noMessages: sure(() => 'messages: at least one message is required'),
  emptyMessage: sure(
    (f) => `${f['path']}: all messages must have non-empty content except for the optional final assistant message`,
  ),
  emptyText: sure((f) => `${f['at']}: text content blocks must be non-empty`),
  blankText: sure((f) => `${f['at']}: text content blocks must contain non-whitespace text`),
  prefill: sure(
    () => 'This model does not support assistant message prefill. The conversation must end with a user message.',
  ),
  trailingWhitespace: sure(() => 'messages: final assistant content cannot end with trailing whitespace'),
  wrongRole: unsure((f) => `${f['path']}: \`${f['type']}\` blocks can only be in \`${f['role']}\` messages`),
  assistantDocument: unsure((f) => `${f['path']}: \`document\` blocks are not permitted in \`assistant\` messages`),
  userCitations: unsure((f) => `${f['path']}.citations: Extra inputs are not permitted`),
  systemRole: unsure((f) => `${f['path']}: role 'system' is not supported on this model`),
  systemFirst: unsure((f) => `${f['path']}: role 'system' must follow a 'user' message`),
  systemPlace: sure((f) => `${f['path']}: role 'system' must precede an 'assistant' message or end the array`),
  // Tools
  orphanResult: sure(
    (f) =>
      `${f['path']}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${f['ids']}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
  ),
  unansweredToolUse: sure(
    (f) =>
      `${f['path']}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${f['ids']}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  ),
  duplicateResult: sure(
    (f) =>
      `${f['path']}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${f['ids']}`,
  ),
  duplicateToolUse: sure((f) => `${f['path']}: \`tool_use\` ids must be unique`),
  unresolvedServerTool: sure(
    (f) =>
      `\`${f['name']}\` tool use with id \`${f['ids']}\` was found without a corresponding \`${f['name']}_tool_result\` block`,
  ),
  orphanServerResult: unsure(
    (f) => `${f['path']}: unexpected \`tool_use_id\` found in \`${f['type']}\` blocks: ${f['ids']}`,
  ),
  uniqueToolNames: sure(() => 'tools: Tool names must be unique.'),
  allDeferred: sure(() => 'All tools have defer_loading: true'),
  choiceWithoutTools: sure(() => 'tool_choice: tool_choice may only be specified while providing tools.'),
  unknownToolChoice: sure((f) => `tool_choice.name: Tool '${f['name']}' not found in provided tools`),
  strictObject: sure((f) => `${f['path']}: For 'object' type, 'additionalProperties' must be explicitly set to false`),
  strictKeyword: sure((f) => `${f['path']}: For '${f['type']}' type, property '${f['keyword']}' is not supported`),
  forcedWithThinking: unsure(() => 'Thinking may not be enabled when tool_choice forces tool use.'),
  // Thinking
  enabledUnsupported: sure(
    () =>
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
  ),
  adaptiveUnsupported: sure(() => 'adaptive thinking is not supported on this model'),
  thinkingUnsupported: unsure((f) => `"thinking.type.${f['type']}" is not supported for this model.`),
  budgetTooSmall: unsure(() => 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'),
  budgetTooLarge: unsure(() => '`max_tokens` must be greater than `thinking.budget_tokens`.'),
  displayDisabled: unsure(() => 'thinking.disabled.display: Extra inputs are not permitted'),
  thinkingModified: sure(
    (f) =>
      `${f['path']}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`,
  ),
  invalidSignature: unsure((f) => `${f['path']}: Invalid \`signature\` in \`thinking\` block`),
  thinkingMoved: sure(
    (f) =>
      `${f['path']}: Invalid \`signature\` in \`thinking\` block. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block".`,
  ),
  effortUnsupported: unsure(() => 'This model does not support the effort parameter.'),
  effortLevel: sure(
    (f) => `This model does not support effort level '${f['effort']}'. Supported levels: ${f['levels']}.`,
  ),
  // Cache
  tooManyMarks: sure((f) => `A maximum of 4 blocks with cache_control may be provided. Found ${f['count']}.`),
  tooManyMarksAutomatic: unsure(
    () => 'A maximum of 4 blocks with cache_control may be provided, the top-level cache_control included. Found 5.',
  ),
  automaticTtl: unsure(
    () => 'cache_control: the ttl of the top-level cache_control differs from the ttl of the last block.',
  ),
  emptyMarked: sure((f) => `${f['path']}.text: cache_control cannot be set for empty text blocks`),
  hourAfterFive: sure(
    (f) =>
      `${f['path']}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`,
  ),
  // Limits
  maxTokens: sure(
    (f) =>
      `max_tokens: ${f['asked']} > ${f['limit']}, which is the maximum allowed number of output tokens for ${f['model']}`,
  ),
  promptTooLong: sure((f) => `prompt is too long: ${f['tokens']} tokens > ${f['window']} maximum`),
  warmUp: unsure((f) => `max_tokens: 0 may not be used with ${f['with']}`),
  // Media
  imageBytes: sure(
    (f) =>
      `${f['path']}.image.source.base64: image exceeds ${f['mega']} MB maximum: ${f['bytes']} bytes > ${f['limit']} bytes`,
  ),
  imageDimensions: sure(
    (f) =>
      `${f['path']}.image.source.base64.data: At least one of the image dimensions exceed max allowed size: 8000 pixels`,
  ),
  manyImageDimensions: sure(
    (f) =>
      `${f['path']}.image.source.base64.data: At least one of the image dimensions exceed max allowed size for many-image requests: 2000 pixels`,
  ),
  tooManyImages: sure((f) => `too many images and documents: ${f['images']} + ${f['documents']} > ${f['limit']}`),
  imageMismatch: sure(
    (f) =>
      `${f['path']}.image.source.base64: The image was specified using the ${f['said']} media type, but the image appears to be a ${f['is']} image`,
  ),
  imageMediaType: sure(
    (f) =>
      `${f['path']}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
  ),
  imageUnreadable: sure(() => 'Could not process image'),
  invalidBase64: unsure((f) => `${f['path']}.source.base64.data: invalid base64 data`),
  oversizedImage: sure(
    (f) =>
      `${f['path']}: image dimensions ${f['size']} exceed the maximum image size of a model named on this request and would be downsized to ${f['scaled']}; scale the image to at most ${f['scaled']} or set the image's oversized_image setting to "downsize"`,
  ),
  invalidPdf: sure((f) => `${f['path']}.document.source.base64.data: The PDF specified was not valid.`),
  encryptedPdf: sure((f) => `${f['path']}.document.source.base64.data: The PDF specified is password protected.`),
  pdfPages: sure((f) => `A maximum of ${f['limit']} PDF pages may be provided.`),
  citationsFormat: unsure(() => 'output_config.format: citations cannot be used together with structured outputs.'),
  citationsPartly: unsure(() => 'messages: citations must be enabled on all documents or on none.'),
  threads: unsure(() => 'thread: message threads are not supported for this request'),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

/** A request that is refused with 400 `invalid_request_error`; `message` is what the API would say. */
export class Refusal extends Error {
  readonly rule: RuleId;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(rule: RuleId, found: Found = {}, details?: Readonly<Record<string, unknown>>) {
    super(rules[rule].text(found));
    this.name = 'Refusal';
    this.rule = rule;
    this.details = details;
  }
}
