/**
 * Texts that take marked's lexer, or our way around it, much longer than their length, if nothing bounds them: found by
 * measuring. Each is a pattern that is repeated, with what stands before and behind it.
 */
export interface Hostile {
  readonly name: string;
  readonly of: (times: number) => string;
}

function repeated(pattern: string, before = '', after = ''): Hostile {
  return { name: `${before}${pattern} × n${after}`, of: (times) => before + pattern.repeat(times) + after };
}

/** Runs of text: the marks of one are looked for in the rest of it. */
export const hostileRuns: readonly Hostile[] = [
  ...['**a', '*a ', '_a ', 'a_', '*_a', 'a__*', 'a*_a', '*a_ ', '__a__b', '_a_ ', '**a** ', '**中文。', '*!', '***'],
  ...['~~a', '~a ~', '[', '![', '[a](', '[a](b', '[a][', '[a]', '[a](<', '[a](b "', '[a*', '[`', '[\\', '[[a]]'],
  ...['![[a]', '[x](y ', '` ', '`', '<', '<a ', '<!--', '<?', '<![CDATA[', '<!A ', '<a b="', '<a@', '\\', '\\*'],
  ...['&', '&#1;', '&amp;', 'www.', 'www.a ', 'www.a&a;', 'http://', 'a@', 'a@b.', 'a.b', '(a)[', '[](', '*[a]'],
]
  .map((pattern) => repeated(pattern))
  .concat([
    repeated('a.', '', '@'),
    repeated('a.', 'x ', '@ b'),
    repeated(')', 'www.a'),
    repeated('[a](b', '', ')'),
    repeated('[x](<a ', '', '>)'),
    repeated('[a](', '', ')'.repeat(400)),
    repeated('*', '', 'a'),
    repeated(' ', 'x<a', 'b'),
    repeated('漢', '**', '**'),
  ]);

/** Blocks inside and behind each other. */
export const hostileBlocks: readonly Hostile[] = [
  repeated('- ', '', 'x'),
  repeated('1. ', '', 'x'),
  repeated('> ', '', 'x'),
  repeated('> - ', '', 'x'),
  repeated('- > ', '', 'x'),
  {
    name: 'a list, each item inside the one before',
    of: (times) => Array.from({ length: Math.min(times, 400) }, (_, n) => `${'  '.repeat(n)}- a\n`).join(''),
  },
  {
    name: 'quotes that lose a mark with each line',
    of: (times) =>
      Array.from({ length: Math.ceil(times / 14) }, () =>
        Array.from({ length: 14 }, (_, n) => `${'> '.repeat(14 - n)}a\n`).join(''),
      ).join(''),
  },
  repeated('> a\nb\n'),
  repeated('> > a\n> b\nc\n'),
  repeated('> - a\nb\n'),
  repeated('- > a\nb\n'),
  repeated('b\n', '- a\n'),
  repeated('  b\n', '- a\n'),
  repeated('b\n      - c\n', '- a\n'),
  repeated('b\n      ```\n', '- a\n'),
  repeated('2. x\n', 'a\n'),
  repeated('a\n'),
  repeated('a\n|-|-|\n'),
  repeated('a|b\n-|-\n'),
  repeated('a | b\n'),
  repeated('a\n', '', '='),
  repeated('a\n=\n'),
  repeated('# a\n'),
  repeated('* * *\n'),
  repeated('- ', '', '- -'),
  repeated('[a]: b\n'),
  repeated('[a]: b "\n\n'),
  repeated('[a]: b (\n\n'),
  repeated('[\\', '', ': a'),
  repeated('\nb', '[a'),
  repeated('<div>\n'),
  repeated('<x y>\n'),
  repeated('<!--\n\n'),
  repeated(' ', '', 'x'),
  repeated('\t', '', 'x'),
  repeated('\n', 'a', 'b'),
  repeated('\n', '```\na', 'b\n```'),
  repeated(' \n', '- a', 'b'),
  repeated('[\\', '```\n', '\n```'),
  repeated('`', '```\n', '\n```'),
  repeated('```\n'),
  repeated('~~~\n'),
  repeated(' a |', '|', '\n'),
  {
    name: 'a row of n cells',
    of: (times) => `|${' a |'.repeat(times)}\n|${' - |'.repeat(times)}\n|${' a |'.repeat(times)}\n`,
  },
  {
    name: 'n rows that are filled up',
    of: (times) => `|${' a |'.repeat(200)}\n|${' - |'.repeat(200)}\n${'|\n'.repeat(times)}`,
  },
];
