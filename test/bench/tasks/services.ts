/** What language services would report of the workspaces: the few problems that the tasks have, found in their texts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeProblem, LanguageServices, Severity } from '../../../src/core/tools/language/languageServices';
import type { ProblemWatch } from '../../../src/host/workspace/edits/newProblems';
import { noLanguages } from '../../unit/tools/fakeLanguages';

type Found = Pick<CodeProblem, 'severity' | 'column' | 'message' | 'source' | 'code'> & { readonly line: number };

/** The first place of each match, and what is said of it. */
function matches(
  text: string,
  pattern: RegExp,
  said: (match: RegExpExecArray) => readonly Omit<Found, 'line' | 'column'>[],
): readonly Found[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const above = text.slice(0, match.index).split('\n');
    const place = { line: above.length, column: (above.at(-1)?.length ?? 0) + 1 };
    return said(match).map((one) => ({ ...one, ...place }));
  });
}

/** Names that stand in the rest of a text. */
const isUsed = (text: string, name: string): boolean => text.split(new RegExp(`\\b${name}\\b`)).length > 2;

function problemsIn(path: string, text: string): readonly Found[] {
  const error = (source: string, code: string, message: string) => ({
    ...{ severity: 'error' as Severity, source, code, message },
  });
  if (path.endsWith('.ts'))
    return matches(text, /(?<=\bheld\.)\w+/g, ([name]) =>
      ['items', 'cents'].includes(name)
        ? []
        : [error('ts', '2551', `Property '${name}' does not exist on type 'Held'. Did you mean 'cents'?`)],
    );
  if (path.endsWith('.go'))
    return matches(text, /(?<=^\t)"[\w/]+"$/gm, ([name]) =>
      text.includes(`${name.slice(1, -1).split('/').at(-1)}.`)
        ? []
        : [error('compiler', 'UnusedImport', `${name} imported and not used`)],
    );
  if (!path.endsWith('.py')) return [];
  return matches(text, /^(?:from \S+ )?import (.*)$/gm, ([, names = '']) =>
    names
      .split(', ')
      .filter((name) => !isUsed(text, name))
      .map((name) => ({
        ...error('Pylance', 'reportUnusedImport', `Import "${name}" is not accessed`),
        severity: 'warning' as const,
      })),
  );
}

/** Files that are looked at: not those of others, and none that was made. */
function sourcesBelow(folder: string): readonly string[] {
  const left = /(?:^|\/)(?:\.git|\.venv|node_modules|vendor|dist)\//;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !left.test(path))
    .sort();
}

function allProblems(folder: string): readonly CodeProblem[] {
  return sourcesBelow(folder).flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    const lines = text.split('\n');
    return problemsIn(path, text).map((found): CodeProblem => {
      return { ...found, path, outside: false, text: lines[found.line - 1] ?? '', related: [] };
    });
  });
}

/** Those of the whole workspace. */
export function servicesOf(folder: string): LanguageServices {
  return {
    ...noLanguages,
    problems: async (path, least, { skip, limit }) => {
      const all = allProblems(folder).filter((one) => path === null || one.path === path);
      const count = (severity: Severity): number => all.filter((one) => one.severity === severity).length;
      const counts = { error: count('error'), warning: count('warning'), information: 0, hint: 0 };
      const wanted = all.filter(({ severity }) => severity === 'error' || least !== 'error');
      const items = wanted.toSorted((a, b) => a.severity.localeCompare(b.severity)).slice(skip, skip + limit);
      const files = new Set(wanted.map((one) => one.path)).size;
      return { items, counts, files, path, checked: path === null ? 'folder' : 'yes' };
    },
  };
}

/** As a compiler prints them, a line each. */
export function compilerOutput(folder: string): string {
  const words = ({ path, line, column, severity, message }: CodeProblem): string =>
    `${path}:${line}:${column}: ${severity}: ${message}`;
  return allProblems(folder).map(words).join('\n');
}

/** Tells of problems that a change has made. */
export function watchOf(folder: string): ProblemWatch {
  const messages = (uri: string): readonly string[] => {
    const path = relative(folder, fileURLToPath(uri));
    return problemsIn(path, readFileSync(join(folder, path), 'utf8')).map(({ message }) => message);
  };
  const since = (before: readonly string[], uri: string) => ({
    after: async () => messages(uri).filter((one) => !before.includes(one)),
    dispose: () => undefined,
  });
  return { before: async (uri) => since(messages(uri), uri), ofNew: async (uri) => since([], uri) };
}
