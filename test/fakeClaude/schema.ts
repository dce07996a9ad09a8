/** The shape of a request: known keys and types only, refused pydantic style with the path of what is wrong (§3.2). */
import { Refusal } from './rules';
import { checkWebTool, isWebTool } from './webTools';
import { isObject } from './wire';

type Check = (value: unknown, path: string) => void;
interface Field {
  readonly check: Check;
  readonly required: boolean;
}

const should =
  (what: string, holds: (value: unknown) => boolean): Check =>
  (value, path) => {
    if (!holds(value)) throw new Refusal('inputShould', { path, what });
  };

const text = should('a valid string', (value) => typeof value === 'string');
const flag = should('a valid boolean', (value) => typeof value === 'boolean');
const number = should('a valid number', (value) => typeof value === 'number');
const natural = should('a valid integer, 0 or greater', (value) => Number.isInteger(value) && Number(value) >= 0);
const dictionary = should('a valid dictionary', isObject);
const anything: Check = () => {};

const quoted = (values: readonly string[]): string => {
  const names = values.map((value) => `'${value}'`);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
};
const oneOf = (...values: readonly string[]): Check =>
  should(quoted(values), (value) => typeof value === 'string' && values.includes(value));

const optional = (check: Check): Field => ({ check, required: false });
const required = (check: Check): Field => ({ check, required: true });
const nullable =
  (check: Check): Check =>
  (value, path) => {
    if (value !== null) check(value, path);
  };

const list =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) throw new Refusal('inputShould', { path, what: 'a valid list' });
    for (const [index, item] of value.entries()) check(item, path === '' ? `${index}` : `${path}.${index}`);
  };

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const object =
  (fields: Readonly<Record<string, Field>>): Check =>
  (value, path) => {
    if (!isObject(value)) throw new Refusal('inputShould', { path, what: 'a valid dictionary' });
    for (const [name, field] of Object.entries(fields)) {
      if (value[name] === undefined) {
        if (field.required) throw new Refusal('fieldRequired', { path: join(path, name) });
      } else {
        field.check(value[name], join(path, name));
      }
    }
    for (const name of Object.keys(value)) {
      if (!(name in fields)) throw new Refusal('extraInputs', { path: join(path, name) });
    }
  };

/** An object told apart by its `type`, which then is part of the path, as in `messages.0.content.1.tool_use.text`. */
const tagged =
  (variants: Readonly<Record<string, Check>>, fallback?: string): Check =>
  (value, path) => {
    if (!isObject(value)) throw new Refusal('inputShould', { path, what: 'a valid dictionary' });
    const type = value['type'] ?? fallback;
    if (type === undefined) throw new Refusal('fieldRequired', { path: `${path}.type` });
    const check = typeof type === 'string' ? variants[type] : undefined;
    if (check === undefined)
      throw new Refusal('inputShould', { path: `${path}.type`, what: quoted(Object.keys(variants)) });
    check(value, `${path}.${type}`);
  };

const cacheControl = nullable(
  tagged({ ephemeral: object({ type: required(text), ttl: optional(nullable(oneOf('5m', '1h'))) }) }),
);
const cached = optional(cacheControl);
const kind = required(text);
const citationsOption = optional(nullable(object({ enabled: optional(flag) })));
const citations = optional(nullable(list(dictionary)));
const textBlock = object({ type: kind, text: required(text), cache_control: cached, citations });
/** Who called a tool: the model itself, or code that it runs. */
const caller = optional(should('a valid caller', (value) => isObject(value) && typeof value['type'] === 'string'));
/** Of the API's own tools: a list of what was found, or one object (an error, an output). */
const resultValue = should('a valid list or dictionary', (value) => Array.isArray(value) || isObject(value));
const serverTool = oneOf(
  'web_search',
  'web_fetch',
  'code_execution',
  'bash_code_execution',
  'text_editor_code_execution',
  'tool_search_tool_regex',
  'tool_search_tool_bm25',
);
const textOnly = tagged({ text: textBlock });

const imageSource = tagged({
  base64: object({ type: kind, media_type: required(anything), data: required(text) }),
  url: object({ type: kind, url: required(text) }),
  file: object({ type: kind, file_id: required(text) }),
});
const image = object({
  type: kind,
  source: required(imageSource),
  cache_control: cached,
  transformations: optional(object({ oversized_image: optional(oneOf('downsize', 'error')) })),
});
const document = object({
  type: kind,
  source: required(
    tagged({
      base64: object({ type: kind, media_type: required(oneOf('application/pdf')), data: required(text) }),
      text: object({ type: kind, media_type: required(oneOf('text/plain')), data: required(text) }),
      content: object({ type: kind, content: required(anything) }),
      url: object({ type: kind, url: required(text) }),
      file: object({ type: kind, file_id: required(text) }),
    }),
  ),
  title: optional(nullable(text)),
  context: optional(nullable(text)),
  citations: citationsOption,
  cache_control: cached,
});
const searchResult = object({
  type: kind,
  source: required(text),
  title: required(text),
  content: required(list(textOnly)),
  citations: citationsOption,
  cache_control: cached,
});
const resultContent: Check = (value, path) => {
  if (typeof value !== 'string') {
    list(
      tagged({
        text: textBlock,
        image,
        document,
        search_result: searchResult,
        tool_reference: object({ type: kind, tool_name: required(text), cache_control: cached }),
      }),
    )(value, path);
  }
};

const contentBlock = tagged({
  text: textBlock,
  image,
  document,
  search_result: searchResult,
  thinking: object({ type: kind, thinking: required(text), signature: required(text) }),
  redacted_thinking: object({ type: kind, data: required(text) }),
  tool_use: object({
    type: kind,
    id: required(text),
    name: required(text),
    input: required(dictionary),
    caller,
    cache_control: cached,
  }),
  tool_result: object({
    type: kind,
    tool_use_id: required(text),
    content: optional(resultContent),
    is_error: optional(nullable(flag)),
    cache_control: cached,
  }),
  server_tool_use: object({
    type: kind,
    id: required(text),
    name: required(serverTool),
    input: required(dictionary),
    caller,
    cache_control: cached,
  }),
  web_search_tool_result: serverResult(),
  web_fetch_tool_result: serverResult(),
  code_execution_tool_result: serverResult(),
  bash_code_execution_tool_result: serverResult(),
  text_editor_code_execution_tool_result: serverResult(),
  container_upload: object({ type: kind, file_id: required(text), cache_control: cached }),
  tool_search_tool_result: serverResult(),
});

function serverResult(): Check {
  return object({
    type: kind,
    tool_use_id: required(text),
    content: required(resultValue),
    caller,
    cache_control: cached,
  });
}

const content =
  (block: Check): Check =>
  (value, path) => {
    if (typeof value !== 'string') list(block)(value, path);
  };

const message = object({
  role: required(oneOf('user', 'assistant', 'system')),
  content: required(content(contentBlock)),
});

const customTool = object({
  type: optional(nullable(text)),
  name: required(text),
  description: optional(text),
  input_schema: required(dictionary),
  strict: optional(nullable(flag)),
  cache_control: cached,
  defer_loading: optional(flag),
  eager_input_streaming: optional(nullable(flag)),
  input_examples: optional(list(dictionary)),
  allowed_callers: optional(list(text)),
});
const tool: Check = (value, path) => {
  if (isWebTool(value)) return checkWebTool(value, path);
  if (isObject(value) && typeof value['type'] === 'string' && /_\d{8}$/.test(value['type'])) return;
  customTool(value, `${path}.custom`);
};

const display = optional(nullable(oneOf('summarized', 'omitted')));
const thinking = tagged({
  adaptive: object({ type: kind, display }),
  enabled: object({ type: kind, budget_tokens: required(natural), display }),
  disabled: object({ type: kind, display }),
  between_tools: object({ type: kind, display }),
});
const parallel = optional(flag);

const common: Readonly<Record<string, Field>> = {
  model: required(text),
  messages: required(list(message)),
  system: optional(content(textOnly)),
  tools: optional(list(tool)),
  tool_choice: optional(
    tagged({
      auto: object({ type: kind, disable_parallel_tool_use: parallel }),
      any: object({ type: kind, disable_parallel_tool_use: parallel }),
      tool: object({ type: kind, name: required(text), disable_parallel_tool_use: parallel }),
      none: object({ type: kind }),
    }),
  ),
  thinking: optional(nullable(thinking)),
  output_config: optional(
    nullable(
      object({
        effort: optional(nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max'))),
        format: optional(nullable(tagged({ json_schema: object({ type: kind, schema: required(dictionary) }) }))),
      }),
    ),
  ),
  cache_control: optional((value, path) => cacheControl(value, path)),
  speed: optional(nullable(oneOf('standard', 'fast'))),
};
const onlyMessages: Readonly<Record<string, Field>> = {
  max_tokens: required(natural),
  stop_sequences: optional(list(text)),
  stream: optional(flag),
  metadata: optional(object({ user_id: optional(nullable(text)) })),
  service_tier: optional(oneOf('auto', 'standard_only')),
  inference_geo: optional(nullable(text)),
  container: optional(anything),
  diagnostics: optional(nullable(object({ previous_message_id: optional(nullable(text)) }))),
};
const sampling: Readonly<Record<string, Field>> = {
  temperature: optional(number),
  top_p: optional(number),
  top_k: optional(number),
};

export type ApiVersion = '2026-10-21' | '2023-06-01';
export type Endpoint = 'messages' | 'count_tokens';

/** Throws a Refusal unless the body has the shape that the endpoint takes under this API version (§1, §2, §7.1). */
export function checkShape(body: unknown, endpoint: Endpoint, version: ApiVersion): void {
  const fields = {
    ...common,
    ...(endpoint === 'messages' ? onlyMessages : {}),
    ...(version === '2023-06-01' && endpoint === 'messages' ? sampling : {}),
  };
  object(fields)(body, '');
}
