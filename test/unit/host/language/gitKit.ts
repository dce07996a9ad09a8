import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { GitChange, GitRepository } from '../../../../src/host/workspace/git/facts';

/** git on a folder, told as VS Code's Git extension tells it: the same commands, read in the same ways. */
export function repositoryIn(folder: string): GitRepository {
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  const pathOf = (uri: string) => fileURLToPath(uri);
  const parse = (text: string, numbers: Readonly<Record<string, number>>): readonly GitChange[] => {
    const fields = text.split('\0').filter((field) => field !== '');
    const changes: GitChange[] = [];
    while (fields.length > 0) {
      const letter = (fields.shift() ?? '')[0] ?? '';
      const first = fields.shift() ?? '';
      const isMoved = letter === 'R' || letter === 'C';
      const uri = uriOf(isMoved ? (fields.shift() ?? '') : first);
      changes.push({ uri, from: isMoved ? uriOf(first) : null, status: numbers[letter] ?? 0 });
    }
    return changes;
  };
  const index = { M: 0, A: 1, D: 2, R: 3, C: 4, T: 11 };
  const tree = { M: 5, D: 6, A: 9, T: 11 };
  const names = (...args: readonly string[]) => git('diff', '--name-status', '-z', ...args);
  const untracked = () =>
    git('ls-files', '-o', '-z', '--exclude-standard')
      .split('\0')
      .filter(Boolean)
      .map((path) => ({ uri: uriOf(path), from: null, status: 7 }));
  return {
    root: pathToFileURL(folder).href,
    branch: 'main',
    hasCommits: () => {
      try {
        git('rev-parse', '--verify', '-q', 'HEAD');
        return true;
      } catch {
        return false;
      }
    },
    refresh: async () => {},
    staged: () => parse(names('--cached', '-M'), index),
    unstaged: () => [...parse(names('--diff-filter=MDAT'), tree), ...untracked()],
    conflicts: () => parse(names('--diff-filter=U'), { U: 18 }),
    commit: async (ref) => {
      const [hash = '', parents = '', author = '', message = ''] = git(
        'show',
        '-s',
        '--format=%H%n%P%n%an%n%B',
        ref,
        '--',
      ).split('\n');
      return { hash, parents: parents.split(' ').filter(Boolean), message, author, date: new Date(0), lines: 3 };
    },
    mergeBase: async (a, b) => {
      try {
        return git('merge-base', a, b).trim();
      } catch {
        return null;
      }
    },
    changesBetween: async (a, b) => parse(names('-M', `${a}...${b}`), index),
    diffBetween: async (a, b, uri) => git('diff', `${a}...${b}`, '--', pathOf(uri)),
    diffOfHead: async (uri) => git('diff', 'HEAD', '--', pathOf(uri)),
    diffOfStaged: async (uri) => git('diff', '--cached', '--', pathOf(uri)),
    diffOfUnstaged: async (uri) => git('diff', '--', pathOf(uri)),
    diffOfObjects: async (a, b) => git('diff', a, b),
    bytesOf: async (version, uri, maxBytes) => {
      const bytes = execFileSync('git', ['show', `${version}:./${pathOf(uri).slice(folder.length + 1)}`], {
        cwd: folder,
      });
      return bytes.length > maxBytes ? null : bytes;
    },
  };
}
