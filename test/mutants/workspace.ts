import type { Mutant } from './mutant';

export const workspaceMutants: readonly Mutant[] = [
  {
    name: 'L54: what stands between two stars is tried again for each other star',
    file: 'src/host/workspace/glob.ts',
    find: '    from = at + chunk.length;',
    replace:
      '    from = at + chunk.length; for (const a of rest) for (const b of rest) matchChunk(a === b ? a : b, characters, at, meter);',
    test: 'unit/workspace/glob',
    grep: 'take steps in proportion',
  },
  {
    name: 'L54: braces stand for any number of patterns',
    file: 'src/host/workspace/globSyntax.ts',
    find: 'lists.length * ends.length > maxAlternatives',
    replace: 'lists.length * ends.length > 1e9',
    test: 'unit/workspace/glob',
    grep: 'are refused where',
  },
  {
    name: 'L54: an ignore file may have any number of patterns that are tried on every path',
    file: 'src/host/workspace/ignoreRules.ts',
    find: 'this.#tried > maxTried',
    replace: 'this.#tried > 1e12',
    test: 'unit/workspace/glob',
    grep: 'cost each path a bounded number',
  },
  {
    name: 'L54: every rule of an ignore file is tried on every path',
    file: 'src/host/workspace/ignoreRules.ts',
    find: 'line.length < maxGlobLength - 3 && plain.test(line)',
    replace: 'line === rule.pattern',
    test: 'unit/workspace/glob',
    grep: 'are few for each path',
  },
  {
    name: 'L54: a broken line takes the ignore file with it',
    file: 'src/host/workspace/ignoreRules.ts',
    find: '      this.#breaks(number, error.message);',
    replace: '      throw error;',
    test: 'unit/workspace/glob',
    grep: 'hold beside broken lines',
  },
  {
    name: 'L54: an exclude that cannot be read fails every search',
    file: 'src/host/workspace/excludes.ts',
    find: 'if (!(error instanceof GlobError)) throw error;',
    replace: 'throw error;',
    test: 'unit/workspace/search',
    grep: 'goes on beside an exclude',
  },
  {
    name: 'L54: ripgrep is given excludes that it refuses',
    file: 'src/host/workspace/searchScope.ts',
    find: '      if (!isPlainGlob(text)) return [];',
    replace: '',
    test: 'unit/workspace/search',
    grep: 'goes on beside an exclude',
  },
  {
    name: 'L74: the composer of a hidden panel reads the context',
    file: 'src/host/composer.ts',
    find: 'if (this.closed || this.views() === null) return;',
    replace: 'if (this.closed) return;',
    test: 'unit/host/hidden',
    grep: 'reads nothing and computes nothing',
  },
  {
    name: 'L74: the cost of the next message is computed for nobody',
    file: 'src/host/composer.ts',
    find: `    if (tell === null) {
      this.outlook.dispose();
      return;
    }
    const { state } = this;`,
    replace: `    const { state } = this;
    if (tell === null) {
      this.outlook.dispose();
      return;
    }`,
    test: 'unit/host/hidden',
    grep: 'reads nothing and computes nothing',
  },
  {
    name: 'L74: the window is looked at for a hidden panel',
    file: 'src/host/viewLink.ts',
    find: '    this.#unwatchEnvironment?.();',
    replace: '',
    test: 'unit/host/viewLink',
    grep: 'while it is visible',
  },
  {
    name: 'L74: each move of the cursor reads the open files',
    file: 'src/host/workspace/remembered.ts',
    find: 'if (fromMemory && known',
    replace: 'if (known !== undefined && kept.size < 0 && known',
    test: 'unit/host/hidden',
    grep: 'ask no disk',
  },
  {
    name: 'what is sent may be older than what is there',
    file: 'src/host/workspace/remembered.ts',
    find: 'if (fromMemory && known',
    replace: 'if (known',
    test: 'unit/host/hidden',
    grep: 'ask no disk',
  },
  {
    name: 'L74: ignore files are read anew for each look',
    file: 'src/host/workspace/ignoreFiles.ts',
    find: 'stamp !== null && stamp === before.stamp) return before;',
    replace: 'stamp !== null && stamp === before.stamp && path === before.stamp) return before;',
    test: 'unit/host/hidden',
    grep: 'read no ignore file again',
  },
  {
    name: 'an ignore file that came later is not seen',
    file: 'src/host/workspace/ignoreFiles.ts',
    find: 'const same = found.stamp !== null && found.stamp === before.stamp;',
    replace: 'const same = this.#known.has(folder);',
    test: 'unit/host/hidden',
    grep: 'read no ignore file again',
  },
  {
    name: 'any number of calls wait for a disk that hangs',
    file: 'src/host/workspace/door.ts',
    find: 'if (here.length >= maxEach) return here;',
    replace: '',
    test: 'unit/workspace/door',
    grep: 'lets two calls wait',
  },
  {
    name: 'disks that hang take all threads together',
    file: 'src/host/workspace/door.ts',
    find: 'this.#running.size >= this.maxTogether ?',
    replace: 'this.#running.size >= this.maxTogether * 9 ?',
    test: 'unit/workspace/door',
    grep: 'never has more than three',
  },
  {
    name: 'what waits behind calls that hang waits on',
    file: 'src/host/workspace/door.ts',
    find: 'else for (const hopeless of [...queue]) hopeless.give(new DiskSilent(place));',
    replace: 'else soonest = now + 1_000;',
    test: 'unit/workspace/door',
    grep: 'lets two calls wait',
  },
  {
    name: 'a pipe that took the place of a file is waited for',
    file: 'src/host/workspace/disk.ts',
    find: 'constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)',
    replace: 'constants.O_RDONLY',
    test: 'unit/workspace/door',
    grep: 'takes the place of a file',
  },
  {
    name: 'one folder that does not answer keeps the files of all others from going',
    file: 'src/host/workspace/context.ts',
    find: `          if (!(error instanceof DiskSilent)) throw error;
          unread`,
    replace: `          if (error instanceof DiskSilent) throw error;
          unread`,
    test: 'unit/workspace/door',
    grep: 'keeps none of the other',
  },
  {
    name: 'a file whose disk does not answer is told as gone',
    file: 'src/core/context.ts',
    find: 'now.unread?.includes(uri) !== true && ',
    replace: '',
    test: 'unit/core/context',
    grep: 'does not answer',
  },
];
