/** How the demo's model decides what to look for. Nothing here reasons: it sorts questions by their words. */
import { flawOf, flawSearches, likelyFlawed, mending } from './demoFlaws';
import { type Excerpt, type Hit, hitsOf, listingsOf, pathsOf, type Question, type ToolCall } from './demoRead';

export type Intent =
  | { readonly kind: 'attachment' }
  | { readonly kind: 'about' }
  | { readonly kind: 'greeting' }
  | { readonly kind: 'selection'; readonly terms: readonly string[] }
  | { readonly kind: 'folder'; readonly path: string | undefined }
  | { readonly kind: 'summary'; readonly file: string | undefined }
  | { readonly kind: 'errors' }
  | { readonly kind: 'flaw'; readonly file: string | undefined }
  | { readonly kind: 'definition'; readonly terms: readonly string[] }
  | { readonly kind: 'search'; readonly terms: readonly string[] };

/** Rounds of tool use before it answers, whatever was found. */
export const maxRounds = 3;

const stopWords = new Set(
  `a about all also an and any are as at be by can could do does explain find for from give has have how i in into is it its
  list look many me most my of on or our out places place please show so some something tell that the their them there these
  they this those to use used uses using was we what when where which who why will with work works would you your code file
  files function functions class classes method methods defined definition declared declare implemented implementation
  workspace project folder directory repository repo selection selected happens happen called calls call know think mean means
  just like one interface type enum struct variable constant property field module get every each other here make made let still now only need want describe summarize summarise summary`.split(
    /\s+/,
  ),
);

/** Names and words a question is about, the most telling first: quoted, then identifiers and paths, then plain words. */
export function termsOf(words: string): readonly string[] {
  const quoted = [...words.matchAll(/`([^`\n]{2,80})`|"([^"\n]{2,80})"|“([^”\n]{2,80})”/g)].map(
    ([, tick, straight, curly]) => (tick ?? straight ?? curly ?? '').replace(/\(\)$/, ''),
  );
  // As the panel's own prompt asks: the name may be any word.
  const named = /^\s*where(?:'s| is) ([\w$]+) (?:defined|declared|implemented)\b/i.exec(words)?.[1];
  if (named !== undefined) quoted.push(named);
  const rest = words.replace(/`[^`]*`|"[^"]*"|“[^”]*”/g, ' ');
  const tokens = [...rest.matchAll(/[\p{L}\p{N}_$@][\p{L}\p{N}_$./@\\-]*/gu)].map(([token]) =>
    token.replace(/[.\-/]+$/, ''),
  );
  const names = tokens.filter(
    (token) => /[a-z\d][A-Z]|_|\$|[A-Z]{2,}\w*[a-z]|[/.]\w/.test(token) || /^[A-Z][A-Z\d_]{2,}$/.test(token),
  );
  // A capital inside a sentence makes a name of a common word: "Where is Workspace declared?"
  const isCommon = (token: string): boolean =>
    stopWords.has(token.toLowerCase()) && !(/^[A-Z][a-z]{3,}/.test(token) && token !== tokens[0]);
  const plain = tokens.filter(
    (token) => !names.includes(token) && token.length > 2 && !isCommon(token) && !/^\d+$/.test(token),
  );
  return [...new Set([...quoted, ...names, ...plain])].filter((term) => term !== '');
}

/** A word as it is likely written in code: "errors" and "streaming" become "error" and "stream". */
export function stem(term: string): string {
  if (!/^[a-z]{5,}$/.test(term)) return term;
  return term.replace(/(ies)$/, 'y').replace(/(?:ing|ed|es|s)$/, '');
}

const filePattern = /(?:[\w@.-]+[\\/])*[\w@-]+\.[A-Za-z][A-Za-z\d]{0,7}\b/;

/** Sorts a question by its words. */
export function intentOf(question: Question): Intent {
  const words = question.words;
  const lower = words.toLowerCase();
  const terms = termsOf(words);
  const asksWhy = /\b(why|how do you know|how did you|reasoning|warum|wieso|pourquoi)\b/.test(lower);
  if (question.attachments.length > 0) return { kind: 'attachment' };
  if (/\b(who|what) are you\b|\bare you (an? |really )?(claude|ai|model|real)|\bwhich model\b/.test(lower)) {
    return { kind: 'about' };
  }
  // Code that came with the words is meant, as “Explain src/a.ts:3-8” is.
  if (question.selection !== undefined && /^\s*(?:explain|what does)\s\S+:\d/i.test(words))
    return { kind: 'selection', terms };
  if (/\b(selection|selected|highlighted|this (code|snippet|function|method|class|line|block))\b/.test(lower)) {
    return { kind: 'selection', terms };
  }
  const named = filePattern.exec(words)?.[0];
  const readme = /\bread ?me\b/i.test(words) ? 'README' : undefined;
  if (/\b(summar|overview of|describe|explain|outline|what(?:'s| is| does) (?:in )?\S+\.\w+|tl;?dr)/.test(lower)) {
    const file = named ?? readme;
    if (file !== undefined) return { kind: 'summary', file };
    if (/\bthis file\b|\bopen file/.test(lower)) return { kind: 'summary', file: undefined };
  }
  if (/\b(?:flaws?|typos?|misspell\w*|mistakes?)\b|^\s*(?:please\s+)?(?:fix|mend|find what is wrong)\b/.test(lower))
    return { kind: 'flaw', file: named };
  const asksForPlace = /\b(where|who|defin|declar|implement|calls?|used?)/.test(lower);
  if (
    !asksForPlace &&
    /\b(folder|directory|workspace|project|repo(sitory)?|codebase)\b/.test(lower) &&
    namesNothingElse(terms)
  ) {
    return {
      kind: 'folder',
      path: terms.find((term) => /^[\w@.-]+(?:\/[\w@.-]+)*\/?$/.test(term) && term.includes('/')),
    };
  }
  const inFolder = /\b(?:in|inside|under)\s+`?([\w@.-]+(?:\/[\w@.-]+)*\/?)`?\s*\??\s*$/.exec(words)?.[1];
  if (/^\s*(what(?:'s| is| are)?|list|show)\b/.test(lower) && inFolder !== undefined && !filePattern.test(inFolder)) {
    return { kind: 'folder', path: inFolder };
  }
  if (
    /\b(errors?|exceptions?|failures?)\b.*\b(handl|caught|catch|thrown|raised)|\b(handl|catch|throw)\w*\b.*\b(errors?|exceptions?)\b|\berror handling\b/.test(
      lower,
    )
  ) {
    return { kind: 'errors' };
  }
  if (named !== undefined && terms.length === 1) return { kind: 'summary', file: named };
  if (readme !== undefined && terms.length <= 1) return { kind: 'summary', file: readme };
  if (terms.length === 0) return asksWhy ? { kind: 'about' } : { kind: 'greeting' };
  if (/^(hi|hello|hey|thanks|thank you|good (morning|evening|day))\b[\s!.,]*\w*[!.\s]*$/.test(lower)) {
    return { kind: 'greeting' };
  }
  if (/\b(defin|declar|implement|where(?:'s| is| are)?|located?)\b|\b(defin|declar|implement)/.test(lower)) {
    return { kind: 'definition', terms };
  }
  return { kind: 'search', terms };
}

/** Whether the user asks for reasons, which the stand-in cannot give. */
export function asksForReasons(words: string): boolean {
  return /\b(why|how do you know|how did you|explain your|your reasoning|reason(?:ing)? behind|warum|wieso|pourquoi)\b/i.test(
    words,
  );
}

function namesNothingElse(terms: readonly string[]): boolean {
  return (
    terms.filter(
      (term) => !/^(about|contain|structure|layout|inside|open|whole|entire|overview|main|parts?)/i.test(term),
    ).length <= 1
  );
}

/** Drops what the offered schema does not know; undefined when the tool is not offered. */
function offered(question: Question, name: string, input: ToolCall['input']): ToolCall | undefined {
  const known = question.tools.get(name);
  if (known === undefined) return undefined;
  return { name, input: Object.fromEntries(Object.entries(input).filter(([key]) => known.has(key))) };
}

/** A search; a regular expression falls back to `plain` where the tool takes none. */
function search(question: Question, regex: string, plain: string): ToolCall | undefined {
  const takesRegex = question.tools.get('search_text')?.has('is_regex') === true;
  return offered(question, 'search_text', takesRegex ? { query: regex, is_regex: true } : { query: plain });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const declares =
  'class|interface|type|enum|function|const|let|var|def|func|fn|struct|trait|impl|module|namespace|record|protocol|macro_rules!|#define';

/** A Rust-style regular expression for places that declare a name. */
export function definitionPattern(name: string): string {
  const own = escaped(name.split('.').at(-1) ?? name);
  return `\\b(${declares})\\s+(\\([^)]*\\)\\s*)?\\*?${own}\\b|^\\s*"?${own}"?\\s*[:=(]`;
}

const catching =
  '\\bcatch\\b\\s*[({]|\\.catch\\(|\\bexcept\\b.*:|\\brescue\\b|if err != nil|\\.map_err\\(|\\bon_?[eE]rror\\b';
const raising = '\\bthrow\\b|\\braise\\b|\\bpanic!?\\(|\\bErr\\(|return .*errors?\\.|\\breject\\(';

/** The calls of the next round; none when it is time to answer. */
export function nextCalls(question: Question, intent: Intent): readonly ToolCall[] {
  const round = question.rounds.length;
  if (round >= maxRounds) return [];
  const planned = round === 0 ? firstCalls(question, intent) : laterCalls(question, intent, round);
  const before = new Set(question.rounds.flat().map(({ name, input }) => JSON.stringify([name, input])));
  const fresh = planned
    .filter((call) => call !== undefined)
    .filter(({ name, input }) => !before.has(JSON.stringify([name, input])));
  return [...new Map(fresh.map((call) => [JSON.stringify(call), call])).values()].slice(0, 3);
}

function firstCalls(question: Question, intent: Intent): readonly (ToolCall | undefined)[] {
  switch (intent.kind) {
    case 'attachment':
    case 'about':
    case 'greeting':
      return [];
    case 'selection':
      return calledNames(question.selection)
        .slice(0, 2)
        .map((name) => search(question, definitionPattern(name), name));
    case 'folder': {
      const list = offered(question, 'list_directory', intent.path === undefined ? {} : { path: intent.path });
      return [list ?? offered(question, 'find_files', { pattern: '*' })];
    }
    case 'summary': {
      if (intent.file === undefined || contextFile(question, intent.file) !== undefined) return [];
      const isName = !intent.file.includes('/');
      const pattern = /\.\w+$/.test(intent.file) ? intent.file : `${intent.file}*`;
      return [
        isName ? offered(question, 'find_files', { pattern }) : offered(question, 'read_file', { path: intent.file }),
      ];
    }
    case 'flaw':
      return flawCalls(question, intent.file);
    case 'errors':
      return [search(question, catching, 'catch'), search(question, raising, 'throw')];
    case 'definition': {
      const [name = ''] = intent.terms;
      const other = intent.terms[1];
      return [
        search(question, definitionPattern(name), name),
        offered(question, 'search_text', { query: name }),
        other === undefined
          ? offered(question, 'find_files', { pattern: `*${name.replace(/[^\w.-]/g, '*')}*` })
          : offered(question, 'search_text', { query: stem(other) }),
      ];
    }
    case 'search':
      return intent.terms.slice(0, 3).map((term) =>
        filePattern.test(term)
          ? offered(question, 'find_files', {
              pattern: term.includes('/') ? `**/${term.replace(/^\.?\//, '')}` : term,
            })
          : offered(question, 'search_text', { query: stem(term) }),
      );
  }
}

/** Reads a whole file that is named, else those in which a search found something; then mends what it sees. */
function flawCalls(question: Question, file: string | undefined): readonly (ToolCall | undefined)[] {
  const flaw = flawOf(question, file);
  if (flaw !== undefined) return [offered(question, 'edit_file', mending(flaw))];
  const outcomes = question.rounds.flat();
  if (outcomes.some(({ name }) => name === 'read_file')) return [];
  const read = (path: string): ToolCall | undefined => offered(question, 'read_file', { path });
  if (file === undefined) {
    if (outcomes.length === 0) return flawSearches().map((input) => offered(question, 'search_text', input));
    return likelyFlawed(question).map(read);
  }
  if (contextFile(question, file) !== undefined) return [];
  const [found] = pathsOf(outcomes);
  if (found !== undefined) return [read(found)];
  if (outcomes.length > 0) return [];
  return [file.includes('/') ? read(file) : offered(question, 'find_files', { pattern: file })];
}

function laterCalls(question: Question, intent: Intent, round: number): readonly (ToolCall | undefined)[] {
  const outcomes = question.rounds.flat();
  if (intent.kind === 'flaw') {
    if (outcomes.some(({ name }) => name === 'edit_file')) return [];
    return flawCalls(question, intent.file);
  }
  if (intent.kind === 'folder') {
    if (round > 1) return [];
    const [listing] = listingsOf(outcomes);
    if (listing === undefined) return [];
    const at = (name: string): string => (listing.path === '.' ? name : `${listing.path.replace(/\/$/, '')}/${name}`);
    const readme = listing.files.find(({ name }) => /^readme/i.test(name));
    const manifest = listing.files.find(({ name }) => manifests.test(name));
    const main =
      ['src', 'lib', 'app', 'packages'].find((name) => listing.folders.includes(name)) ??
      listing.folders.find((name) => !name.startsWith('.'));
    return [
      readme && offered(question, 'read_file', { path: at(readme.name), start_line: 1, end_line: 40 }),
      manifest && offered(question, 'read_file', { path: at(manifest.name), start_line: 1, end_line: 120 }),
      main === undefined ? undefined : offered(question, 'list_directory', { path: at(main) }),
    ];
  }
  if (intent.kind === 'summary') {
    const paths = [...pathsOf(outcomes)].toSorted((a, b) => depth(a) - depth(b) || a.length - b.length);
    const found = round === 1 ? paths[0] : undefined;
    if (found !== undefined) return [offered(question, 'read_file', { path: found })];
    const base = intent.file?.split('/').at(-1);
    if (round > 1 || base === undefined) return [];
    // Not there: another place of the same name, or its like.
    const pattern = failed(question) ? base : /\.\w+$/.test(base) ? `*${/\.\w+$/.exec(base)?.[0]}` : '*.md';
    return [offered(question, 'find_files', { pattern })];
  }
  const hits = hitsOf(outcomes);
  const terms = 'terms' in intent ? intent.terms : [];
  if (hits.length === 0 && round === 1 && terms.length > 0) {
    const paths = pathsOf(outcomes).slice(0, 2);
    if (paths.length > 0)
      return paths.map((path) => offered(question, 'read_file', { path, start_line: 1, end_line: 40 }));
    // Nothing by that name: try its parts, and file names.
    const parts = terms.flatMap((term) => term.split(/(?=[A-Z])|[_./\s-]+/)).filter((part) => part.length > 3);
    return [
      ...parts.slice(0, 2).map((part) => offered(question, 'search_text', { query: stem(part.toLowerCase()) })),
      offered(question, 'find_files', { pattern: `*${(parts[0] ?? terms[0] ?? '').replace(/[^\w.-]/g, '*')}*` }),
    ];
  }
  if (outcomes.some(({ name }) => name === 'read_file')) return [];
  return bestHits(hits, terms, 3).map(({ path, line }) =>
    offered(question, 'read_file', { path, start_line: Math.max(1, line - 4), end_line: line + 24 }),
  );
}

const manifests =
  /^(package\.json|pyproject\.toml|cargo\.toml|go\.mod|pom\.xml|build\.gradle(\.kts)?|composer\.json|gemfile|cmakelists\.txt|makefile)$/i;
const depth = (path: string): number => path.split('/').length;
const failed = (question: Question): boolean => question.rounds.flat().some((outcome) => outcome.failed);

/** The file of the context that a name means, if it is open. */
export function contextFile(question: Question, name: string): Excerpt | undefined {
  const wanted = name.toLowerCase();
  return question.files.find(({ path }) => {
    const lower = path.toLowerCase();
    const base = lower.split('/').at(-1) ?? lower;
    return lower === wanted || lower.endsWith(`/${wanted}`) || base.replace(/\.\w+$/, '') === wanted;
  });
}

/** How surely a line declares the name: 2 by a keyword, 1 as a member or key, 0 not. */
export function definitionStrength(text: string, name: string): 0 | 1 | 2 {
  const own = escaped(name.split('.').at(-1) ?? name);
  const keyword = new RegExp(`\\b(${declares})\\s+(?:\\([^)]*\\)\\s*)?\\*?${own}\\b`).exec(text)?.[1];
  // An indented variable is local: a weaker find than a class or a function.
  if (keyword !== undefined) return /^(const|let|var)$/.test(keyword) && /^\s/.test(text) ? 1 : 2;
  const modifiers = '(?:(?:public|private|protected|static|async|readonly|export)\\s+)*';
  return new RegExp(`^\\s*${modifiers}"?${own}"?\\s*(?:[:=](?!=)|\\([^;]*\\)[^;]*\\{)`).test(text) ? 1 : 0;
}

/** Whether a line declares the name. */
export function isDefinition(text: string, name: string): boolean {
  return definitionStrength(text, name) > 0;
}

/** The best line of each of the best files, best first: files that know several of the terms, or are named so. */
export function bestHits(hits: readonly Hit[], terms: readonly string[], limit: number): readonly Hit[] {
  const stems = terms.map((term) => stem(term.toLowerCase()));
  const files = new Map<string, { hit: Hit; best: number; count: number; readonly known: Set<string> }>();
  for (const hit of hits) {
    const score = scoreOf(hit, terms);
    const file = files.get(hit.path) ?? { hit, best: score, count: 0, known: new Set() };
    if (score > file.best) Object.assign(file, { hit, best: score });
    file.count += 1;
    for (const one of stems) if (hit.text.toLowerCase().includes(one)) file.known.add(one);
    files.set(hit.path, file);
  }
  return [...files.values()]
    .map((file) => ({ ...file, score: file.best + Math.min(file.count, 8) / 4 + 3 * file.known.size }))
    .toSorted((a, b) => b.score - a.score || compare(a.hit.path, b.hit.path))
    .slice(0, limit)
    .map(({ hit }) => hit);
}

const compare = (a: string, b: string): number => (a < b ? -1 : 1);

function scoreOf({ path, text }: Hit, terms: readonly string[]): number {
  const lower = `${path} ${text}`.toLowerCase();
  let score = 0;
  for (const [index, term] of terms.entries()) {
    const weight = Math.max(4 - index, 1);
    score += [0, 1, 6][definitionStrength(text, term)] ?? 0;
    if (lower.includes(stem(term.toLowerCase()))) score += weight;
    const base = path.toLowerCase().split('/').at(-1) ?? '';
    if (base.includes(stem(term.toLowerCase()))) score += 4;
  }
  if (isTest(path)) score -= 4;
  if (/\.(md|txt|lock|json|svg|css|map)$/.test(path)) score -= 3;
  if (/^\s*(\/\/|\*|\/\*|import\b|from\b|"""|using\b)/.test(text)) score -= 2;
  return score;
}

/** Whether a path looks like a test's. */
export function isTest(path: string): boolean {
  return /(^|\/)(tests?|spec|__tests__|fixtures?|examples?)\/|[.](test|spec)[.]|_test\./.test(path);
}

const keywords = new Set(
  'if for while switch return function catch await typeof new super require import def elif print len with assert match not and int str string list dict super constructor'.split(
    ' ',
  ),
);

/** Names that a piece of code calls, most used first. */
export function calledNames(excerpt: Excerpt | undefined): readonly string[] {
  const counts = new Map<string, number>();
  for (const [, name = ''] of (excerpt?.lines.join('\n') ?? '').matchAll(
    /(?<![\w.])([A-Za-z_$][\w$]{2,})\s*(?:<[^<>()]*>)?\(/g,
  )) {
    if (!keywords.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
}
