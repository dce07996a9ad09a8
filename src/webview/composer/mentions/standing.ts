/** What is mentioned in the text as it stands: what comes into it is put beside the message, what goes out of it leaves that, too. */
import type { Brought, KeptMention, Mention } from '../../../shared/mentions/mentions';
import { visible } from '../../../shared/visible';

type Known = Pick<Mention, 'kind' | 'id'>;

/** Tells the host of a mention, or that it is gone. */
interface Tell {
  /** Resolves to what it has brought; to null where it was refused, which has been said. */
  mention(of: Known): Promise<Brought | null>;
  unmention(of: Known & { readonly brought: Brought }): Promise<unknown>;
}

/** The mentions of one draft, by how they stand in its text. */
export class Standing {
  /** All that were taken: Undo brings one back. */
  readonly #known = new Map<string, Known>();
  readonly #brought = new Map<Known, Brought>();
  readonly #told = new Set<string>();
  #running = 0;
  /** False once one was refused since it was last asked. */
  #work: Promise<boolean> = Promise.resolve(true);

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly tell: Tell,
    /** What is kept of them is other than it was. */
    private readonly changed: () => void,
  ) {}

  /** What the view keeps of them. */
  get kept(): readonly KeptMention[] {
    return [...this.#known].map(([words, of]) => ({ words, kind: of.kind, id: of.id, brought: this.#broughtBy(of) }));
  }

  /** Those of a text that is shown again: the host has what stood of them. What was beside another is not touched. */
  restore(kept: readonly KeptMention[], stood: string): void {
    this.#known.clear();
    this.#brought.clear();
    this.#told.clear();
    for (const { words, kind, id, brought } of kept) {
      const known = { kind, id };
      this.#known.set(words, known);
      this.#brought.set(known, brought);
    }
    for (const words of this.#known.keys()) if (this.#stands(words, stood)) this.#told.add(words);
    this.look();
  }

  /** One is about to stand in the text: its words. */
  add(mention: Mention): string {
    const { kind, id } = mention;
    const [short, known] = [wordsOf(mention), this.#known.get(wordsOf(mention))];
    // Another one of that name.
    const isOther = known !== undefined && (known.kind !== kind || known.id !== id);
    const words = isOther ? `${kind === 'symbol' ? '@' : `${short}#`}${wordOf(id)}` : short;
    this.#known.set(words, mention);
    return words;
  }

  /** The text has changed. */
  look(): void {
    for (const [words, mention] of this.#known) {
      const isThere = this.#stands(words);
      if (isThere === this.#told.has(words)) continue;
      if (isThere) this.#told.add(words);
      else this.#told.delete(words);
      this.#say(isThere, mention, words);
    }
  }

  /** The longest that ends right before the caret; null for none. */
  before(caret: number): string | null {
    const text = this.text.value.slice(0, caret);
    const ending = [...this.#known.keys()].filter(
      (words) => text.endsWith(words) && beginsWord(text, caret - words.length),
    );
    return ending.toSorted((a, b) => b.length - a.length)[0] ?? null;
  }

  /** True while the host has not answered yet. */
  get isTelling(): boolean {
    return this.#running > 0;
  }

  /** Resolves when it has; to false where one was refused, which is then no more than words. */
  settled(): Promise<boolean> {
    const work = this.#work;
    this.#work = Promise.resolve(true);
    return work;
  }

  /** True where these words stand for themselves, and are not the beginning of others: "@a.ts" in "See @a.ts.", not in "@a.tsx". */
  #stands(words: string, text = this.text.value): boolean {
    const longer = [...this.#known.keys()].filter((one) => one !== words && one.startsWith(words));
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      const goesOn = nameGoesOn.test(text.slice(at + words.length, at + words.length + 3));
      if (!goesOn && beginsWord(text, at) && !longer.some((one) => text.startsWith(one, at))) return true;
    }
    return false;
  }

  #broughtBy(mention: Known): Brought {
    return this.#brought.get(mention) ?? [];
  }

  #say(isThere: boolean, mention: Known, words: string): void {
    this.#running += 1;
    const { kind, id } = mention;
    const told = isThere
      ? this.tell.mention({ kind, id })
      : this.tell.unmention({ kind, id, brought: this.#broughtBy(mention) }).then((): Brought => []);
    const done = told.then((brought) => {
      this.#running -= 1;
      if (this.#known.get(words) === mention) {
        if (brought === null) {
          this.#known.delete(words);
          this.#told.delete(words);
        } else this.#brought.set(mention, brought);
        this.changed();
      }
      return brought !== null;
    });
    this.#work = Promise.all([this.#work, done]).then((all) => all.every(Boolean));
  }
}

/** What names are made of. In other scripts one writes on without a blank: "@login를", "见@login的". */
const letters = String.raw`\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}\p{N}_`;
const nameEnds = new RegExp(`[${letters}.+%-]$`, 'u');
const nameGoesOn = new RegExp(String.raw`^[.#]?[${letters}]|^[/\\-]`, 'u');

/** True where no name, address of mail or identifier ends right before a place: there an `@` is no part of one. */
export function beginsWord(text: string, at: number): boolean {
  return at === 0 || !nameEnds.test(text.slice(at - 1, at));
}

/** How it stands in the text. */
function wordsOf({ kind, id, name }: Mention): string {
  const isPath = kind === 'file' || kind === 'folder';
  return `@${wordOf(isPath ? id : name)}${kind === 'folder' ? '/' : ''}`;
}

function wordOf(name: string): string {
  return visible(name).replaceAll(/\s/g, ' ');
}
