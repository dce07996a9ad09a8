import type { Mutant } from './mutant';

/** Faults of the words on screen: joined from pieces, displaced by names of other scripts, hidden where they are seen. */
export const wordsMutants: readonly Mutant[] = [
  {
    name: 'the notice of a full window is joined from two sentences',
    file: 'src/webview/view/summaryOffers.ts',
    find: '{sentences([fills, price])}',
    replace: '{fills} $\u007bprice}',
    test: 'panel/pseudo',
    grep: 'joined from pieces',
  },
  {
    name: 'the parts of what a turn is called are joined by a comma in code',
    file: 'src/webview/transcript/transcript.ts',
    find: 'const label = listOf([strings.you(), clockTime(item.at)]);',
    replace: "const label = [strings.you(), clockTime(item.at)].join(', ');",
    test: 'panel/pseudo',
    grep: 'joined from pieces',
  },
  {
    name: 'L30: the lines behind a Hebrew name stand before it',
    file: 'src/webview/l10n/language.ts',
    find: 'args.map(isolated)',
    replace: 'args',
    test: 'panel/looks',
    grep: 'from right to left',
  },
  {
    name: 'L37: what belongs to prose alone is not shown in code',
    file: 'src/shared/visible.ts',
    find: 'const hidden = hiddenBut(betweenWords);',
    replace: "const hidden = hiddenBut(betweenWords + '|' + inProse);",
    test: 'unit/shared/visible',
    grep: 'is written out',
  },
];
