/**
 * The clairvoyant bound: what the input of a story costs at the least by the cache's prices (API-FACTS §6.2), if each
 * token could be cached by itself and the future were known. It is made from the story alone, not from any client's
 * requests.
 *
 * An atom is a text that requests must contain from some moment to some other: tools and instructions, each line of
 * each open file (both shared by all conversations), the words, images, answers, tool calls and results. It is priced
 * over the times of the requests that must contain it: the cheaper of 5-minute runs and of 1-hour runs. A line that an
 * edit leaves as it is goes on as the same atom; one that is gone need not be contained any more.
 *
 * What loses the messages cache by the API's rules (§6.3: another effort; an image, where the switch says so) ends
 * the runs of what stands in messages, but not of files, which may stand in `system`.
 */
import { instructions } from '../../../src/core/prompt/instructions';
import { findModel, modelsUnder } from '../../fakeClaude/models';
import { defaultSwitches } from '../../fakeClaude/switches';
import { TokenCounter, type TokenProfile, textTokens } from '../../fakeClaude/tokens';
import type { Block } from '../../fakeClaude/wire';
import type { Rule } from './bill';
import { model as modelId, type Story, selectionText, toolsOffered } from './story';

const minute = 60_000;

/** In prices of base input, for a token that is contained at these times (ms, ascending). */
export function priceOf(times: readonly number[]): number {
  const short = runsOf(times, 5 * minute).reduce((sum, n) => sum + Math.min(n, 1.25 + 0.1 * (n - 1)), 0);
  const long = runsOf(times, 60 * minute).reduce((sum, n) => sum + 2 + 0.1 * (n - 1), 0);
  return Math.min(short, long);
}

/**
 * The least that the rules allow, which is less: a mark for an hour behind what is read (and was written for 5 minutes)
 * lets all of it live an hour, and only what is new there is billed at 2 (§6.4). So after its first reading a token's
 * life of an hour is free. The cheapest way through the times, by what is alive after each.
 */
export function leastPriceOf(times: readonly number[]): number {
  let [none, short, long] = [1, 1.25, 2];
  for (const [index, time] of times.entries()) {
    const before = times[index - 1];
    if (before === undefined) continue;
    const gap = time - before;
    const best = Math.min(none, short, long);
    const read = 0.1 + Math.min(gap <= 5 * minute ? short : Infinity, gap <= 60 * minute ? long : Infinity);
    none = Math.min(best + 1, read);
    short = Math.min(best + 1.25, read);
    long = Math.min(best + 2, read);
  }
  return Math.min(none, short, long);
}

/** Lengths of the runs whose gaps are at most `gap` ms. */
function runsOf(times: readonly number[], gap: number): readonly number[] {
  const runs: number[] = [];
  for (const [index, time] of times.entries()) {
    const before = times[index - 1];
    if (before !== undefined && time - before <= gap) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(1);
  }
  return runs;
}

export type Kind = 'shared' | 'files' | 'words' | 'answers' | 'results' | 'images';

interface Atom {
  readonly kind: Kind;
  readonly tokens: number;
  readonly times: number[];
}

/** Tokens that requests must contain, and when. */
export class Atoms {
  readonly #atoms = new Map<string, Atom>();

  /** One token text under one key; the same key again is the same token at another time. */
  use(kind: Kind, key: string, at: number, tokens: () => number): void {
    const known = this.#atoms.get(key);
    if (known === undefined) this.#atoms.set(key, { kind, tokens: tokens(), times: [at] });
    else known.times.push(at);
  }

  /** In tokens of base input, in all and by kind. */
  price(priceOf: (times: readonly number[]) => number): Readonly<Record<Kind | 'all', number>> {
    const sums = { all: 0, shared: 0, files: 0, words: 0, answers: 0, results: 0, images: 0 };
    for (const { kind, tokens, times } of this.#atoms.values()) {
      const price = tokens * priceOf(times);
      sums[kind] += price;
      sums.all += price;
    }
    return sums;
  }
}

export interface BoundOptions extends Rule {
  /** Price of a token over the times at which it is contained. */
  readonly price?: typeof priceOf;
}

/** The bound of a story in tokens of base input, in all and by kind. */
export function boundOf(story: Story, options: BoundOptions): Readonly<Record<Kind | 'all', number>> {
  const counter = new TokenCounter(options.profile);
  const model = findModel(modelsUnder(defaultSwitches), modelId);
  if (model === undefined) throw new Error(`there is no model ${modelId}`);
  const tokensOf = (block: Block): number => counter.block(block, model);
  const lineTokens = exactly(options.profile);
  const toolTokens = (): number =>
    toolsOffered.reduce((sum, tool) => sum + counter.tool(tool as never, model), model.toolOverhead[0]);
  const frame = counter.frame({ role: 'user', content: '' });

  const atoms = new Atoms();
  /** Blocks of each conversation so far. */
  const said = new Map<number, { readonly kind: Kind; readonly key: string; readonly tokens: number }[]>();
  for (const [turnAt, turn] of story.turns.entries()) {
    const { conversation, effort } = turn;
    const messages = said.get(conversation) ?? [];
    said.set(conversation, messages);
    const add = (blocks: readonly Block[], kind: (block: Block) => Kind, name: string): void => {
      for (const [index, block] of blocks.entries()) {
        const tokens = tokensOf(block) + (index === 0 ? frame : 0);
        messages.push({ kind: kind(block), key: `${turnAt} ${name} ${index}`, tokens });
      }
    };
    add(turn.user, ({ type }) => (type === 'image' ? 'images' : 'words'), 'user');
    for (const [stepAt, step] of turn.steps.entries()) {
      const { at } = step;
      atoms.use('shared', 'tools', at, toolTokens);
      atoms.use('shared', 'instructions', at, () => tokensOf({ type: 'text', text: instructions }));
      // The last tokens of every prompt (positions.ts).
      atoms.use('shared', 'end', at, () => 3);
      for (const { path, lines } of step.files) {
        atoms.use('files', `path ${path}`, at, () => lineTokens(path) + 1);
        for (const { id, text } of lines) atoms.use('files', `line ${id}`, at, () => lineTokens(`${text}\n`));
      }
      const { selection } = turn;
      if (selection !== null) {
        const text = selectionText(selection);
        atoms.use('files', `selection ${text}`, at, () => tokensOf({ type: 'text', text }));
      }
      const images = messages.filter(({ kind }) => kind === 'images').length;
      const cache = `${effort} ${options.appendedImagesKeepCache ? '' : images}`;
      for (const { kind, key, tokens } of messages) atoms.use(kind, `${cache} ${key}`, at, () => tokens);
      add(step.answer, () => 'answers', `answer ${stepAt}`);
      add(step.results, () => 'results', `results ${stepAt}`);
    }
  }
  return atoms.price(options.price ?? priceOf);
}

/** Tokens of a text without rounding: a file's lines are counted together. */
function exactly(profile: TokenProfile): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const tokens = textTokens(`${text.replace(/\n$/, '')}\n`.repeat(100), profile, true) / 100;
    known.set(text, tokens);
    return tokens;
  };
}
