import assert from 'node:assert/strict';
import type { KnownWorkspace, WorkspaceFingerprint } from '../../../../src/core/record/store';
import { workspaceIdentity } from '../../../../src/host/base/identity';
import { includedWorkspaces, likelyMatches, placeName, remotesOf } from '../../../../src/host/base/workspaceMatch';

const shop: WorkspaceFingerprint = {
  remotes: ['example.com/me/shop'],
  names: ['.git', 'README.md', 'package.json', 'src'],
};
const bare: WorkspaceFingerprint = { remotes: [], names: [] };

const folders = (...paths: readonly string[]) =>
  workspaceIdentity({
    name: paths.at(-1)?.split('/').at(-1),
    folders: paths.map((path) => `file://${path}`),
    file: undefined,
  });
const saved = (file: string, ...paths: readonly string[]) =>
  workspaceIdentity({ name: 'saved', folders: paths.map((path) => `file://${path}`), file: `file://${file}` });

function known(
  place: ReturnType<typeof folders>,
  facts: WorkspaceFingerprint | null = shop,
  conversations = 3,
): KnownWorkspace {
  return { ...place, facts, conversations };
}

const none = new Set<string>();
const keys = (all: readonly KnownWorkspace[]): readonly string[] => all.map(({ key }) => key);

describe('A workspace under another name', () => {
  it('is offered when its folder was renamed and has the same remote, or the same names (L1)', () => {
    const open = folders('/home/me/shop-v2');
    const old = known(folders('/home/me/shop'));
    assert.deepEqual(keys(likelyMatches(open, shop, [old], new Set([old.key]))), [old.key]);
    assert.deepEqual(likelyMatches(open, shop, [old], none), [], 'it is still there: another one');
    const withoutGit = { ...shop, remotes: [] };
    const oldWithoutGit = known(folders('/home/me/shop'), withoutGit);
    assert.deepEqual(keys(likelyMatches(open, withoutGit, [oldWithoutGit], new Set([oldWithoutGit.key]))), [old.key]);
  });

  it('is offered when the same folder name has the same remote or names elsewhere, as in a container built again', () => {
    const open = folders('/workspaces/shop');
    const old = known(folders('/work/shop'));
    assert.deepEqual(keys(likelyMatches(open, shop, [old], none)), [old.key]);
    const grown = { remotes: [], names: [...shop.names, 'CHANGELOG.md'] };
    assert.deepEqual(keys(likelyMatches(open, grown, [old], none)), [old.key]);
    assert.deepEqual(likelyMatches(open, { remotes: [], names: ['a', 'b', 'src'] }, [old], none), []);
  });

  it('is not offered for a name alone, for an empty folder, or for one that only looks a little alike', () => {
    const open = folders('/home/me/app');
    const old = known(folders('/tmp/app'), bare);
    assert.deepEqual(likelyMatches(open, bare, [old], new Set([old.key])), []);
    const other = known(folders('/tmp/other'), { remotes: [], names: ['README.md'] });
    assert.deepEqual(likelyMatches(open, { remotes: [], names: ['README.md'] }, [other], new Set([other.key])), []);
    assert.deepEqual(likelyMatches(open, shop, [known(folders('/tmp/app'), null)], none), [], 'never looked at');
  });

  it('is offered when some folders are the same, but not when it has no conversations or no folder', () => {
    const open = folders('/home/me/shop');
    const both = known(folders('/home/me/shop', '/home/me/bank'));
    const file = known(saved('/home/me/all.code-workspace', '/home/me/shop'));
    const empty = known(folders('/home/me/shop', '/home/me/empty'), shop, 0);
    const windowless = known(folders());
    assert.deepEqual(
      keys(likelyMatches(open, shop, [both, file, empty, windowless], none)).toSorted(),
      [both.key, file.key].toSorted(),
    );
    assert.deepEqual(likelyMatches(folders(), bare, [both, windowless], none), []);
  });

  it('is offered before a likelier-looking one when its folder is gone', () => {
    const open = folders('/home/me/shop');
    const clone = known(folders('/tmp/shop'), shop, 99);
    const moved = known(folders('/old/shop'));
    assert.deepEqual(keys(likelyMatches(open, shop, [clone, moved], new Set([moved.key]))), [moved.key, clone.key]);
  });

  it('goes on with what it had when it gets another root or is saved as a file (L1)', () => {
    const one = known(folders('/a'));
    const two = known(folders('/b', '/a'));
    const file = known(saved('/other.code-workspace', '/a'));
    const three = folders('/a', '/b', '/c');
    assert.deepEqual(keys(includedWorkspaces(three, [one, two, file])), [one.key, two.key]);
    assert.deepEqual(keys(includedWorkspaces(saved('/x.code-workspace', '/a', '/b'), [one, two, file])), [
      one.key,
      two.key,
    ]);
    assert.deepEqual(includedWorkspaces(folders('/a'), [one, two, file]), [], 'neither itself nor what is larger');
    assert.deepEqual(includedWorkspaces(folders(), [one, known(folders())]), []);
    assert.deepEqual(likelyMatches(three, shop, [one, two], none), [], 'what is shown is not offered');
  });

  it('is named by its place below the home folder, or by its name', () => {
    assert.equal(placeName(folders('/home/me/old%20shop'), 'file:///home/me'), '~/old shop');
    assert.equal(placeName(folders('/srv/shop'), 'file:///home/me'), '/srv/shop');
    assert.equal(placeName(folders('/a', '/b'), 'file:///home/me'), 'b');
    assert.equal(placeName(saved('/x.code-workspace', '/a'), 'file:///home/me'), 'saved');
  });
});

describe('The remotes of a repository', () => {
  it('are the same for HTTPS and SSH, and hold no user and no password', () => {
    const config = (url: string): string =>
      `[core]\n\turl = no\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs\n[branch "main"]\n\turl = no\n`;
    for (const url of [
      'https://example.com/Me/shop.git',
      'https://me:secret@example.com/Me/shop',
      'git@example.com:Me/shop.git',
      'ssh://git@example.com/Me/shop.git/',
    ]) {
      assert.deepEqual(remotesOf(config(url)), ['example.com/me/shop'], url);
    }
    assert.deepEqual(remotesOf('[core]\n\tbare = false\n'), []);
    assert.deepEqual(remotesOf(config('ssh://git@example.com:2222/me/shop')), ['example.com:2222/me/shop']);
  });
});
