/** Going from question to question: to the one before, to the next, or to one that was picked. */
import type { ChatState, Item } from '../../shared/chat';
import type { HostToView } from '../../shared/protocol';
import { itemKey } from '../../shared/tail';
import type { TailScroll } from '../dom/scroll';

/** Nearer to the top than this counts as being there. */
const near = 4;

type To = Extract<HostToView, { type: 'goToTurn' }>['to'];

interface TurnParts {
  readonly box: HTMLElement;
  readonly scroll: TailScroll;
  readonly chat: () => ChatState | null;
  /** Draws what is there from an item on. False where it is gone. */
  readonly bring: (key: string) => Promise<boolean>;
  /** Asks for turns above those that the view has. False when none came. */
  readonly earlier: (chat: ChatState) => Promise<boolean>;
  readonly draw: () => void;
  /** Behind the last question: its answer's end, and the text. */
  readonly latest: () => void;
}

/** Where the reader is among the questions. */
interface Place {
  /** The index of the question whose turn it is; -1 above the first. */
  readonly at: number;
  /** At the question itself, not behind it. */
  readonly isOnIt: boolean;
}

/** Moves by questions; what the reader is at is told by the focus, else by what is at the top. */
export class Turns {
  constructor(private readonly parts: TurnParts) {}

  async go(to: To): Promise<void> {
    const chat = this.parts.chat();
    if (chat === null) return;
    if (to !== 'previous' && to !== 'next') return await this.#show(to);
    const questions = chat.items.filter(isQuestion).map(itemKey);
    const { at, isOnIt } = this.#place(questions);
    const next = to === 'next' ? at + 1 : isOnIt ? at - 1 : at;
    if (next < 0 && (await this.parts.earlier(chat))) return await this.go(to);
    const question = questions[Math.max(0, next)];
    if (question === undefined) this.parts.latest();
    else await this.#show(question);
  }

  async #show(key: string): Promise<void> {
    if (!(await this.parts.bring(key))) return;
    this.parts.draw();
    const turn = this.#drawn.find((one) => keyOf(one) === key);
    if (turn === undefined) return;
    this.parts.scroll.reveal(turn, true);
    turn.focus({ preventScroll: true });
  }

  #place(questions: readonly string[]): Place {
    const focused = document.activeElement?.closest<HTMLElement>('.turn[data-turn], .turn[data-answer]') ?? null;
    const at = focused === null ? -1 : questions.indexOf(keyOf(focused));
    if (focused !== null && at >= 0) return { at, isOnIt: focused.matches('.user') };
    if (this.parts.scroll.attached) return { at: questions.length - 1, isOnIt: false };
    const drawn = this.#drawn;
    const edge = this.parts.box.getBoundingClientRect().top + near;
    const above = drawn.filter((one) => one.getBoundingClientRect().top <= edge);
    const last = above.at(-1);
    if (last === undefined) return { at: questions.indexOf(keyOf(drawn[0])) - 1, isOnIt: false };
    const isOnIt = last.getBoundingClientRect().top >= edge - 2 * near;
    return { at: questions.indexOf(keyOf(last)), isOnIt };
  }

  get #drawn(): readonly HTMLElement[] {
    return [...this.parts.box.querySelectorAll<HTMLElement>('.turn[data-turn]')];
  }
}

/** What a button said is no question. */
function isQuestion(item: Item): boolean {
  return item?.type === 'user' && item.auto === undefined;
}

/** The key of a turn's question. */
function keyOf(turn: HTMLElement | undefined): string {
  return `user/${turn?.dataset['turn'] ?? turn?.dataset['answer']}`;
}
