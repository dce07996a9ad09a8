/** What each document is called that is no plain file of the workspace, and how many cursors may be sent. */
import assert from 'node:assert/strict';
import type { ContextSelection } from '../../../src/core/record/record';
import { boundedSelection } from '../../../src/host/workspace/selected/boundedSelection';
import { describeDocument, isBeside, isTextBox } from '../../../src/host/workspace/selected/documents';

const words = {
  index: () => 'Index',
  output: (channel: string) => `Output: ${channel}`,
  search: () => 'Found text',
  outside: (name: string) => `${name} (outside)`,
  userSettings: (name: string) => `${name} (settings)`,
  saved: (name: string) => `${name} (saved)`,
};

function described(scheme: string, path: string, rest: { query?: string; isUntitled?: boolean } = {}) {
  const inWorkspace = (at: string) => (at.startsWith('/work/') ? at.slice('/work/'.length) : null);
  const address = { scheme, authority: '', path, query: '', isUntitled: false, inWorkspace, ...rest };
  return describeDocument(address, words);
}

describe('A document that is no plain file of the workspace', () => {
  it('has a label that says what it is and where it comes from', () => {
    const git = (ref: string) => ({ query: JSON.stringify({ path: '/work/src/login.ts', ref }) });
    const sha = 'abcdef0123456789abcdef0123456789abcdef01';
    const labels = [
      described('untitled', 'Untitled-1', { isUntitled: true }),
      described('git', '/work/src/login.ts.git', git('HEAD')),
      described('git', '/work/src/login.ts', git('')),
      described('git', '/work/src/login.ts', git('~')),
      described('git', '/work/src/login.ts', git(sha)),
      described('output', 'extension-output-vscode.typescript-language-features-#2-TypeScript'),
      described('output', 'tasks'),
      described('search-editor', '/search'),
      described('conflictResolution', '/work/src/login.ts'),
      described('file', '/etc/hosts'),
      described('vscode-userdata', '/User/settings.json'),
      described('vsls', '/shared/login.ts'),
      described('memfs', '/a/b.txt'),
    ].map((one) => (one === null ? null : `${one.label} | ${one.path} | ${one.what}${one.outside ? ' | asked' : ''}`));
    assert.deepEqual(labels, [
      'Untitled-1 | Untitled-1 | unsaved document',
      'login.ts (HEAD) | src/login.ts | version HEAD in Git',
      'login.ts (Index) | src/login.ts | version in the index of Git',
      'login.ts (Index) | src/login.ts | version in the index of Git',
      'login.ts (abcdef01) | src/login.ts | version abcdef01 in Git',
      'Output: TypeScript | TypeScript | output channel',
      'Output: tasks | tasks | output channel',
      'Found text | Search | search results',
      'login.ts (saved) | src/login.ts | version on the disk',
      'hosts (outside) | hosts | file outside of the workspace | asked',
      'settings.json (settings) | settings.json | settings of VS Code | asked',
      'login.ts (vsls) | login.ts | document of vsls, not a file of the workspace',
      'b.txt (memfs) | b.txt | document of memfs, not a file of the workspace',
    ]);
    assert.equal(described('file', '/work/src/login.ts'), null);
  });

  it('is named even when git’s address cannot be read', () => {
    assert.equal(described('git', '/work/a.ts', { query: 'no JSON' })?.label, 'a.ts (Index)');
    assert.equal(described('git', '/work/a.ts', { query: '{"path":3,"ref":null}' })?.label, 'a.ts (Index)');
    assert.equal(described('odd', '')?.label, 'odd (odd)');
  });

  it('is none where it is a text box, and counts while something is selected where it stands beside', () => {
    const boxes = ['comment', 'vscode-scm', 'vscode-interactive-input', 'prelude-request', 'prelude-attachment'];
    for (const scheme of boxes) assert.equal(isTextBox({ scheme, path: '/x' }), true, scheme);
    assert.deepEqual(
      [isTextBox({ scheme: 'debug', path: 'replinput' }), isTextBox({ scheme: 'debug', path: '/a.js' })],
      [true, false],
    );
    assert.deepEqual([isBeside({ scheme: 'output' }), isBeside({ scheme: 'file' })], [true, false]);
  });
});

describe('The cursors of a selection', () => {
  const many = (count: number, text: string): ContextSelection => {
    const lines = Array.from({ length: count }, (_, index) => ({ startLine: index + 1, endLine: index + 1, text }));
    const [first, ...more] = lines;
    return { uri: 'file:///a', path: 'a', startLine: 1, endLine: 1, text, ...first, more };
  };

  it('are at most fifty, and the others are counted (L72)', () => {
    const bounded = boundedSelection(many(60, 'x'));
    assert.deepEqual([bounded.more?.length, bounded.leftOut], [49, 10]);
    const few = boundedSelection(many(50, 'x'));
    assert.deepEqual([few.more?.length, few.leftOut], [49, undefined]);
  });

  it('hold at most 100,000 characters together (L36, L72)', () => {
    const bounded = boundedSelection(many(10, 'x'.repeat(30_000)));
    assert.deepEqual([bounded.more?.length, bounded.leftOut], [2, 7]);
    const { more: _, ...one } = many(1, `${'x'.repeat(999)}\n`.repeat(500));
    assert.equal('more' in boundedSelection(one), false);
  });
});
