/**
 * The conversations that one window has in memory: one controller for each, however many views show it. What is shown
 * nowhere and does not run is let go of; the record has it.
 */
import { Listeners } from '../../core/base/listeners';
import type { UserBlock } from '../../core/record/record';
import type { QuestionFrom } from '../../core/record/store';
import type { DearerChat } from '../../shared/chat';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { ChatController } from './controller';
import { newestOf, type Snapshot } from './newest';
import type { ControllerDeps } from './turns/controllerDeps';

/** What the list shows of a conversation that this window has in memory. */
type ChatActivity = 'running' | 'needsYou' | 'unopened' | 'idle';

/** The controllers of all conversations in memory: one each, kept while a view holds it or something of it runs. */
export class Chats {
  readonly #controllers = new Map<string, Promise<ChatController | null>>();
  /** How many calls wait for the user in each. */
  readonly #waiting = new Map<string, number>();
  /** How many views hold each. */
  readonly #holds = new Map<ChatController, number>();
  /** What has to be stored before one may be loaded again. */
  readonly #closing = new Map<string, Promise<void>>();
  readonly #activities = new Map<string, ChatActivity>();
  readonly #changes = new Listeners<[conversation: string, chat?: ChatController]>((error) => this.#failed(error));
  readonly #firsts = new Listeners<[conversation: string]>((error) => this.#failed(error));

  constructor(private readonly deps: ControllerDeps) {}

  /** The conversation that was shown here last, else a new one. */
  async restore(id: string | null): Promise<ChatController> {
    if (id === null) return this.create();
    const stored = await this.get(id);
    if (stored !== null) return stored;
    // One that was never written to keeps its id, and with it what the view kept for it. A deleted one does not.
    return this.create((await this.deps.store.getMeta(id)) === null ? id : undefined);
  }

  /** A new conversation. It is stored with its first entry or draft. */
  create(id: string = this.deps.ids.next()): ChatController {
    const controller = this.#make(id);
    this.#controllers.set(controller.conversation, Promise.resolve(controller));
    return controller;
  }

  /** The controller of a conversation; null when nothing is stored of it, or it was deleted. */
  get(id: string): Promise<ChatController | null> {
    const known = this.#controllers.get(id);
    if (known !== undefined) return known;
    const loading = this.#load(id);
    this.#controllers.set(id, loading);
    const forget = (): void => {
      if (this.#controllers.get(id) === loading) this.#controllers.delete(id);
    };
    loading.then(
      (controller) => {
        if (controller === null) forget();
        if (this.#activities.get(id) !== 'unopened') return;
        this.#activities.delete(id);
        this.#changes.tell(id);
      },
      () => {
        // Tried again the next time.
        forget();
        this.#activities.set(id, 'unopened');
        this.#changes.tell(id);
      },
    );
    return loading;
  }

  /** What a view can be told of a conversation before it is in memory; null where that is no sooner. */
  async newest(id: string): Promise<Snapshot | null> {
    return this.#controllers.has(id) || this.#closing.has(id) ? null : newestOf(id, this.deps);
  }

  /** As the store has it, for one that cannot be opened; '' when that is not known either. */
  async titleOf(id: string): Promise<string> {
    try {
      return (await this.deps.store.getMeta(id))?.title ?? '';
    } catch {
      return '';
    }
  }

  /** Keeps it in memory until the returned function is called. */
  hold(controller: ChatController): () => void {
    this.#holds.set(controller, (this.#holds.get(controller) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds.set(controller, (this.#holds.get(controller) ?? 1) - 1);
      this.#letGo(controller);
    };
  }

  /** What one does, or did when it was last in memory. */
  activityOf(id: string): ChatActivity {
    return this.#activities.get(id) ?? 'idle';
  }

  /** How many calls of tools wait for the user's answer, by conversation. */
  get waiting(): ReadonlyMap<string, number> {
    return this.#waiting;
  }

  /** Calls back with the id when a title, an activity or an end changes what the list shows, and with the chat where it is in memory. */
  readonly onDidChange = this.#changes.add;

  /** Calls back when a new conversation was stored for the first time. */
  readonly onDidStore = this.#firsts.add;

  /** Stops what runs in it and takes it out of memory. */
  async close(id: string): Promise<void> {
    const controller = await this.#controllers.get(id);
    if (controller !== undefined && controller !== null) await this.#dispose(controller);
    this.#activities.delete(id);
  }

  refreshComposers(): void {
    for (const loading of this.#controllers.values()) {
      loading.then(
        (controller) => controller?.refreshComposer(),
        () => undefined,
      );
    }
  }

  /** Ends every running turn as an interrupted one and waits until all is stored. */
  async dispose(): Promise<void> {
    const all = await Promise.all([...this.#controllers.values()].map((loading) => loading.catch(() => null)));
    await Promise.all([
      ...all.flatMap((controller) => (controller === null ? [] : [controller.dispose()])),
      ...this.#closing.values(),
    ]);
    this.#controllers.clear();
    this.#changes.clear();
  }

  async #load(id: string): Promise<ChatController | null> {
    await this.#closing.get(id);
    const controller = this.#make(id);
    return (await controller.load()) ? controller : null;
  }

  #make(id: string): ChatController {
    const deps: ControllerDeps = { ...this.deps, askIn: (...question) => this.#askIn(...question) };
    const controller = new ChatController(id, deps, async () => {
      this.#firsts.tell(id);
      this.#changes.tell(id);
    });
    controller.watch(() => this.#changed(controller));
    return controller;
  }

  /** It stays in memory until the question is on its way, or waits there. What was asked there before is not asked again. */
  async #askIn({ conversation, usd }: DearerChat, from: QuestionFrom, content: readonly UserBlock[]): Promise<void> {
    const chat = await this.get(conversation);
    if (chat === null) throw refused(refusals.notStored());
    const letGo = this.hold(chat);
    try {
      const question = await chat.commandQuestions.takeOver(from, content);
      if (question === null) return;
      // Whatever comes in between, it waits there.
      await chat.commandQuestions
        .ask(question, usd)
        .catch((error: unknown) => this.deps.log.warn(`a question that was handed over waits: ${String(error)}`));
    } finally {
      letGo();
    }
  }

  #changed(controller: ChatController): void {
    const id = controller.conversation;
    const { waiting } = controller;
    if (waiting > 0) this.#waiting.set(id, waiting);
    else this.#waiting.delete(id);
    if (waiting > 0 && !controller.isShown) this.#activities.set(id, 'needsYou');
    else if (controller.isRunning) this.#activities.set(id, 'running');
    else this.#activities.delete(id);
    this.#changes.tell(id, controller);
    if (!controller.isRunning) this.#letGo(controller);
  }

  /** Whoever listens only shows it: what fails there is no failure of the conversation. */
  #failed(error: unknown): void {
    this.deps.log.error('a change of a conversation was not shown', error);
  }

  #letGo(controller: ChatController): void {
    if ((this.#holds.get(controller) ?? 0) > 0 || controller.isBusy || !this.#holds.has(controller)) return;
    this.#holds.delete(controller);
    this.#dispose(controller).catch((error: unknown) => this.deps.log.error('a conversation was not closed', error));
  }

  #dispose(controller: ChatController): Promise<void> {
    const id = controller.conversation;
    this.#controllers.delete(id);
    const done = controller.dispose().finally(() => {
      if (this.#closing.get(id) === done) this.#closing.delete(id);
    });
    this.#closing.set(id, done);
    return done;
  }
}
