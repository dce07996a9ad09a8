/** What servers said of a field that they do not take, and which of ours that is. */
import { envelope } from './wordings';

export const fields: readonly (readonly [unknown, string])[] = [
  [envelope('thinking.adaptive.display: Extra inputs are not permitted'), 'thinking.display'],
  [envelope('thinking.display: Extra inputs are not permitted'), 'thinking.display'],
  [envelope('thinking: Extra inputs are not permitted'), 'thinking'],
  [envelope('output_config: Extra inputs are not permitted'), 'output_config.effort'],
  [envelope('output_config.effort: Extra inputs are not permitted'), 'output_config.effort'],
  [envelope('diagnostics: Extra inputs are not permitted'), 'diagnostics'],
  [envelope('system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted'), 'cache_control.ttl'],
  [envelope('messages.0.content.1.text.cache_control: Extra inputs are not permitted'), 'cache_control'],
  [envelope('messages.0.content.0.document.title: Extra inputs are not permitted'), 'document.title'],
  [
    { error: { message: JSON.stringify({ message: 'output_config: Extra inputs are not permitted' }) } },
    'output_config.effort',
  ],
  [
    { message: 'The model returned the following errors: output_config: Extra inputs are not permitted' },
    'output_config.effort',
  ],
  [
    {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'thinking', 'adaptive', 'display'],
          msg: 'Extra inputs are not permitted',
          input: 'summarized',
        },
      ],
    },
    'thinking.display',
  ],
  [
    {
      message:
        'Malformed input request: #: extraneous key [output_config] is not permitted, please reformat your input and try again.',
    },
    'output_config.effort',
  ],
  [
    { message: 'Malformed input request: #/messages/0/content/0: extraneous key [cache_control] is not permitted' },
    'cache_control',
  ],
  [
    {
      error: {
        message:
          'Failed to deserialize the JSON body into the target type: thinking: unknown field `thinking`, expected one of `messages`, `model` at line 1 column 212',
      },
    },
    'thinking',
  ],
  [{ error: 'json: unknown field "output_config"' }, 'output_config.effort'],
  [{ error: { message: 'Unrecognized request argument supplied: thinking' } }, 'thinking'],
  [{ error: { message: "Unrecognized key(s) in object: 'output_config'" } }, 'output_config.effort'],
  [
    {
      error: {
        message: "Unknown parameter: 'thinking.display'.",
        param: 'thinking.display',
        code: 'unknown_parameter',
      },
    },
    'thinking.display',
  ],
  [{ error: { message: "Unsupported parameter: 'reasoning_effort'" } }, 'output_config.effort'],
  [
    [
      {
        error: {
          code: 400,
          message: 'Invalid JSON payload received. Unknown name "output_config" at \'request\': Cannot find field.',
        },
      },
    ],
    'output_config.effort',
  ],
  [{ message: "create() got an unexpected keyword argument 'thinking'" }, 'thinking'],
  [
    {
      error: {
        message:
          "litellm.UnsupportedParamsError: openai does not support parameters: ['thinking'], for model=x. To drop these, set `litellm.drop_params=True`",
      },
    },
    'thinking',
  ],
  [
    {
      error: { message: "litellm_proxy does not support parameters: {'thinking': {'type': 'adaptive'}}, for model=x." },
    },
    'thinking',
  ],
  [
    { error: { message: 'claude-x does not support the `effort` / adaptive `thinking` parameter.' } },
    'output_config.effort',
  ],
  [envelope('adaptive thinking is not supported on this model'), 'thinking'],
  [
    envelope(
      "thinking: Input tag 'adaptive' found using 'type' does not match any of the expected tags: 'disabled', 'enabled'",
    ),
    'thinking',
  ],
  [envelope('This model does not support the effort parameter.'), 'output_config.effort'],
  [
    { error: { message: "Additional properties are not allowed ('output_config' was unexpected)" } },
    'output_config.effort',
  ],
  [{ error: { message: 'registry.ollama.ai/library/gemma:latest does not support tools' } }, 'tools'],
  [{ message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set' }, 'tools'],
];
