/** Whether a key works, asked before it is stored (issue row "key"). */
import assert from 'node:assert/strict';
import { keyStrings } from '../../../../src/host/base/plainStrings';
import { checkKey } from '../../../../src/host/settings/keyCheck';
import { type Reply, reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { filled, saying, some } from '../../../texts';

const key = 'sk-ant-api03-ToBeChecked-0001';

describe('The check of a key before it is stored', () => {
  let fake: FakeClaude;

  beforeEach(async () => {
    fake = await startFakeClaude();
  });
  afterEach(() => fake.close());

  const check = (baseUrl = fake.url, signal = new AbortController().signal) =>
    checkKey({ apiKey: key, baseUrl, headers: { 'x-team': 'blue' } }, globalThis.fetch, signal);

  it('asks for one model at the address and with the headers of the settings, once', async () => {
    assert.deepEqual(await check(), { kind: 'good' });
    assert.equal(fake.requests.length, 1);
    const [request] = fake.requests;
    assert.equal(`${request?.method} ${request?.path}?${request?.query}`, 'GET /v1/models?limit=1');
    assert.equal(request?.headers.authorization, `Bearer ${key}`);
    assert.equal(request?.headers['x-team'], 'blue');
  });

  const html = '<!doctype html><html><body>Welcome to the portal</body></html>';
  const rows: readonly (readonly [string, Reply, string, RegExp, boolean])[] = [
    [
      '401',
      reply.error(401, 'authentication_error', 'Invalid bearer token'),
      'refused',
      saying(filled(keyStrings.refused(some))),
      false,
    ],
    ['402', reply.error(402, 'billing_error', 'Pay first'), 'limited', saying(filled(keyStrings.noCredit(some))), true],
    ['403', reply.error(403, 'permission_error', 'No'), 'limited', saying(filled(keyStrings.noList(some))), false],
    ['404', reply.error(404, 'not_found_error', 'Not Found'), 'wrongAddress', /prelude\.baseUrl/, false],
    ['a web page', reply.html(404, html), 'wrongAddress', saying(filled(keyStrings.wrongAddress(some))), false],
    [
      'a web page with status 200',
      reply.html(200, html),
      'wrongAddress',
      saying(filled(keyStrings.wrongAddress(some))),
      false,
    ],
    ['429', reply.rateLimited(30), 'limited', saying(filled(keyStrings.rateLimited(some))), false],
    [
      '500',
      reply.error(500, 'api_error', 'Internal server error'),
      'unknown',
      saying(filled(keyStrings.fault(some))),
      false,
    ],
    ['a cut socket', reply.drop(), 'unknown', saying(filled(keyStrings.unreachable(some))), false],
  ];
  for (const [name, fault, kind, words, billing] of rows) {
    it(`by ${name} is ${kind}, in words that hold no key`, async () => {
      fake.enqueueFault('models', fault);
      const verdict = await check();
      assert.equal(verdict.kind, kind);
      assert.ok(verdict.kind !== 'good');
      assert.match(verdict.words.text, words);
      assert.deepEqual(verdict.words.args, [new URL(fake.url).host], 'whom it is about');
      assert.equal(verdict.billing, billing);
      assert.ok(!JSON.stringify(verdict).includes(key));
      assert.equal(fake.requests.length, 1, 'asked once');
    });
  }

  it('without a connection is unknown: the user may store it all the same', async () => {
    const { url } = fake;
    await fake.close();
    const verdict = await check(url);
    assert.equal(verdict.kind, 'unknown');
  });

  it('ends at once when the user leaves', async () => {
    fake.enqueueFault('models', reply.delayHeaders(30_000));
    const leaving = new AbortController();
    const done = check(fake.url, leaving.signal);
    setTimeout(() => leaving.abort(), 50);
    assert.equal((await done).kind, 'unknown');
  });
});
