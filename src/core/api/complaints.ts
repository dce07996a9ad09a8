/**
 * What a server complains of, by kind: gateways have words of their own for what the API says in one (LESSONS L43, L44).
 * A kind is a subject and what is wrong with it, in whatever order and form; what fits none is left to the status.
 */
import type { OptionalField } from './addressLimits';
import type { ServerWords } from './serverWords';

/** What a refusal is about, where its words say so. */
export type Complaint =
  /** What is sent does not fit the model's window. */
  | { readonly kind: 'tooLong' }
  /** More output was asked for than may be; `tokens` is the most, null where it does not say. */
  | { readonly kind: 'maxTokens'; readonly tokens: number | null }
  /** A field is not known or not supported there. The first that is still sent is the one to leave out. */
  | { readonly kind: 'field'; readonly fields: readonly OptionalField[] }
  | { readonly kind: 'unknownModel' }
  /** The key may not use the model. */
  | { readonly kind: 'modelNotAllowed' }
  /** An image or a document that came along. */
  | { readonly kind: 'media' };

/** What the words of a failure complain of; null when that is none of the known kinds. Linear in their length. */
export function complaintOf({ message, kinds, field }: Omit<ServerWords, 'status'>): Complaint | null {
  // Names and sentences alike: context_length_exceeded, "Context length exceeded".
  const text = message.slice(0, maxRead).toLowerCase().replace(/\s+/g, ' ');
  const names = kinds.map((kind) => kind.replace(/[_-]/g, ' '));
  const refused = refusedField(text, field);
  if (refused !== null) return { kind: 'field', fields: refused };
  if (names.some((name) => modelNames.test(name)) || unknownModel(text)) return { kind: 'unknownModel' };
  if (names.includes('key model access denied') || modelAccess.test(text)) return { kind: 'modelNotAllowed' };
  if (isAboutMedia(text)) return { kind: 'media' };
  const output = outputLimit(text, field);
  if (output !== undefined) return { kind: 'maxTokens', tokens: output };
  if (names.some((name) => tooLongNames.test(name)) || tooLong(text)) return { kind: 'tooLong' };
  return null;
}

/** Characters that are looked at. */
const maxRead = 4000;

const tooLongNames =
  /context (length|window|size)|exceed context|prompt too long|input too long|string above max length/;

/** Limits of time, money and requests, which going without a part of the conversation does not lift. */
const paced = /per (minute|day|hour|second)|rate.?limit|\btpm\b|\brpm\b|quota|too many requests|billing|credit/;

const prompt =
  'prompt|inputs?|input length|messages?|conversation|context|contents?|request|tokens?|token count|sequence|text|history|payload|body';
const over =
  'too (long|large|big|many tokens)|exceed(s|ed|ing)?|longer than|larger than|greater than|more than|above|over the|beyond|out of range|surpass(es|ed)?';
const room =
  'context|window|maximum|max(imum)? (length|tokens?|size|input)|limit|allowed|n_ctx|model.?s? (length|maximum)|requested model|capacity|supported';

const tooLongPatterns: readonly RegExp[] = [
  /(prompt|input|conversation|context|message|chat history)s?( \([^)]*\))?( length| size)? (is|are|was|were) (too (long|large)|longer than|larger than)/,
  /(prompt|input|conversation|context|history|messages?) too (long|large)/,
  /maximum (context|prompt|input|sequence|model|allowed)( token)? (length|size|window|limit)/,
  /max(imum)?[ _](context|model|input|prompt)[ _]?(len(gth)?|tokens?|size)/,
  /(context|prompt|input)( length| window| size| limit| token limit)* (is |was |has been |have been )?(exceed|overflow|full|too)/,
  /exceed(s|ed|ing)? (the |your |its |this |a )?(model.?s? |available |maximum |max |allowed )*(context|prompt|input|token limit|window|number of (input )?tokens)/,
  /reduce (the |your )?(length|size|number) of (the |your )?(messages?|prompt|input|context|conversation|either one)/,
  /reduce (the |your )?(prompt|input|context|messages?)( length| size)?\b/,
  /(decrease|shorten) (the |your )?(input|prompt|messages?|context)/,
  /range of input length/,
  /too many (input |prompt )?tokens/,
  /must have (less|fewer) than \d+ tokens/,
  /\d+ (input |prompt )?tokens? ?(>|exceeds?)/,
  /(context|prompt|input) (window |length )?(of|is) \d+ tokens/,
  /(输入|上下文|提示|消息|内容).{0,12}(过长|太长|超过|超出|超限)/,
  /(超过|超出).{0,16}(上下文|最大长度|长度限制|输入限制)/,
];
const anyOver = new RegExp(`\\b(${prompt})\\b[^.;]{0,80}?\\b(${over})\\b[^.;]{0,80}?(${room})`);

function tooLong(text: string): boolean {
  if (paced.test(text) || isOtherLength(text)) return false;
  return tooLongPatterns.some((pattern) => pattern.test(text)) || anyOver.test(text);
}

/** The length of one field, not that of the conversation: "tools.0.name: String should have at most 64 characters". */
function isOtherLength(text: string): boolean {
  return (
    /^(tools|metadata|system|tool_choice|output_config|thinking|stop_sequences)\b[^ ]*:/.test(text) ||
    /\bat most \d+ characters\b|\bcharacters long\b/.test(text) ||
    /\b(nesting|depth|header|url|uri)\b/.test(text)
  );
}

/** The most that may be asked for as output; null where it is not said; undefined for no complaint of that kind. */
function outputLimit(text: string, field: string | null): number | null | undefined {
  const shares =
    /\((\d+) (?:in the messages|in your prompt|of text input|in the prompt|input)[^)]*?(\d+) (?:in|for) the (?:completion|output)\)/.exec(
      text,
    );
  const sum = /(\d+) \+ (\d+) > (\d+)/.exec(text);
  const window = numberIn(/(?:context length|context window|context limit|model length)[^\d]{0,20}(\d[\d,]*)/, text);
  const [input, output, most] =
    sum !== null
      ? [Number(sum[1]), Number(sum[2]), Number(sum[3])]
      : [Number(shares?.[1]), Number(shares?.[2]), window ?? Number.NaN];
  // Where the answer's share is most of the window, a shorter conversation would not help.
  if (output >= most / 2 && input < most / 2) return Math.max(1, Math.floor(Math.min(most / 4, most - input - 1)));
  if (sum !== null || shares !== null) return undefined;
  const names =
    /max_?(completion_|output_|new_)?_?tokens|maximum tokens you requested|max(imum)? (output|completion|new) tokens|maxoutputtokens|maxtokens/;
  if (!names.test(text) && !/^max_?(completion_|output_)?tokens$/.test(field?.toLowerCase() ?? '')) return undefined;
  const wrong =
    /too (large|high|big)|exceed|greater than|larger than|more than|above|at most|up to|> \d|less than|lower than|must be (<|≤|less|between|in)|between|range|invalid|maximum allowed|supports?/;
  if (!wrong.test(text) || /context|prompt|input (length|tokens?)/.test(text.replace(/max_input_tokens/g, '')))
    return undefined;
  return mostIn(text.replace(/[`'"]/g, ''));
}

/** The number that stands for the limit in a sentence about max_tokens. */
function mostIn(text: string): number | null {
  const patterns = [
    /\d[\d,]* ?> ?(\d[\d,]*)/,
    /(?:at most|up to|limit(?: is| of|:)?|less than or equal to|<=|≤|not exceed|maximum(?: value)?(?: is| of|:)?|max(?: is| of|:)|lower than|no more than|supports? (?:only )?(?:a maximum of )?) ?(\d[\d,]*)/,
    /(?:\[|\()\s*\d[\d,]*\s*,\s*(\d[\d,]*)\s*(?:\]|\))/,
    /between \d[\d,]* and (\d[\d,]*)/,
    /from \d[\d,]* (?:to|through) (\d[\d,]*)/,
    /(?:exclusive|inclusive)[^\d]*?(\d[\d,]*)/,
    /less than (\d[\d,]*)/,
    /(\d[\d,]*) (?:output |completion )?tokens? (?:maximum|max|at most|limit)/,
  ];
  for (const pattern of patterns) {
    const found = numberIn(pattern, text);
    if (found !== null && found > 0) return found;
  }
  return null;
}

function numberIn(pattern: RegExp, text: string): number | null {
  const [, digits] = pattern.exec(text) ?? [];
  const value = Number(digits?.replaceAll(',', ''));
  return digits !== undefined && Number.isSafeInteger(value) ? value : null;
}

const modelNames =
  /^(model not found|invalid model|invalid model name|unknown model|model not supported|deployment ?not ?found|model not available)$/;
const modelAccess =
  /(not (allowed|permitted|authorized)|no permission|does not have (access|permission)|don't have access|do not have access|access denied)[^.]{0,60}\bmodel\b|\bmodel\b[^.]{0,60}(not (allowed|permitted|authorized) (for|to|by)|access (is )?denied)/;

function unknownModel(text: string): boolean {
  if (/^model: ?\S+$/.test(text)) return true;
  if (
    /(this|the|requested) model (does not|doesn't|cannot|can't) (support|accept|take|allow)|not supported (for|by|on|with) (this|the) model/.test(
      text,
    )
  )
    return false;
  return (
    /\b(unknown|invalid|unsupported|unrecognized|unrecognised|no such|nonexistent) (provider for )?(model|deployment)\b/.test(
      text,
    ) ||
    /\b(model|deployment|publisher model)\b[^.;]{0,160}?(not found|does not exist|doesn't exist|not exist|is not available|isn't available|is unavailable|not recognized|is invalid|is not valid|is not supported|isn't supported|not loaded|not a valid)/.test(
      text,
    ) ||
    /not a valid model|no endpoints found for|model identifier is invalid|no (available )?(channel|deployments?|provider)s? (available )?for( the)? (selected )?(model|\S+ under)|failed to load model|no models? loaded|not find (the )?model/.test(
      text,
    ) ||
    /(模型|model).{0,80}(不存在|不支持|无可用渠道|未找到|不可用)|无可用渠道/.test(text)
  );
}

function isAboutMedia(text: string): boolean {
  // Of an image that the API was to fetch by its address.
  if (/(unable to|could not|couldn't|failed to) (download|fetch|retrieve)/.test(text)) return true;
  if (/^messages\.\d+\.content\.\d+\.(tool_result\.content\.\d+\.)?(image|document)\b/.test(text))
    return !/cache_control|title/.test(text);
  const media = '(images?|pictures?|pdfs?|documents?|media[ _]type|image[ _]url|vision|multimodal|multi-modal)';
  const wrong =
    "(no endpoints|not support|unsupported|isn't supported|no support|could not (process|download|decode|read|fetch)|couldn't|cannot|can't|unable to|failed to|invalid|corrupt|too (many|large|big)|exceed|not (a )?valid|not allowed|refused|encrypted|password|does not match|appears to be|not permitted|at most|maximum)";
  return new RegExp(`\\b${media}\\b[^.;]{0,100}${wrong}|${wrong}[^.;]{0,100}\\b${media}\\b`).test(text);
}

/** Words for a field that is not known or not taken, with the field's name as the group; the name may hold a path. */
const name = '["\'`\\[({]*([a-z_][\\w.$#/-]*)["\'`\\])}]*';
const fieldPatterns: readonly RegExp[] = [
  /([a-z_][\w.[\]-]*): (?:extra inputs are not permitted|extra fields not permitted|unexpected (?:field|property|key|parameter)|unknown (?:field|property|key|parameter)|field not allowed|not permitted|unrecognized|input tag|input should be|(?:is )?not supported|unsupported)/,
  new RegExp(
    `(?:unknown|unrecognized|unrecognised|unexpected|unsupported|invalid|extra|extraneous|additional|illegal|disallowed) (?:request )?(?:json )?(?:keyword argument|field|parameter|param|argument|keys?|property|properties|name|attribute|option|input)\\b(?:s|\\(s\\))?(?: supplied| provided| received| in object| in request| found)?:? ?${name}`,
  ),
  new RegExp(
    `(?:does not|doesn't|do not|not) (?:support|accept|allow|recognize)(?:ed)? (?:the )?(?:parameters?|params?|fields?|arguments?)?:? ?${name}`,
  ),
  new RegExp(`(?:parameter|param|field|argument|property|key) ${name} (?:is |was |are )?(?:not|un)`),
  new RegExp(
    `${name} (?:parameter |field |param |option )?(?:is|was|are) (?:not (?:supported|permitted|allowed|recognized|available|a valid)|unsupported|unexpected|unknown|unrecognized)`,
  ),
  /\(['"`]([a-z_][\w.]*)['"`] (?:was|were) unexpected\)/,
];

/** What is wrong with a tool's definition. */
const refusedTool =
  /not (be )?(supported|permitted|allowed|enabled|available)|unsupported|does not support|unknown|unexpected|unrecogni|invalid|input (tag|should)|extra|missing|field required/;

function refusedField(text: string, field: string | null): readonly OptionalField[] | null {
  // A tool that the address would have to run itself.
  if (/\bweb_(?:search|fetch)(?:_\d{8})?\b/.test(text) && refusedTool.test(text)) return ['tools.server', 'tools'];
  for (const pattern of fieldPatterns) {
    const [, path] = pattern.exec(text) ?? [];
    const known = path === undefined ? null : optionalFieldsOf(path);
    if (known !== null) return known;
  }
  // Without a name in its sentence: the body's own word for it, or what it speaks of.
  if (
    /extra|unknown|unexpected|unrecogni|unsupported|not (be )?(supported|permitted|allowed)|forbidden|does not support|input (tag|should)|invalid/.test(
      text,
    )
  ) {
    const named = field === null ? null : optionalFieldsOf(field.toLowerCase());
    if (named !== null) return named;
  }
  return spokenField(text);
}

function spokenField(text: string): readonly OptionalField[] | null {
  if (!/not supported|unsupported|not support|not available|isn't supported|cannot be used|requires --/.test(text))
    return null;
  if (
    /\b(adaptive|extended) thinking\b|thinking\.type\.adaptive|\bthinking\b[^.]{0,40}\b(mode|parameter|type)\b/.test(
      text,
    )
  )
    return ['thinking'];
  if (/\beffort\b/.test(text)) return ['output_config.effort', 'thinking'];
  if (
    /\b(tools?|tool use|tool calls?|tool calling|function calling|tool[ _]choice)\b/.test(text) &&
    !/tool_(use|result)`? (ids?|blocks?)/.test(text)
  )
    return ['tools'];
  if (/\bprompt caching\b|\bcache_control\b/.test(text)) return ['cache_control'];
  return null;
}

/** The fields of ours that a path names, the narrowest first: what contains it is left out when that did not help. */
function optionalFieldsOf(path: string): readonly OptionalField[] | null {
  const parts = path
    .replace(/^[#/$.]+/, '')
    .split(/[./[\]]+/)
    .filter(
      (part) => part !== '' && !/^\d+$/.test(part) && !['body', 'request', 'adaptive', 'ephemeral'].includes(part),
    );
  const last = parts.at(-1);
  const first = parts[0];
  if (last === undefined || first === undefined) return null;
  if (parts.includes('cache_control'))
    return last === 'ttl' ? ['cache_control.ttl', 'cache_control'] : ['cache_control'];
  if (first === 'messages') return last === 'title' && parts.includes('document') ? ['document.title'] : null;
  if (first === 'thinking' && last === 'display') return ['thinking.display', 'thinking'];
  if (first === 'thinking') return ['thinking'];
  if (first === 'output_config' || last === 'effort' || last === 'reasoning_effort')
    return ['output_config.effort', 'thinking'];
  if (first === 'diagnostics') return ['diagnostics'];
  return parts.length === 1 && ['tools', 'tool_choice', 'functions'].includes(first) ? ['tools'] : null;
}
