/** What changed in a folder, by git itself: outside of VS Code there is no Git extension to ask. */
import { execFileSync } from 'node:child_process';
import type { Changes, ChangesOf } from '../../../src/core/tools/ports/changes';

/** The output of git in a folder. */
export function git(folder: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** The changes of a repository whose files were only modified. */
export function gitChanges(folder: string): Changes {
  return {
    async changes(of) {
      const range = rangeOf(of);
      const files = git(folder, 'diff', '--name-only', ...range)
        .split('\n')
        .filter(Boolean);
      return {
        unsaved: [],
        repositories: [
          {
            name: '',
            branch: null,
            title: range.join(' '),
            outside: 0,
            files: files.map((path) => ({
              path,
              from: null,
              status: 'modified',
              diff: hunksOf(git(folder, 'diff', ...range, '--', path)),
              cutLines: 0,
              withheld: null,
            })),
          },
        ],
      };
    },
  };
}

function rangeOf(of: ChangesOf): readonly string[] {
  if (of.kind === 'commit') return [`${of.ref}~1`, of.ref];
  return of.kind === 'range' ? [of.from, of.to] : ['HEAD'];
}

function hunksOf(diff: string): string {
  return diff.slice(diff.indexOf('\n@@') + 1);
}
