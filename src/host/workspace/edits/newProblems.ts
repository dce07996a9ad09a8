/** Problems of a file that were not there before a change of it: the change is told of what it broke. */
import { problemOf, type RawProblem, severityOf } from '../language/answers';
import type { LanguageFacts } from '../language/facts';
import { pauseFor } from '../language/waiting';

/** ms. */
export interface ProblemTimes {
  /** Before the change, for a file that no service has looked at yet. */
  readonly before: number;
  /** After it, for the first report. */
  readonly after: number;
  /** The same for a file that was checked before: a service tells a change of what it reports only. */
  readonly quiet: number;
  /** Both where no service has told anything of the language yet, and it was waited for. */
  readonly silent: number;
  /** Services report by and by: syntax first, then types. */
  readonly settle: number;
}

/** Those of the product: 3 s at most. */
export const problemTimes: ProblemTimes = { before: 700, after: 1_900, quiet: 1_500, silent: 300, settle: 200 };

/** Times in a row that a service is given to say more. */
const maxSettles = 2;
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

/** Where no service has ever told anything of a language, it is waited for once. */
export function createProblemWatch(facts: LanguageFacts, times: ProblemTimes = problemTimes): ProblemWatch {
  const heard = new Set<string>();
  const silent = new Set<string>();

  const watch = async (uri: string, isNew: boolean, signal: AbortSignal): Promise<Watched> => {
    let reports = 0;
    const listening = facts.onReported((uris) => {
      if (uris.includes(uri)) reports += 1;
    });
    const reported = (): readonly unknown[] => facts.reported().find(([one]) => one === uri)?.[1] ?? [];
    const isChecked = (): boolean => reports > 0 || reported().length > 0;
    const until = async (ms: number, isDone: () => boolean, waiting: AbortSignal): Promise<void> => {
      for (const end = performance.now() + ms; !isDone() && performance.now() < end; ) await pauseFor(pause, waiting);
    };
    try {
      const wasShown = facts.isOpen(uri);
      const language = await facts.load(uri).catch(() => 'plaintext');
      const wait = (ms: number): number => (language === 'plaintext' ? 0 : silent.has(language) ? times.silent : ms);
      if (!wasShown && !isNew) await until(wait(times.before), isChecked, signal);
      const wasChecked = !isNew && (wasShown || isChecked());
      const known = isNew ? [] : keysOf(reported());
      const seen = isNew ? 0 : reports;
      return {
        dispose: () => listening.dispose(),
        after: async (waiting) => {
          await until(wait(wasChecked ? times.quiet : times.after), () => reports > seen, waiting);
          if (isChecked()) {
            heard.add(language);
            silent.delete(language);
          } else if (!heard.has(language)) silent.add(language);
          if (reports === seen) return wasChecked && heard.has(language) ? newOnes(reported(), known) : null;
          for (let last = -1, left = maxSettles; last !== reports && left > 0; left -= 1) {
            last = reports;
            await pauseFor(times.settle, waiting);
          }
          return newOnes(reported(), known);
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
  return `line ${line}: ${severity}: ${said.replaceAll(/\s+/g, ' ')}${from === '' ? '' : ` (${from})`}`;
}
