/** What every request of ours passes: no redirect is followed (L47), and no key comes back (L33). */

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiAccess } from '../../../../src/core/api/access';
import { connect } from '../../../../src/core/api/client';
import { failureOf, isRetryable } from '../../../../src/core/api/failures';
import { guardedFetch } from '../../../../src/core/api/guardedFetch';
import { removedKey, secretFilter, secretsOf, withoutSecrets } from '../../../../src/core/api/keyEcho';
import { failureStrings } from '../../../../src/core/base/strings';
import { countTokens } from '../../../../src/core/cost/countTokens';
import { checkKey } from '../../../../src/host/settings/keyCheck';
import { saying } from '../../../texts';
import { PathMaker, requestOf } from '../prompt/paths';

const key = 'sk-ant-api03-QmFzZSBrZXkgb2YgdGhlIHRlc3Q_9-xyzXYZ0123456789abc';

type Handler = Parameters<typeof createServer>[1];

describe('A request of ours', () => {
  const servers: Server[] = [];

  async function serve(handler: Handler): Promise<string> {
    const server = createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function to(baseUrl: string, headers: Readonly<Record<string, string>> = {}): ApiAccess {
    return { apiKey: key, baseUrl, headers };
  }

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const request = requestOf(new PathMaker().user('secret words').entries);
  const never = new AbortController().signal;
  const kinds: readonly (readonly [string, (access: ApiAccess) => Promise<unknown>])[] = [
    ['a message', (access) => connect(access, fetch, 'a step of a turn').messages.stream(request).finalMessage()],
    ['a count', (access) => countTokens(request, access, fetch, never)],
    ['the list of models', (access) => connect(access, fetch, 'the list of models').models.list()],
    ['one model', (access) => connect(access, fetch, 'the list of models').models.retrieve('claude-opus-4-8')],
  ];

  for (const status of [301, 302, 303, 307, 308]) {
    for (const [name, ask] of kinds) {
      it(`L47 for ${name} is not sent on by ${status}: neither key, headers nor body leave for another host`, async () => {
        const reached: string[] = [];
        const other = await serve((incoming, response) => {
          reached.push(incoming.url ?? '');
          response.end('{}');
        });
        const first = await serve((incoming, response) => {
          incoming.resume();
          response.writeHead(status, { location: `${other}/elsewhere?token=abc` }).end();
        });
        const error = await ask(to(first)).then(
          () => assert.fail('it was answered'),
          (thrown: unknown) => thrown,
        );
        const failure = failureOf(error);
        assert.equal(failure.code, 'redirected');
        assert.equal(failure.status, status);
        assert.match(failure.message, new RegExp(`redirects to ${other}/elsewhere\\. `));
        assert.doesNotMatch(failure.message, /token=abc/);
        assert.equal(isRetryable(failure, error), false);
        assert.deepEqual(reached, []);
      });
    }
  }

  it('L47 for the check of a key is not sent on, and the address is said to be at fault', async () => {
    const reached: string[] = [];
    const other = await serve((incoming, response) => {
      reached.push(incoming.url ?? '');
      response.end('{"data":[]}');
    });
    const first = await serve((_, response) => response.writeHead(302, { location: other }).end());
    const verdict = await checkKey(to(first), fetch, never);
    assert.equal(verdict.kind, 'wrongAddress');
    assert.deepEqual(reached, []);
  });

  it('L47 is not sent on where a browser hides the place', async () => {
    const hidden = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
    const guarded = guardedFetch(async () => hidden, to('https://gateway.example'));
    await assert.rejects(
      guarded('https://gateway.example/v1/messages'),
      saying(failureStrings.redirected('gateway.example', null)),
    );
  });

  it('L33 gets no key back: in an error, in headers, in an answer that comes in pieces', async () => {
    const custom = { 'x-gateway-token': 'Bearer gw-0123456789-secret', 'x-team': 'platform-team' };
    const sent = [key, encodeURIComponent(`${key}/`), 'gw-0123456789-secret', key.slice(0, 40), 'platform-team'];
    const url = await serve((incoming, response) => {
      incoming.resume();
      const isError = incoming.url === '/error';
      response.writeHead(isError ? 400 : 200, { 'request-id': `req_${key}`, 'content-type': 'text/plain' });
      const body = isError ? sent.join(' ') : `before ${key} after ${key.slice(0, 20)}`;
      // Cut in the middle of the key.
      response.write(body.slice(0, 25));
      setTimeout(() => response.end(body.slice(25)), 20);
    });
    const guarded = guardedFetch(fetch, to(url, custom));
    const failed = await guarded(`${url}/error`);
    assert.equal(failed.headers.get('request-id'), `req_${removedKey}`);
    assert.equal(
      await failed.text(),
      `${removedKey} ${removedKey}%2F ${removedKey} ${'sk-ant-api03-'}${removedKey} platform-team`,
    );
    assert.equal(await (await guarded(`${url}/answer`)).text(), `before ${removedKey} after ${key.slice(0, 20)}`);
  });

  it('L33 gets an answer at once, and the same to the byte, where no key is in it', async () => {
    let finish: () => void = () => undefined;
    const url = await serve((_, response) => {
      response.write('data: sk-an\n\n');
      finish = () => response.end('t€');
    });
    const response = await guardedFetch(fetch, to(url))(url);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    assert.equal(Buffer.from(first.value ?? []).toString(), 'data: sk-an\n\n');
    finish();
    let rest = '';
    for (let next = await reader.read(); !next.done; next = await reader.read())
      rest += Buffer.from(next.value).toString();
    assert.equal(rest, 't€');
  });

  it('L33 reads no more of an error than says something', async () => {
    const url = await serve((_, response) => {
      response.writeHead(500);
      const flood = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', flood);
      };
      flood();
    });
    const text = await (await guardedFetch(fetch, to(url))(url)).text();
    assert.equal(text.length, 64 * 1024);
  });
});

describe('L33 a key in a text', () => {
  it('goes out of an answer wherever that is cut', async () => {
    const bytes = Buffer.from(`before ${key} after`);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const filter = secretFilter([key]);
      assert.ok(filter !== null);
      const pieces = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) controller.enqueue(new Uint8Array(piece));
          controller.close();
        },
      });
      assert.equal(
        await new Response(pieces.pipeThrough(filter)).text(),
        `before ${removedKey} after`,
        `cut at ${cut}`,
      );
    }
  });

  it('goes in each form, and words that are like a short one stay', () => {
    const odd = 'a"b/c+d=efghijkl';
    for (const form of [
      odd,
      JSON.stringify(odd).slice(1, -1),
      encodeURIComponent(odd),
      Buffer.from(odd).toString('base64').replace(/=+$/, ''),
    ]) {
      assert.equal(withoutSecrets(`x ${form} y`, [odd]), `x ${removedKey} y`);
    }
    assert.deepEqual(secretsOf({ apiKey: 'ollama', headers: { 'x-team': 'platform-team', cookie: 'session=12345' } }), [
      'session=12345',
    ]);
    const long = `${'word '.repeat(800)}${key}`;
    assert.equal(withoutSecrets(long, [key]).includes('QmFz'), false);
  });
});
