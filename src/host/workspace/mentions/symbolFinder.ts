/** Symbols of the workspace for what is mentioned: the language services are asked, and no list waits for them. */
import type { Mention } from '../../../shared/mentions/mentions';
import type { HostWorkspace } from '../workspace';
import { candidateOf, marksOf, scoreOf, wantedOf } from './match';

/** A symbol as a language service names it. */
export interface NamedSymbol {
  readonly uri: string;
  /** From 1; null where the service told the file alone. */
  readonly line: number | null;
  readonly name: string;
}

/** Letters with which a service is asked: with fewer it would name everything. */
const fewest = 2;
/** Rows. */
const maxSymbols = 10;
/** The best that are looked at: some of them lie where nothing is read without asking. */
const maxLooked = 40;

/** What a symbol is known by: its file may change before it is read. */
function symbolId(name: string, path: string, line: number | null): string {
  return `${encodeURIComponent(name.toWellFormed())}/${path}#${line}`;
}

/** Asks for the symbols of one query at a time. */
export class SymbolFinder {
  /** `rows` null: not answered yet. */
  #asked: { readonly query: string; readonly rows: readonly Mention[] | null } = { query: '', rows: [] };

  constructor(
    private readonly ask: (query: string) => Promise<readonly NamedSymbol[]>,
    private readonly workspace: Pick<HostWorkspace, 'access'>,
  ) {}

  /** What is known of a query by now; null while the services are asked: ask again. */
  find(query: string): readonly Mention[] | null {
    if (query.length < fewest || /[\s/\\]/.test(query)) return [];
    // The one before is answered first, and what it has found is not for this one.
    if (this.#asked.query === query || this.#asked.rows === null) return this.#asked.rows;
    const answered = (rows: readonly Mention[]): void => {
      this.#asked = { query, rows };
    };
    this.#asked = { query, rows: null };
    this.#found(query).then(answered, () => answered([]));
    return null;
  }

  /** The next query is asked anew, though it be the same. */
  forget(): void {
    if (this.#asked.rows !== null) this.#asked = { query: '', rows: [] };
  }

  async #found(query: string): Promise<readonly Mention[]> {
    const wanted = wantedOf(query);
    const best = (await this.ask(query))
      .map((symbol) => {
        // Some services add what a function takes.
        const candidate = candidateOf(symbol.name.replace(/\(.*$/s, ''));
        return { ...symbol, candidate, score: scoreOf(candidate, wanted) };
      })
      .filter(({ score, line }) => score > 0 && line !== null)
      .sort((a, b) => b.score - a.score)
      .slice(0, maxLooked);
    const access = this.workspace.access();
    const rows = new Map<string, Mention>();
    for (const { uri, line, candidate } of best) {
      const file = await access.named(uri);
      // What is ignored, secret or elsewhere is not offered.
      if (file === null || file.hidden !== null) continue;
      const { path: name } = candidate;
      const marks = candidate.nameAt === 0 ? marksOf(candidate, wanted) : [];
      const id = symbolId(name, file.path, line);
      if (!rows.has(id))
        rows.set(id, { kind: 'symbol', id, name, detail: `${file.path}:${line}`, marks, recent: false });
      if (rows.size === maxSymbols) break;
    }
    return [...rows.values()];
  }
}
