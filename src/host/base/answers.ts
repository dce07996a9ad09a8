/**
 * Answers what views ask for: each intent exactly once, with what it has led to or with the reason why not. What a
 * handler throws ends here, and so does every message that is none.
 */
import { messageOf, StoreError } from '../../core/base/errors';
import type { Log } from '../../core/base/ports';
import type { LocalizableMessage } from '../../shared/chat';
import { type Intent, intentName, readPosted } from '../../shared/intents';
import type { Answer, Answered } from '../../shared/protocol';
import { notDone } from './notDone';
import { refusals } from './plainStrings';
import { redact } from './redact';
import { Refused } from './refused';

/** Resolves to the answer of one intent; never rejects. */
export async function settle(name: string, work: () => unknown, log: Log): Promise<Answer> {
  try {
    return { ok: true, value: (await work()) ?? null };
  } catch (error) {
    if (error instanceof Refused) log.info(`${name} was not done: ${redact(error.message)}`);
    else log.error(`${name} failed`, error);
    return { ok: false, reason: reasonOf(error) };
  }
}

/** The value of an answer. Throws the reason of one that was not done. */
export function unwrap(answer: Answer): unknown {
  if (!answer.ok) throw new Refused(answer.reason);
  return answer.value;
}

/** Resolves to what is posted back for a message of a view; null when the message has no number. Never rejects. */
export async function answerTo(
  message: unknown,
  work: (intent: Intent) => unknown,
  log: Log,
): Promise<Answered | null> {
  const { ask, intent } = readPosted(message);
  const name = intentName(message);
  if (intent === null) log.warn(`A message of the panel was ignored: ${name}.`);
  let answer: Answer = { ok: false, reason: refusals.unknownIntent() };
  if (intent !== null) {
    answer = await settle(name, () => work(intent), log);
    if (!answer.ok) answer = { ok: false, reason: notDone(intent, answer.reason) };
  }
  return ask === null ? null : { type: 'answer', ask, answer };
}

function reasonOf(error: unknown): LocalizableMessage {
  if (error instanceof Refused) return error.reason;
  if (error instanceof StoreError) return redacted(error.said);
  return { text: redact(messageOf(error)) };
}

/** Values come from anywhere: a path, what the system said. */
function redacted({ text, args }: LocalizableMessage): LocalizableMessage {
  const shown = (value: string | number | LocalizableMessage): string | number | LocalizableMessage => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? redact(value) : redacted(value);
  };
  return args === undefined ? { text: redact(text) } : { text: redact(text), args: args.map(shown) };
}
