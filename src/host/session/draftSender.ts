/** The draft on its way out: sent as a message, put behind a running turn, or given back so that nothing is lost. */
import type { UserBlock } from '../../core/record/record';
import { type Slashed, slashed } from '../../shared/slashCommands';
import { busyElsewhere } from '../base/refused';
import type { Composer } from './composer';
import type { DraftBlock } from './draft/draft';
import type { DraftKeeper } from './draft/draftKeeper';
import type { Outbox } from './outbox';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Screen } from './turns/screen';
import type { Turns } from './turns/turns';
import type { Sent } from './turns/turnTypes';

interface DraftSenderParts {
  readonly conversation: string;
  readonly deps: Pick<ControllerDeps, 'log' | 'slash'>;
  readonly composer: Composer;
  readonly turns: Turns;
  readonly outbox: Outbox;
  readonly drafts: DraftKeeper;
  readonly screen: Screen;
  /** Replaces the conversation so far by a summary. */
  readonly compact: () => unknown;
  /** What is still being put beside the message; null for nothing. */
  readonly mentioned: () => Promise<void> | null;
}

/** Sends what the composer of one conversation holds. */
export class DraftSender {
  constructor(private readonly parts: DraftSenderParts) {}

  /** Sends words with what is attached, or lets them wait for the running turn's next step. */
  async send(text: string): Promise<void> {
    const { composer, turns, deps } = this.parts;
    const mentioned = this.parts.mentioned();
    if (mentioned !== null) await mentioned;
    if (composer.attachments.isTakingIn) await composer.attachments.settled();
    const words = text.toWellFormed();
    const { attachments } = composer;
    const spoken = words.trim() !== '';
    if (!spoken && attachments.current.length === 0) return;
    // The view cleared its text: what cannot be sent now goes back, so that nothing is lost.
    composer.words.hold(words);
    // It is short, and they go behind it.
    const { repairing } = turns;
    if (repairing !== null) await repairing;
    const command = deps.slash === undefined ? null : slashed(words.trim());
    if (command?.command === 'compact' && command.rest === '' && attachments.current.length === 0)
      return await this.compact(words);
    const asked = command === null ? null : await this.asked(command, words);
    const { isRunning, mayStart } = turns;
    const attached = isRunning || mayStart ? attachments.takeForSend() : null;
    if (attached === null) {
      composer.words.release(words);
      this.give(words);
      // What the model cannot take has been said.
      if (isRunning || mayStart) return;
      throw busyElsewhere();
    }
    const content = [...attached, ...(asked ?? (spoken ? [{ type: 'text' as const, text: words }] : []))];
    let stored: string | null = null;
    const left = (text: string): string => {
      return composer.encoded(
        text,
        attachments.all.filter((block) => !attached.includes(block)),
      );
    };
    const committed = async (): Promise<void> => {
      composer.words.release(words);
      // The draft went into the record with them, unless more was typed since.
      if (left(composer.words.toStore) !== stored) this.keepDraft();
      await attachments.sent(attached);
    };
    const refused = (): void => {
      attachments.returned(attached).catch((error: unknown) => deps.log.error('a draft could not be kept', error));
      composer.words.release(words);
      this.give(words);
    };
    const draft = (): string => {
      stored = left(composer.words.leaving(words));
      return stored;
    };
    const hooks = { stored: () => composer.storeDraft(), draft, committed, refused };
    if (isRunning) return this.queue(content, hooks);
    return turns.send({ content, ...hooks });
  }

  /** Words that ask for the conversation to be compacted are no message. */
  private async compact(words: string): Promise<void> {
    this.parts.composer.words.release(words);
    try {
      await this.parts.compact();
    } catch (error) {
      this.give(words);
      throw error;
    }
    this.keepDraft();
  }

  /** What a command asks that the words begin with; they come back where that is nothing. */
  private async asked(command: Slashed, words: string): Promise<readonly UserBlock[] | null> {
    const { composer, deps } = this.parts;
    try {
      return (await deps.slash?.(command)) ?? null;
    } catch (error) {
      composer.words.release(words);
      this.give(words);
      throw error;
    }
  }

  /** The words wait until the running turn's next step; once that is stored they are no draft any more. */
  private async queue(
    content: readonly UserBlock[],
    hooks: Required<Pick<Sent, 'stored' | 'draft' | 'committed' | 'refused'>>,
  ): Promise<void> {
    try {
      await hooks.stored();
      await this.parts.outbox.add(content, hooks.draft);
    } catch (error) {
      hooks.refused();
      throw error;
    }
    await hooks.committed();
  }

  /** What the draft is, in the store's form, when these come back out of the record; `cameBack` follows. */
  comingBack(text: string, attached: readonly DraftBlock[]): string {
    const { composer } = this.parts;
    return composer.encoded(composer.words.comingBack(text), composer.attachments.allWith(attached));
  }

  /** They have come back, and are shown, or they have not. */
  cameBack(isDone: boolean, text: string, attached: readonly DraftBlock[]): void {
    this.parts.composer.words.cameBack();
    if (isDone) this.give(text, attached);
  }

  /** Into the composer, behind what is typed there; and into the store, for the view may be gone. */
  give(text: string, attached: readonly DraftBlock[] = []): void {
    const { conversation, composer, screen, deps } = this.parts;
    composer.attachments
      .add(attached)
      .catch((error: unknown) => deps.log.error('attachments that were given back could not be stored', error));
    if (text === '') {
      if (attached.length > 0) this.keepDraft();
      return;
    }
    screen.post({ type: 'setDraft', conversation, text });
    composer.putBehind(text);
    this.keepDraft();
  }

  /** Where the store refuses, it is asked again by itself. */
  keepDraft(): void {
    const { drafts, deps } = this.parts;
    drafts.keep().catch((error: unknown) => deps.log.warn(`the draft is not stored yet: ${String(error)}`));
  }
}
