/**
 * How much of Markdown is formatted: counts, so that it is the same on every machine. What is beyond is shown as its
 * text. The longest paragraph, item or cell in 1,555 documents of npm packages has 127 marks in 1,572 characters, or
 * 4,449 characters; the deepest list is 5 deep. `npm run bench -- markdown` shows what the worst that is let through takes.
 */
export const limits = {
  /** Lists and quotes inside each other. */
  depth: 16,
  /** Emphasis and links inside each other. */
  inlineDepth: 16,
  /** Characters of a paragraph, a heading, a cell. */
  length: 50_000,
  /** Characters in it that may begin or end something: each is looked for in all that follows. */
  marks: 500,
  /** Marks × characters. */
  markWork: 4_000_000,
  /** Lines × characters of a paragraph: at each line the rest is looked at. */
  lineWork: 4_000_000,
  /** Cells of a row. */
  columns: 256,
  /** Cells of a table that its source does not have: short rows are filled up. */
  filledCells: 20_000,
  /** Characters of a quote that are read again for the sake of lines without its mark. */
  readAgain: 200_000,
  /** How often. */
  timesAgain: 40,
  /** Characters of a written address × those at its end that may be none of it. */
  addressWork: 20_000,
  /** Characters of a link definition. */
  definition: 10_000,
  /** Characters of the path of a file. */
  path: 2000,
  /** Characters of code that gets colours. */
  code: 20_000,
  /** Characters of a line of it. */
  codeLine: 1000,
  /** Words in it without another sign between them: several languages look for a function's head in all of them. */
  codeWords: 1000,
} as const;

/** Grammars that look at what follows again and again, whatever it is: so many characters get colours. */
const longestOf: Readonly<Record<string, number>> = {
  ...{ shell: 3000, console: 3000, shellsession: 3000 },
  ...{ ini: 4000, toml: 4000 },
};

/** True when code can get its colours. */
export function codeFits(code: string, language: string): boolean {
  if (code.length > (longestOf[language.toLowerCase()] ?? limits.code)) return false;
  let line = 0;
  let words = 0;
  for (let index = 0; index < code.length; index += 1) {
    const sign = code.charCodeAt(index);
    line = sign === 10 ? 0 : line + 1;
    words = isWord(sign) ? words + 1 : 0;
    if (line > limits.codeLine || words > limits.codeWords) return false;
  }
  return true;
}

/** Letters, digits, blanks, dots, underscores. */
function isWord(sign: number): boolean {
  if (sign > 127 || sign <= 32 || sign === 46 || sign === 95) return true;
  return (sign >= 48 && sign <= 57) || (sign >= 65 && sign <= 90) || (sign >= 97 && sign <= 122);
}

/** What an ASCII character may be: a mark (1), part of what stands before the @ of an address (2). */
const kinds = new Uint8Array(128);
for (const mark of '\\`*_~[]<&!$') kinds[mark.charCodeAt(0)] = 1;
const mailbox = ".!#$%&'*+/=?^_`{|}~-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
for (const character of mailbox) kinds[character.charCodeAt(0)] = (kinds[character.charCodeAt(0)] ?? 0) | 2;

const at = '@'.charCodeAt(0);
/** What stands before the @ of an address is no longer (RFC 5321). */
const longestMailbox = 64;

/** How many characters of a text may begin or end something in it. */
function countMarks(text: string): number {
  let marks = 0;
  let word = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (kinds[code] ?? 0) : 0;
    marks += kind & 1;
    if ((kind & 2) !== 0) word += 1;
    else {
      // Before an @, an address may begin at each character.
      if (code === at) marks += word > longestMailbox ? word : 1;
      word = 0;
    }
  }
  return marks;
}

/** True when the text of a paragraph, a heading or a cell can be formatted. */
export function runFits(text: string): boolean {
  if (text.length <= limits.marks) return true;
  if (text.length > limits.length) return false;
  const marks = countMarks(text);
  return marks <= limits.marks && marks * text.length <= limits.markWork;
}
