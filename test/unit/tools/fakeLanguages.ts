/** Language services in memory, for tests of what is above them. */
import type { LanguageAnswer, LanguageServices } from '../../../src/core/tools/language/languageServices';

const unused = (): Promise<never> => Promise.reject(new Error('not expected'));

/** Language services of which nothing is asked but what is given. */
export function languagesWith(given: Partial<LanguageServices>): LanguageServices {
  return {
    problems: unused,
    symbols: unused,
    definition: unused,
    references: unused,
    outline: unused,
    ...given,
  };
}

/** Language services of which nothing is asked. */
export const noLanguages = languagesWith({});

/** An answer with these items, of a service that is there. */
export function answerOf<Item>(items: readonly Item[], rest: Partial<LanguageAnswer<Item>> = {}): LanguageAnswer<Item> {
  return { items, total: items.length, files: 1, service: 'ready', language: 'typescript', ...rest };
}

/** The ports beside the workspace, of which nothing is asked. */
export const noPorts = { languages: noLanguages, changes: { changes: unused } };
