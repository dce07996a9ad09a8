/** What the templates get: the state, what is being looked at, and what can be done. */

import type { BlockEdit } from '../../shared/approval';
import type { AnswerItem, TextPart, ThinkingPart, ToolPart } from '../../shared/chat';
import type { ProposedChange } from '../../shared/edits';
import type { NextStep } from '../../shared/failure';
import type { Intent, TypeAt } from '../../shared/intents';
import type { Images } from '../dom/images';
import type { InlineEditor } from '../dom/inlineEditor';
import { MarkdownStream } from '../markdown/stream';
import type { HereFields } from './asks';
import type { Outputs } from './outputs';
import type { ViewState } from './store';
import type { Waiting } from './waiting';

/** What can be done from the templates. */
export interface Actions {
  /** Asks the host for something; what is not done is said. */
  ask(intent: Intent): void;
  /** The same about the conversation that is shown; nothing while there is none. True when it was done. */
  here<K extends TypeAt<'chat'>>(type: K, ...fields: HereFields<K>): Promise<boolean>;
  send(): void;
  /** What a notice's button says. */
  step(step: Exclude<NextStep, 'copyAnswer'>): void;
  usePrompt(text: string): void;
  /** Shows another branch of an item (`itemKey`); what was clicked for it stays where it is. */
  walk(item: string, to: string, button: HTMLElement): void;
  /** Has a screen reader say it; not again under the same name. */
  announceOnce(name: string, text: string): void;
  /** Brings what is in the transcript into sight. */
  reveal(element: Element): void;
  /** Wraps the lines of code, or no longer; what was clicked for it stays where it is. */
  wrapCode(button: Element): void;
  showEarlier(): void;
  jumpToLatest(): void;
  /** Opens the list of conversations, or closes it. */
  showConversations(): void;
  /** Brings the conversations of a moved folder here, and shows them. */
  adopt(key: string): void;
}

/** All that a template may show. */
export interface View extends ViewState {
  readonly actions: Actions;
  readonly folds: Folds;
  readonly streams: Streams;
  readonly editor: InlineEditor;
  readonly images: Images;
  readonly outputs: Outputs;
  readonly waiting: Waiting;
  readonly edits: EditViews;
  /** ms since the epoch; moves once a second while a turn runs. */
  readonly now: number;
}

/** A call that would change a file, on a card. */
export interface EditCall {
  readonly part: ToolPart;
  readonly change: ProposedChange;
  /** It asks whatever was allowed: its card has no other, and one answer for now only. */
  readonly alone: boolean;
}

/** What a card of changes has in common with all other cards. */
export interface EditCardShell {
  /** The card goes: the focus goes on. */
  leave(event: Event): void;
  /** Opens or closes the line for a reason. */
  toggle(event: Event, fold: string): void;
  /** The line for a reason. */
  denial(fold: string, button: string, deny: (reason: string) => void): unknown;
}

/** What draws changes of files. */
export interface EditParts {
  card(view: View, answer: string, calls: readonly EditCall[], shell: EditCardShell): unknown;
  /** Code blocks that are to be applied to files. `leave`: the focus goes on, the card goes. */
  blocks(view: View, blocks: readonly BlockEdit[], leave: (event: Event) => void): unknown;
  /** Why the answer to a card was not taken. */
  refusal(): unknown;
  /** What a turn has changed. */
  end(view: View, answer: AnswerItem): unknown;
}

/** What draws changes of files, where it is loaded. */
export interface EditViews {
  /** null until it is loaded: asking for it loads it. */
  readonly parts: EditParts | null;
  readonly failed: boolean;
  readonly version: number;
}

/** Which folds are open. By default all are closed. */
export class Folds {
  readonly #open = new Set<string>();
  /** Grows with every change, so that templates can depend on it. */
  version = 0;

  constructor(private readonly changed: () => void) {}

  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  toggle(key: string): void {
    if (!this.#open.delete(key)) this.#open.add(key);
    this.version += 1;
    this.changed();
  }

  get open(): readonly string[] {
    return [...this.#open];
  }

  /** Opens these and closes all others. */
  set(keys: readonly string[]): void {
    this.#open.clear();
    for (const key of keys) this.#open.add(key);
    this.version += 1;
  }
}

/** The Markdown of each part, as far as it has been lexed. */
export class Streams {
  readonly #streams = new Map<string, MarkdownStream>();

  /** The stream of this part, brought up to its text. */
  of(answer: string, part: TextPart | ThinkingPart): MarkdownStream {
    const key = `${answer}/${part.key}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new MarkdownStream();
      this.#streams.set(key, stream);
    }
    stream.update(part.text, !part.open);
    return stream;
  }

  /** The texts may be others than before: the state did not come by deltas. */
  doubt(): void {
    for (const stream of this.#streams.values()) stream.doubt();
  }

  clear(): void {
    this.#streams.clear();
  }
}
