/** Finds words in a whole conversation, as they are shown: the views have only its newest turns. */
import {
  type AnswerItem,
  type Item,
  type LocalizableMessage,
  type Part,
  type ToolPart,
  targetKey,
} from '../../shared/chat';
import { blockEnd, type FindQuery, type Found, type FoundPlace, patternOf, placeKey } from '../../shared/find';
import { itemKey } from '../../shared/tail';
import { changeOnCard, isQuiet, isWork, isWorthALine, resultTarget } from '../../shared/turn/work';
import { visible } from '../../shared/visible';
import { citationNumbers, citedRuns, joinedText } from '../../shared/web/cited';
import { TimeSlice } from '../base/timeSlice';
import { isText } from './sentText';
import { shownWords } from './shownWords';

/** Characters of one piece that are looked at. */
const mostCharacters = 1_000_000;

/** More matches are not counted. */
const mostMatches = 20_000;

/** What a message says in the language of the views. */
export type Said = (message: LocalizableMessage) => string;

interface Shown {
  readonly said: Said;
  /** What has this in place of what came of it. */
  readonly excluded: ReadonlySet<string>;
  readonly texts: (id: string) => Promise<string | null>;
}

/** Finds in one conversation, again and again: what has not changed since the same was looked for is not looked at again. */
export class ChatFinder {
  #query = '';
  #known = new WeakMap<Item, readonly FoundPlace[]>();

  /** `texts` reads what was attached as text, by its id; null where it is gone. */
  constructor(
    private readonly said: Said,
    private readonly texts: (id: string) => Promise<string | null> = async () => null,
  ) {}

  /** `excluded`: the keys of what is not sent. Lets others go on in between. */
  async find(items: readonly Item[], query: FindQuery, excluded: readonly string[] = []): Promise<Found> {
    const pattern = patternOf(query);
    if (pattern === null) return { places: [], more: false };
    const key = JSON.stringify([query.text, query.matchCase, query.wholeWord, excluded]);
    if (key !== this.#query) this.#known = new WeakMap();
    this.#query = key;
    const known = this.#known;
    const slice = new TimeSlice();
    const places: FoundPlace[] = [];
    let total = 0;
    const shown: Shown = { said: this.said, excluded: new Set(excluded), texts: this.texts };
    for (const [item, hasSent] of withWhetherSent(items)) {
      const found = known.get(item) ?? (await placesIn(item, hasSent, pattern, shown, slice));
      known.set(item, found);
      for (const place of found) {
        const count = Math.min(place.count, mostMatches - total);
        places.push(count === place.count ? place : { ...place, count });
        total += count;
        if (total >= mostMatches) return { places, more: true };
      }
    }
    return { places, more: false };
  }
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
  for (const one of item.attachments) {
    const text = isText(one) ? await shown.texts(one.id) : null;
    if (text !== null) yield [one.id, visible(text.slice(0, mostCharacters))];
  }
}

/** The words of each piece of an item, as they are shown. */
function* wordsOf(
  item: Item,
  hasSent: boolean,
  shown: Shown,
): Generator<readonly [part: string | null, words: string]> {
  if (item.type === 'user' && item.auto === undefined) yield [null, visible(item.text.slice(0, mostCharacters))];
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
