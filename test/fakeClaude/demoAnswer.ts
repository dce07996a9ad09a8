/** The answers of the demo's model: Markdown made of what was found, with its places. */

import { flawAnswer } from './demoFlaws';
import { folderAnswer } from './demoFolder';
import { describeAttachments } from './demoMedia';
import {
  asksForReasons,
  bestHits,
  calledNames,
  contextFile,
  type Intent,
  isDefinition,
  isTest,
  stem,
} from './demoPlan';
import {
  code,
  counted,
  declarationsOf,
  fence,
  firstParagraph,
  headingsOf,
  languageOf,
  place,
  quote,
  table,
} from './demoQuote';
import { type Excerpt, excerptsOf, type Hit, hitsOf, pathsOf, type Question } from './demoRead';
import { isObject } from './wire';

const noReasons = 'I cannot give reasons: I am a local stand-in for the model. I find and quote, but I do not reason.';

/** What it thinks aloud before a round or the answer. */
export function thoughtOf(question: Question, intent: Intent, calls: number): string {
  const round = question.rounds.length;
  const outcomes = question.rounds.flat();
  if (calls === 0 && round === 0) return 'Everything I need is in the message itself.';
  if (calls === 0) {
    const hits = hitsOf(outcomes).length;
    const read = excerptsOf(outcomes).length;
    return `I have ${counted(hits, 'match', 'matches')} and ${counted(read, 'excerpt')}. I quote the best of them.`;
  }
  if (intent.kind === 'flaw')
    return round === 0
      ? 'I look for words that are misspelled or stand twice, and for exports without a comment.'
      : 'I look at whole files, so that I name each place exactly.';
  if (round > 0) {
    const best = bestHits(hitsOf(outcomes), 'terms' in intent ? intent.terms : [], 3);
    return best.length === 0
      ? 'That was not enough. I look from another side.'
      : `The best places are in ${best.map(({ path }) => path).join(', ')}. I read around them.`;
  }
  switch (intent.kind) {
    case 'folder':
      return `The question is about ${intent.path ?? 'the whole folder'}. I list it first.`;
    case 'summary':
      return `The question names ${intent.file ?? 'a file'}. I look for it and read it.`;
    case 'errors':
      return 'Errors are caught in some places and raised in others. I search for both.';
    case 'selection':
      return `The selection calls ${calledNames(question.selection).slice(0, 2).join(' and ')}. I look up where they are declared.`;
    default:
      return `The question names ${('terms' in intent ? intent.terms : []).slice(0, 3).join(', ')}. I search for ${calls === 1 ? 'it' : 'them'}.`;
  }
}

/** The answer to a question, from what its rounds found. */
export function answerOf(question: Question, intent: Intent): string {
  const reasons = asksForReasons(question.words);
  const body = bodyOf(question, intent);
  const failed = question.rounds.flat().filter((outcome) => outcome.failed);
  const failures = new Set(failed.map(({ name, text }) => `- ${code(name)} failed: ${firstLine(text)}`));
  const parts = [
    ...(reasons ? [noReasons] : []),
    ...(reasons && intent.kind === 'about' ? [] : [body]),
    ...(failures.size > 0 && intent.kind !== 'flaw'
      ? [`What I could not look at:\n\n${[...failures].join('\n')}`]
      : []),
  ];
  return parts.join('\n\n');
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** Whether every search failed: then nothing found means nothing known. */
function couldNotSearch(question: Question): boolean {
  const searches = question.rounds.flat().filter(({ name }) => name === 'search_text');
  return searches.length > 0 && searches.every(({ failed }) => failed);
}

/** "at least " when a search returned only its first matches. */
function atLeast(question: Question): string {
  return question.rounds.flat().some(({ text }) => text.startsWith('The first ')) ? 'at least ' : '';
}

function bodyOf(question: Question, intent: Intent): string {
  switch (intent.kind) {
    case 'attachment':
      return describeAttachments(question.attachments);
    case 'about':
      return 'I am a local stand-in that answers in place of the model, so that Prelude can be tried without a key. I look for what a question names, with the tools Prelude offers, and quote what I find. I do not reason, and nothing leaves this machine.';
    case 'greeting':
      return greeting(question);
    case 'selection':
      return selectionAnswer(question);
    case 'folder':
      return folderAnswer(question, intent.path);
    case 'summary':
      return summaryAnswer(question, intent.file);
    case 'flaw':
      return flawAnswer(question, intent.file);
    case 'errors':
      return errorsAnswer(question);
    case 'definition':
    case 'search':
      return foundAnswer(question, intent.terms, intent.kind === 'definition');
  }
}

function greeting({ files, selection }: Question): string {
  const open = files.map(({ path }) => code(path)).join(', ');
  const seen = selection
    ? `You have selected ${code(`${selection.path}:${selection.start}`)}. `
    : open && `You have ${open} open. `;
  return `Hello. I am a local stand-in: I look things up in this workspace and quote them. ${seen}Name something, a function, a file or a word, and I show you where it is.`;
}

function excerptAt(excerpts: readonly Excerpt[], hit: Hit): Excerpt {
  const found = excerpts.find(
    ({ path, start, lines }) => path === hit.path && hit.line >= start && hit.line < start + lines.length,
  );
  return found ?? { path: hit.path, start: hit.line, lines: [hit.text], total: undefined };
}

function foundAnswer(question: Question, terms: readonly string[], wantsDefinition: boolean): string {
  const outcomes = question.rounds.flat();
  const hits = unique(hitsOf(outcomes));
  const excerpts = excerptsOf(outcomes);
  const named = terms.slice(0, 3).map(code).join(', ');
  const open = question.files.flatMap((file) => linesWith(file, terms));
  if (hits.length === 0 && open.length === 0) {
    const paths = pathsOf(outcomes);
    if (paths.length === 0) {
      if (couldNotSearch(question))
        return `I could not search the workspace for ${named}, so I cannot tell where it is.`;
      const where = question.tools.size === 0 ? 'in what I was given (no tools were offered)' : 'in this workspace';
      return `I found nothing ${where} for ${named}. Ignored files are not searched. Another spelling, or a part of the name, may find it.`;
    }
    const [first] = excerpts;
    const list = paths
      .slice(0, 12)
      .map((path) => `- ${code(path)}`)
      .join('\n');
    return `No text matches ${named}, but these files are named so:\n\n${list}${first ? `\n\n${quote(first)}` : ''}`;
  }
  const name = terms[0] ?? '';
  const found = hits.length > 0 ? hits : open;
  // A question for a declaration is about its first name; other words only help to find a place.
  const own = wantsDefinition ? found.filter(({ text }) => text.toLowerCase().includes(name.toLowerCase())) : [];
  const all = own.length > 0 ? own : found;
  const best = bestHits(all, terms, 3).map((hit) => focused(hit, excerpts, terms));
  const defined = best.filter(({ text }) => terms.some((term) => isDefinition(text, term)));
  const [first] = defined;
  const files = byFile(all);
  const rest = files.filter(({ path }) => !best.some((hit) => hit.path === path));
  const spread = `${atLeast(question)}${counted(all.length, 'match', 'matches')} in ${counted(files.length, 'file')}`;
  const lead =
    wantsDefinition && first !== undefined
      ? `${code(name)} is declared at ${place(first.path, first.line)}.`
      : wantsDefinition
        ? `I found no declaration of ${code(name)}, but ${spread}${own.length > 0 ? ' of the name' : ` for ${named}`}.`
        : `I found ${spread} for ${named}. The closest:`;
  const shown = wantsDefinition && first !== undefined ? defined.slice(0, 2) : best;
  const quotes = shown.map((hit) => quote(excerptAt([...excerpts, ...question.files], hit), hit.line));
  const others = files.filter(({ path }) => !shown.some((hit) => hit.path === path));
  const tail =
    others.length === 0
      ? []
      : [
          wantsDefinition
            ? `### Also mentioned in\n\n${fileTable(others)}`
            : rest.length > 0
              ? `### Other files\n\n${fileTable(rest)}`
              : '',
        ];
  return [lead, ...quotes, ...tail.filter((part) => part !== '')].join('\n\n');
}

/** Moves a hit to the declaration inside the excerpt that was read around it, when there is one. */
function focused(hit: Hit, excerpts: readonly Excerpt[], terms: readonly string[]): Hit {
  if (terms.some((term) => isDefinition(hit.text, term))) return hit;
  const excerpt = excerptAt(excerpts, hit);
  const index = excerpt.lines.findIndex((line) => isDefinition(line, terms[0] ?? ''));
  return index === -1 ? hit : { path: hit.path, line: excerpt.start + index, text: excerpt.lines[index] ?? '' };
}

function linesWith(file: Excerpt, terms: readonly string[]): readonly Hit[] {
  const wanted = terms.map((term) => stem(term.toLowerCase()));
  return file.lines.flatMap((text, index) =>
    wanted.some((term) => text.toLowerCase().includes(term))
      ? [{ path: file.path, line: file.start + index, text }]
      : [],
  );
}

function unique(hits: readonly Hit[]): readonly Hit[] {
  return [...new Map(hits.map((hit) => [`${hit.path}:${hit.line}`, hit])).values()];
}

interface FileHits {
  readonly path: string;
  readonly hits: readonly Hit[];
}

function byFile(hits: readonly Hit[]): readonly FileHits[] {
  const files = new Map<string, Hit[]>();
  for (const hit of hits) files.set(hit.path, [...(files.get(hit.path) ?? []), hit]);
  return [...files]
    .map(([path, own]) => ({ path, hits: own }))
    .toSorted((a, b) => Number(isTest(a.path)) - Number(isTest(b.path)) || b.hits.length - a.hits.length);
}

function fileTable(files: readonly FileHits[]): string {
  const rows = files.slice(0, 8).map(({ path, hits }) => [place(path, hits[0]?.line ?? 1), `${hits.length}`]);
  const more = files.length > 8 ? `\n\nand ${counted(files.length - 8, 'more file')}.` : '';
  return `${table(['Place', 'Matches'], rows)}${more}`;
}

function errorsAnswer(question: Question): string {
  const outcomes = question.rounds.flat();
  const hits = unique(hitsOf(outcomes));
  if (hits.length === 0 && couldNotSearch(question)) return 'I could not search the workspace.';
  if (hits.length === 0)
    return 'I searched for `catch`, `except`, `throw`, `raise` and their like, and found none in this workspace.';
  const raises = ({ text }: Hit): boolean => /\bthrow\b|\braise\b|\bpanic!?\(|\breject\(|\bErr\(/.test(text);
  const files = byFile(hits);
  const rows = files.slice(0, 10).map(({ path, hits: own }) => {
    const raised = own.filter(raises).length;
    return [place(path, own[0]?.line ?? 1), `${own.length - raised}`, `${raised}`];
  });
  const excerpts = excerptsOf(outcomes);
  const caught = hits.filter((hit) => !raises(hit));
  const best = bestHits(caught.length > 0 ? caught : hits, [], 40).filter(({ path, line }) =>
    excerpts.some((one) => one.path === path && line >= one.start && line < one.start + one.lines.length),
  );
  const shown = best.length > 0 ? best : bestHits(hits, [], 3);
  const more = files.length > 10 ? `\n\nand ${counted(files.length - 10, 'more file')}.` : '';
  return [
    '## Where errors are handled',
    `${atLeast(question) === '' ? '' : 'At least '}${counted(hits.length, 'line')} in ${counted(files.length, 'file')} catch or raise errors.`,
    `${table(['First place', 'Caught', 'Raised'], rows)}${more}`,
    ...shown.slice(0, 3).map((hit) => quote(excerptAt(excerpts, hit), hit.line, 10)),
  ].join('\n\n');
}

function summaryAnswer(question: Question, file: string | undefined): string {
  const outcomes = question.rounds.flat();
  const open = file === undefined ? question.files[0] : contextFile(question, file);
  const excerpt = open ?? excerptsOf(outcomes)[0];
  if (excerpt === undefined) {
    const others = pathsOf(outcomes)
      .slice(0, 8)
      .map((path) => `- ${code(path)}`)
      .join('\n');
    const named = file === undefined ? 'No file is open' : `I found no file ${code(file)} that I could read`;
    return others === ''
      ? `${named}. Name one by its path, such as \`src/app.ts\`, or ask what is in this folder.`
      : `${named}. These come near:\n\n${others}`;
  }
  const lines = excerpt.total ?? excerpt.lines.length;
  const head = `## ${code(excerpt.path)}\n\n${counted(lines, 'line')}${excerpt.total !== undefined && excerpt.lines.length < excerpt.total ? `, of which I read ${excerpt.lines.length}` : ''}.`;
  const language = languageOf(excerpt.path);
  if (language === 'markdown' || /\.(txt|rst|adoc)$|readme/i.test(excerpt.path)) {
    const headings = headingsOf(excerpt).map(({ text, line }) => `- ${text} (${place(excerpt.path, line)})`);
    const paragraph = firstParagraph(excerpt);
    return [
      head,
      ...(paragraph === undefined ? [] : [`It begins: “${paragraph}”`]),
      ...(headings.length > 0 ? [`### Sections\n\n${headings.slice(0, 20).join('\n')}`] : [quote(excerpt)]),
    ].join('\n\n');
  }
  if (language === 'json') return [head, jsonFacts(excerpt), quote(excerpt, excerpt.start, 20)].join('\n\n');
  const declared = declarationsOf(excerpt);
  if (declared.length === 0) return [head, quote(excerpt, excerpt.start, 20)].join('\n\n');
  const rows = declared.slice(0, 20).map(({ line, text, kind }) => [code(text), kind, place(excerpt.path, line)]);
  const [first] = declared;
  return [head, table(['Declares', 'As', 'At'], rows), quote(excerpt, first?.line)].join('\n\n');
}

function jsonFacts(excerpt: Excerpt): string {
  try {
    const value: unknown = JSON.parse(excerpt.lines.join('\n'));
    if (isObject(value)) return `Its keys: ${Object.keys(value).slice(0, 20).map(code).join(', ')}.`;
    return Array.isArray(value) ? `A list of ${counted(value.length, 'entry', 'entries')}.` : 'A single value.';
  } catch {
    return 'It is not plain JSON as a whole, or was cut.';
  }
}

function selectionAnswer(question: Question): string {
  const { selection, files } = question;
  if (selection === undefined) {
    const open = files.map(({ path }) => code(path)).join(', ');
    return `No selection came with the message${open === '' ? '' : `; open are ${open}`}. Select some code in an editor and ask again.`;
  }
  const text = selection.lines.join('\n');
  const end = selection.start + selection.lines.length - 1;
  const declared = declarationsOf(selection).map((entry) => `${entry.kind} ${code(entry.text)}`);
  const calls = calledNames(selection);
  const facts = [
    declared.length > 0 ? `It declares ${declared.slice(0, 5).join(', ')}.` : undefined,
    calls.length > 0 ? `It calls ${calls.slice(0, 8).map(code).join(', ')}.` : undefined,
    flow(text),
  ].filter((fact) => fact !== undefined);
  const outcomes = question.rounds.flat();
  const definitions = calls.flatMap((name) =>
    hitsOf(outcomes)
      .filter((hit) => isDefinition(hit.text, name))
      .slice(0, 1),
  );
  const outside = unique(definitions).filter(
    ({ path, line }) => path !== selection.path || line < selection.start || line > end,
  );
  const excerpts = excerptsOf(outcomes);
  return [
    `The selection is ${code(`${selection.path}:${selection.start}-${end}`)}, ${counted(selection.lines.length, 'line')}.${facts.length === 0 ? '' : ` ${facts.join(' ')}`}`,
    fence(selection.lines.slice(0, 30).join('\n'), languageOf(selection.path)),
    ...(outside.length === 0 ? [] : ['### What it calls']),
    ...outside.slice(0, 2).map((hit) => quote(excerptAt(excerpts, hit), hit.line)),
  ].join('\n\n');
}

/** Counts of what steers a piece of code. */
function flow(text: string): string | undefined {
  const kinds: readonly (readonly [string, RegExp])[] = [
    ['branch', /\b(if|elif|switch|match|case)\b/g],
    ['loop', /\b(for|while|loop)\b/g],
    ['await', /\bawait\b/g],
    ['return', /\breturn\b/g],
    ['throw', /\b(throw|raise)\b/g],
  ];
  const counts = kinds.flatMap(([name, pattern]) => {
    const count = text.match(pattern)?.length ?? 0;
    return count === 0 ? [] : [counted(count, name, name === 'branch' ? 'branches' : `${name}s`)];
  });
  return counts.length === 0 ? undefined : `I count ${counts.join(', ')}.`;
}
