/** The prompts offered in an empty chat: made from what is there, so that each can be answered. Pure. */
import type { LocalizableMessage } from '../../shared/chat';
import { promptStrings } from '../base/plainStrings';

const offered = 3;

/** What suggestions are made from; what is not there is not asked about. */
export interface PromptFacts {
  /** The window's name for the folder; null without one. */
  readonly workspaceName: string | null;
  /** Lines selected in the active editor, one-based. */
  readonly selection: { readonly file: string; readonly startLine: number; readonly endLine: number } | null;
  /** Errors in the active file, else in the file that has most. */
  readonly problems: { readonly file: string; readonly count: number } | null;
  /** Files with changes that are not committed, the active one first. */
  readonly changed: readonly string[];
  readonly activeFile: string | null;
  /** A name that some file of the folder defines. */
  readonly symbol: string | null;
  /** Files of the folder that tell what it is: a README, a manifest, an entry point. Best first. */
  readonly landmarks: readonly string[];
}

/** Up to three that start from what the user is doing; where that is little, from what the folder holds. */
export function readySuggestions(facts: PromptFacts): readonly LocalizableMessage[] {
  const { selection, problems, changed, activeFile } = facts;
  const suggestions: LocalizableMessage[] = [];
  if (selection !== null) {
    const { file, startLine, endLine } = selection;
    const place = startLine === endLine ? `${file}:${startLine}` : `${file}:${startLine}-${endLine}`;
    suggestions.push(promptStrings.whatDoes(place));
  }
  if (problems !== null) {
    suggestions.push(promptStrings.errors(problems.count, problems.file));
  }
  const [first, second] = changed;
  if (first !== undefined) {
    suggestions.push(second === undefined ? promptStrings.mistakes(first) : promptStrings.mistakesInTwo(first, second));
  }
  if (activeFile !== null) suggestions.push(promptStrings.whoUses(activeFile));
  return [...suggestions, ...folderSuggestions(facts)].slice(0, offered);
}

/** Three that a model which finds, quotes and mends answers well on any folder: to read, to understand, to edit. */
export function demoSuggestions(facts: PromptFacts): readonly LocalizableMessage[] {
  if (facts.workspaceName === null) return [];
  return [...folderSuggestions(facts, promptStrings.thisFolder()).slice(0, offered - 1), promptStrings.smallFlaw()];
}

function folderSuggestions(facts: PromptFacts, first?: LocalizableMessage): readonly LocalizableMessage[] {
  if (facts.workspaceName === null) return [];
  const suggestions: LocalizableMessage[] = [first ?? promptStrings.folder(facts.workspaceName)];
  if (facts.symbol !== null) suggestions.push(promptStrings.whereDefined(facts.symbol));
  const [landmark] = facts.landmarks;
  if (landmark !== undefined) suggestions.push(promptStrings.whatSays(landmark));
  return suggestions;
}

/** Characters of a line that may define something. */
const longestLine = 200;

/** What the line of a definition looks like, by the ending of the file. */
const definitions: readonly (readonly [files: RegExp, definition: RegExp])[] = [
  [
    /\.[cm]?[jt]sx?$/,
    /^export\s+(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|const)\s+([A-Za-z_$][\w$]*)/,
  ],
  [/\.py$/, /^(?:async\s+def|def|class)\s+([A-Za-z][A-Za-z0-9_]*)/],
  [/\.go$/, /^(?:func(?:\s+\([^)]*\))?|type)\s+([A-Z]\w*)/],
  [/\.rs$/, /^pub\s+(?:async\s+)?(?:fn|struct|enum|trait)\s+([A-Za-z]\w*)/],
  [
    /\.(?:java|kt|cs|scala|swift)$/,
    /^\s*(?:(?:public|internal|open|final|static|sealed|abstract)\s+)*(?:class|interface|record|struct|enum)\s+([A-Z]\w*)/,
  ],
  [/\.(?:rb|php)$/, /^\s*(?:class|module|def|function)\s+([A-Za-z]\w*)/],
  [
    /\.(?:c|cc|cpp|cxx|h|hpp)$/,
    /^(?:class|struct)\s+([A-Za-z]\w*)\s*(?:[:{]|$)|^[A-Za-z_][\w\s*&:<>]*?\b([a-z]\w*)\([^;]*$/,
  ],
];

/** Endings whose definitions are known, as a glob's braces. */
export const codeFiles =
  '**/*.{ts,tsx,js,jsx,mts,mjs,cts,cjs,py,go,rs,java,kt,cs,scala,swift,rb,php,c,cc,cpp,cxx,h,hpp}';

/** The first name of three letters or more that the text defines at its top level; null when there is none. */
export function definedSymbol(path: string, text: string): string | null {
  for (const [files, definition] of definitions) {
    if (!files.test(path)) continue;
    // Line by line, and no line that is long: a hostile file costs no more than another.
    for (const line of text.split(/\r?\n/)) {
      const match = line.length > longestLine ? null : definition.exec(line);
      const name = match?.[1] ?? match?.[2];
      if (name !== undefined && name.length >= 3) return name;
    }
  }
  return null;
}

/** How much a file at the top of the folder tells about it: higher first, 0 for those that tell little. */
export function landmarkRank(name: string): number {
  const ranks: readonly RegExp[] = [
    /^(?:makefile|dockerfile|index\.html)$/i,
    /^(?:pom\.xml|build\.gradle(?:\.kts)?|gemfile|composer\.json|cmakelists\.txt)$/i,
    /^(?:package\.json|pyproject\.toml|cargo\.toml|go\.mod|setup\.py)$/i,
    /^readme(?:\.\w+)?$/i,
  ];
  return ranks.findIndex((pattern) => pattern.test(name)) + 1;
}
