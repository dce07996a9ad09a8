/**
 * What editing costs: many edits of a large file, the search for what an old text was meant to be, a session under a
 * formatter, hunks of many files and how they are shown.
 */
import type { Replacement } from '../../src/core/tools/edits/editing';
import { reviewHunks } from '../../src/core/tools/edits/hunks';
import { refusalWords } from '../../src/core/tools/edits/refusals';
import { replaced } from '../../src/core/tools/edits/replacing';
import { type Bench, compare, type Figure, figure, measured, median } from './bench';
import { reviewed } from './edits/review';
import { editSession } from './edits/session';

/** Code of so many lines, no two alike. */
function code(lines: number, salt = ''): readonly string[] {
  return Array.from(
    { length: lines },
    (_, index) => `  const value${salt}${index} = compute(${index * 7919}, "${index}");`,
  );
}

function edits(count: number, lines: number): readonly Replacement[] {
  const step = Math.floor(lines / count);
  return Array.from({ length: count }, (_, index) => ({
    oldText: `const value${index * step} = compute(`,
    newText: `const changed${index} = compute(\n    `,
    all: false,
  }));
}

function many(): readonly Figure[] {
  const lines = 20_000;
  return ['\n', '\r\n'].map((end) => {
    const text = code(lines).join(end);
    const apply = (all: readonly Replacement[]) => (): void => {
      for (const one of all) {
        if (!replaced(text, [one]).done) throw new Error('an edit was refused');
      }
    };
    const ratio = compare(5, apply(edits(500, lines)), apply(edits(50, lines)));
    return figure(`500 edits of 20,000 lines ÷ 50 (${end === '\n' ? 'LF' : 'CRLF'})`, ratio, '×', 12);
  });
}

function search(text: string, oldText: string): void {
  const result = replaced(text, [{ oldText, newText: 'x', all: false }]);
  if (result.done) throw new Error('the old text stands there');
  refusalWords(result.refusal, 'a.ts', 1);
}

function near(): readonly Figure[] {
  const megabyte = 1024 * 1024;
  const large = code(50_000).join('\n');
  const [one, two] = [large.slice(0, megabyte), large.slice(0, 2 * megabyte)];
  const middle = one.indexOf('value9000 ');
  const old = one
    .slice(middle, middle + 600)
    .replaceAll(' = ', '=')
    .replaceAll('compute', 'computed');
  for (let warm = 0; warm < 5; warm += 1) search(one, old);
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now();
    search(one, old);
    return performance.now() - started;
  });
  return [
    figure('near misses in 1 MB', median(times), 'ms', 50),
    figure(
      'near misses in 2 MB ÷ 1 MB ÷ 2',
      compare(
        5,
        () => search(two, old),
        () => search(one, old),
      ) / 2,
      '×',
      1.3,
    ),
  ];
}

function hunks(): readonly Figure[] {
  const files = Array.from({ length: 40 }, (_, file) => {
    const before = code(500, `${file}_`);
    const after = before.map((line, index) => (index % 100 === 50 ? `${line} // changed` : line));
    return { before: before.join('\n'), after: after.join('\n') };
  });
  const shown = (some: typeof files) => (): number =>
    some.reduce((sum, { before, after }) => sum + reviewHunks(before, after).length, 0);
  if (shown(files)() !== 200) throw new Error('there are not 200 hunks');
  return [
    figure('hunks of 40 files ÷ one file ÷ 40', compare(5, shown(files), shown(files.slice(0, 1))) / 40, '×', 1.3),
  ];
}

async function sessions(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [where, isFormatted] of [
    ['', true],
    [', in a file that was never formatted', false],
  ] as const) {
    const { calls, bytes, reads, wrongLines } = await editSession(isFormatted, 20);
    figures.push(
      figure(`calls of ten edits under a formatter${where}`, calls, '', 10),
      figure(`times that they have to read${where}`, reads, '', 0),
      figure(`bytes of their results${where}`, bytes, 'bytes'),
      figure(`lines that their results left unknown${where}`, wrongLines, '', 0),
    );
  }
  return figures;
}

export const editsBench: Bench = {
  name: 'edits',
  about: 'many edits beside few, near misses, ten edits under a formatter, and 200 hunks in 40 files and on screen',
  run: async (options) => [
    ...(await measured(options, [
      ['500 edits of 20,000 lines', many],
      ['near misses', near],
      ['ten edits under a formatter', sessions],
      ['hunks of 40 files', hunks],
    ])),
    ...(await reviewed(options)),
  ],
};
