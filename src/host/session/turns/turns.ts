/** The turns of one conversation: one at a time, each under the lease of its record. */
import { isOvertaken, logFailure } from '../../../core/base/elsewhere';
import type { Beside } from '../../../core/record/branches';
import type { Entry, UserBlock } from '../../../core/record/record';
import { isOpen } from '../../../core/record/repair';
import type { StoredConversation } from '../../../core/record/store';
import { runTurn } from '../../../core/turn/turn';
import type { StopCause, TurnInput } from '../../../core/turn/turnInput';
import type { Outcome } from '../../../shared/chat';
import { refusals } from '../../base/plainStrings';
import { goneOnElsewhere, Refused, refused } from '../../base/refused';
import { contextEntry } from '../../pricing/openTurn';
import type { ControllerDeps } from './controllerDeps';
import type { Screen } from './screen';
import { SharedRecord } from './sharedRecord';
import { editsOfCut, storeUserMessage } from './storeUserMessage';
import { learnFrom, turnInput } from './turnInput';
import type { RunKind, Running, Sending, Sent, TurnWay, TurnWork } from './turnTypes';
import { Unsaved } from './unsaved';

/** Runs one conversation's turns, one at a time, each under its lease. */
export class Turns {
  private readonly record: SharedRecord;
  private running: Running | null = null;
  private released: Promise<void> = Promise.resolve();
  /** True while messages wait for the next step of a running turn. */
  handOver: () => boolean = () => false;
  /** Another window's state of the conversation has been taken over. */
  takenOver: (stored: StoredConversation) => void = () => undefined;
  private readonly unsaved: Unsaved;
  private wakeRetry: () => void = () => undefined;

  constructor(
    readonly conversation: string,
    private readonly deps: ControllerDeps,
    private readonly screen: Screen,
    private readonly sending: Sending,
    /** Makes sure that the conversation is stored; resolves to true when it is new. */
    private readonly create: (content: readonly UserBlock[]) => Promise<boolean>,
    /** A turn has ended and another may begin. */
    private readonly idle: (kind: RunKind) => void,
    /** Another window has written to the conversation. */
    elsewhere: () => void,
  ) {
    this.unsaved = new Unsaved(conversation, deps, screen);
    this.record = new SharedRecord(conversation, deps, screen, {
      running: () => this.running?.abort.signal,
      leaseLost: () => this.stop('interrupted'),
      create: () => this.create([]),
      takenOver: (stored) => this.takenOver(stored),
      endedElsewhere: () => {
        elsewhere();
        idle('elsewhere');
      },
    });
  }

  get path(): readonly Entry[] {
    return this.record.path;
  }

  /** What is in the record besides the path. */
  get beside(): Beside {
    return this.record.log.beside;
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
    return this.record.mayStart;
  }

  /** Takes over what is stored; repairs a turn that nobody drives, or follows one that another window drives. */
  load(stored: StoredConversation): Promise<void> {
    return this.record.load(stored);
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
    return this.record.repairing;
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
    this.record.watch();
  }

  /** Begins a turn. Resolves when the words are in the record or back; rejects with a Refused. Call it when `mayStart`. */
  async send(sent: Sent): Promise<void> {
    if (!this.sending.canBeSeen(sent.content)) return sent.refused();
    if (this.running !== null) sent.refused();
    return new Promise((resolve, reject) => {
      this.run(async (signal) => {
        const taken = storeUserMessage(sent, signal, {
          conversation: this.record.log.conversation,
          deps: this.deps,
          chosen: this.sending.chosen,
          path: () => this.path,
          create: this.create,
          takeLease: (toCut, isNew) => this.record.takeLease(toCut, isNew),
          cut: (head) => this.record.cut(head),
          commit: (news, options) => this.record.commit(news, options),
          failed: (error) => this.unsaved.refused(error),
        });
        taken.then(() => resolve(), reject);
        if (await taken) await this.drive(signal);
      });
    });
  }

  /**
   * Cuts the path after `head` and runs the turn that is open there. What the turns that are cut off did to files is to be
   * decided with it. Resolves once it runs; rejects with a Refused when another window drives. Call it when `mayStart`.
   */
  runFrom(head: string, way: TurnWay = {}): Promise<void> {
    if (!this.sending.canBeSeen([])) return Promise.resolve();
    return this.begin(async (signal) => {
      const behind = this.record.cut(head);
      const change = await contextEntry(behind, this.sending.chosen, this.deps, signal);
      const edits = await editsOfCut(this.path, behind, head, {
        conversation: this.record.log.conversation,
        deps: this.deps,
      });
      // A snapshot has its place before the words; what was edited since they were sent is told behind them.
      await this.record.commit([...edits, ...(change?.kind === 'change' ? [change] : [])], { behind });
      await this.drive(signal, way);
    });
  }

  /** Ends a turn, which was paused behind `head`, for good. Resolves and rejects as `runFrom`. */
  endAs(head: string, outcome: Outcome): Promise<void> {
    return this.begin(async () => {
      await this.record.commit([{ kind: 'end', outcome }], { behind: this.record.cut(head) });
    });
  }

  /** Runs a turn under the lease. Resolves once that is held; rejects with a Refused when another window has it. */
  private begin(turn: (signal: AbortSignal) => Promise<void>, kind: RunKind = 'turn', quiet = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const underLease = async (signal: AbortSignal): Promise<void> => {
        const held = this.record.takeLease(kind === 'turn');
        held.then(resolve, reject);
        await held;
        await turn(signal);
      };
      this.run(underLease, kind, quiet);
    });
  }

  /**
   * Does something that is no turn of the user's, under the lease. `quiet`: too short to be shown. Resolves when it has
   * ended; rejects with what it throws, and with a Refused when another window has the lease or has gone on. Call it when
   * `mayStart`.
   */
  async work(task: (work: TurnWork, signal: AbortSignal) => Promise<void>, quiet = false): Promise<void> {
    const work: TurnWork = {
      input: (signal) => this.input(signal),
      commit: (news, options) => this.record.commit(news, options),
      cut: (head, news, id) => this.record.cut(head, news, id),
      drive: (signal) => this.drive(signal),
    };
    let failed: unknown = null;
    const whole = async (signal: AbortSignal): Promise<void> => {
      try {
        await task(work, signal);
      } catch (error) {
        failed = error;
        throw error;
      }
    };
    await this.begin(whole, 'work', quiet);
    await this.running?.done;
    // Whoever hears that it is done may go on in another window.
    await this.released;
    if (failed !== null) throw isOvertaken(failed) ? goneOnElsewhere() : failed;
  }

  /** Ends a turn whose end the store refused, as it would be before the next one. Resolves and rejects as `runFrom`. */
  async close(): Promise<void> {
    if (isOpen(this.path)) await this.work(async () => undefined, true);
  }

  /**
   * Cuts the path after `head`; what followed stays in the store, and what the draft has of it from then on is in the same
   * commit. `then` hears whether that was done. Resolves and rejects as `runFrom`.
   */
  branch(head: string | null, draft: () => string, then: (isDone: boolean) => void): Promise<void> {
    return this.begin(async () => {
      const done = this.record.commit([], { behind: this.record.cut(head), draft });
      await done.then(
        () => then(true),
        (error: unknown) => {
          then(false);
          throw error;
        },
      );
    });
  }

  /** Shows another branch. Resolves when that is stored; rejects as `work` does. Call it when `mayStart`. */
  walk(to: string): Promise<void> {
    return this.work(() => this.record.walk(to), true);
  }

  /** Stops a running turn as an interrupted one, and waits until all is stored. */
  async dispose(): Promise<void> {
    this.record.end();
    this.stop('interrupted');
    await this.running?.done;
    await this.released;
    await this.record.log.settled();
    await this.unsaved.keep();
    await this.record.release();
  }

  /** Throws a Refused while something runs: whoever asked has not looked, or has waited since. */
  private run(turn: (signal: AbortSignal) => Promise<void>, kind: RunKind = 'turn', quiet = false): void {
    if (this.running !== null) throw refused(refusals.answering());
    const abort = new AbortController();
    const done = this.released
      .then(() => turn(abort.signal))
      .catch((error: unknown) => error instanceof Refused || logFailure(this.deps.log, 'a turn broke', error))
      .then(() => {
        this.running = null;
        this.unsaved.add(this.path, this.record.log.takeUnsaved());
        if (this.screen.state.activity !== null) this.screen.emit([{ type: 'activity', activity: null }]);
        // The next turn waits for this: a release that came late would take its lease away.
        this.released = this.record.release();
        this.idle(kind);
        // The last event came while it still ran.
        this.screen.tellWatchers();
      });
    this.running = { abort, done, kind };
    if (!quiet) this.screen.emit([{ type: 'activity', activity: { kind: 'waiting', since: this.deps.clock.now() } }]);
  }

  private async drive(signal: AbortSignal, way: TurnWay = {}): Promise<void> {
    const { deps } = this;
    const input = await this.input(signal, way);
    for await (const event of runTurn(input, signal)) {
      this.screen.emit([event]);
      if (event.type === 'answerEnded' && event.outcome.kind === 'done') deps.models.answered();
    }
    await learnFrom(deps, this.path, input);
    await deps.choices.keepSent();
  }

  private input(signal: AbortSignal, way: TurnWay = {}): Promise<TurnInput> {
    return turnInput(this.deps, {
      log: this.record.log,
      shown: this.screen.shown,
      way,
      chosen: this.sending.chosen,
      tryNow: () =>
        new Promise((resolve) => {
          this.wakeRetry = resolve;
        }),
      handOver: () => this.handOver(),
      calls: this.sending.calls,
      signal,
      asking: (tool) => this.screen.showAsking(tool, this.deps.clock.now()),
    });
  }
}
