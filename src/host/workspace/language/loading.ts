/** A document that is loaded for a question, and whether its service has read the project by now. */
import { ToolError } from '../../../core/tools/workspace';
import type { LanguageFacts } from './facts';
import { inTime, type LanguageTimes, pauseFor } from './waiting';

interface Loading {
  readonly facts: LanguageFacts;
  readonly times: LanguageTimes;
  /** Languages whose services have read the project: told here. */
  readonly checked: Set<string>;
  readonly uri: string;
}

/** A document that is loaded. */
interface LoadedDocument {
  readonly language: string;
  /**
   * Waits, for a while and once for each language, until its service has read the project: one that still loads it
   * answers out of one file alone, and without a sign of it.
   */
  hasReadProject(line: number, column: number): Promise<void>;
}

/** Loads a document, unseen, for as long as the work takes. */
export async function withDocument<T>(
  { facts, times, checked, uri }: Loading,
  signal: AbortSignal,
  work: (document: LoadedDocument) => Promise<T>,
): Promise<T> {
  let isReported = false;
  const wasOpen = facts.isOpen(uri);
  const listening = facts.onReported((uris) => {
    isReported ||= uris.includes(uri);
  });
  try {
    const language = await inTime('this file', times.answer, facts.load(uri), signal);
    const hasReadProject = async (line: number, column: number): Promise<void> => {
      if (checked.has(language)) return;
      const asked = performance.now();
      // TypeScript's service answers this out of the whole project alone, however long that takes it to load.
      const calls = await inTime(
        'the calls',
        times.silent,
        facts.ask({ ask: 'calls', uri, line, column }),
        signal,
      ).catch((error: unknown) => {
        if (error instanceof ToolError) return null;
        throw error;
      });
      const isKnown = (Array.isArray(calls) && calls.length > 0) || performance.now() - asked > times.pause;
      // Of others only a report on the file tells: of a file in a tab it has been there for long, most likely.
      const until = performance.now() + (isKnown ? 0 : wasOpen ? times.starting / 4 : times.starting);
      while (!isReported && performance.now() < until) await pauseFor(times.pause, signal);
      checked.add(language);
    };
    return await work({ language, hasReadProject });
  } finally {
    listening.dispose();
  }
}
