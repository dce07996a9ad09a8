/** The conversations of one window: which is open, and the controllers of those that are open or run. */
import { ChatController } from './controller';
import type { ControllerDeps } from './controllerDeps';

export class Conversations {
  private readonly controllers = new Map<string, ChatController>();
  private readonly listeners = new Set<(controller: ChatController) => void>();
  private open_: Promise<ChatController> | null = null;

  private readonly endListening: () => void;

  constructor(private readonly deps: ControllerDeps) {
    this.endListening = deps.choices.onDidChange(() => this.refreshComposers());
  }

  /** The window's open conversation: the one that was open last, else a new one. */
  current(): Promise<ChatController> {
    this.open_ ??= this.restore();
    return this.open_;
  }

  /** Opens a new conversation. What was open stays as it is, and goes on if it runs; a blank one is taken. */
  async startNew(): Promise<ChatController> {
    const before = await this.current();
    if (before.isBlank) return before;
    return this.switchTo(this.blank());
  }

  /**
   * Where a question of a command goes: to the open conversation when that is free, to a new one while it runs or
   * something waits there, or when that is what the user chose.
   */
  async forQuestion(target: 'current' | 'new'): Promise<ChatController> {
    const open = await this.current();
    return target === 'current' && open.isFree ? open : this.startNew();
  }

  /** Opens a stored conversation. Rejects when there is none with this id. */
  async open(id: string): Promise<ChatController> {
    const known = this.controllers.get(id);
    if (known !== undefined) return this.switchTo(known);
    const controller = new ChatController(id, this.deps);
    if (!(await controller.load())) throw new Error(`there is no conversation ${id}`);
    return this.switchTo(controller);
  }

  /** Context or settings changed. */
  refreshComposers(): void {
    for (const controller of this.controllers.values()) controller.refreshComposer();
  }

  onDidChangeCurrent(listener: (controller: ChatController) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends every running turn as an interrupted one and waits until all is stored. */
  async dispose(): Promise<void> {
    this.endListening();
    await Promise.all([...this.controllers.values()].map((controller) => controller.dispose()));
    this.controllers.clear();
  }

  private get currentKey(): string {
    return `open:${this.deps.identity.key}`;
  }

  private async restore(): Promise<ChatController> {
    const id = await this.deps.store.getValue(this.currentKey);
    if (id !== null) {
      const controller = new ChatController(id, this.deps);
      // A conversation that was never written to is not stored: a new one takes its place.
      if (await controller.load()) {
        this.controllers.set(id, controller);
        return controller;
      }
    }
    // Not remembered before it is stored: a window that was merely opened takes nothing from the others.
    const controller = this.blank();
    this.controllers.set(controller.conversation, controller);
    return controller;
  }

  private blank(): ChatController {
    return new ChatController(this.deps.ids.next(), this.deps, (id) => this.stored(id));
  }

  private async stored(id: string): Promise<void> {
    const current = await this.open_;
    if (current?.conversation === id) await this.deps.store.setValue(this.currentKey, id);
  }

  private async switchTo(controller: ChatController): Promise<ChatController> {
    const before = await this.current();
    this.controllers.set(controller.conversation, controller);
    this.open_ = Promise.resolve(controller);
    await this.deps.store.setValue(this.currentKey, controller.conversation);
    for (const listener of this.listeners) listener(controller);
    if (before !== controller && !before.isRunning) {
      this.controllers.delete(before.conversation);
      await before.dispose();
    }
    return controller;
  }
}
