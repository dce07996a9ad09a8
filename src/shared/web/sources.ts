/** Pages that the API looked at for an answer, and what an answer takes from them. JSON-safe; nothing is fetched from them. */

/** A page that a search or a fetch found. */
export interface Source {
  /** An http or https address; null where what was said is none. */
  readonly url: string | null;
  readonly title: string;
  /** When it was written, in the words of the API ("October 7, 2025", "3 weeks ago"); null when unknown. */
  readonly age: string | null;
}

/** What a text is taken from. */
export interface Citation {
  /** As of a source; null where it points at nothing that could be opened. */
  readonly url: string | null;
  readonly title: string;
  /** The words that are cited; '' where they were not said. */
  readonly text: string;
}

/** One string for each thing that is cited. */
export function citedThing({ url, title }: Citation): string {
  return url ?? `\n${title}`;
}

/** Where an address leads, short enough to be read: its host, without "www.". */
export function hostOf(url: string): string {
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? url;
  return host.replace(/^www\./i, '');
}
