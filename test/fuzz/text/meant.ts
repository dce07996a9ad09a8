/** Markdown as it is written by who means each of its marks. A text is made from its seed alone. */
import { type Random, randomFrom } from './generate';

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

const words = [
  ...['word', 'a', 'two words', 'snake_case_name', '2 * 3', '5~7', 'x < y', 'a & b', '中文', 'שלום', 'é', '(b)', 'c.'],
  ...['\\*not\\*', 'my\\_var', '\\`no code\\`', 'C:\\\\w', 'a\\|b', '\\[a\\]', '\\<b\\>', '\\~\\~no\\~\\~'],
  ...['&lt;div&gt;', '&amp;', '&amp;lt;', '&copy;', '&#42;x&#42;', '&#x1F600;', '&unknown;'],
];
/** What is no mark in the middle of a line. */
const within = ['# no', '1. no', '- no', '+ no', '> no', '10) no'];

/** `inside`: the marks that it stands in. */
function line(random: Random, depth: number, breaks: boolean, inside = ''): string {
  const parts = [pick(random, words)];
  for (let more = Math.floor(random() * 4); more > 0; more -= 1) {
    const kind = Math.floor(random() * (depth > 0 ? 10 : 4));
    const mark = ['**', '*'][kind - 4] ?? '';
    if (kind < 3) parts.push(pick(random, words));
    else if (kind === 3) parts.push(pick(random, within));
    else if (kind === 6) parts.push('~~word two_words~~');
    else if (kind < 6)
      parts.push(
        inside.includes(mark)
          ? 'word'
          : `${mark}word ${line(random, depth - 1, false, `${inside} ${mark} `)} word${mark}`,
      );
    else if (kind === 7) parts.push(pick(random, ['`code`', '`a  b`', '`` ` ``', '`*x*`', '`&lt;`', '`\\*`']));
    else if (kind === 8)
      parts.push(`[word ${line(random, 0, false)}](https://example.com/${pick(random, ['a', 'b_c'])})`);
    else parts.push(breaks ? pick(random, ['word\\\nword', 'word  \nword', 'word\nword']) : 'word');
  }
  return parts.join(' ');
}

function lines(text: string, first: string, others: string): string {
  return text
    .split('\n')
    .map((one, index) => (index === 0 ? first + one : one === '' ? others.trimEnd() : others + one))
    .join('\n');
}

function list(random: Random, depth: number): string {
  const loose = random() < 0.3;
  const mark = pick(random, ['- ', '* ', '- [ ] ', '- [x] ', '1. ', '7. ', '3) ']);
  const start = Number.parseInt(mark, 10);
  const items = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => {
    const own = Number.isNaN(start) ? mark : mark.replace(/\d+/, String(start + index));
    const parts = [line(random, 1, true)];
    if (loose && random() < 0.5) parts.push(line(random, 1, true));
    const inner = depth > 0 && random() < 0.4 ? pick(random, [list, fence])(random, depth - 1) : null;
    // A list in a paragraph begins with 1, and no other number.
    const isTight = inner !== null && !loose && !/^[02-9]/.test(inner);
    const text = parts.join('\n\n') + (inner === null ? '' : (isTight ? '\n' : '\n\n') + inner);
    return lines(text, own, ' '.repeat(own.replace(/\[.\] /, '').length));
  });
  return items.join(loose ? '\n\n' : '\n');
}

function fence(random: Random): string {
  const code = pick(random, ['a', 'const a = 1;\n\n\n  let b;  ', '# x\n- y', '~~~', '&lt; \\*']);
  return `\`\`\`${pick(random, ['', 'ts', 'ts title="x"'])}\n${code}\n\`\`\``;
}

function table(random: Random): string {
  const columns = 1 + Math.floor(random() * 4);
  const row = (cell: () => string): string => `| ${Array.from({ length: columns }, cell).join(' | ')} |`;
  const cells = (): string => row(() => (random() < 0.1 ? '' : line(random, 1, false)));
  const rule = row(() => pick(random, ['---', ':---', ':---:', '---:']));
  return [cells(), rule, ...Array.from({ length: 1 + Math.floor(random() * 3) }, cells)].join('\n');
}

function block(random: Random, depth: number): string {
  const kind = Math.floor(random() * (depth > 0 ? 10 : 4));
  if (kind < 3) return line(random, 2, true);
  if (kind === 3) return `${'#'.repeat(1 + Math.floor(random() * 6))} ${line(random, 1, false)}`;
  if (kind < 6) return list(random, depth);
  if (kind === 6) return table(random);
  if (kind === 7) return fence(random);
  if (kind === 8) return '---';
  return lines(blocks(random, depth - 1), '> ', '> ');
}

function blocks(random: Random, depth: number): string {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => block(random, depth)).join('\n\n');
}

/** The text of a seed, between two paragraphs. */
export function meantOf(seed: number): string {
  return `Begin\n\n${blocks(randomFrom(seed * 2_654_435_761 + 7), 2)}\n\nend`;
}
