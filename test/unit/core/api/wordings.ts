/** What servers said in public threads: the same few things, in words of their own. */

export const envelope = (message: string, type = 'invalid_request_error'): object => ({
  type: 'error',
  error: { type, message },
});

export const tooLong: readonly (readonly [string, unknown])[] = [
  ['the API', envelope('prompt is too long: 219898 tokens > 200000 maximum')],
  [
    'the API, with what is to be written',
    envelope(
      'input length and `max_tokens` exceed context limit: 174167 + 20000 > 200000, decrease input length or `max_tokens` and try again',
    ),
  ],
  ['Vertex', envelope('Prompt is too long')],
  ['Bedrock', { message: 'Input is too long for requested model.' }],
  [
    'Bedrock, another',
    { message: 'The model returned the following errors: prompt is too long: 903884 tokens > 200000 maximum' },
  ],
  [
    'Bedrock, a model of another maker',
    {
      message:
        'The model returned the following errors: Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.',
    },
  ],
  [
    'OpenAI',
    {
      error: {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 8227 tokens. Please reduce the length of the messages.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
  ],
  [
    'OpenAI, responses',
    {
      error: {
        message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
        code: 'context_length_exceeded',
      },
    },
  ],
  ['a code without words', { error: { code: 'context_length_exceeded', message: 'Bad request' } }],
  [
    'OpenRouter',
    {
      error: {
        message:
          'This endpoint\'s maximum context length is 32768 tokens. However, you requested about 42832 tokens (42832 of text input). Please reduce the length of either one, or use the "middle-out" transform to compress your prompt automatically.',
        code: 400,
        metadata: { provider_name: null },
      },
    },
  ],
  [
    'LiteLLM around another',
    {
      error: {
        message:
          'litellm.ContextWindowExceededError: litellm.BadRequestError: BedrockException: Context Window Error - {"message":"Input is too long for requested model."}. Received Model Group=claude\nAvailable Model Group Fallbacks=None',
        type: null,
        param: null,
        code: '400',
      },
    },
  ],
  [
    'LiteLLM with bytes',
    {
      error: {
        message: `litellm.BadRequestError: AnthropicException - b'{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 230211 tokens > 200000 maximum"}}'`,
      },
    },
  ],
  [
    'CLIProxyAPI',
    {
      error: {
        code: 400,
        message: JSON.stringify({ ...envelope('Prompt is too long'), request_id: 'req_vrtx_1' }),
        status: 'FAILED_PRECONDITION',
      },
    },
  ],
  ['Antigravity-Manager', envelope('Prompt is too long (server-side context limit reached).')],
  [
    'Gemini',
    [
      {
        error: {
          code: 400,
          message: 'The input token count (1054016) exceeds the maximum number of tokens allowed (1048576).',
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
  ],
  [
    'llama.cpp',
    {
      error: {
        code: 400,
        message:
          'the request exceeds the available context size. try increasing the context size or enable context shift',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 14429,
        n_ctx: 8192,
      },
    },
  ],
  ['llama-cpp-python', { error: { message: 'Requested tokens (8516) exceed context window of 8192' } }],
  [
    'LM Studio',
    {
      error:
        'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Tokens to keep from the initial prompt is greater than the context length.',
    },
  ],
  [
    'vLLM',
    {
      object: 'error',
      message:
        'The decoder prompt (length 21535) is longer than the maximum model length of 16384. Make sure that `max_model_len` is no smaller than the number of text tokens.',
      type: 'BadRequestError',
      code: 400,
    },
  ],
  ['vLLM, older', { message: 'Input prompt (35247 tokens) is too long and exceeds limit of 1000' }],
  ['SGLang', { error: { message: 'Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).' } }],
  [
    'SGLang, another',
    { message: "The input (345516 tokens) is longer than the model's context length (262144 tokens)." },
  ],
  ['TGI', { error: 'Input validation error: `inputs` must have less than 4095 tokens. Given: 5441' }],
  [
    'DashScope',
    {
      error: {
        message: '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 202745]',
        code: 'invalid_parameter_error',
      },
    },
  ],
  [
    'Kimi',
    { error: { message: 'Invalid request: Your request exceeded model token limit: 262144 (requested: 291351)' } },
  ],
  ['MiniMax', { error: { message: 'invalid params, context window exceeds limit (2013)' } }],
  ['xAI', { error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens." }],
  [
    'Groq',
    { error: { message: 'Please reduce the length of the messages or completion.', code: 'context_length_exceeded' } },
  ],
  [
    'GitHub Copilot',
    {
      error: {
        message: 'prompt token count of 136111 exceeds the limit of 128000',
        code: 'model_max_prompt_tokens_exceeded',
      },
    },
  ],
  [
    'Mistral',
    {
      message: 'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    },
  ],
  [
    'a model host',
    { message: 'Your input is too long. Max input length is 4096 tokens, but you supplied 5441 tokens.' },
  ],
  ['Roo’s host', 'input length too long'],
  ['a Chinese host', { error: { message: '输入内容过长，超过模型最大上下文长度' } }],
  ['Claude Code’s words', { message: 'Conversation too long. Press esc twice to go up a few messages and try again.' }],
  [
    'a validator',
    {
      detail: [
        {
          loc: ['body', 'messages'],
          msg: 'The conversation is longer than the maximum of 100000 tokens',
          type: 'value_error',
        },
      ],
    },
  ],
];

export const maxTokens: readonly (readonly [unknown, number | null])[] = [
  [
    envelope(
      'max_tokens: 128001 > 64000, which is the maximum allowed number of output tokens for claude-opus-4-5-20251101',
    ),
    64000,
  ],
  [
    {
      error: {
        message:
          'max_tokens is too large: 32000. This model supports at most 4096 completion tokens, whereas you provided 32000.',
        param: 'max_tokens',
      },
    },
    4096,
  ],
  [
    {
      message:
        'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
    },
    4096,
  ],
  [{ message: 'The maximum tokens you requested exceeds the model limit of 32768' }, 32768],
  [{ error: { message: 'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]' } }, 8192],
  [
    { error: { message: '<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 16384]' } },
    16384,
  ],
  [
    {
      error: {
        message:
          '`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model'.replace(
            /, the.*/,
            '',
          ),
      },
    },
    8192,
  ],
  [
    {
      detail: [
        { loc: ['body', 'max_tokens'], msg: 'Input should be less than or equal to 16384', type: 'less_than_equal' },
      ],
    },
    16384,
  ],
  [
    {
      error: {
        message:
          'Unable to submit request because it has a maxOutputTokens value of 32000 but the supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.',
      },
    },
    8193,
  ],
  [{ error: { message: 'max_tokens too high', param: 'max_tokens' } }, null],
  // The window is small, not the conversation long.
  [
    {
      error: {
        message:
          "This model's maximum context length is 16384 tokens. However, you requested 32946 tokens (946 in the messages, 32000 in the completion). Please reduce the length of the messages or completion.",
        code: 'context_length_exceeded',
      },
    },
    4096,
  ],
  [
    envelope(
      'input length and `max_tokens` exceed context limit: 3000 + 32000 > 32768, decrease input length or `max_tokens` and try again',
    ),
    8192,
  ],
];

export const unknownModels: readonly unknown[] = [
  envelope('model: claude-foo', 'not_found_error'),
  envelope('system: Invalid model name'),
  { message: 'The provided model identifier is invalid.' },
  {
    error: {
      message:
        '/messages: Invalid model name passed in model=claude-x. Call `/v1/models` to view available models for your key.',
      type: 'None',
      code: '400',
    },
  },
  {
    error: { message: 'The model `claude-x` does not exist or you do not have access to it.', code: 'model_not_found' },
  },
  { error: { message: 'claude-foo is not a valid model ID', code: 400 } },
  { error: { message: 'No endpoints found for anthropic/claude-x.', code: 404 } },
  [
    {
      error: {
        code: 404,
        message:
          'Publisher Model `projects/p/locations/us/publishers/anthropic/models/claude-x` was not found or your project does not have access to it.',
        status: 'NOT_FOUND',
      },
    },
  ],
  { error: 'model "claude-x" not found, try pulling it first' },
  { error: { message: "model 'claude-x' not found", type: 'api_error' } },
  { object: 'error', message: 'The model `claude-x` does not exist.', type: 'NotFoundError', code: 404 },
  { error: { message: 'The requested model is not supported.', code: 'model_not_supported' } },
  { error: { message: '当前分组 default 下对于模型 claude-x 无可用渠道', type: 'new_api_error' } },
  { error: { message: 'unknown provider for model claude-x', type: 'server_error' } },
  { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } },
  { detail: 'Model claude-x not found' },
];

export const media: readonly unknown[] = [
  envelope('messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 6278112 bytes > 5242880 bytes'),
  envelope(
    'messages.3.content.1.image.source.base64.data: At least one of the image dimensions exceed max allowed size: 8000 pixels',
  ),
  envelope('Could not process image'),
  envelope('messages.34.content.2.image.source.base64.data: Image format image/png not supported'),
  envelope('too many images and documents: 104 + 1 > 100'),
  envelope('messages.0.content.0.document.source.base64.data: The PDF specified is password protected.'),
  envelope('The PDF specified was not valid.'),
  { error: { message: 'No endpoints found that support image input' } },
  { error: { message: 'This model does not support image input.' } },
];

export const others: readonly unknown[] = [
  envelope(
    "This request would exceed your organization's rate limit of 30,000 input tokens per minute. Please reduce the prompt length or the maximum tokens requested, or try again later.",
    'rate_limit_error',
  ),
  envelope('messages: text content blocks must be non-empty'),
  envelope("tools.15.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
  envelope('tools.0.custom.name: String should have at most 64 characters'),
  envelope('tools.0.custom.description: Text exceeds the maximum length of 1024'),
  envelope('metadata.user_id: String should have at most 256 characters'),
  envelope(
    'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
  ),
  envelope('messages.1.content.0.thinking.signature: Field required'),
  envelope(
    'messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_X. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ),
  envelope('A maximum of 4 blocks with cache_control may be provided. Found 5.'),
  envelope('This model does not support assistant message prefill. The conversation must end with a user message.'),
  envelope('Internal server error', 'api_error'),
  envelope('Overloaded', 'overloaded_error'),
  envelope('temperature: Extra inputs are not permitted'),
  'Bad Gateway',
  '',
  null,
];
