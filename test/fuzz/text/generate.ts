/**
 * Markdown that nobody wrote: every construct inside every other, unbalanced, mutated, long, deep, in several scripts.
 * A text is made from its seed alone.
 */
export type Random = () => number;

/** Numbers that are the same in every run: mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

const wordsOf = [
  ...['word', 'a', 'Some text', 'snake_case_name', '2 * 3 * 4', '5~7', 'x < y', 'a & b', 'file.ts:42', 'src/a b.ts#L3'],
  ...[
    '中文。',
    '漢字「引用」',
    'かな',
    '한국어',
    'עברית',
    'العربية',
    '\u202e\u202d',
    '\u200b',
    '\ufeff',
    '👩‍👩‍👧',
    '🇩🇪',
    'é',
    '\u0301',
  ],
  ...[
    'https://example.com/a_b?c=d&e=(f)',
    'www.example.com.',
    'me@example.com',
    'react@18.2.0',
    'mailto:x',
    '&copy;',
    '&#35;',
  ],
  ...[
    '&#x1F600;',
    '&unknown;',
    '&',
    '\\',
    '\\*',
    '$x^2$',
    '\\(x\\)',
    '|',
    '\\|',
    '!',
    ']',
    '[',
    '(',
    ')',
    '<',
    '>',
    '`',
    '~',
    '_',
    '*',
  ],
  ...[
    '\u0000',
    '\ud800',
    '\t',
    '  ',
    '   ',
    '\u00a0',
    '-',
    '=',
    '#',
    '+',
    '1.',
    '<br>',
    '<a href="x">',
    '</a>',
    '<!-- c -->',
    ':',
  ],
];

const pairs = ['*', '**', '_', '__', '***', '~', '~~', '`', '``', '*_', '"', '<', '[', '!['];

function inline(random: Random, depth: number): string {
  const parts = 1 + below(random, 4);
  let text = '';
  for (let part = 0; part < parts; part += 1) {
    const kind = depth <= 0 ? 0 : below(random, 9);
    if (kind <= 2) text += pick(random, wordsOf);
    else if (kind <= 5) {
      const open = pick(random, pairs);
      const close = random() < 0.85 ? closing(open) : pick(random, pairs);
      text += `${open}${inline(random, depth - 1)}${close}`;
    } else if (kind === 6) text += `[${inline(random, depth - 1)}](${address(random)})`;
    else if (kind === 7)
      text += `[${inline(random, depth - 1)}][${pick(random, ['ref', 'Ref', 'a b', '', '中', 'none'])}]`;
    else text += random() < 0.5 ? '\\\n' : '  \n';
    if (random() < 0.6) text += ' ';
  }
  return text;
}

function closing(open: string): string {
  if (open === '<') return '>';
  if (open === '[' || open === '![') return random3(open);
  return [...open].reverse().join('');
}

function random3(open: string): string {
  return open === '[' ? ']' : '](x.png)';
}

function address(random: Random): string {
  const base = pick(random, [
    'https://e.com',
    '/a',
    'a.ts:3:7',
    '<a b>',
    'javascript:alert(1)',
    'data:x',
    '(',
    'a)b',
    '',
    '\\)',
    '%',
    'C:\\x',
  ]);
  return random() < 0.3 ? `${base} "${inline(random, 0)}"` : base;
}

function lines(text: string, first: string, others: string): string {
  return text
    .split('\n')
    .map((line, index) => `${index === 0 ? first : others}${line}`)
    .join('\n');
}

/** Blocks, with what lies in them. */
function blocks(random: Random, depth: number): string {
  const count = 1 + below(random, depth > 2 ? 3 : 2);
  const made = Array.from({ length: count }, () => block(random, depth));
  return made.join(random() < 0.75 ? '\n\n' : '\n');
}

function block(random: Random, depth: number): string {
  const kind = below(random, depth <= 0 ? 4 : 13);
  switch (kind) {
    case 0:
    case 1:
      return inline(random, 3);
    case 2:
      return `${'#'.repeat(1 + below(random, 7))} ${inline(random, 2)}${pick(random, ['', ' #', '\n---', '\n==='])}`;
    case 3:
      return pick(random, [
        '---',
        '***',
        '- - -',
        '___',
        '===',
        '[ref]: /url "T"',
        '[a b]: <x>\n  (t)',
        '[中]: 中',
        '    code',
        '\tcode',
      ]);
    case 4: {
      const fence = pick(random, ['```', '~~~', '````', '```ts', '~~~ js x', '``` a`b']);
      const close = random() < 0.8 ? fence.slice(0, 3 + below(random, 2)) : '';
      return `${fence}\n${blocks(random, depth - 2)}\n${close}`;
    }
    case 5:
      return lines(blocks(random, depth - 1), '> ', random() < 0.7 ? '> ' : '');
    case 6:
    case 7:
    case 8: {
      const mark = pick(random, [
        '- ',
        '* ',
        '+ ',
        '1. ',
        '7) ',
        '999999999. ',
        '-\t',
        '- [ ] ',
        '- [x] ',
        '10.  ',
        '-     ',
      ]);
      const indent =
        random() < 0.8 ? ' '.repeat(mark.replace(/\[.\] /, '').length) : pick(random, ['', ' ', '  ', '\t', '      ']);
      const items = Array.from({ length: 1 + below(random, 6) }, () => lines(blocks(random, depth - 1), mark, indent));
      return items.join(random() < 0.7 ? '\n' : '\n\n');
    }
    case 9: {
      const columns = 1 + below(random, 4);
      const row = (cells: number): string =>
        `| ${Array.from({ length: cells }, () => inline(random, 1).replaceAll('\n', ' ')).join(' | ')} |`;
      const rule = `|${Array.from({ length: columns + (random() < 0.1 ? 1 : 0) }, () => pick(random, [' - ', ':-', '-:', ' :-: '])).join('|')}|`;
      const rows = Array.from({ length: below(random, 7) }, () => row(1 + below(random, columns + 2)));
      return [row(columns), rule, ...rows].join('\n');
    }
    case 10:
      return (
        pick(random, [
          '<div>\n',
          '<!--\n',
          '<pre>\n',
          '<script>\n',
          '<?x\n',
          '<x y="z">\n',
          '</div>\n',
          '<![CDATA[\n',
        ]) + blocks(random, depth - 1)
      );
    case 11:
      return lines(blocks(random, depth - 1), pick(random, ['', ' ', '   ']), pick(random, ['    ', '\t', '  ', '']));
    default:
      return `${inline(random, 1)}\n${blocks(random, depth - 1)}`;
  }
}

/** A pattern again and again, up to what is beyond the bounds. */
function repeated(random: Random): string {
  const pattern =
    random() < 0.5
      ? inline(random, 1)
      : pick(random, ['- ', '> ', '1. ', '  - ', '> - ', '- > ', '\n', ' ', '\t', '|', '| a ']);
  const times = Math.floor(2 ** (random() * 11));
  const mode = below(random, 4);
  if (mode === 0) return pattern.repeat(times);
  if (mode === 1) return `${pattern.repeat(times)}${inline(random, 1)}`;
  if (mode === 2) return Array.from({ length: Math.min(times, 300) }, () => pattern).join('\n');
  return Array.from({ length: Math.min(times, 60) }, (_, n) => `${'  '.repeat(n)}${pattern}`).join('\n');
}

/** Cuts, doubles, drops and swaps pieces. */
function mutated(random: Random, text: string, other: string): string {
  let changed = text;
  const times = 1 + below(random, 6);
  for (let time = 0; time < times; time += 1) {
    const from = below(random, changed.length + 1);
    const to = Math.min(changed.length, from + below(random, 12));
    const kind = below(random, 5);
    const piece = changed.slice(from, to);
    const filling =
      kind === 0
        ? ''
        : kind === 1
          ? piece + piece
          : kind === 2
            ? pick(random, wordsOf)
            : kind === 3
              ? pick(random, pairs)
              : other.slice(from, to);
    changed = changed.slice(0, from) + filling + changed.slice(to);
  }
  return changed;
}

/** The text of a seed. `examples` are what is mutated, among what is made anew. */
export function textOf(seed: number, examples: readonly string[]): string {
  const random = randomFrom(seed * 2_654_435_761);
  const kind = below(random, 10);
  const made = (): string => blocks(random, 1 + below(random, 5));
  let text: string;
  if (kind <= 3) text = made();
  else if (kind <= 5) text = mutated(random, pick(random, examples), pick(random, examples));
  else if (kind === 6)
    text = Array.from({ length: 2 + below(random, 8) }, () => pick(random, examples)).join(
      random() < 0.7 ? '\n\n' : '\n',
    );
  else if (kind === 7) text = `${made()}\n\n${repeated(random)}\n\n${made()}`;
  else if (kind === 8)
    text = lines(`${repeated(random)}\n${made()}`, pick(random, ['- ', '> ', '']), pick(random, ['  ', '> ', '']));
  else text = mutated(random, made(), made());
  return random() < 0.05 ? text.replaceAll('\n', '\r\n') : text.slice(0, 30_000);
}
