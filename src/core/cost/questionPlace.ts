/** Where a question of a command is asked, and whether it may go at once, by what its input costs. Pure. */
import type { CommandQuestion } from '../record/record';

/** US dollars of a question's input in the open chat, and in a new one; null where the price is unknown. */
export interface QuestionUsd {
  readonly open: number | null;
  readonly fresh: number | null;
}

/** US dollars below which the open chat is asked whatever a new one costs, and how many times as much it may cost. */
const calmUsd = 0.05;
const times = 3;
/** US dollars of input that no command spends without a click. */
const clickUsd = 0.25;

/** The open chat while that costs little, or not much more than a new one; where nothing is known, the open one. */
export function questionPlace({ open, fresh }: QuestionUsd): 'current' | 'new' {
  if (open === null || fresh === null) return 'current';
  return open < calmUsd || open < fresh * times ? 'current' : 'new';
}

/** How many times what a click was told may be spent for it: an estimate is never the same twice. */
const drift = 1.1;

/** True where the user is to see the price before it is spent. `seenUsd`: what a click was told. */
export function needsClick(inputUsd: number | null, seenUsd = 0): boolean {
  return inputUsd !== null && inputUsd > Math.max(clickUsd, seenUsd * drift);
}

/** What a message has as a question of a command. What is stored may be of another version: only what is of use is taken. */
export function questionOf({ instead, commit }: Unknown<CommandQuestion>): CommandQuestion {
  const { conversation, usd } = fieldsOf<'conversation' | 'usd'>(instead);
  const { repository, before } = fieldsOf<'repository' | 'before'>(commit);
  const isPlace = typeof conversation === 'string' && typeof usd === 'number' && Number.isFinite(usd);
  const isBox = typeof repository === 'string' && typeof before === 'string';
  return { ...(isPlace && { instead: { conversation, usd } }), ...(isBox && { commit: { repository, before } }) };
}

type Unknown<T> = { readonly [K in keyof T]?: unknown };

function fieldsOf<K extends string>(value: unknown): { readonly [F in K]?: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [F in K]?: unknown }) : {};
}
