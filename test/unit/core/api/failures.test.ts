/** What went wrong, from what the SDK really throws (API-FACTS §3.1, §3.3). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { APIUserAbortError } from '@anthropic-ai/sdk';
import { openStream } from '../../../../src/core/api/client';
import {
  failureOf,
  isRetryable,
  localFailure,
  remedyOf,
  retryAfterMs,
  TurnFailureError,
} from '../../../../src/core/api/failures';
import { StoreError } from '../../../../src/core/base/errors';
import { failureStrings } from '../../../../src/core/base/strings';
import { ToolError } from '../../../../src/core/tools/workspace';
import { AnswerStream } from '../../../../src/core/turn/answerStream';
import type { FailureCode, TurnFailure } from '../../../../src/shared/failure';
import { built } from '../../../vscode/paths';
import { PathMaker, requestOf } from '../prompt/paths';
import { ManualClock } from '../turn/turnKit';

const request = requestOf(new PathMaker().user('hi').entries);
const access = { apiKey: 'sk-test', baseUrl: 'http://127.0.0.1:9', headers: {} };

/** What is thrown for this response, or for what the fetch throws. */
async function thrownBy(answer: () => Response | Promise<Response>): Promise<unknown> {
  const fetch = async (): Promise<Response> => answer();
  const signal = new AbortController().signal;
  let stream: AnswerStream | undefined;
  try {
    const asked = { request, access, fetch, clock: new ManualClock(), answer: 'a', entry: 'e' };
    stream = new AnswerStream(asked);
    for await (const _ of stream.events(signal));
  } catch {
    return stream?.error;
  }
  throw new Error('nothing was thrown');
}

function apiError(status: number, type: string, message: string, details?: object): () => Response {
  const body = { type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_1' };
  return () => Response.json(body, { status, headers: { 'request-id': 'req_1' } });
}

function sse(...frames: readonly (readonly [string, object])[]): () => Response {
  const text = frames.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream', 'request-id': 'req_2' };
  return () => new Response(text, { headers });
}

const start = [
  'message_start',
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-8',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 5, output_tokens: 1 },
    },
  },
] as const;

describe('A failure from a response', () => {
  const limits = 'You have reached your specified API usage limits. You will regain access on 2026-12-01.';
  const rows: readonly (readonly [number, string, string, FailureCode, boolean, object?])[] = [
    [400, 'invalid_request_error', 'messages: text content blocks must be non-empty', 'badRequest', false],
    [400, 'invalid_request_error', 'prompt is too long: 219898 tokens > 200000 maximum', 'promptTooLong', false],
    [400, 'invalid_request_error', limits, 'spendLimit', false],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Claude API.', 'noCredit', false],
    [401, 'authentication_error', 'Invalid bearer token', 'badKey', false],
    [402, 'billing_error', 'Pay first.', 'noCredit', false],
    [403, 'permission_error', 'Not yours.', 'notPermitted', false],
    [404, 'not_found_error', 'model: claude-foo', 'unknownModel', false],
    [404, 'not_found_error', 'Not Found', 'wrongAddress', false],
    [409, 'conflict_error', 'Again.', 'serverError', true],
    [413, 'request_too_large', 'Too large.', 'requestTooLarge', false],
    [413, 'request_too_large', 'Request exceeds the maximum size', 'requestTooLarge', false],
    [429, 'rate_limit_error', 'This request would exceed your rate limit.', 'rateLimited', true],
    [429, 'rate_limit_error', 'Spent.', 'spendLimit', false, { error_code: 'enforced_spend_limit_reached' }],
    [429, 'rate_limit_error', 'Spent.', 'spendLimit', false, { error_code: 'contract_spend_limit_reached' }],
    [429, 'rate_limit_error', 'Slowly.', 'rateLimited', true, { error_code: 'ramp_limit_exceeded' }],
    [400, 'invalid_request_error', 'output_config: Extra inputs are not permitted', 'fieldRefused', false],
    [400, 'invalid_request_error', 'max_tokens: 9 > 8, which is the maximum allowed number', 'maxTokens', false],
    [400, 'invalid_request_error', 'Could not process image', 'mediaRefused', false],
    [500, 'api_error', 'input length too long', 'promptTooLong', false],
    [502, 'api_error', 'unknown provider for model claude-x', 'unknownModel', false],
    [401, 'auth_error', 'key not allowed to access model. Tried to access claude-x', 'notPermitted', false],
    [429, 'rate_limit_error', 'Too many tokens per minute. Reduce the prompt length.', 'rateLimited', true],
    [503, 'new_api_error', '分组 default 下模型 claude-x 无可用渠道', 'unknownModel', false],
    [422, 'some_error', 'No.', 'badRequest', false],
    [501, 'some_error', 'No.', 'badRequest', false],
    [500, 'api_error', 'Internal server error', 'serverError', true],
    [504, 'timeout_error', 'Too late.', 'serverError', true],
    [529, 'overloaded_error', 'Overloaded', 'overloaded', true],
  ];
  for (const [status, type, message, code, retried, details] of rows) {
    it(`${status} ${type} "${message.slice(0, 30)}" ${JSON.stringify(details ?? '')} is ${code}`, async () => {
      const error = await thrownBy(apiError(status, type, message, details));
      const failure = failureOf(error);
      assert.deepEqual(failure, { code, status, type, requestId: 'req_1', message, partial: false });
      assert.equal(isRetryable(failure, error), retried);
    });
  }

  const bare: readonly (readonly [number, FailureCode])[] = [
    [401, 'badKey'],
    [402, 'noCredit'],
    [403, 'notPermitted'],
    [404, 'wrongAddress'],
    [408, 'serverError'],
    [413, 'requestTooLarge'],
    [418, 'badRequest'],
    [429, 'rateLimited'],
    [502, 'serverError'],
    [529, 'overloaded'],
  ];
  for (const [status, code] of bare) {
    it(`${status} with a gateway's web page is ${code}, without its HTML`, async () => {
      const page = '<!DOCTYPE html><html><body>Bad gateway</body></html>';
      const error = await thrownBy(() => new Response(page, { status, headers: { 'content-type': 'text/html' } }));
      const failure = failureOf(error);
      assert.equal(failure.code, code);
      assert.equal(failure.type, null);
      assert.equal(failure.requestId, null);
      assert.equal(failure.message, failureStrings.webPage(status));
    });
  }

  it('follows x-should-retry against its own judgement, but never waits for money', async () => {
    const body = { type: 'error', error: { type: 'invalid_request_error', message: 'x' } };
    const advised = async (status: number, advice: string, content: object = body): Promise<boolean> => {
      const headers = { 'x-should-retry': advice };
      const error = await thrownBy(() => Response.json(content, { status, headers }));
      return isRetryable(failureOf(error), error);
    };
    assert.equal(await advised(400, 'true'), true);
    const tooLong = { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long' } };
    assert.equal(await advised(400, 'true', tooLong), false, 'the same request ends the same way');
    assert.equal(await advised(529, 'false'), false);
    const details = { error_code: 'enforced_spend_limit_reached' };
    const spent = { type: 'error', error: { type: 'rate_limit_error', message: 'Spent.', details } };
    assert.equal(await advised(429, 'true', spent), false);
  });
});

describe('A failure on the way', () => {
  it('in mid-stream has a type and no status: the type decides', async () => {
    const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const error = await thrownBy(sse(start, ['error', overloaded]));
    const failure = failureOf(error);
    assert.equal(failure.code, 'overloaded');
    assert.equal(failure.status, null);
    assert.equal(failure.message, 'Overloaded');
    assert.equal(isRetryable(failure, error), true);
    assert.equal(retryAfterMs(error, 0), null);
  });

  const events: readonly (readonly [object | string, FailureCode])[] = [
    [{ error: { type: 'policy_error', message: 'Not today.' } }, 'unknownError'],
    [{ error: { type: 'server_error', message: 'Upstream.' } }, 'serverError'],
    [{ error: { code: 502, message: 'Provider returned error' } }, 'serverError'],
    [{ error: { code: 'rate_limit_exceeded', message: 'Slowly.' } }, 'rateLimited'],
    [{ error: { type: 'insufficient_quota', message: 'Pay.' } }, 'noCredit'],
    [{ error: { code: 'context_length_exceeded', message: 'No.' } }, 'promptTooLong'],
    [{ error: { message: { nested: true } } }, 'unknownError'],
    ['Something else', 'unknownError'],
    [{}, 'unknownError'],
  ];
  for (const [body, code] of events) {
    it(`L43 in mid-stream that says ${JSON.stringify(body)} is ${code}, and no lost connection`, async () => {
      const failure = failureOf(await thrownBy(sse(start, ['error', body as object])));
      assert.equal(failure.code, code);
      assert.equal(typeof failure.message, 'string');
      assert.equal(isRetryable(localFailure('unknownError', ''), null), false);
    });
  }

  it('L43 keeps the server’s own words, and the field that only the body names', async () => {
    const said = async (body: object): Promise<string> =>
      failureOf(await thrownBy(() => Response.json(body, { status: 422 }))).message;
    assert.equal(await said({ detail: 'Model claude-x not found' }), 'Model claude-x not found');
    assert.equal(
      await said({ message: 'Input is too long for requested model.' }),
      'Input is too long for requested model.',
    );
    assert.equal(await said({ error: 'json: unknown field "output_config"' }), 'json: unknown field "output_config"');
    const loc = {
      type: 'extra_forbidden',
      loc: ['body', 'thinking', 'adaptive', 'display'],
      msg: 'Extra inputs are not permitted',
    };
    assert.equal(await said({ detail: [loc] }), 'thinking.adaptive.display: Extra inputs are not permitted');
  });

  it('L44 of a kind that can be mended says how, from what is stored alone', async () => {
    const remedy = async (message: string): Promise<unknown> => {
      const failure = failureOf(await thrownBy(apiError(400, 'invalid_request_error', message)));
      return remedyOf(JSON.parse(JSON.stringify(failure)) as TurnFailure);
    };
    assert.deepEqual(await remedy('thinking.display: Extra inputs are not permitted'), {
      kind: 'leaveOut',
      fields: ['thinking.display', 'thinking'],
    });
    assert.deepEqual(await remedy('max_tokens: 9000 > 8192, which is the maximum'), {
      kind: 'maxTokens',
      tokens: 8192,
    });
    assert.deepEqual(await remedy('max_tokens is too large'), { kind: 'maxTokens', tokens: null });
    assert.equal(await remedy('messages: text content blocks must be non-empty'), null);
  });

  it('of a stream that ends too early, or says nothing, is a lost connection', async () => {
    for (const answer of [sse(start), sse()]) {
      const error = await thrownBy(answer);
      assert.equal(failureOf(error).code, 'connectionLost');
      assert.equal(isRetryable(failureOf(error), error), true);
    }
  });

  it('of a socket that is cut in mid-stream is a lost connection', async () => {
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`event: message_start\ndata: ${JSON.stringify(start[1])}\n\n`));
      },
      pull() {
        throw new TypeError('terminated');
      },
    });
    const error = await thrownBy(() => new Response(cut, { headers: { 'content-type': 'text/event-stream' } }));
    assert.equal(failureOf(error).code, 'connectionLost');
  });

  it('where nobody listens names the cause', async () => {
    const error = await thrownBy(() => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9') });
    });
    const failure = failureOf(error);
    assert.equal(failure.code, 'noConnection');
    assert.match(failure.message, /ECONNREFUSED/);
    assert.equal(isRetryable(failure, error), true);
  });

  it('of our own keeps its code', () => {
    const own = localFailure('noKey', failureStrings.noKey());
    assert.equal(failureOf(new TurnFailureError(own)), own);
    assert.equal(failureOf(new StoreError('full', 'The disk is full.')).code, 'storeFailed');
    for (const thrown of [new ToolError('x'), new Error('x'), 'x', undefined, null, 7]) {
      assert.equal(failureOf(thrown).code, 'internal');
      assert.equal(isRetryable(failureOf(thrown), thrown), false);
    }
    assert.equal(failureOf(new APIUserAbortError()).partial, false);
  });
});

describe('The wait that the API asks for', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0);
  const rows: readonly (readonly [Record<string, string>, number | null])[] = [
    [{}, null],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9_000],
    [{ 'retry-after-ms': ' ', 'retry-after': '9' }, 9_000],
  ];
  for (const [headers, expected] of rows) {
    it(`in ${JSON.stringify(headers)} is ${expected} ms`, async () => {
      const error = await thrownBy(() => Response.json({}, { status: 429, headers }));
      assert.equal(retryAfterMs(error, now), expected);
    });
  }

  it('is unknown where there was no response', () => {
    assert.equal(retryAfterMs(new Error('x'), now), null);
    assert.equal(retryAfterMs(undefined, now), null);
  });
});

describe('The client', () => {
  const names = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_CUSTOM_HEADERS'];
  const kept = new Map<string, string | undefined>();

  beforeEach(() => {
    for (const name of names) kept.set(name, process.env[name]);
    process.env['ANTHROPIC_API_KEY'] = 'sk-of-the-shell';
    process.env['ANTHROPIC_AUTH_TOKEN'] = 'token-of-the-shell';
    process.env['ANTHROPIC_BASE_URL'] = 'http://shell.invalid';
    process.env['ANTHROPIC_CUSTOM_HEADERS'] = 'x-shell: leaked';
  });

  afterEach(() => {
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('lets nothing of the shell leak into a request, and asks once', async () => {
    const seen: { readonly url: string; readonly headers: string }[] = [];
    const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const url = input instanceof Request ? input.url : String(input);
      seen.push({ url, headers: JSON.stringify([...new Headers(init?.headers)]) });
      return new Response('x', { status: 500 });
    };
    const mine = { ...access, headers: { 'x-mine': 'yes' } };
    const signal = new AbortController().signal;
    await assert.rejects(openStream(request, { access: mine, fetch, why: 'a step of a turn', signal }));
    assert.equal(seen.length, 1, 'the SDK retries nothing by itself');
    assert.equal(seen[0]?.url, 'http://127.0.0.1:9/v1/messages');
    const headers = seen[0]?.headers ?? '';
    assert.doesNotMatch(headers, /shell/);
    assert.match(headers, /sk-test/);
    assert.match(headers, /x-mine/);
  });
});

describe('The SDK in the build', () => {
  it('has for each code of an error a class of errors, or none: it falls back to that of the status', () => {
    const host = readFileSync(built('../../host.js'), 'utf8');
    const map = /ERROR_CODE_CLASSES = [^[]*\[([\s\S]*?)\n\s*\]\);/.exec(host)?.[1] ?? '';
    const names = [...map.matchAll(/\["\d+ \w+", (\w+)\]/g)].map(([, name = '']) => name);
    assert.ok(names.length > 50 && map.includes('400 request_body_timeout'), `${names.length} codes`);
    // A class of errors is made by a function that knows its name; what is left out is nothing.
    const odd = names.filter(
      (name) => !host.includes(`var ${name} = void 0;`) && !host.includes(`._errorName = "${name}";`),
    );
    assert.deepEqual(odd, []);
  });
});
