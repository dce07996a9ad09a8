/** The problems that extensions report, of a file, a folder or the workspace: the worst first. */
import { TimeSlice } from '../../../core/base/timeSlice';
import {
  type CodeProblem,
  type Portion,
  type Problems,
  type Severity,
  severities,
} from '../../../core/tools/language/languageServices';
import { sortInParts } from '../search/sort';
import type { HostWorkspace, ResolvedPath } from '../workspace';
import { orderOf, problemOf, severityOf } from './answers';
import type { LanguageFacts } from './facts';
import { SourceLines } from './sourceLines';
import { inTime, type LanguageTimes, pauseFor } from './waiting';

interface ProblemsWanted {
  readonly facts: LanguageFacts;
  readonly workspace: HostWorkspace;
  readonly times: LanguageTimes;
  readonly path: string | null;
  readonly least: Severity;
  readonly portion: Portion;
}

interface FileProblems {
  readonly uri: string;
  readonly path: string;
  readonly problems: readonly unknown[];
  /** Place of its worst problem in `severities`. */
  readonly worst: number;
}

/** What is reported, once a file that was asked for has been loaded and had time to be checked. */
export async function problemsOf(wanted: ProblemsWanted, signal: AbortSignal): Promise<Problems> {
  const { facts, workspace, path, least, portion } = wanted;
  const resolved = path === null ? null : await workspace.resolve(path, signal);
  const checked = resolved?.kind === 'file' ? await checkFile(wanted, resolved, signal) : 'folder';
  const lines = new SourceLines(workspace.access(signal), facts);
  const limit = severities.indexOf(least);
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  const files: FileProblems[] = [];
  const slice = new TimeSlice();
  for (const [uri, reported] of facts.reported()) {
    if (!isWithin(uri, resolved) || reported.length === 0) continue;
    const named = await lines.name(uri);
    // Its messages quote it: of a file that is not shown they are not, either.
    if (named.outside || named.shown !== 'workspace') continue;
    const problems: unknown[] = [];
    let worst: number = severities.length;
    for (const problem of reported) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      const severity = severityOf(problem);
      if (severity === null) continue;
      counts[severity] += 1;
      const rank = severities.indexOf(severity);
      worst = Math.min(worst, rank);
      if (rank <= limit) problems.push(problem);
    }
    if (problems.length > 0) files.push({ uri, path: named.path, problems, worst });
  }
  files.sort((a, b) => a.worst - b.worst || (a.path < b.path ? -1 : 1));
  const items = await portionOf(files, portion, lines, signal);
  return { items, counts, files: files.length, path: resolved?.path ?? null, checked };
}

function isWithin(uri: string, resolved: ResolvedPath | null): boolean {
  if (resolved === null) return true;
  return resolved.kind === 'file' ? uri === resolved.uri : uri.startsWith(`${resolved.uri.replace(/\/$/, '')}/`);
}

async function portionOf(
  files: readonly FileProblems[],
  { skip, limit }: Portion,
  lines: SourceLines,
  signal: AbortSignal,
): Promise<readonly CodeProblem[]> {
  const items: CodeProblem[] = [];
  let before = 0;
  for (const { uri, problems } of files) {
    const first = Math.max(0, skip - before);
    before += problems.length;
    if (first >= problems.length) continue;
    const sorted = await sortInParts(problems.map(keyed), (a, b) => compare(a.key, b.key), signal);
    for (const { problem } of sorted.slice(first, first + limit - items.length)) {
      const raw = problemOf(problem);
      if (raw === null) continue;
      const place = await lines.place({ uri, line: raw.line });
      const related = [];
      for (const one of raw.related) {
        related.push({ path: (await lines.name(one.uri)).path, line: one.line ?? 1, message: one.message });
      }
      items.push({ ...raw, ...place, related });
    }
    if (items.length >= limit) break;
  }
  return items;
}

function keyed(problem: unknown): { readonly problem: unknown; readonly key: readonly number[] } {
  const severity = severityOf(problem);
  return { problem, key: [severity === null ? severities.length : severities.indexOf(severity), ...orderOf(problem)] };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Loads it and waits until something is reported of it, for a while; what is open in a tab was checked. */
async function checkFile(
  { facts, times }: ProblemsWanted,
  { uri }: ResolvedPath,
  signal: AbortSignal,
): Promise<'yes' | 'notYet'> {
  const hasAny = (): boolean => facts.reported().some(([one, problems]) => one === uri && problems.length > 0);
  const wasOpen = facts.isOpen(uri);
  if (wasOpen && hasAny()) return 'yes';
  let isReported = false;
  const listening = facts.onReported((uris) => {
    isReported ||= uris.includes(uri);
  });
  try {
    await inTime('the problems', times.answer, facts.load(uri), signal);
    // In an editor it was checked while it was open, unless it was opened or edited just now.
    const until = performance.now() + (wasOpen ? times.problems / 3 : times.problems);
    while (!isReported && !hasAny() && performance.now() < until) {
      await pauseFor(Math.min(times.pause, 100), signal);
    }
    if (isReported && !hasAny()) {
      // Services report by and by: syntax first, then types.
      await pauseFor(times.pause, signal);
    }
    return isReported || wasOpen || hasAny() ? 'yes' : 'notYet';
  } finally {
    listening.dispose();
  }
}
