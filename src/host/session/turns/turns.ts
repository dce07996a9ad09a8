/** The turns of one conversation: one at a time, under a lease; what other windows drive is followed or repaired. */
import { isElsewhere, logFailure } from '../../../core/base/elsewhere';
import type { RaisedTo } from '../../../core/cost/spend';
import { type AppendOptions, ConversationLog } from '../../../core/record/conversationLog';
import { carriedOver } from '../../../core/record/excluded';
import type { Entry, NewEntry, UserBlock } from '../../../core/record/record';
import { isOpen } from '../../../core/record/repair';
import type { StoredConversation } from '../../../core/record/store';
import { checkpointEvents } from '../../../core/transcript/checkpoint';
import { runTurn, type StopCause, type TurnInput } from '../../../core/turn/turn';
import type { Outcome } from '../../../shared/chat';
import { busyElsewhere, goneOnElsewhere, Refused } from '../../base/refused';
import { contextEntry } from '../../pricing/openTurn';
import type { ControllerDeps } from './controllerDeps';
import { Healing, repairTurn } from './healing';
import { LeaseKeeper } from './lease';
import { OtherWindowTurn } from './otherWindow';
import type { Screen } from './screen';
import { storeUserMessage } from './storeUserMessage';
import { learnFrom, turnInput } from './turnInput';
import type { RunKind, Running, Sending, Sent, TurnWork } from './turnTypes';
import { Unsaved } from './unsaved';

/** Runs one conversation's turns, one at a time, each under its lease. */
export class Turns {
  private log: ConversationLog;
  private readonly lease: LeaseKeeper;
  private readonly otherWindow: OtherWindowTurn;
  private running: Running | null = null;
  private released: Promise<void> = Promise.resolve();
  /** True while messages wait for the next step of a running turn. */
  handOver: () => boolean = () => false;
  /** Another window's state of the conversation has been taken over. */
  takenOver: (stored: StoredConversation) => void = () => undefined;
  private readonly unsaved: Unsaved;
  private wakeRetry: () => void = () => undefined;
  private readonly healing: Healing;
  private disposed = false;

  constructor(
    private readonly conversation: string,
    private readonly deps: ControllerDeps,
    private readonly screen: Screen,
    private readonly sending: Sending,
    /** Makes sure that the conversation is stored; resolves to true when it is new. */
    private readonly create: (content: readonly UserBlock[]) => Promise<boolean>,
    /** A turn has ended and another may begin. */
    private readonly idle: (kind: RunKind) => void,
    /** Another window has written to the conversation. */
    private readonly elsewhere: () => void,
  ) {
    this.log = this.logOf([]);
    this.unsaved = new Unsaved(conversation, deps, screen);
    this.healing = new Healing(conversation, deps, {
      isDue: () => this.log.rescued !== null && this.mayStart,
      healed: (stored) => this.takeOver(stored),
    });
    // Two windows must not drive one turn: what arrived here stays on the screen.
    this.lease = new LeaseKeeper(conversation, deps, () => this.stop('interrupted'));
    this.otherWindow = new OtherWindowTurn(conversation, deps, this.lease, (stored) => isOpen(stored.path), {
      head: () => this.head,
      isWatching: () => this.mayStart && screen.isShown && this.log.rescued === null,
      changed: (stored) => this.changedElsewhere(stored),
      seen: async (stored) => {
        this.takeOver(stored);
        if (isOpen(stored.path)) this.showElsewhere();
      },
      partial: (checkpoint) => screen.emit(checkpointEvents(checkpoint, screen.state, screen.shown)),
      ours: () => this.repair(),
      ended: () => this.endedElsewhere(),
    });
  }

  get path(): readonly Entry[] {
    return this.log.path;
  }

  /** All that is shown is in one of these, the current path first. */
  get shownPaths(): readonly (readonly Entry[])[] {
    return [this.path, ...this.unsaved.paths];
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  /** True while something is shown that could be stored nowhere. */
  get isUnsaved(): boolean {
    return this.unsaved.isThere;
  }

  /** Stores what could not be stored behind the path as a conversation of its own; null when there is nothing. */
  async saveAsBranch(): Promise<string | null> {
    const id = await this.unsaved.save();
    if (id !== null) this.screen.rebuild(this.path);
    return id;
  }

  /** False while a turn runs, here or in another window. */
  get mayStart(): boolean {
    return this.running === null && !this.otherWindow.isFollowing && !this.disposed;
  }

  /** Takes over what is stored; repairs a turn that nobody drives, or follows one that another window drives. */
  async load(stored: StoredConversation): Promise<void> {
    this.takeOver(stored);
    if (!isOpen(stored.path)) return;
    if (!(await this.lease.acquire())) this.followOtherWindow();
    else await this.repair();
  }

  stop(cause: StopCause): void {
    this.running?.abort.abort(cause);
  }

  /** The end of what runs and is no turn; null for none. */
  get atWork(): Promise<void> | null {
    return this.running?.kind === 'work' ? this.running.done : this.repairing;
  }

  /** The end of the repair of a turn that another window has left; null for none. */
  get repairing(): Promise<void> | null {
    return this.otherWindow.repair?.catch(() => undefined) ?? null;
  }

  /** Stops a running turn and resolves when its end is stored. */
  async halt(): Promise<void> {
    this.stop('stopped');
    await this.running?.done;
  }

  tryNow(): void {
    this.wakeRetry();
  }

  /** From now on, what other windows do to the conversation is seen while it is shown. */
  watch(): void {
    if (this.disposed) return;
    this.otherWindow.watch();
    this.healing.watch();
  }

  /** Begins a turn. Resolves when the words are in the record or back; rejects with a Refused. Call it when `mayStart`. */
  async send(sent: Sent): Promise<void> {
    if (!this.sending.canBeSeen(sent.content)) return sent.refused();
    return new Promise((resolve, reject) => {
      this.run(async (signal) => {
        const taken = storeUserMessage(sent, signal, {
          deps: this.deps,
          chosen: this.sending.chosen,
          path: () => this.path,
          create: this.create,
          takeLease: (toCut, isNew) => this.takeLease(toCut, isNew),
          cutAfter: (head) => this.cutAfter(head),
          uncut: (head) => this.uncut(head),
          commit: (news, options) => this.commit(news, options),
          failed: (error) => this.unsaved.refused(error),
        });
        taken.then(() => resolve(), reject);
        if (await taken) await this.drive(signal);
      });
    });
  }

  /**
   * Cuts the path after `head` and runs the turn that is open there. `raisedTo`: what it may cost by now. Resolves once
   * it runs; rejects with a Refused when another window drives. Call it when `mayStart`.
   */
  runFrom(head: string, raisedTo: RaisedTo | null = null): Promise<void> {
    if (!this.sending.canBeSeen([])) return Promise.resolve();
    return this.begin(async (signal) => {
      await this.cutAfter(head);
      const change = await contextEntry(this.path, this.sending.chosen, this.deps, signal);
      // A snapshot has its place before the words; what was edited since they were sent is told behind them.
      if (change?.kind === 'change') await this.commit([change]);
      await this.drive(signal, raisedTo);
    });
  }

  /** Ends a turn, which was paused behind `head`, for good. Resolves and rejects as `runFrom`. */
  endAs(head: string, outcome: Outcome): Promise<void> {
    return this.begin(async () => {
      await this.cutAfter(head);
      await this.commit([{ kind: 'end', outcome }]);
    });
  }

  /** Runs a turn under the lease. Resolves once that is held; rejects with a Refused when another window has it. */
  private begin(turn: (signal: AbortSignal) => Promise<void>, kind: RunKind = 'turn', quiet = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const underLease = async (signal: AbortSignal): Promise<void> => {
        const held = this.takeLease(kind === 'turn');
        held.then(resolve, reject);
        await held;
        await turn(signal);
      };
      this.run(underLease, kind, quiet);
    });
  }

  /**
   * Does something that is no turn of the user's, under the lease. `quiet`: too short to be shown. Resolves when it has
   * ended; rejects with a Refused when another window has the lease. Call it when `mayStart`.
   */
  async work(task: (work: TurnWork, signal: AbortSignal) => Promise<void>, quiet = false): Promise<void> {
    const work: TurnWork = {
      input: () => this.input(),
      commit: (news, id) => this.commit(news, { id }),
      replace: async (head, news, id) => {
        const before = this.head;
        try {
          await this.log.branchAfter(head);
          await this.log.append(news, { id });
          this.screen.rebuild(this.path);
        } catch (error) {
          await this.uncut(before);
          throw error;
        }
      },
      drive: (signal) => this.drive(signal),
    };
    await this.begin((signal) => task(work, signal), 'work', quiet);
    await this.running?.done;
  }

  /** Cuts the path after `head`, then calls back. What followed stays in the store. Resolves and rejects as `runFrom`. */
  branch(head: string | null, then: () => void): Promise<void> {
    return this.begin(async () => {
      await this.cutAfter(head);
      then();
    });
  }

  /** Stops a running turn as an interrupted one, and waits until all is stored. */
  async dispose(): Promise<void> {
    this.disposed = true;
    this.healing.end();
    this.otherWindow.end();
    this.stop('interrupted');
    await this.running?.done;
    await this.released;
    await this.log.settled();
    await this.unsaved.keep();
    await this.lease.release();
  }

  private run(turn: (signal: AbortSignal) => Promise<void>, kind: RunKind = 'turn', quiet = false): void {
    const abort = new AbortController();
    const done = this.released
      .then(() => turn(abort.signal))
      .catch((error: unknown) => error instanceof Refused || logFailure(this.deps.log, 'a turn broke', error))
      .then(() => {
        this.running = null;
        this.unsaved.add(this.path, this.log.takeUnsaved());
        if (this.screen.state.activity !== null) this.screen.emit([{ type: 'activity', activity: null }]);
        // The next turn waits for this: a release that came late would take its lease away.
        this.released = this.lease
          .release()
          .catch((error: unknown) => this.deps.log.error('a lease was not released', error));
        this.idle(kind);
        // The last event came while it still ran.
        this.screen.tellWatchers();
      });
    this.running = { abort, done, kind };
    if (!quiet) this.screen.emit([{ type: 'activity', activity: { kind: 'waiting', since: this.deps.clock.now() } }]);
  }

  private async drive(signal: AbortSignal, raisedTo: RaisedTo | null = null): Promise<void> {
    const { deps } = this;
    const input = await this.input(raisedTo);
    for await (const event of runTurn(input, signal)) {
      this.screen.emit([event]);
      if (event.type === 'answerEnded' && event.outcome.kind === 'done') deps.models.answered();
    }
    await learnFrom(deps, this.path, input);
    await deps.choices.keepSent();
  }

  private input(raisedTo: RaisedTo | null = null): Promise<TurnInput> {
    return turnInput(this.deps, {
      log: this.log,
      shown: this.screen.shown,
      raisedTo,
      chosen: this.sending.chosen,
      tryNow: () =>
        new Promise((resolve) => {
          this.wakeRetry = resolve;
        }),
      handOver: () => this.handOver(),
      calls: this.sending.calls,
    });
  }

  private async commit(news: readonly NewEntry[], options: AppendOptions = {}): Promise<void> {
    this.screen.show(await this.log.append(news, options));
  }

  private async cutAfter(head: string | null): Promise<void> {
    const carried = carriedOver(this.path, head);
    await this.log.branchAfter(head);
    if (carried.length > 0) await this.log.append(carried);
    this.screen.rebuild(this.path);
  }

  /** Takes a cut back: what was to follow it could not be stored. Where another window has gone on, that stands. */
  private async uncut(head: string | null): Promise<void> {
    const { store, log } = this.deps;
    const failed = (error: unknown): void => logFailure(log, 'a branch could not be taken back', error);
    await store.setHead(this.conversation, head, this.lease.claim(this.head)).catch(failed);
    const stored = (await store.load(this.conversation).catch(failed)) ?? null;
    if (stored !== null) this.takeOver(stored);
  }

  /**
   * Another window's entries are taken over first, unless it is new: then there are none, and the record refuses what comes
   * from behind another head. Rejects with a Refused when another window drives, or, to cut the path, has gone on, which is
   * shown then.
   */
  private async takeLease(toCut = false, isNew = false): Promise<void> {
    const { head } = this;
    if (!(await this.lease.acquire())) {
      this.followOtherWindow();
      throw busyElsewhere();
    }
    if (this.log.rescued !== null) {
      if (!(await this.deps.store.takeIn(this.conversation))) throw this.log.rescued;
      this.log.takenIn();
    }
    const meta = isNew ? undefined : await this.deps.store.getMeta(this.conversation);
    // The store was lost under it: what is known here goes into the new one.
    if (meta === null) await this.create([]);
    if (meta?.head !== undefined && meta.head !== this.head && !(await this.repair())) throw busyElsewhere();
    if (toCut && this.head !== head) throw goneOnElsewhere();
  }

  /**
   * Under the lease: takes over what another window wrote before it gave that back, and ends what it left open. False
   * when one has taken the lease meanwhile, as after a sleep: that one is followed.
   */
  private async repair(): Promise<boolean> {
    try {
      const stored = await this.deps.store.load(this.conversation);
      if (stored === null) return true;
      this.takeOver(stored);
      if (await repairTurn(this.log, stored, this.deps)) this.screen.rebuild(this.path);
      return true;
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      this.followOtherWindow();
      return false;
    } finally {
      if (this.running === null) await this.lease.release();
    }
  }

  private followOtherWindow(): void {
    this.otherWindow.follow();
    this.showElsewhere();
  }

  private showElsewhere(): void {
    if (this.screen.state.activity !== null) return;
    this.screen.emit([{ type: 'activity', activity: { kind: 'elsewhere', since: this.deps.clock.now() } }]);
  }

  /** Another window has gone on with the conversation while nothing ran here. */
  private async changedElsewhere(stored: StoredConversation): Promise<void> {
    if (!this.mayStart) return;
    this.takeOver(stored);
    if (isOpen(stored.path)) this.followOtherWindow();
    else this.endedElsewhere();
  }

  private endedElsewhere(): void {
    this.elsewhere();
    this.idle('elsewhere');
  }

  private logOf(path: readonly Entry[]): ConversationLog {
    const { store, clock, ids } = this.deps;
    return new ConversationLog(this.conversation, path, {
      store,
      clock,
      ids,
      claim: (head) => this.lease.claim(head),
      signal: () => this.running?.abort.signal,
      waiting: (waits) => this.running !== null && this.screen.showSaving(waits, clock.now()),
    });
  }

  private get head(): string | null {
    return this.path.at(-1)?.id ?? null;
  }

  private takeOver(stored: StoredConversation): void {
    this.log = this.logOf(stored.path);
    this.screen.rebuild(stored.path, stored.meta.title);
    this.takenOver(stored);
  }
}
