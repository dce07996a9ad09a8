import assert from 'node:assert/strict';
import { createIds, systemClock } from '../../../../src/host/base/clock';
import { workspaceIdentity } from '../../../../src/host/base/identity';
import { describeError, redact } from '../../../../src/host/base/redact';
import { chatHtml, contentSecurityPolicy, messageHtml } from '../../../../src/host/panel/chatHtml';
import { placesOf } from '../../../../src/host/workspace/workspacePath';
import { strings } from '../../../texts';

describe('Ids', () => {
  it('sort in the order in which they were made, also within a millisecond and when the clock goes back', () => {
    const times = [1000, 1000, 1000, 900, 900, 1001, 1001, 500, 2000];
    let index = 0;
    const ids = createIds(() => times[index++] ?? 0);
    const made = times.map(() => ids.next());
    assert.deepEqual(made.toSorted(), made);
    assert.equal(new Set(made).size, made.length);
  });

  it('carry the time in front: those of two machines sort by it', () => {
    const early = createIds(() => 1_700_000_000_000).next();
    const late = createIds(() => 1_700_000_000_001).next();
    assert.ok(early < late);
    assert.match(early, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('stay sorted when the random part has run full', () => {
    const ids = createIds(
      () => 1000,
      (bytes) => new Uint8Array(bytes).fill(255),
    );
    const first = ids.next();
    const second = ids.next();
    assert.match(first, /Z{16}$/);
    assert.ok(second > first);
  });

  it('of two makers differ within the same millisecond', () => {
    const [one, two] = [createIds(() => 5), createIds(() => 5)];
    assert.notEqual(one.next(), two.next());
  });
});

describe('The clock', () => {
  it('wakes at once with the signal’s reason when it is aborted', async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(60_000, controller.signal);
    controller.abort(new Error('stopped'));
    await assert.rejects(sleep, /stopped/);
    await assert.rejects(systemClock.sleep(1, controller.signal), /stopped/);
  });

  it('sleeps, and calls back until it is told to stop', async () => {
    let calls = 0;
    const stop = systemClock.every(2, () => {
      calls += 1;
    });
    await systemClock.sleep(40, new AbortController().signal);
    stop();
    const before = calls;
    assert.ok(before >= 2);
    await systemClock.sleep(20, new AbortController().signal);
    assert.equal(calls, before);
  });
});

describe('The log', () => {
  it('holds no key, credential header or password (L33)', () => {
    const lines = [
      'failed with sk-ant-api03-SECRET_x-1',
      '{"x-api-key":"SECRET"}',
      'x-api-key: SECRET',
      'Authorization: Bearer SECRET',
      'https://user:SECRET@proxy.example/x',
    ];
    for (const line of lines) assert.ok(!redact(line).includes('SECRET'), redact(line));
    assert.equal(redact('read src/sk-tools.ts'), 'read src/[removed].ts');
    assert.equal(redact('412 ms, 3 of 5'), '412 ms, 3 of 5');
  });

  it('has an error with its causes, and none of its other fields', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { headers: { cookie: 'SECRET' } });
    const text = describeError(error);
    assert.match(text, /outer[\s\S]*caused by[\s\S]*inner/);
    assert.ok(!text.includes('SECRET'));
  });
});

describe('The identity of a workspace', () => {
  const [a, b] = ['file:///home/me/a', 'file:///home/me/b'];

  it('is that of its folders, in any order', () => {
    const one = workspaceIdentity({ name: 'x', folders: [a, b], file: undefined });
    const two = workspaceIdentity({ name: 'y', folders: [b, a], file: undefined });
    assert.equal(one.key, two.key);
    assert.notEqual(one.key, workspaceIdentity({ name: 'x', folders: [a], file: undefined }).key);
  });

  it('is that of its file when it has one, whatever folders it holds', () => {
    const file = 'file:///home/me/x.code-workspace';
    const one = workspaceIdentity({ name: 'x', folders: [a], file });
    assert.equal(one.key, workspaceIdentity({ name: 'x', folders: [a, b], file }).key);
    assert.notEqual(one.key, workspaceIdentity({ name: 'x', folders: [file], file: undefined }).key);
  });

  it('is `none` in a window without a folder', () => {
    assert.deepEqual(workspaceIdentity({ name: undefined, folders: [], file: undefined }), {
      key: 'none',
      name: '',
      folders: [],
    });
  });
});

describe('The panel’s document', () => {
  const html = chatHtml({
    cspSource: 'https://files.example',
    nonce: 'n0nce',
    script: 'https://files.example/panel.js?a=1&b=2',
    style: 'https://files.example/panel.css',
    text: { label: strings.composer(), placeholder: '"Ask"' },
    locale: 'en-"><script>',
    title: strings.chatPage(),
    place: 'sidebar',
  });

  it('allows its own files only (L34)', () => {
    const policy = contentSecurityPolicy('https://files.example', 'n0nce');
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /unsafe|\*|http:|connect-src|frame-src/);
    assert.match(policy, /script-src 'nonce-n0nce' https:\/\/files\.example(;|$)/);
    assert.ok(html.includes(policy.replaceAll("'", '&#39;')));
  });

  it('has one script, with the nonce, and escapes what it is given', () => {
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(html, /<script type="module" nonce="n0nce" src="https:\/\/files\.example\/panel\.js\?a=1&amp;b=2">/);
    assert.match(html, /lang="en-&quot;&gt;&lt;script&gt;"/);
    assert.doesNotMatch(html, /\son\w+=|\sstyle=|<style/);
  });

  it('names its language and itself where it says that the start failed, escapes what it is given, and has a way on', () => {
    const retry = { label: '<Retry>', nonce: 'n0nce' };
    const failed = messageHtml({ locale: 'de"', title: 'a <chat>', heading: '<b>', message: 'a & b', retry });
    assert.match(failed, /<html lang="de&quot;">[\s\S]*<title>a &lt;chat&gt;<\/title>/);
    assert.match(failed, /&lt;b&gt;[\s\S]*a &amp; b/);
    assert.match(failed, /"default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'"/);
    assert.match(failed, /&lt;Retry&gt;[\s\S]*<script nonce="n0nce">[\s\S]*postMessage\('retry'\)/);
  });
});

describe('A path that the chat shows', () => {
  const shop = { name: 'shop', path: '/home/me/shop' };
  const admin = { name: 'admin', path: '/home/me/admin' };
  const at = (path: string, ...roots: { name: string; path: string }[]) =>
    placesOf(path, roots).map((place) => `${place.root.name}: ${place.segments.join('/')}`);

  it('lies below the root, or below the root that it names', () => {
    assert.deepEqual(at('src/a.ts', shop), ['shop: src/a.ts']);
    assert.deepEqual(at('admin/src/a.ts', shop, admin), [
      'admin: src/a.ts',
      'shop: admin/src/a.ts',
      'admin: admin/src/a.ts',
    ]);
    assert.deepEqual(at('.\\src\\a.ts', shop), ['shop: src/a.ts']);
  });

  it('may be absolute inside a root, and nowhere else', () => {
    assert.deepEqual(at('/home/me/shop/src/a.ts', shop), ['shop: src/a.ts']);
    assert.deepEqual(at('/home/me/shopping/a.ts', shop), []);
    assert.deepEqual(at('/etc/hosts', shop), []);
    assert.deepEqual(at('C:\\code\\shop\\a.ts', { name: 'shop', path: '/c:/code/shop' }), ['shop: a.ts']);
  });

  it('does not climb out (L31)', () => {
    for (const path of ['../x', 'src/../../x', '/home/me/shop/../x', '..\\x', 'shop/../../x']) {
      assert.deepEqual(at(path, shop, admin), [], path);
    }
  });
});
