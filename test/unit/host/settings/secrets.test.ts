import assert from 'node:assert/strict';
import { TurnFailureError } from '../../../../src/core/api/failures';
import { normalizeBaseUrl } from '../../../../src/host/settings/baseUrl';
import { storedConsent } from '../../../../src/host/settings/environmentConsent';
import type { SecretsParts } from '../../../../src/host/settings/secrets';
import { refuseKey, Secrets } from '../../../../src/host/settings/secrets';

const stored = 'sk-ant-api03-stored-0001';
const fromShell = 'sk-ant-api03-shell-9876';

interface Options {
  readonly key?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly production?: boolean;
  readonly baseUrl?: string;
  readonly broken?: boolean;
  /** What VS Code's global state holds. */
  readonly state?: Map<string, unknown>;
}

function secrets(options: Options = {}) {
  const values = new Map<string, string>();
  if (options.key !== undefined) values.set('prelude.apiKey', options.key);
  const listeners = new Set<(event: { readonly key: string }) => unknown>();
  const logged: string[] = [];
  const state = options.state ?? new Map<string, unknown>();
  let baseUrl = options.baseUrl ?? 'https://api.anthropic.com';
  const tell = (key: string): void => {
    for (const listener of listeners) listener({ key });
  };
  const parts: SecretsParts = {
    storage: {
      async get(name) {
        if (options.broken === true) throw new Error('keyring locked');
        return values.get(name);
      },
      async store(name, value) {
        values.set(name, value);
        tell(name);
      },
      async delete(name) {
        values.delete(name);
        tell(name);
      },
      onDidChange(listener) {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
    environment: options.environment ?? {},
    consent: storedConsent({
      get: <T>(name: string) => state.get(name) as T,
      update: async (name, value) => void state.set(name, value),
    }),
    production: options.production ?? false,
    address: () => ({ baseUrl, headers: { 'x-team': 'blue' } }),
    log: {
      info: (message) => logged.push(message),
      warn: (message) => logged.push(message),
      error: (message, error) => logged.push(`${message} ${error}`),
    },
  };
  return {
    secrets: new Secrets(parts),
    logged,
    listeners,
    state,
    moveTo: (address: string) => {
      baseUrl = address;
    },
  };
}

const demo = { PRELUDE_DEMO_URL: 'http://127.0.0.1:4010' };
const shell = { ANTHROPIC_API_KEY: fromShell, PRELUDE_USE_ENVIRONMENT_KEY: '1' };

describe('The API key', () => {
  it('is the stored one, with the settings’ address and headers', async () => {
    const { secrets: api } = secrets({ key: stored, environment: shell });
    assert.deepEqual(await api.access(), {
      apiKey: stored,
      baseUrl: 'https://api.anthropic.com',
      headers: { 'x-team': 'blue' },
    });
    assert.deepEqual(await api.state(), { kind: 'stored' });
  });

  it('is missing where nothing was stored, whatever the shell holds: that one is only offered', async () => {
    for (const production of [false, true]) {
      const { secrets: api } = secrets({ environment: { ANTHROPIC_API_KEY: fromShell }, production });
      assert.equal(await api.access(), null);
      assert.deepEqual(await api.state(), { kind: 'missing', offer: { lastFour: '9876', host: null } });
    }
  });

  it('of the environment is used after one click, in an installed extension too, until it is cleared', async () => {
    const { secrets: api } = secrets({ environment: { ANTHROPIC_API_KEY: fromShell }, production: true });
    let told = 0;
    api.onDidChange(() => {
      told += 1;
    });
    await api.decideOnEnvironmentKey(true);
    assert.equal(told, 1);
    assert.deepEqual(await api.state(), { kind: 'environment', lastFour: '9876' });
    assert.deepEqual(await api.access(), {
      apiKey: fromShell,
      baseUrl: 'https://api.anthropic.com',
      headers: { 'x-team': 'blue' },
    });
    await api.clear();
    assert.equal(await api.access(), null);
    assert.deepEqual(await api.state(), { kind: 'missing' }, 'and not offered again');
  });

  it('of the environment is asked for once: “Not now” is remembered', async () => {
    const { secrets: api, logged } = secrets({ environment: { ANTHROPIC_API_KEY: fromShell } });
    await api.decideOnEnvironmentKey(false);
    assert.deepEqual(await api.state(), { kind: 'missing' });
    assert.equal(await api.access(), null);
    assert.deepEqual(api.environmentKey(), { lastFour: '9876', host: null }, 'Set API Key still has it');
    assert.ok(!logged.join().includes(fromShell), 'no log has it (L33)');
  });

  it('of the environment goes to the address that the environment names for it, and the offer says so', async () => {
    const environment = { ANTHROPIC_API_KEY: fromShell, ANTHROPIC_BASE_URL: 'https://gateway.example/claude' };
    const { secrets: api } = secrets({ environment, production: true });
    assert.deepEqual(await api.state(), { kind: 'missing', offer: { lastFour: '9876', host: 'gateway.example' } });
    await api.decideOnEnvironmentKey(true);
    assert.deepEqual(await api.access(), {
      apiKey: fromShell,
      baseUrl: 'https://gateway.example/claude',
      headers: {},
    });
  });

  it('of the environment goes to the host that the user agreed to, and to no other (L61)', async () => {
    const { secrets: api, moveTo } = secrets({ environment: { ANTHROPIC_API_KEY: fromShell }, production: true });
    await api.state();
    await api.decideOnEnvironmentKey(true);
    assert.equal((await api.access())?.apiKey, fromShell);
    moveTo('https://gateway.example/v1');
    assert.equal(await api.access(), null, 'asked again for the new host');
    assert.deepEqual(await api.state(), { kind: 'missing', offer: { lastFour: '9876', host: 'gateway.example' } });
    moveTo('https://GATEWAY.example:8443');
    assert.deepEqual(await api.state(), { kind: 'missing', offer: { lastFour: '9876', host: 'gateway.example:8443' } });
    await api.decideOnEnvironmentKey(true);
    assert.equal((await api.access())?.baseUrl, 'https://gateway.example:8443');
    moveTo('https://api.anthropic.com');
    assert.equal((await api.access())?.apiKey, fromShell);
    await api.clear();
    assert.equal(await api.access(), null);
    moveTo('https://gateway.example:8443');
    assert.equal(await api.access(), null, 'no host keeps it after Clear API Key');
  });

  it('of the environment: an answer is about the host that was shown, whatever the settings say by then (L61)', async () => {
    const { secrets: api, moveTo } = secrets({ environment: { ANTHROPIC_API_KEY: fromShell }, production: true });
    await api.state();
    moveTo('https://gateway.example');
    await api.decideOnEnvironmentKey(true);
    assert.equal(await api.access(), null);
    moveTo('https://api.anthropic.com');
    assert.equal((await api.access())?.apiKey, fromShell);
  });

  it('of the environment: an answer of an earlier version counts for Anthropic’s address, a refusal for all (L61)', async () => {
    const environment = { ANTHROPIC_API_KEY: fromShell };
    const agreed = new Map<string, unknown>([['prelude.environmentKey', true]]);
    const own = secrets({ environment, production: true, state: agreed });
    assert.equal((await own.secrets.access())?.apiKey, fromShell);
    own.moveTo('https://gateway.example');
    assert.equal(await own.secrets.access(), null);
    const other = { ...environment, ANTHROPIC_BASE_URL: 'https://evil.example' };
    assert.equal(await secrets({ environment: other, production: true, state: agreed }).secrets.access(), null);
    const refused = new Map<string, unknown>([['prelude.environmentKey', false]]);
    const no = secrets({ environment: other, production: true, state: refused });
    assert.deepEqual(await no.secrets.state(), { kind: 'missing' });
    const odd = new Map<string, unknown>([['prelude.environmentKeyHosts', { 'api.anthropic.com': 'yes' }]]);
    assert.equal(await secrets({ environment, production: true, state: odd }).secrets.access(), null);
  });

  it('of the environment is not offered when it cannot be one', async () => {
    const { secrets: api } = secrets({ environment: { ANTHROPIC_API_KEY: 'sk-ant-oat-login-token' } });
    assert.deepEqual(await api.state(), { kind: 'missing' });
  });

  it('comes from the environment when development asks for that, and shows its last four', async () => {
    const { secrets: api } = secrets({ environment: shell });
    assert.equal((await api.access())?.apiKey, fromShell);
    assert.deepEqual(await api.state(), { kind: 'environment', lastFour: '9876' });
  });

  it('goes to the environment’s address when there is one, without the settings’ headers', async () => {
    const { secrets: api } = secrets({ environment: { ...shell, ANTHROPIC_BASE_URL: 'https://gateway.example/v1/' } });
    assert.deepEqual(await api.access(), { apiKey: fromShell, baseUrl: 'https://gateway.example', headers: {} });
  });

  it('never goes to the demo, which has one of its own', async () => {
    const { secrets: api } = secrets({ key: stored, environment: { ...demo, ...shell } });
    assert.deepEqual(await api.access(), { apiKey: 'sk-demo', baseUrl: 'http://127.0.0.1:4010', headers: {} });
    assert.deepEqual(await api.state(), { kind: 'demo' });
  });

  it('takes nothing from the environment in an installed extension', async () => {
    const { secrets: api } = secrets({ environment: { ...demo, ...shell }, production: true });
    assert.equal(await api.access(), null);
  });

  it('does not take a demo that is not on this machine', async () => {
    const { secrets: api, logged } = secrets({ environment: { PRELUDE_DEMO_URL: 'http://evil.example' } });
    assert.equal(await api.access(), null);
    assert.match(logged.join(), /PRELUDE_DEMO_URL is ignored/);
  });

  it('is never written to the log (L33)', async () => {
    const { secrets: api, logged } = secrets({ environment: shell });
    await api.store(stored);
    await api.state();
    await api.access();
    await api.clear();
    assert.ok(logged.length > 0);
    assert.ok(!logged.join().includes(stored) && !logged.join().includes(fromShell));
  });

  it('tells its listeners when it changes in any window, until they leave', async () => {
    const { secrets: api, listeners } = secrets();
    let told = 0;
    const stop = api.onDidChange(() => {
      told += 1;
    });
    await api.store(stored);
    for (const listener of listeners) listener({ key: 'another.secret' });
    await api.clear();
    stop();
    await api.store(stored);
    assert.equal(told, 2);
  });

  it('reads as missing when the secret storage cannot be read, and a request says why', async () => {
    const { secrets: api, logged } = secrets({ broken: true });
    assert.deepEqual(await api.state(), { kind: 'missing' });
    assert.match(logged.join(), /could not be read/);
    await assert.rejects(api.access(), TurnFailureError);
  });

  it('does not leave for an address that is not safe', async () => {
    const { secrets: api } = secrets({ key: stored, baseUrl: 'http://gateway.example' });
    await assert.rejects(
      api.access(),
      (error) => error instanceof TurnFailureError && error.failure.code === 'badAddress',
    );
  });
});

describe('What is typed as a key', () => {
  it('is taken when some server may take it', () => {
    for (const key of ['sk-ant-api03-abc_DEF-123', 'sk-1234', 'a1b2c3d4e5f6', 'team/alpha:key=']) {
      assert.equal(refuseKey(key), null, key);
    }
  });

  it('is refused with words when none would', () => {
    const wrong = [
      '',
      'sk 1234 5678',
      'sk-ант-1234',
      '"sk-ant-api03-x"',
      'https://api.anthropic.com',
      'sk-ant-...wxyz',
    ];
    for (const key of [...wrong, 'sk-ant-admin01-abcdef', 'sk-ant-oat01-abcdef', 'abc']) {
      assert.ok((refuseKey(key)?.text.length ?? 0) > 10, key);
    }
  });
});

describe('The base URL', () => {
  const good: readonly (readonly [string, string])[] = [
    ['https://api.anthropic.com', 'https://api.anthropic.com'],
    [' https://api.anthropic.com/ ', 'https://api.anthropic.com'],
    ['https://gateway.example/claude/v1/', 'https://gateway.example/claude'],
    ['https://gateway.example/v1/messages', 'https://gateway.example'],
    ['https://gateway.example/claude//v1/messages/', 'https://gateway.example/claude'],
    ['https://gateway.example/v1/messages/count_tokens', 'https://gateway.example'],
    ['https://gateway.example/V1/models//', 'https://gateway.example'],
    ['https://gateway.example/v1/messages-of-mine', 'https://gateway.example/v1/messages-of-mine'],
    ['https://gateway.example/v1beta', 'https://gateway.example/v1beta'],
    ['https://gateway.example:8443//', 'https://gateway.example:8443'],
    ['http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ];
  for (const [given, expected] of good) {
    it(`${given.trim()} is used as ${expected}`, () => assert.equal(normalizeBaseUrl(given), expected));
  }

  const bad = [
    '',
    'api.anthropic.com',
    'http://api.anthropic.com',
    'http://10.0.0.1',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'ftp://127.0.0.1',
    'javascript:alert(1)',
    'https://user:secret@gateway.example',
    'https://gateway.example?key=secret',
    'https://gateway.example#x',
  ];
  for (const given of bad) {
    it(`“${given}” is refused, without repeating a secret in it`, () => {
      assert.throws(
        () => normalizeBaseUrl(given),
        (error) =>
          error instanceof TurnFailureError && error.failure.code === 'badAddress' && !error.message.includes('secret'),
      );
    });
  }
});
