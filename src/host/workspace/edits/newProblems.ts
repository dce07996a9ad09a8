/** Problems of a file that were not there before a change of it: the change is told of what it broke. */
import { reveal } from '../../../core/tools/words/text';
import { problemOf, type RawProblem, severityOf } from '../language/answers';
import type { LanguageFacts } from '../language/facts';
import { pauseFor } from '../language/waiting';

/** ms in all, of which so much before the change for a file that no service has looked at yet. */
export interface ProblemTimes {
  readonly before: number;
  readonly after: number;
  /** For a file that was checked before: a service tells a change of what it reports only. */
  readonly quiet: number;
  /** Services report by and by: syntax first, then types. */
  readonly settle: number;
}

/** Those of the product: 3 s at most. */
export const problemTimes: ProblemTimes = { before: 800, after: 2_200, quiet: 1_500, settle: 300 };

/** Problems that are told, and characters of one. */
const maxTold = 10;
const maxMessage = 300;
const pause = 50;

/** Looks at one file around one change. */
export interface Watched {
  /** What is new, one a line; null where no service answered in time. */
  after(signal: AbortSignal): Promise<readonly string[] | null>;
  dispose(): void;
}

/** Looks at files before they are changed. */
export interface ProblemWatch {
  before(uri: string, signal: AbortSignal): Promise<Watched>;
  /** Of a file that was just made: all of its problems are new. */
  ofNew(uri: string, signal: AbortSignal): Promise<Watched>;
}

/** Languages of which no service has ever said anything here are not waited for a second time. */
export function createProblemWatch(facts: LanguageFacts, times: ProblemTimes = problemTimes): ProblemWatch {
  const silent = new Set<string>();
  const reportedOf = (uri: string): readonly unknown[] => facts.reported().find(([one]) => one === uri)?.[1] ?? [];

  const watch = async (uri: string, isNew: boolean, signal: AbortSignal): Promise<Watched> => {
    let reports = 0;
    const listening = facts.onReported((uris) => {
      if (uris.includes(uri)) reports += 1;
    });
    try {
      const isChecked = (): boolean => reports > 0 || reportedOf(uri).length > 0;
      const until = async (ms: number, isDone: () => boolean): Promise<void> => {
        for (const end = performance.now() + ms; !isDone() && performance.now() < end; ) await pauseFor(pause, signal);
      };
      // A file that is shown has been looked at.
      let wasChecked = !isNew && (facts.isOpen(uri) || isChecked());
      let language: string | null = null;
      try {
        language = await facts.load(uri);
      } catch {
        // What cannot be loaded is checked by nobody.
      }
      const isSilent = (): boolean => language === null || language === 'plaintext' || silent.has(language);
      if (!wasChecked && !isNew && !isSilent()) {
        await until(times.before, isChecked);
        wasChecked = isChecked();
      }
      const known = isNew ? [] : keysOf(reportedOf(uri));
      const seen = isNew ? 0 : reports;
      return {
        dispose: () => listening.dispose(),
        after: async (signalNow) => {
          if (isSilent() && reports === seen) return null;
          const end = performance.now() + (wasChecked ? times.quiet : times.after);
          while (reports === seen && performance.now() < end) await pauseFor(pause, signalNow);
          if (reports === seen && !wasChecked) {
            if (language !== null && reportedOf(uri).length === 0) silent.add(language);
            return null;
          }
          if (language !== null && reports > seen) silent.delete(language);
          // A service that is still at it reports again.
          for (let last = -1; last !== reports; await pauseFor(times.settle, signalNow)) last = reports;
          return newOnes(reportedOf(uri), known);
        },
      };
    } catch (error) {
      listening.dispose();
      throw error;
    }
  };

  return { before: (uri, signal) => watch(uri, false, signal), ofNew: (uri, signal) => watch(uri, true, signal) };
}

/** What a problem is, wherever it stands: lines move. */
function keyOf({ severity, message, source, code }: RawProblem): string {
  return JSON.stringify([severity, message, source, code]);
}

function keysOf(problems: readonly unknown[]): readonly string[] {
  return problems.flatMap((one) => {
    const problem = problemOf(one);
    return problem === null ? [] : [keyOf(problem)];
  });
}

function newOnes(problems: readonly unknown[], known: readonly string[]): readonly string[] {
  const left = [...known];
  const found: RawProblem[] = [];
  for (const one of problems) {
    const severity = severityOf(one);
    if (severity !== 'error' && severity !== 'warning') continue;
    const problem = problemOf(one);
    if (problem === null) continue;
    const at = left.indexOf(keyOf(problem));
    if (at >= 0) left.splice(at, 1);
    else found.push(problem);
  }
  found.sort((a, b) => rank(a) - rank(b) || a.line - b.line);
  const told = found.slice(0, maxTold).map(wordsFor);
  return found.length > maxTold ? [...told, `${found.length - maxTold} more: get_diagnostics lists them`] : told;
}

function rank({ severity }: RawProblem): number {
  return severity === 'error' ? 0 : 1;
}

function wordsFor({ severity, line, message, source, code }: RawProblem): string {
  const from = [source, code].filter((one) => one !== '').join(' ');
  const said = message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message;
  return reveal(`line ${line}: ${severity}: ${said.replaceAll(/\s+/g, ' ')}${from === '' ? '' : ` (${from})`}`).text;
}
