/** From URIs and lines that a language service named to what the model may see of them. */
import { homedir } from 'node:os';
import type { CodePlace } from '../../../core/tools/language/languageServices';
import { isSecretPath } from '../../../core/tools/secrets/secretFiles';
import { DiskSilent } from '../files/door';
import { holdsKey } from '../files/judge';
import type { FileAccess } from '../workspace';
import type { RawPlace } from './answers';
import type { LanguageFacts } from './facts';

/** Bytes of a file whose lines are shown. */
const maxBytes = 8 * 1024 * 1024;

/** Folders of what others have written and everybody may read: their lines are shown though they are ignored. */
const libraries =
  /[/\\](?:node_modules|bower_components|site-packages|dist-packages|\.venv|venv|vendor|\.cargo[/\\]registry|pkg[/\\]mod|\.m2|\.nuget|\.pub-cache|typeshed)[/\\]/i;

interface Named {
  readonly path: string;
  readonly outside: boolean;
  /** `workspace`: as the workspace's files are read. `library`: its line alone, where nothing in the file is secret. */
  readonly shown: 'workspace' | 'library' | 'no';
}

/** One look at the files that an answer names: each is named and read once. */
export class SourceLines {
  readonly #names = new Map<string, Promise<Named>>();
  readonly #texts = new Map<string, Promise<readonly string[] | null>>();

  constructor(
    readonly access: FileAccess,
    readonly facts: LanguageFacts,
    readonly home: string = homedir(),
  ) {}

  /** How a file is named. */
  async name(uri: string): Promise<Named> {
    let named = this.#names.get(uri);
    if (named === undefined) {
      named = this.#name(uri);
      this.#names.set(uri, named);
    }
    return await named;
  }

  /** A place with its name and its line. */
  async place({ uri, line }: RawPlace): Promise<CodePlace> {
    const { path, outside } = await this.name(uri);
    const text = line === null ? null : ((await this.#lines(uri))?.[line - 1] ?? null);
    return { path, outside, line, text };
  }

  async #name(uri: string): Promise<Named> {
    const named = await this.access.named(uri);
    if (named !== null) {
      if (named.hidden === null) return { path: named.path, outside: false, shown: 'workspace' };
      const shown = named.hidden === 'ignored' && libraries.test(`/${named.path}`) ? 'library' : 'no';
      return { path: named.path, outside: false, shown };
    }
    const place = this.facts.placeOf(uri);
    const path = place.startsWith(`${this.home}/`) ? `~${place.slice(this.home.length)}` : place;
    return { path, outside: true, shown: isSecretPath(place) ? 'no' : 'library' };
  }

  async #lines(uri: string): Promise<readonly string[] | null> {
    let lines = this.#texts.get(uri);
    if (lines === undefined) {
      lines = this.#text(uri).then((text) => text?.split(/\r\n|\r|\n/) ?? null);
      this.#texts.set(uri, lines);
    }
    return await lines;
  }

  async #text(uri: string): Promise<string | null> {
    const { shown } = await this.name(uri);
    if (shown === 'no') return null;
    try {
      if (shown === 'workspace') return (await this.access.readText(uri, maxBytes))?.text ?? null;
      const text = await this.facts.textOf(uri, maxBytes);
      return text === null || (await holdsKey(text)) ? null : text;
    } catch (error) {
      // A line that cannot be read hides no place.
      if (error instanceof DiskSilent || !(error instanceof Error) || error.name !== 'AbortError') return null;
      throw error;
    }
  }
}
