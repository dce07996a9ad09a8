/** What the user allowed tools: kept for a workspace alone, held for a conversation, taken back at once. */
import assert from 'node:assert/strict';
import type { Log } from '../../../src/core/base/ports';
import type { Store } from '../../../src/core/record/store';
import type { Permit } from '../../../src/core/tools/consent';
import { ToolConsents } from '../../../src/host/settings/consents';
import { home, meta, user } from './fixtures';
import { Bench, bundle } from './kit';

const secret: Permit = { key: 'read secret file:///w/.env', about: { kind: 'read', path: '.env\0', why: 'secret' } };
const foreign: Permit = { key: 'other d1', about: { kind: 'other', tool: 'create_issue', source: 'GitHub' } };
const other: Permit = { key: 'other d1', about: { kind: 'other', tool: 'create_issue', source: 'GitHub' } };

const hour = 60 * 60 * 1000;

describe('the store: what is allowed', () => {
  const bench = new Bench();
  let now = 1_000_000_000_000;
  let logged: string[] = [];
  const note = (message: string): void => {
    logged.push(message);
  };
  const log: Log = { info: note, warn: note, error: note };

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  beforeEach(() => {
    logged = [];
  });
  afterEach(() => bench.dispose());

  function consents(store: Store, workspace = 'home'): ToolConsents {
    return new ToolConsents({ store, clock: { now: () => now }, log, workspace });
  }

  it('in a workspace outlives the window, and holds in all of its conversations and in no other workspace', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    await consents(store).allow('c1', [secret, foreign], 'workspace');
    await store.close();
    const again = await bench.open(folder);
    assert.deepEqual(await consents(again).allowed('c2'), new Set([foreign.key, secret.key]));
    assert.deepEqual(await consents(again, 'other').allowed('c1'), new Set());
    assert.deepEqual(
      (await consents(again).list()).map(({ key, about, conversation }) => [key, about, conversation]),
      [foreign, secret].map(({ key, about }) => [key, about, null]),
    );
  });

  it('for a conversation ends with the window, and after twelve hours', async () => {
    const store = await bench.open(bench.folder());
    const held = consents(store);
    await held.allow('c1', [secret], 'conversation');
    assert.deepEqual(await held.allowed('c1'), new Set([secret.key]));
    assert.deepEqual(await held.allowed('c2'), new Set(), 'in that conversation alone');
    assert.deepEqual(await consents(store).allowed('c1'), new Set(), 'another window, or this one after a reload');
    now += 12 * hour - 1;
    assert.equal((await held.allowed('c1')).size, 1);
    now += 1;
    assert.equal((await held.allowed('c1')).size, 0);
    assert.deepEqual(await held.list(), []);
  });

  it('is taken back at once, in other windows too', async () => {
    const store = await bench.open(bench.folder());
    const [here, there] = [consents(store), consents(store)];
    await here.allow('c1', [secret], 'workspace');
    await here.allow('c1', [other], 'conversation');
    assert.equal((await there.allowed('c1')).size, 1);
    await here.takeBack(await here.list());
    assert.deepEqual([(await here.allowed('c1')).size, (await there.allowed('c1')).size], [0, 0]);
    assert.deepEqual(await here.list(), []);
  });

  it('does not move with conversations that are brought along', async () => {
    const store = await bench.open(bench.folder());
    await store.createConversation(home, meta('c1'));
    await store.append('c1', [user('u', null, 'well?')], null);
    await consents(store, home.key).allow('c1', [secret], 'workspace');
    await store.noteWorkspace({ key: 'moved', name: 'moved', folders: [] }, { remotes: [], names: [] });
    await store.moveConversations({ workspace: home.key }, 'moved');
    assert.equal((await store.getMeta('c1'))?.workspace, 'moved');
    assert.deepEqual(await consents(store, 'moved').allowed('c1'), new Set());
  });

  it('is never a write in a whole workspace, whatever is stored', async () => {
    const store = await bench.open(bench.folder());
    await store.keepConsents('home', [{ key: 'write file:///w/a.ts', about: '{}', at: 1 }]);
    const held = consents(store);
    assert.deepEqual(await held.allowed('c1'), new Set());
    assert.deepEqual((await held.list())[0]?.about, null, 'and can be taken back');
  });

  it('is nothing where the store cannot be read, and holds for the conversation where it cannot be written', async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('disk full');
    };
    const held = consents({ keepConsents: refuse, consentsIn: refuse, takeBackConsents: refuse } as unknown as Store);
    assert.deepEqual(await held.allowed('c1'), new Set());
    await assert.rejects(held.allow('c1', [secret], 'workspace'), /disk full/);
    assert.deepEqual(await held.allowed('c1'), new Set([secret.key]));
    assert.equal(logged.length, 2);
  });
});
