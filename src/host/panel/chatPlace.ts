/** A place where one conversation is shown at a time, and another may be: the side bar, or one editor tab. */
import { Listeners } from '../../core/base/listeners';
import type { Log } from '../../core/base/ports';
import { Once } from '../base/once';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import type { Chats } from '../session/chats';
import type { ChatController } from '../session/controller';
import type { Snapshot } from '../session/newest';
import { UnopenedError } from './unopened';
import type { ChatSession, ChatSessions } from './viewLink';

interface ChatPlaceParts {
  readonly chats: Chats;
  /** The conversation to begin with; null for a new one. */
  readonly first: () => Promise<string | null>;
  /** Called when another conversation, which is stored, is shown here. */
  readonly remember: (conversation: string) => Promise<void>;
  readonly log: Log;
}

/** How long one that a view has left is kept for what the view still says, ms. */
const lateMs = 5000;

/** Shows one conversation, and keeps it in memory meanwhile. Of several that are asked for, the last is shown. */
export class ChatPlace implements ChatSessions {
  protected readonly parts: ChatPlaceParts;
  private readonly changed = new Listeners();
  readonly onDidChangeCurrent = this.changed.add;
  private readonly early = new Listeners<[Snapshot]>();
  readonly onDidReadNewest = this.early.add;
  private readonly unsubscribe: () => void;
  /** null before the first one, and while the one that is wanted cannot be opened. */
  private shown: ChatController | null = null;
  private release: (() => void) | null = null;
  /** What is to be shown; null: `first` says it. */
  private wanted: { readonly conversation: string | null } | null = null;
  /** Why it could not be opened: told once, then it is tried again. */
  private failure: UnopenedError | null = null;
  private readonly beginning = new Once(() => this.begin());
  /** Counts what was asked for: the last one is shown. */
  private requests = 0;

  constructor(parts: ChatPlaceParts) {
    this.parts = parts;
    this.unsubscribe = parts.chats.onDidStore((id) => {
      if (this.shown?.conversation === id) this.remember(id);
    });
  }

  /**
   * The conversation that is shown here: the one that was last, else a new one. Rejects with an UnopenedError when it
   * cannot be opened; the next call tries again.
   */
  async current(): Promise<ChatController> {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    return this.shown ?? this.beginning.get();
  }

  /** The id of the one that is shown, or is in its place and cannot be opened; null when it is not known. */
  get currentId(): string | null {
    return this.shown?.conversation ?? this.wanted?.conversation ?? null;
  }

  /** The title of the one that is shown; '' for none. */
  get currentTitle(): string {
    return this.shown?.title ?? '';
  }

  /** Shows a new conversation. What was shown stays as it is, and goes on if it runs; a blank one is taken (L6). */
  async startNew(): Promise<ChatController> {
    this.requests += 1;
    if (this.shown?.isBlank === true) return this.shown;
    const { requests } = this;
    if (this.shown === null && this.wanted === null) {
      // Before the first one: a blank one may be it. One that cannot be opened stands in no way.
      const first = await this.current().catch(() => null);
      if (first?.isBlank === true || requests !== this.requests) return first ?? this.current();
    }
    return this.show(this.parts.chats.create());
  }

  /**
   * Shows a stored conversation. Rejects when there is none with this id, and with an UnopenedError when it cannot be
   * opened: then this stands in its place.
   */
  async open(id: string): Promise<ChatController> {
    this.requests += 1;
    const { requests } = this;
    let controller: ChatController | null;
    try {
      controller = await this.read(id, (chats) => chats.get(id));
    } catch (error) {
      const failure = await this.unopened(id, error);
      if (requests === this.requests) this.showFailure(id, failure);
      throw failure;
    }
    if (controller === null) throw refused(refusals.notStored());
    return requests === this.requests ? this.show(controller) : controller;
  }

  /**
   * Where a question of a command goes: to the conversation that is shown when that is free, to a new one while it runs
   * or something waits there, or when that is what the user chose.
   */
  async forQuestion(target: 'current' | 'new'): Promise<ChatController> {
    if (target === 'new') return this.startNew();
    // One that cannot be opened keeps no question from being asked.
    const open = await this.current().catch(() => null);
    return open?.isFree === true ? open : this.startNew();
  }

  /** A new one in place of a conversation that is to be deleted. */
  async leave(id: string): Promise<void> {
    if (this.currentId !== id) return;
    this.requests += 1;
    this.show(this.parts.chats.create());
  }

  /** One that was shown here and may take what a view still says of it (L2). */
  async find(id: string): Promise<ChatSession | null> {
    const controller = await this.parts.chats.get(id);
    // Long enough to take what is said.
    if (controller !== null) setTimeout(this.parts.chats.hold(controller), lateMs);
    return controller;
  }

  /** The place is gone; its conversation goes on if it runs. */
  closePlace(): void {
    this.unsubscribe();
    this.changed.clear();
    this.early.clear();
    this.release?.();
    this.release = null;
  }

  private async begin(): Promise<ChatController> {
    const { first } = this.parts;
    const { requests } = this;
    try {
      this.wanted ??= { conversation: await first() };
    } catch (error) {
      throw new UnopenedError(null, '', error);
    }
    const { conversation } = this.wanted;
    let controller: ChatController;
    try {
      controller = await this.read(conversation, (chats) => chats.restore(conversation));
    } catch (error) {
      throw await this.unopened(conversation, error);
    }
    // Another was asked for meanwhile.
    if (this.shown !== null) return this.shown;
    if (requests === this.requests) this.take(controller);
    return controller;
  }

  /** Reads one; of a long one the views are told the newest turns first. */
  private async read<T>(id: string | null, whole: (chats: Chats) => Promise<T>): Promise<T> {
    const { chats, log } = this.parts;
    const { requests } = this;
    let isThere = false;
    // Before the whole is asked for: the store answers one after the other.
    if (id !== null)
      chats
        .newest(id)
        .then((newest) => {
          if (newest !== null && !isThere && requests === this.requests) this.early.tell(newest);
        })
        .catch((error: unknown) => log.error('the newest turns could not be shown first', error));
    try {
      return await whole(chats);
    } finally {
      isThere = true;
    }
  }

  private show(controller: ChatController): ChatController {
    if (this.shown === controller) return controller;
    const releaseBefore = this.release;
    this.take(controller);
    this.remember(controller.conversation);
    this.changed.tell();
    releaseBefore?.();
    return controller;
  }

  private take(controller: ChatController): void {
    this.release = this.parts.chats.hold(controller);
    this.shown = controller;
    this.wanted = { conversation: controller.conversation };
    this.failure = null;
    this.beginning.forget();
  }

  private showFailure(id: string, failure: UnopenedError): void {
    const releaseBefore = this.release;
    this.release = null;
    this.shown = null;
    this.wanted = { conversation: id };
    this.failure = failure;
    this.beginning.forget();
    this.changed.tell();
    releaseBefore?.();
  }

  private async unopened(id: string | null, error: unknown): Promise<UnopenedError> {
    this.parts.log.error('a conversation could not be opened', error);
    return new UnopenedError(id, id === null ? '' : await this.parts.chats.titleOf(id), error);
  }

  /** Which one to begin with the next time: nothing waits for it. */
  private remember(id: string): void {
    this.parts
      .remember(id)
      .catch((error: unknown) => this.parts.log.error('the open conversation could not be remembered', error));
  }
}
