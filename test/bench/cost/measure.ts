/** One trace, played and priced in every way that is reported. */
import { centsOf } from '../../../src/shared/nextCost';
import { type ProfileName, profiles } from '../../fakeClaude/tokens';
import { billsOf, type Sent } from './bill';
import { boundOf, type Kind, leastPriceOf } from './bound';
import { type Dissection, dissect } from './dissect';
import { type Asked, type Played, play } from './player';
import { policies, requestsUnder } from './policies';
import { type Story, tell } from './story';
import type { Trace } from './trace';

/** Another policy on the same trace. */
export interface Compared {
  readonly policy: string;
  /** In tokens of base input. */
  readonly paid: number;
  /** Ours ÷ it in the conversation in which it does best against ours; null where there is only one. */
  readonly best: number | null;
}

export interface Measured {
  readonly trace: Trace;
  readonly requests: number;
  /** All money is the input side, in tokens of base input, by the profile `middle`. */
  readonly ours: number;
  readonly bound: Readonly<Record<Kind | 'all', number>>;
  /** By the least that billing allows (leastPriceOf). */
  readonly least: number;
  readonly compared: readonly Compared[];
  readonly dissection: Dissection;
  /** With the documented rule that an image more loses the messages cache, ours and the bound; null without images. */
  readonly losing: { readonly ours: number; readonly bound: number } | null;
  /** What ours costs where an hour's entry lives no longer than what it was written onto. */
  readonly leaning: number;
  /** Ours ÷ bound by the other profiles. */
  readonly otherRatios: readonly number[];
  /** The largest |asking price ÷ billed − 1|, from the third turn of a conversation on; null without such turns. */
  readonly estimateError: number | null;
  /** The same for every turn, after an exact count. */
  readonly countError: number | null;
  /** Every turn whose price was shown before, by estimate. */
  readonly asked: readonly Asked[];
}

const names = Object.keys(profiles) as readonly ProfileName[];

export async function measure(trace: Trace): Promise<Measured> {
  const rule = { profile: profiles.middle, appendedImagesKeepCache: true };
  const middle = await play(trace, { profile: 'middle', appendedImagesKeepCache: true });
  const story = await tell(trace, middle.conversations);
  const bound = boundOf(story, rule);
  const played = new Map<ProfileName, Played>([['middle', checked(story, middle)]]);
  for (const profile of names) {
    if (profile === 'middle') continue;
    played.set(profile, checked(story, await play(trace, { profile, appendedImagesKeepCache: true })));
  }
  const counted: Asked[] = [];
  for (const profile of names) {
    const options = { profile, appendedImagesKeepCache: true, countFirst: true };
    counted.push(...checked(story, await play(trace, options)).asked);
  }
  const asked = [...played.values()].flatMap((one) => one.asked);
  return {
    trace,
    requests: middle.requests.length,
    ours: middle.paid,
    bound,
    least: boundOf(story, { ...rule, price: leastPriceOf }).all,
    compared: compare(story, middle, rule),
    dissection: dissect(middle.requests, rule),
    losing: hasImages(trace) ? await losing(trace, story) : null,
    leaning: await leaning(trace),
    otherRatios: names.flatMap((profile) => {
      const one = played.get(profile);
      if (one === undefined || profile === 'middle') return [];
      return [one.paid / boundOf(story, { ...rule, profile: profiles[profile] }).all];
    }),
    estimateError: largestError(asked.filter(({ inConversation }) => inConversation >= 2)),
    countError: largestError(counted),
    asked,
  };
}

function hasImages({ events }: Trace): boolean {
  return events.some((event) => event.do === 'send' && (event.images ?? []).length > 0);
}

async function losing(trace: Trace, story: Story): Promise<Measured['losing']> {
  const played = await play(trace, { profile: 'middle', appendedImagesKeepCache: false });
  const bound = boundOf(story, { profile: profiles.middle, appendedImagesKeepCache: false });
  return { ours: played.paid, bound: bound.all };
}

/** What the same costs where an hour's entry lives no longer than the 5-minute ones that it was written onto. */
async function leaning(trace: Trace): Promise<number> {
  const played = await play(trace, { profile: 'middle', appendedImagesKeepCache: true, entriesLiveAlone: false });
  return played.paid;
}

function largestError(asked: readonly Asked[]): number | null {
  const errors = asked.map(({ shown, billedUsd }) => Math.abs((shown.askUsd ?? Number.NaN) / billedUsd - 1));
  return errors.length === 0 ? null : Math.max(...errors);
}

/** How many of these turns were billed less or more than what was shown before, in the whole cents that it is shown in. */
export function outsideRange(asked: readonly Pick<Asked, 'shown' | 'turnUsd'>[]): number {
  return asked.filter(({ shown, turnUsd }) => {
    if (shown.rangeUsd === null) return true;
    const { low, high } = centsOf(shown.rangeUsd);
    const billed = Math.round(turnUsd * 100);
    return billed < low || billed > high;
  }).length;
}

function compare(story: Story, ours: Played, rule: Parameters<typeof billsOf>[1]): readonly Compared[] {
  const conversations = story.turns.flatMap(({ conversation, steps }) => steps.map(() => conversation));
  const mine = perConversation(
    ours.requests.map(({ body, at }, index) => ({ at, body, conversation: conversations[index] ?? 0 })),
    rule,
  );
  return policies.map((policy) => {
    const theirs = perConversation(requestsUnder(policy, story), rule);
    const ratios = [...mine].map(([conversation, paid]) => paid / (theirs.get(conversation) ?? Number.NaN));
    return { policy: policy.name, paid: sum(theirs.values()), best: ratios.length < 2 ? null : Math.max(...ratios) };
  });
}

function perConversation(
  requests: readonly (Sent & { readonly conversation: number })[],
  rule: Parameters<typeof billsOf>[1],
): ReadonlyMap<number, number> {
  const paid = new Map<number, number>();
  for (const [index, bill] of billsOf(requests, rule).entries()) {
    const { conversation } = requests[index] ?? { conversation: 0 };
    paid.set(conversation, (paid.get(conversation) ?? 0) + bill);
  }
  return paid;
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** The bound holds for these requests only if they came when the story says. */
function checked(story: Story, played: Played): Played {
  const told = story.turns.flatMap(({ steps }) => steps.map(({ at }) => at));
  if (told.length === played.times.length && told.every((at, index) => at === played.times[index])) return played;
  throw new Error(`requests at ${played.times.join(', ')} ms were to come at ${told.join(', ')} ms`);
}
