/** A place where one conversation is shown at a time, and another may be: the side bar, or one editor tab. */
import type { Chats } from './chats';
import type { ChatController } from './controller';
import type { ChatSession, ChatSessions } from './viewLink';

export interface PlaceParts {
  readonly chats: Chats;
  /** The conversation to begin with; null for a new one. */
  readonly first: () => Promise<string | null>;
  /** Called when another conversation, which is stored, is shown here. */
  readonly remember: (conversation: string) => Promise<void>;
}

/** How long one that a view has left is kept for what the view still says, ms. */
const lateMs = 5000;

export class ChatPlace implements ChatSessions {
  protected readonly parts: PlaceParts;
  private readonly listeners = new Set<(controller: ChatController) => void>();
  private readonly unsubscribe: () => void;
  private shown: Promise<ChatController> | null = null;
  private release: (() => void) | null = null;
  /** One switch at a time. */
  private switching: Promise<unknown> = Promise.resolve();

  constructor(parts: PlaceParts) {
    this.parts = parts;
    this.unsubscribe = parts.chats.onDidStore((id) => {
      this.shown?.then((controller) => (controller.conversation === id ? parts.remember(id) : undefined), ignore);
    });
  }

  /** The conversation that is shown here: the one that was last, else a new one. */
  current(): Promise<ChatController> {
    this.shown ??= this.begin();
    return this.shown;
  }

  /** The id of the one that is shown; null before the first. */
  async currentId(): Promise<string | null> {
    return this.shown === null ? null : (await this.shown).conversation;
  }

  /** Shows a new conversation. What was shown stays as it is, and goes on if it runs; a blank one is taken (L6). */
  startNew(): Promise<ChatController> {
    return this.inTurn(async () => {
      const before = await this.current();
      return before.isBlank ? before : this.show(this.parts.chats.create());
    });
  }

  /** Shows a stored conversation. Rejects when there is none with this id. */
  open(id: string): Promise<ChatController> {
    return this.inTurn(async () => {
      const controller = await this.parts.chats.get(id);
      if (controller === null) throw new Error(`there is no conversation ${id}`);
      return this.show(controller);
    });
  }

  /** A new one in place of a conversation that is to be deleted. */
  leave(id: string): Promise<void> {
    return this.inTurn(async () => {
      if ((await this.currentId()) === id) await this.show(this.parts.chats.create());
    });
  }

  /** One that was shown here and may take what a view still says of it (L2). */
  async find(id: string): Promise<ChatSession | null> {
    const controller = await this.parts.chats.get(id);
    // Long enough to take what is said.
    if (controller !== null) setTimeout(this.parts.chats.hold(controller), lateMs);
    return controller;
  }

  onDidChangeCurrent(listener: (controller: ChatController) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The place is gone; its conversation goes on if it runs. */
  closePlace(): void {
    this.unsubscribe();
    this.listeners.clear();
    this.release?.();
    this.release = null;
  }

  private async begin(): Promise<ChatController> {
    const { chats } = this.parts;
    const controller = await chats.restore(await this.parts.first());
    this.release = chats.hold(controller);
    return controller;
  }

  private async show(controller: ChatController): Promise<ChatController> {
    const before = await this.current();
    if (before === controller) return controller;
    const releaseBefore = this.release;
    this.release = this.parts.chats.hold(controller);
    this.shown = Promise.resolve(controller);
    await this.parts.remember(controller.conversation);
    for (const listener of this.listeners) listener(controller);
    releaseBefore?.();
    return controller;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.switching.then(work);
    this.switching = done.catch(ignore);
    return done;
  }
}

function ignore(): void {
  // Whoever asked for it is told.
}
