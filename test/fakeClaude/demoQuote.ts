/** Quoting: fenced code with its place, tables, and what can be read off a text without understanding it. */
import type { Excerpt } from './demoRead';

const languages: Readonly<Record<string, string>> = {
  ts: 'ts',
  tsx: 'tsx',
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  jsx: 'jsx',
  py: 'python',
  rs: 'rust',
  go: 'go',
  rb: 'ruby',
  java: 'java',
  kt: 'kotlin',
  cs: 'csharp',
  c: 'c',
  h: 'c',
  cpp: 'cpp',
  hpp: 'cpp',
  swift: 'swift',
  php: 'php',
  json: 'json',
  yml: 'yaml',
  yaml: 'yaml',
  md: 'markdown',
  css: 'css',
  html: 'html',
  sh: 'bash',
  sql: 'sql',
  xml: 'xml',
};

/** The language of a fence for a path. */
export function languageOf(path: string): string {
  return languages[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'text';
}

/** A fenced block that its content cannot close. */
export function fence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** Inline code, whatever it holds. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The place of a line, as the panel links it. */
export function place(path: string, line: number): string {
  return code(`${path}:${line}`);
}

const cut = (line: string): string => (line.length > 160 ? `${line.slice(0, 157)}…` : line);

const prose = new Set(['markdown', 'text', 'yaml']);

/** Lines of an excerpt around a line (default its first), at most `most`; code up to the end of its block. */
export function quote(excerpt: Excerpt, focus = excerpt.start, most = 14): string {
  const { lines, path, start } = excerpt;
  const index = Math.min(Math.max(focus - start, 0), Math.max(lines.length - 1, 0));
  const indent = indentOf(lines[index] ?? '');
  let from = leading(lines, index);
  let to = Math.min(from + most, lines.length);
  if (!prose.has(languageOf(path))) {
    const end = blockEnd(lines, index, indent);
    if (end < to) to = end;
    // A line alone tells little.
    if (to - from < 3) {
      from = Math.max(from - 2, 0);
      to = Math.min(to + 2, lines.length);
    }
  }
  const goesOn = to < lines.length && to === from + most && indentOf(lines[to] ?? '') > indent;
  const shown = lines.slice(from, to).map(cut);
  while (shown.at(-1)?.trim() === '') shown.pop();
  while (shown[0]?.trim() === '') shown.shift();
  if (goesOn) shown.push(`${' '.repeat(indent + 2)}…`);
  return `${place(path, start + index)}\n\n${fence(shown.join('\n'), languageOf(path))}`;
}

/** Index after the block that a line opens: a closing bracket belongs to it, anything else of its level does not. */
function blockEnd(lines: readonly string[], index: number, indent: number): number {
  for (let at = index + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || indentOf(line) > indent) continue;
    return /^\s*([)}\]]|end\b)/.test(line) ? at + 1 : at;
  }
  return lines.length;
}

/** Comment lines right above a line belong to it. */
function leading(lines: readonly string[], index: number): number {
  let from = index;
  while (from > 0 && index - from < 3 && /^\s*(\/\/|\/\*|\*|#(?!include)|"""|@)/.test(lines[from - 1] ?? '')) from -= 1;
  return from;
}

const indentOf = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** "1 line", "3 lines". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

export interface OutlineEntry {
  readonly line: number;
  readonly text: string;
}

/** Headings of a Markdown text, fenced code left out. */
export function headingsOf(excerpt: Excerpt): readonly OutlineEntry[] {
  let fenced = false;
  return excerpt.lines.flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : /^#{1,4}\s+(.+?)\s*#*$/.exec(line);
    return heading === null ? [] : [{ line: excerpt.start + index, text: heading[1] ?? '' }];
  });
}

/** The first paragraph of prose of a Markdown text. */
export function firstParagraph(excerpt: Excerpt): string | undefined {
  return excerpt.lines
    .join('\n')
    .replace(/```[\s\S]*?(```|$)/g, '')
    .split(/\n\s*\n/)
    .map((part) => part.replace(/^#.*$/gm, '').replace(/\s+/g, ' ').trim())
    .find((part) => part.length > 20 && !/^[[!<|]/.test(part));
}

const declaration =
  /^(\s*)(?:export\s+|default\s+|public\s+|private\s+|protected\s+|static\s+|abstract\s+|async\s+|pub(?:\([^)]*\))?\s+|declare\s+)*(class|interface|type|enum|function\*?|const|let|def|func|fn|struct|trait|impl|module|namespace|record)\s+(?:\([^)]*\)\s*)?([A-Za-z_$][\w$]*)/;

/** What a piece of code declares at its outermost level. */
export function declarationsOf(excerpt: Excerpt): readonly (OutlineEntry & { readonly kind: string })[] {
  const found = excerpt.lines.flatMap((line, index) => {
    const match = declaration.exec(line);
    if (match === null) return [];
    return [{ line: excerpt.start + index, text: match[3] ?? '', kind: match[2] ?? '', indent: match[1]?.length ?? 0 }];
  });
  const outermost = Math.min(...found.map(({ indent }) => indent));
  return found.filter(({ indent }) => indent === outermost).map(({ line, text, kind }) => ({ line, text, kind }));
}
