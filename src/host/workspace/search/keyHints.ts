/** Whether a key may be in a large file, by ripgrep: it reads many times faster than JavaScript can look through it. */
import { anchorSource } from '../../../core/tools/secrets/secretMarks';
import type { KeyHints } from '../files/judge';
import { runRipgrep } from './ripgrep';

const timeoutMs = 10_000;

/** Asks for what every key has in it, in the bytes as they are. null where there is no ripgrep, or it cannot tell. */
export function keyHints(ripgrep: () => Promise<string | null>): KeyHints {
  return async (file, signal) => {
    const command = await ripgrep();
    if (command === null) return null;
    const args = ['-q', '-a', '--no-unicode', '--encoding', 'none', '-e', anchorSource, '--', file];
    const { code } = await runRipgrep(command, args, { signal, timeoutMs });
    return code === 0 ? true : code === 1 ? false : null;
  };
}
