/**
 * One conversation: takes intents, runs its turns, keeps its state and tells the views that are attached. A turn
 * belongs to its conversation: closing or switching a view never stops it. No vscode here: tests run it as it is.
 */
import { ConversationLog } from '../core/conversationLog';
import { failureOf } from '../core/failures';
import { continueText } from '../core/messages';
import { modelOf } from '../core/models';
import type { StoredConversation } from '../core/ports';
import type { NewEntry, UserBlock } from '../core/record';
import { isOpen, repairOf } from '../core/repair';
import { lastPrompt, retryHead, textOf, titleOf } from '../core/rewind';
import { tools } from '../core/tools/all';
import { eventsOf, nothingShown, type Shown, stateOf } from '../core/transcript';
import { runTurn, type StopCause } from '../core/turn';
import { type ChatEvent, type ChatState, emptyChat, reduce } from '../shared/chat';
import type { ComposerState, HostToView, ViewToHost } from '../shared/protocol';
import { loadBlobs } from './blobs';
import { Composer } from './composer';
import type { ControllerDeps } from './controllerDeps';
import { ForeignTurn } from './foreign';
import { LeaseKeeper } from './lease';
import { contextEntry, openTurn } from './openTurn';

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export type Send = (message: HostToView) => void;

export class ChatController {
  private state: ChatState;
  private shown: Shown = nothingShown();
  private seq = 0;
  private log: ConversationLog;
  private readonly views = new Set<Send>();
  private readonly composer: Composer;
  private readonly lease: LeaseKeeper;
  private running: Running | null = null;
  private readonly foreign: ForeignTurn;
  private wakeRetry: () => void = () => undefined;
  private created = false;
  private released: Promise<void> = Promise.resolve();
  private creating: Promise<void> = Promise.resolve();
  private disposed = false;

  /** A conversation that is not stored yet: it is created with its first entry or draft. */
  constructor(
    readonly conversation: string,
    private readonly deps: ControllerDeps,
  ) {
    this.state = emptyChat(conversation);
    this.log = new ConversationLog(conversation, [], deps);
    this.lease = new LeaseKeeper(conversation, deps);
    this.foreign = new ForeignTurn(conversation, deps, this.lease, (stored, state) => this.foreignSeen(stored, state));
    this.composer = new Composer(
      conversation,
      deps,
      () => this.log.path,
      (composer) => this.sendComposer(composer),
    );
  }

  /** True while it has neither entries nor a draft. */
  get isBlank(): boolean {
    return this.log.path.length === 0 && this.running === null && this.composer.draft === '';
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  /** Takes over what is stored; repairs a turn that nobody drives, or follows one that another window drives. */
  async load(): Promise<boolean> {
    const stored = await this.deps.store.load(this.conversation);
    if (stored === null) return false;
    this.created = true;
    this.composer.take(stored.draft, stored.removedContext);
    this.takeOver(stored);
    if (isOpen(stored.path)) {
      if (await this.lease.acquire()) await this.repair();
      else this.followForeign();
    }
    return true;
  }

  /** Tells a view everything from now on, beginning with a snapshot. Returns how to stop. */
  attach(send: Send): () => void {
    this.views.add(send);
    this.sendSnapshot(send);
    this.composer.refresh();
    return () => this.views.delete(send);
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
    this.disposed = true;
    this.foreign.end();
    this.running?.abort.abort('interrupted' satisfies StopCause);
    await this.running?.done;
    await this.released;
    await this.composer.flush();
    await this.log.settled();
    await this.lease.release();
    this.views.clear();
  }

  private async act(intent: ViewToHost): Promise<void> {
    switch (intent.type) {
      case 'resync':
        for (const send of this.views) this.sendSnapshot(send);
        return;
      case 'send':
        return this.send(intent.text);
      case 'stop':
        this.running?.abort.abort('stopped' satisfies StopCause);
        return;
      case 'retryNow':
        this.wakeRetry();
        return;
      case 'retry':
        return this.retry();
      case 'continue':
        if (this.mayStart()) this.start([{ type: 'text', text: continueText }], 'continue');
        return;
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

  private mayStart(): boolean {
    return this.running === null && !this.foreign.isFollowing && !this.disposed;
  }

  private async send(text: string): Promise<void> {
    const words = text.toWellFormed();
    if (words.trim() === '') return;
    // The view cleared its text: what cannot be sent now goes back, so that nothing is lost.
    if (!this.mayStart()) this.post({ type: 'setDraft', conversation: this.conversation, text: words });
    else this.start([{ type: 'text', text: words }]);
  }

  private start(content: readonly UserBlock[], auto?: 'continue'): void {
    const title = auto === undefined ? titleOf(content) : '';
    this.run(async (signal) => {
      await this.create(title);
      if (!(await this.takeLease())) {
        this.giveBack(content);
        return;
      }
      try {
        const model = this.deps.settings().model;
        const opening = await openTurn({ content, auto, model }, this.log.path, this.composer, this.deps, signal);
        await this.commit(opening);
        await this.composer.setDraft('', this.created);
      } catch (error) {
        this.failUnsaved(content, error);
        return;
      }
      await this.drive(signal);
    });
  }

  private async commit(news: readonly NewEntry[]): Promise<void> {
    for (const entry of await this.log.append(news)) this.emit(eventsOf(entry, this.shown));
  }

  /** Runs what belongs to a turn: at most one at a time, with a lease, and with the views told of it. */
  private run(turn: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController();
    this.emit([{ type: 'activity', activity: { kind: 'waiting', since: this.deps.clock.now() } }]);
    const done = this.released
      .then(() => turn(abort.signal))
      .catch((error: unknown) => this.deps.log.error('a turn broke', error))
      .then(() => {
        this.running = null;
        if (this.state.activity !== null) this.emit([{ type: 'activity', activity: null }]);
        // The next turn waits for this: a release that came late would take its lease away.
        this.released = this.lease
          .release()
          .catch((error: unknown) => this.deps.log.error('a lease was not released', error));
        this.composer.refresh();
      });
    this.running = { abort, done };
  }

  private async drive(signal: AbortSignal): Promise<void> {
    const { deps } = this;
    const turn = runTurn(
      {
        log: this.log,
        shown: this.shown,
        store: deps.store,
        api: deps.api,
        clock: deps.clock,
        ids: deps.ids,
        diagnostics: deps.log,
        context: deps.context,
        tools,
        ports: deps.tools,
        settings: deps.settings(),
        fetch: deps.fetch,
        blobs: await loadBlobs(this.log.path, deps.store),
        tryNow: () =>
          new Promise((resolve) => {
            this.wakeRetry = resolve;
          }),
      },
      signal,
    );
    for await (const event of turn) this.emit([event]);
  }

  /** True when this window may drive; another window's entries are taken over first. */
  private async takeLease(): Promise<boolean> {
    if (!(await this.lease.acquire())) {
      this.followForeign();
      return false;
    }
    const meta = await this.deps.store.getMeta(this.conversation);
    if (meta === null || meta.head === this.head) return true;
    const stored = await this.deps.store.load(this.conversation);
    if (stored !== null) this.takeOver(stored);
    await this.repair();
    return true;
  }

  /** Sends the last turn again: from the point where the answer broke off, or from the user's words. */
  private retry(): void {
    const head = retryHead(this.log.path);
    if (!this.mayStart() || head === null) return;
    this.run(async (signal) => {
      if (!(await this.takeLease())) return;
      await this.log.branchAfter(head.id);
      this.rebuild(this.state.title);
      const change = await contextEntry(this.log.path, this.composer, this.deps, signal);
      // A snapshot has its place before the words; what was edited since they were sent is told behind them.
      if (change?.kind === 'change') await this.commit([change]);
      await this.drive(signal);
    });
  }

  /** Puts the last prompt back into the composer; a turn that has no answer yet goes to a branch. */
  private restorePrompt(): void {
    const prompt = lastPrompt(this.log.path);
    if (!this.mayStart() || prompt === null) return;
    this.run(async () => {
      if (!prompt.answered && (await this.takeLease())) {
        await this.log.branchAfter(prompt.user.parent);
        this.rebuild(this.state.title);
      }
      this.giveBack(prompt.user.content);
    });
  }

  private async repair(): Promise<void> {
    const stored = await this.deps.store.load(this.conversation);
    const repair = repairOf(this.log.path, stored?.checkpoint ?? null);
    try {
      if (repair === null) return;
      await this.log.append(repair.entries, repair.id);
      await this.deps.store.checkpoint(this.conversation, null);
      this.rebuild(this.state.title);
    } finally {
      if (this.running === null) await this.lease.release();
    }
  }

  private followForeign(): void {
    this.foreign.follow();
    this.showElsewhere();
  }

  private showElsewhere(): void {
    if (this.state.activity !== null) return;
    this.emit([{ type: 'activity', activity: { kind: 'elsewhere', since: this.deps.clock.now() } }]);
  }

  private async foreignSeen(stored: StoredConversation, state: 'running' | 'ended' | 'ours'): Promise<void> {
    if (this.disposed) return;
    if (stored.meta.head !== this.head || state !== 'running') this.takeOver(stored);
    if (state === 'running') this.showElsewhere();
    if (state === 'ours') await this.repair();
  }

  private get head(): string | null {
    return this.log.path.at(-1)?.id ?? null;
  }

  private takeOver(stored: StoredConversation): void {
    this.log = new ConversationLog(this.conversation, stored.path, this.deps);
    this.rebuild(stored.meta.title);
  }

  /** Makes sure that the conversation is stored and, given a first title, named. One call at a time. */
  private create(title: string): Promise<void> {
    const done = this.creating.then(() => this.createNow(title));
    this.creating = done.catch(() => undefined);
    return done;
  }

  private async createNow(title: string): Promise<void> {
    const { store, clock, identity } = this.deps;
    if (!this.created) {
      const now = clock.now();
      const meta = {
        id: this.conversation,
        workspace: identity.key,
        title,
        createdAt: now,
        updatedAt: now,
        head: null,
      };
      await store.createConversation(identity, meta);
      this.created = true;
    } else if (title !== '' && this.state.title === '') {
      await store.setTitle(this.conversation, title);
    }
    if (title !== '' && this.state.title === '') this.emit([{ type: 'title', title }]);
  }

  /** The store refused the user's words: they go back into the composer, and the reason is shown in their place. */
  private failUnsaved(content: readonly UserBlock[], error: unknown): void {
    this.deps.log.error('a message could not be stored', error);
    const at = this.deps.clock.now();
    const id = `unsaved-${this.deps.ids.next()}`;
    const failure = failureOf(error);
    this.emit([
      { type: 'answerStarted', id, at, model: modelOf(this.deps.settings().model).id },
      { type: 'answerEnded', answer: id, at, outcome: { kind: 'failed', failure } },
    ]);
    this.giveBack(content);
  }

  private giveBack(content: readonly UserBlock[]): void {
    const text = textOf(content);
    if (text !== continueText) this.post({ type: 'setDraft', conversation: this.conversation, text });
  }

  private rebuild(title: string): void {
    this.shown = nothingShown();
    this.state = stateOf(this.conversation, title, this.log.path, this.shown);
    for (const send of this.views) this.sendSnapshot(send);
  }

  private emit(events: readonly ChatEvent[]): void {
    if (events.length === 0) return;
    const first = this.seq + 1;
    this.seq += events.length;
    this.state = events.reduce(reduce, this.state);
    this.post({ type: 'events', conversation: this.conversation, seq: first, events });
  }

  private sendSnapshot(send: Send): void {
    const { seq, state } = this;
    const composer = this.composer.state;
    send({ type: 'snapshot', conversation: this.conversation, seq, state, composer, draft: this.composer.draft });
  }

  private sendComposer(composer: ComposerState): void {
    this.post({ type: 'composer', conversation: this.conversation, composer });
  }

  private post(message: HostToView): void {
    for (const send of this.views) send(message);
  }
}
