/** Answers as Claude writes them: 100 KB of every kind of block, or of one kind alone. */

import type { Stream } from './stage';

const words =
  'the retry comes from a promise that both callers share and the second one starts it again before the first has settled so what looks like one attempt is two'.split(
    ' ',
  );

function prose(seed: number, count: number): string {
  return Array.from({ length: count }, (_, n) => {
    const word = words[(seed * 7 + n * 5) % words.length] ?? '';
    if (n % 17 === 3) return `**${word}**`;
    if (n % 23 === 5) return `\`${word}${n}\``;
    return n % 29 === 7 ? `[${word}](https://example.com/${word})` : word;
  }).join(' ');
}

function code(seed: number): string {
  const line = (n: number): string => `  const value${n} = await load(${seed + n}, '${words[n % words.length]}');\n`;
  return `\`\`\`ts\nexport async function step${seed}() {\n${Array.from({ length: 6 }, (_, n) => line(n)).join('')}}\n\`\`\`\n\n`;
}

function table(seed: number): string {
  const row = (n: number): string => `| **row** ${n} | \`cell${seed}\` | ${prose(seed + n, 4)} |\n`;
  return `| Name | Code | Words |\n| :-- | :-: | --- |\n${Array.from({ length: 8 }, (_, n) => row(n)).join('')}\n`;
}

function list(seed: number): string {
  return `${Array.from({ length: 6 }, (_, n) => `- item ${n}: ${prose(seed + n, 12)}\n`).join('')}\n`;
}

/** Headings, prose, lists, tables and so many blocks of code, spread evenly over so many characters. */
export function mixedText(characters: number, codeBlocks: number): string {
  const parts: string[] = [];
  let [length, codes] = [0, 0];
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  for (let seed = 0; length < characters; seed += 1) {
    add(`## Part ${seed}\n\n${prose(seed, 60)}.\n\n`);
    if (seed % 2 === 0) add(list(seed));
    if (seed % 5 === 0) add(table(seed));
    while (codes < (codeBlocks * length) / characters) {
      add(code(seed));
      codes += 1;
    }
  }
  return parts.join('').slice(0, characters);
}

/** One list, one table, one fence: every item, cell and line has something in it that is formatted. */
export function longBlocks(characters: number): Readonly<Record<'list' | 'table' | 'fence', string>> {
  const upTo = (head: string, line: (n: number) => string): string => {
    const lines = [head];
    for (let n = 0, length = head.length; length < characters; n += 1) {
      const one = line(n);
      lines.push(one);
      length += one.length;
    }
    return lines.join('');
  };
  return {
    list: upTo('', (n) => `- item ${n}: ${prose(n, 12)}\n`),
    table: upTo('| A | B | C |\n| - | -: | - |\n', (n) => `| **row** ${n} | \`cell\` | ${prose(n, 4)} |\n`),
    fence: upTo('```ts\n', (n) => `const value${n} = await load(${n}, 'words');\n`),
  };
}

/** A text in so many pieces of about the same length, which the host gets over so many ms. */
export function cut(whole: string, count: number, overMs: number): Stream {
  const size = whole.length / count;
  const pieces = Array.from({ length: count }, (_, n) => whole.slice(Math.round(n * size), Math.round((n + 1) * size)));
  return { pieces, overMs };
}
