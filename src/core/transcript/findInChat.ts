/** Finds words in a whole conversation, as they are shown: the views have only its newest turns. */
import {
  type AnswerItem,
  type Item,
  type LocalizableMessage,
  type Part,
  type ToolPart,
  targetKey,
  type UserItem,
} from '../../shared/chat';
import { blockEnd, type FindQuery, type Found, type FoundPlace, patternOf, placeKey } from '../../shared/find';
import { itemKey } from '../../shared/tail';
import { changeOnCard, isQuiet, isWork, isWorthALine, resultTarget } from '../../shared/turn/work';
import { visible } from '../../shared/visible';
import { citationNumbers, citedRuns, joinedText } from '../../shared/web/cited';
import { TimeSlice } from '../base/timeSlice';
import { hasWords } from './sentText';
import { shownWords } from './shownWords';

/** Characters of one piece that are looked at. */
const mostCharacters = 1_000_000;

/** More matches are not counted. */
const mostMatches = 20_000;

/** What a message says in the language of the views. */
export type Said = (message: LocalizableMessage) => string;

/** The text of what went along with a message, by its place there; null where it is gone. */
export type Texts = (message: UserItem, index: number) => Promise<string | null>;

/** Searches whose answers rule out what a narrower one has to look through. */
const mostLooks = 4;

/** What was found in each item by one query. */
interface Look {
  readonly query: FindQuery;
  readonly excluded: string;
  readonly known: WeakMap<Item, readonly FoundPlace[]>;
}

interface Shown {
  readonly said: Said;
  /** What has this in place of what came of it. */
  readonly excluded: ReadonlySet<string>;
  readonly texts: Texts;
  /** Places of the item that a wider query has found: of its texts no other is opened. */
  readonly before?: readonly FoundPlace[] | undefined;
}

/**
 * Finds in one conversation, again and again: what has not changed since the same was looked for is not looked at again,
 * nor what did not have the letters before.
 */
export class ChatFinder {
  #looks: readonly Look[] = [];

  constructor(
    private readonly said: Said,
    private readonly texts: Texts = async () => null,
  ) {}

  /** `excluded`: the keys of what is not sent. Lets others go on in between; called off it gives what it has by then. */
  async find(
    items: readonly Item[],
    query: FindQuery,
    excluded: readonly string[] = [],
    signal?: AbortSignal,
  ): Promise<Found> {
    const pattern = patternOf(query);
    if (pattern === null) return { places: [], more: false };
    const [look, wider] = this.#begin(query, JSON.stringify(excluded));
    const slice = new TimeSlice();
    const places: FoundPlace[] = [];
    let total = 0;
    const shown: Shown = { said: this.said, excluded: new Set(excluded), texts: this.texts };
    for (const [item, hasSent] of withWhetherSent(items)) {
      let found = look.known.get(item);
      if (found === undefined) {
        const before = wider.map(({ known }) => known.get(item)).find((one) => one !== undefined);
        found = before?.length === 0 ? before : await placesIn(item, hasSent, pattern, { ...shown, before }, slice);
        if (signal?.aborted === true) return { places, more: true };
        look.known.set(item, found);
      }
      for (const place of found) {
        const count = Math.min(place.count, mostMatches - total);
        places.push(count === place.count ? place : { ...place, count });
        total += count;
        if (total >= mostMatches) return { places, more: true };
      }
    }
    // All that the others knew is known of it now.
    this.#looks = this.#looks.filter((one) => one === look || !wider.includes(one));
    return { places, more: false };
  }

  /** What is known of this query, and of wider ones, the last one first. */
  #begin(query: FindQuery, excluded: string): readonly [look: Look, wider: readonly Look[]] {
    const same = this.#looks.filter((one) => one.excluded === excluded);
    const isIt = ({ query: { text, matchCase, wholeWord } }: Look): boolean =>
      text === query.text && matchCase === query.matchCase && wholeWord === query.wholeWord;
    const look = same.find(isIt) ?? { query, excluded, known: new WeakMap() };
    const wider = same.filter((one) => one !== look && isNarrower(query, one.query));
    this.#looks = [look, ...wider].slice(0, mostLooks);
    return [look, wider];
  }
}

/** True where all that has one query has another, too. */
function isNarrower(query: FindQuery, than: FindQuery): boolean {
  if (than.wholeWord || (than.matchCase && !query.matchCase)) return false;
  // Half a character is found in none that is whole.
  return query.text.startsWith(than.text) && !/\p{Cs}$/u.test(than.text);
}

/** With whether an answer has what went along with its question, which is recorded before that. */
function* withWhetherSent(items: readonly Item[]): Generator<readonly [item: Item, hasSent: boolean]> {
  let before = false;
  let asked = false;
  for (const item of items) {
    yield [item, item.type === 'answer' && (before || asked)];
    if (item.type === 'context') before ||= isQuiet(item.lines);
    else {
      asked = item.type === 'user' && before;
      before = false;
    }
  }
}

async function placesIn(
  item: Item,
  hasSent: boolean,
  pattern: RegExp,
  shown: Shown,
  slice: TimeSlice,
): Promise<readonly FoundPlace[]> {
  const key = itemKey(item);
  const places: FoundPlace[] = [];
  for await (const [part, words] of allWords(item, hasSent, shown)) {
    const count = matchesIn(words, pattern);
    if (count > 0) places.push({ item: key, place: placeKey(key, part), count });
    if (slice.isOver) await slice.yieldToOthers();
  }
  return places;
}

function matchesIn(words: string, pattern: RegExp): number {
  let count = 0;
  pattern.lastIndex = 0;
  while (count < mostMatches && pattern.exec(words) !== null) count += 1;
  return count;
}

/** The words of each piece of an item, and of the texts that a message was sent with, which are opened for them. */
async function* allWords(
  item: Item,
  hasSent: boolean,
  shown: Shown,
): AsyncGenerator<readonly [part: string | null, words: string]> {
  yield* wordsOf(item, hasSent, shown);
  if (item.type !== 'user') return;
  const { before } = shown;
  for (const [index, one] of item.attachments.entries()) {
    const place = placeKey(itemKey(item), one.id);
    if (before !== undefined && !before.some((found) => found.place === place)) continue;
    const text = hasWords(one) ? await shown.texts(item, index) : null;
    if (text !== null) yield [one.id, visible(text.slice(0, mostCharacters))];
  }
}

/** The words of each piece of an item, as they are shown. */
function* wordsOf(
  item: Item,
  hasSent: boolean,
  shown: Shown,
): Generator<readonly [part: string | null, words: string]> {
  if (item.type === 'user' && item.auto === undefined)
    yield [null, visible(item.text.slice(0, mostCharacters), 'prose')];
  else if (item.type === 'compaction') yield [null, readWords(item.summary)];
  else if (item.type === 'answer') yield* answerWords(item, hasSent, shown);
}

/** What is cut off is not even read. */
function readWords(markdown: string): string {
  return shownWords(markdown.slice(0, mostCharacters));
}

function* answerWords(
  { parts, outcome }: AnswerItem,
  hasSent: boolean,
  shown: Shown,
): Generator<readonly [part: string, words: string]> {
  const hasWork = outcome === null || isWorthALine(parts.filter(isWork), hasSent);
  const numbers = citationNumbers(parts);
  for (const run of citedRuns(parts)) {
    if ('type' in run) {
      if (run.type === 'thinking' && !hasWork) continue;
      const words = partWords(run, shown);
      if (words !== null) yield [run.key, words];
    } else if (run[0] !== undefined) {
      yield [run[0].key, readWords(joinedText(run, numbers, () => ''))];
    }
  }
}

function partWords(part: Part, shown: Shown): string | null {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return readWords(part.text);
    case 'tool':
      return changeOnCard(part) === null ? toolWords(part, shown) : null;
    default:
      return null;
  }
}

function toolWords({ key, label, summary }: ToolPart, { said, excluded }: Shown): string {
  return summary === null || excluded.has(targetKey(resultTarget(key)))
    ? said(label)
    : `${said(label)}${blockEnd}${said(summary)}`;
}
