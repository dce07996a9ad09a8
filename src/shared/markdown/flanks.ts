/**
 * Which marks are emphasis, where people and models mean something else than CommonMark reads: beside the scripts that
 * have no blanks between words, in products, patterns of paths and names with underscores. The panel and what finds in a
 * chat hold to the same.
 */

/** Stands for a sign that is to be read as a letter; no text has it. */
export const letter = '\ufdd2';

const wideMark = '\\u3001-\\u303f\\u30fb\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65';
const wide = `[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Bopo}\\u30fc${wideMark}]`;
const run = '(?:\\*+|~+)';
const factors = '(?:\\*{1,2}[A-Za-z])*';
const mark = '(?![*~_])[\\p{P}\\p{S}]';

const readAsLetters = new RegExp(
  [
    // 「太字」**は, **注意：**请, は**"太字"**: a wide sign has no side, and what is beside it none either.
    ...[`${mark}(?=${run}${wide})`, `(?<=${wide}${run})${mark}`],
    ...[`[${wideMark}](?=${run})`, `(?<=[*~])[${wideMark}]`],
    // 2*3*4, 2**8, 2*x + 3*y, x**2, n*log(n); not the end of **Step**1
    ...['(?<=\\d)\\*{1,2}(?=\\d)', '(?<=\\d)\\*(?=[A-Za-z])'],
    '(?<=(?<![\\w*])[A-Za-z]\\w{0,30})\\*{1,2}(?=\\d|\\w+\\()',
    // a*b*c, x**n + y**m
    `(?<=(?<![\\w*])[A-Za-z]${factors})\\*{1,2}(?=[A-Za-z]${factors}(?![\\w*]))`,
    // /* a */, /** b */
    ...['(?<=(?<!\\S)/)\\*{1,2}(?=\\s)', '(?<=\\s)\\*(?=/(?!\\S))'],
    // src/**/*.ts, lib/*.js; and packages/*, apps/*, of which each may end something and begin nothing.
    ...['(?<=/)\\*+(?=[/{[]|\\.\\w)', '/(?=\\*+[,;:.!?)\\]}"\'|])'],
    // __init__.py, __init__(), src/__tests__/a.ts
    ...['(?<=[A-Za-z\\d])__(?=\\.[A-Za-z]|[(/])', '(?<=/)__(?=[A-Za-z\\d])'],
  ].join('|'),
  'gu',
);

/** The text, of the same length, with letters for all that is no mark, or does not count as punctuation beside one. */
export function flanked(text: string): string {
  return /[*~]|__/.test(text) ? text.replace(readAsLetters, ({ length }) => letter.repeat(length)) : text;
}
