/**
 * One conversation: takes the views' intents and tells its parts what to do. A turn belongs to its conversation:
 * closing or switching a view never stops it. No vscode here: tests run it as it is.
 */
import { continueText } from '../core/messages';
import type { UserBlock } from '../core/record';
import { lastPrompt, retryHead, textOf, titleOf } from '../core/rewind';
import type { ViewToHost } from '../shared/protocol';
import { Composer } from './composer';
import type { ControllerDeps } from './controllerDeps';
import { Screen, type Send } from './screen';
import { Turns } from './turns';

export class ChatController {
  private readonly screen: Screen;
  private readonly composer: Composer;
  private readonly turns: Turns;
  private created = false;
  private creating: Promise<void> = Promise.resolve();

  /** A conversation that is not stored yet: it is created with its first entry or draft. */
  constructor(
    readonly conversation: string,
    private readonly deps: ControllerDeps,
  ) {
    this.screen = new Screen(conversation, {
      composer: () => this.composer.state,
      draft: () => this.composer.draft,
    });
    this.turns = new Turns(
      conversation,
      deps,
      this.screen,
      () => this.composer,
      (content) => this.create(titleOf(content)),
      () => this.composer.refresh(),
    );
    this.composer = new Composer(
      conversation,
      deps,
      () => this.turns.path,
      (composer) => this.screen.post({ type: 'composer', conversation, composer }),
    );
  }

  /** True while it has neither entries nor a draft. */
  get isBlank(): boolean {
    return this.turns.path.length === 0 && !this.turns.isRunning && this.composer.draft === '';
  }

  get isRunning(): boolean {
    return this.turns.isRunning;
  }

  /** Takes over what is stored. False when nothing is. */
  async load(): Promise<boolean> {
    const stored = await this.deps.store.load(this.conversation);
    if (stored === null) return false;
    this.created = true;
    this.composer.take(stored.draft, stored.removedContext);
    await this.turns.load(stored);
    return true;
  }

  /** Tells a view everything from now on, beginning with a snapshot. Returns how to stop. */
  attach(send: Send): () => void {
    const detach = this.screen.attach(send);
    this.composer.refresh();
    return detach;
  }

  handle(intent: ViewToHost): void {
    this.act(intent).catch((error: unknown) => this.deps.log.error(`${intent.type} failed`, error));
  }

  /** The context or the settings changed: chips and costs are computed again. */
  refreshComposer(): void {
    this.composer.refresh();
  }

  /** Stops a running turn as an interrupted one, and waits until all is stored. */
  async dispose(): Promise<void> {
    await this.turns.dispose();
    await this.composer.flush();
    this.screen.detachAll();
  }

  private async act(intent: ViewToHost): Promise<void> {
    switch (intent.type) {
      case 'resync':
        return this.screen.resend();
      case 'send':
        return this.send(intent.text);
      case 'stop':
        return this.turns.stop('stopped');
      case 'retryNow':
        return this.turns.tryNow();
      case 'retry':
        return this.retry();
      case 'continue':
        return this.continue();
      case 'restorePrompt':
        return this.restorePrompt();
      case 'draft':
        if (intent.text !== '') await this.create('');
        return this.composer.setDraft(intent.text, this.created);
      case 'removeChip':
        await this.create('');
        return this.composer.remove(intent.id);
      case 'includeFile':
        await this.create('');
        return this.composer.include(intent.id, intent.included);
      default:
    }
  }

  private send(text: string): void {
    const words = text.toWellFormed();
    if (words.trim() === '') return;
    const giveBack = (): void => this.giveBack(words);
    // The view cleared its text: what cannot be sent now goes back, so that nothing is lost.
    if (!this.turns.mayStart) {
      giveBack();
      return;
    }
    const draft = this.composer.draft;
    this.turns.send({
      content: [{ type: 'text', text: words }],
      // What was typed since then is a draft of its own.
      committed: async () => {
        if (this.composer.draft === draft) await this.composer.setDraft('', this.created);
      },
      refused: giveBack,
    });
  }

  private continue(): void {
    if (!this.turns.mayStart) return;
    const content: readonly UserBlock[] = [{ type: 'text', text: continueText }];
    this.turns.send({ content, auto: 'continue', committed: async () => undefined, refused: () => undefined });
  }

  /** Sends the last turn again: from the point where the answer broke off, or from the user's words. */
  private retry(): void {
    const head = retryHead(this.turns.path);
    if (this.turns.mayStart && head !== null) this.turns.runFrom(head.id);
  }

  /** Puts the last prompt back into the composer; a turn that has no answer yet goes to a branch. */
  private restorePrompt(): void {
    const prompt = lastPrompt(this.turns.path);
    if (!this.turns.mayStart || prompt === null) return;
    const giveBack = (): void => this.giveBack(textOf(prompt.user.content));
    if (prompt.answered) giveBack();
    else this.turns.branch(prompt.user.parent, giveBack);
  }

  private giveBack(text: string): void {
    this.screen.post({ type: 'setDraft', conversation: this.conversation, text });
  }

  /** Makes sure that the conversation is stored and, given a first title, named. One call at a time. */
  private create(title: string): Promise<void> {
    const done = this.creating.then(() => this.createNow(title));
    this.creating = done.catch(() => undefined);
    return done;
  }

  private async createNow(title: string): Promise<void> {
    const { store, clock, identity } = this.deps;
    const id = this.conversation;
    if (!this.created) {
      const now = clock.now();
      const meta = { id, workspace: identity.key, title, createdAt: now, updatedAt: now, head: null };
      await store.createConversation(identity, meta);
      this.created = true;
    } else if (title !== '' && this.screen.state.title === '') {
      await store.setTitle(id, title);
    }
    if (title !== '' && this.screen.state.title === '') this.screen.emit([{ type: 'title', title }]);
  }
}
