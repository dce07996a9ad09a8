/** What is in a folder: its entries, what its README and its manifest say. */
import { code, counted, fence, firstParagraph, languageOf, place, table } from './demoQuote';
import { type Excerpt, excerptsOf, listingsOf, pathsOf, type Question } from './demoRead';

/** The answer about a folder, from what the rounds found. */
export function folderAnswer(question: Question, path: string | undefined): string {
  const outcomes = question.rounds.flat();
  const [listing, inner] = listingsOf(outcomes);
  const paths = pathsOf(outcomes);
  if (listing === undefined) {
    if (paths.length > 0)
      return `## Files\n\n${paths
        .slice(0, 30)
        .map((one) => `- ${code(one)}`)
        .join('\n')}`;
    const open = question.files.map((file) => `- ${code(file.path)} (${counted(file.lines.length, 'line')})`);
    return open.length === 0
      ? 'I could not list the folder, and no open file was given to me.'
      : `I could not list the folder. Open files:\n\n${open.join('\n')}`;
  }
  const excerpts = excerptsOf(outcomes);
  const readme = excerpts.find(({ path: file }) => /(^|\/)readme/i.test(file));
  const manifest = excerpts.find((excerpt) => excerpt !== readme);
  const about = manifest === undefined ? undefined : manifestFacts(manifest);
  const summary = readme === undefined ? undefined : firstParagraph(readme);
  const rows = [
    ...listing.folders.map((name) => [code(`${name}/`), 'folder', '']),
    ...listing.files.map(({ name, size }) => [code(name), kindOf(name), size]),
  ];
  const total = [
    ...(listing.folders.length > 0 ? [counted(listing.folders.length, 'folder')] : []),
    ...(listing.files.length > 0 || listing.folders.length === 0 ? [counted(listing.files.length, 'file')] : []),
  ].join(' and ');
  return [
    `## ${path === undefined ? 'This folder' : code(path)}`,
    ...(about === undefined ? [] : [about.line]),
    ...(summary === undefined || readme === undefined ? [] : [`${code(readme.path)} says: “${summary}”`]),
    `It holds ${total}${rows.length > 24 ? ', of which these are the first' : ''}:`,
    table(['Entry', 'Kind', 'Size'], rows.slice(0, 24)),
    ...(inner === undefined
      ? []
      : [
          `### In ${code(inner.path)}\n\n${[
            ...inner.folders.map((name) => `${name}/`),
            ...inner.files.map(({ name }) => name),
          ]
            .slice(0, 12)
            .map((name) => `- ${code(name)}`)
            .join('\n')}`,
        ]),
    ...(about?.quote === undefined || manifest === undefined
      ? []
      : [`### Commands\n\n${place(manifest.path, about.at)}\n\n${fence(about.quote, languageOf(manifest.path))}`]),
  ].join('\n\n');
}

function kindOf(name: string): string {
  const language = languageOf(name);
  if (language !== 'text') return language;
  return /^\.?[A-Z]+(\.\w+)?$/.test(name) ? 'text' : name.startsWith('.') ? 'settings' : 'file';
}

/** Name, description and scripts of a manifest, as they stand there. */
function manifestFacts(excerpt: Excerpt): {
  readonly line: string;
  readonly quote: string | undefined;
  readonly at: number;
} {
  const text = excerpt.lines.join('\n');
  const field = (name: string): string | undefined =>
    new RegExp(`^\\s*"?${name}"?\\s*[:=]\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'm').exec(text)?.[1];
  const [name, version, description] = [field('name'), field('version'), field('description')];
  const title = [name && `**${name}**`, version].filter(Boolean).join(' ');
  const from = excerpt.lines.findIndex((line) => /^\s*"scripts"\s*:|^\[(tool\.poetry\.)?scripts\]/.test(line));
  const end = excerpt.lines.findIndex((line, index) => index > from && /^\s*\}|^\s*$/.test(line));
  const quoted = from === -1 ? undefined : excerpt.lines.slice(from, end === -1 ? from + 12 : end + 1).join('\n');
  const line =
    title === ''
      ? `${code(excerpt.path)} describes it.`
      : `${title}${description ? `: ${description}` : ''} (${place(excerpt.path, 1)})`;
  return { line, quote: quoted, at: excerpt.start + Math.max(from, 0) };
}
