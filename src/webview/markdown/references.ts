/** The links that an answer defines, and the blocks that may refer to them. */
import type { Tokens } from 'marked';
import { type LinkTable, possibleLabels } from './lex';

/** Link definitions of a streamed text, and which settled blocks each may change. */
export class References {
  readonly links: LinkTable = Object.create(null);
  /** Another one after each definition. */
  version = 0;
  /** Label → numbers of the settled blocks that may refer to it. */
  readonly #blocks = new Map<string, Set<number>>();

  /** Notes what a settled block may refer to. */
  note(block: number, source: string): void {
    for (const label of possibleLabels(source)) {
      const numbers = this.#blocks.get(label);
      if (numbers === undefined) this.#blocks.set(label, new Set([block]));
      else numbers.add(block);
    }
  }

  /** Takes a definition; the blocks before it that may refer to it. The first one of a label counts. */
  define({ tag, href, title }: Tokens.Def): readonly number[] {
    if (Object.hasOwn(this.links, tag)) return [];
    this.links[tag] = { href, title };
    this.version += 1;
    return [...(this.#blocks.get(tag) ?? [])];
  }
}
