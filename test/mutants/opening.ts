import type { Mutant } from './mutant';

const record = { test: 'unit/core/transcript/transcript', grep: 'gives the rest on demand' } as const;
const shown = { test: 'panel/opening' } as const;

export const openingMutants: readonly Mutant[] = [
  {
    name: 'L75: a tool line carries all of the output',
    file: 'src/core/transcript/transcript.ts',
    find: 'const outputPreview = 400;',
    replace: 'const outputPreview = 400_000;',
    ...record,
  },
  {
    name: 'L75: an output that is asked for is only its beginning',
    file: 'src/core/transcript/transcript.ts',
    find: "return result?.kind === 'toolResult' ? shownOutput(result) : null;",
    replace: "return result?.kind === 'toolResult' ? shownOutput(result).slice(0, outputPreview) : null;",
    ...record,
  },
  {
    name: 'the output of a call is that of another one',
    file: 'src/core/transcript/transcript.ts',
    find: "other.kind === 'toolResult' && other.toolUseId === block.id",
    replace: "other.kind === 'toolResult'",
    ...record,
  },
  {
    name: 'L75: an output is asked for again with each drawing',
    file: 'src/webview/view/outputs.ts',
    find: "this.#known.set(key, 'asked');",
    replace: 'void key;',
    ...shown,
    grep: 'asked for when its line is opened',
  },
  {
    name: 'L75: what was asked for is kept when its line is closed',
    file: 'src/webview/view/outputs.ts',
    find: 'this.#known.delete(key);',
    replace: 'void key;',
    ...shown,
    grep: 'asked for when its line is opened',
  },
  {
    name: 'an output that came is not drawn',
    file: 'src/webview/view/outputs.ts',
    find: 'this.version += 1;',
    replace: '',
    ...shown,
    grep: 'asked for when its line is opened',
  },
  {
    name: 'nobody is told why an output is not there',
    file: 'src/webview/view/outputs.ts',
    find: "problem: answer.ok ? null : problemText('toolOutput', answer.reason)",
    replace: "problem: answer.ok ? null : problemText('toolOutput', answer.reason) && null",
    ...shown,
    grep: 'says why below',
  },
];
