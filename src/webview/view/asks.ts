/** What the view asks of the host: each intent is answered, and what was not done is said. */
import type { LocalizableMessage } from '../../shared/chat';
import type { Intent, IntentType, PostedIntent, TypeAt, ValueOf } from '../../shared/intents';
import type { Answer, Answered } from '../../shared/protocol';

/** What an intent about a conversation says besides naming it. */
export type HereFields<K extends TypeAt<'chat'>> = keyof Omit<Intent<K>, 'type' | 'conversation'> extends never
  ? readonly []
  : readonly [fields: Omit<Intent<K>, 'type' | 'conversation'>];

/** The number of the last one in this document: a view that was begun anew takes no answer for another's. */
let last = 0;

/** Posts intents under numbers, and matches the answers. */
export class Asks {
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  constructor(
    private readonly post: (question: PostedIntent) => void,
    /** Told what nobody else says. */
    private readonly failed: (reason: LocalizableMessage) => void,
    /** The conversation that is shown; null while there is none. */
    private readonly conversation: () => string | null,
  ) {}

  /** Resolves to what became of it; never rejects. Whoever calls it says what was not done. */
  ask<K extends IntentType>(intent: Intent<K>): Promise<Answer<ValueOf<K>>> {
    last += 1;
    const ask = last;
    return new Promise((resolve) => {
      // The value is the one that the table has for this type.
      this.#waiting.set(ask, resolve as (answer: Answer) => void);
      this.post({ ask, intent: intent as unknown as Intent });
    });
  }

  /** Asks, and has it said when it was not done. True when it was. */
  async tell(intent: Intent): Promise<boolean> {
    const answer = await this.ask(intent);
    if (!answer.ok) this.failed(answer.reason);
    return answer.ok;
  }

  /** The same about the conversation that is shown. Nothing, and true, while there is none. */
  async here<K extends TypeAt<'chat'>>(type: K, ...[fields]: HereFields<K>): Promise<boolean> {
    const conversation = this.conversation();
    // The fields are those of this very type.
    return conversation === null || this.tell({ type, conversation, ...fields } as unknown as Intent);
  }

  /** The value that such an intent is answered with; null where it was not done, which is said. */
  async valueHere<K extends TypeAt<'chat'>>(type: K, ...fields: HereFields<K>): Promise<ValueOf<K> | null> {
    const answer = await this.ofChat(type, ...fields);
    if (answer.ok) return answer.value;
    this.failed(answer.reason);
    return null;
  }

  /** The answer of an intent about the conversation that is shown. */
  ofChat<K extends TypeAt<'chat'>>(type: K, ...[fields]: HereFields<K>): Promise<Answer<ValueOf<K>>> {
    // The fields are those of this very type.
    return this.ask({ type, conversation: this.conversation() ?? '', ...fields } as unknown as Intent<K>);
  }

  /** How many are not answered yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  take({ ask, answer }: Answered): void {
    const resolve = this.#waiting.get(ask);
    this.#waiting.delete(ask);
    resolve?.(answer);
  }
}
