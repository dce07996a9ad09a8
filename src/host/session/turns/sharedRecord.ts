/** The record of one conversation, to which several windows may write: each under the lease, the others see it. */
import { isElsewhere } from '../../../core/base/elsewhere';
import { type Beside, endOfBranch, nothingBeside } from '../../../core/record/branches';
import { type AppendOptions, ConversationLog } from '../../../core/record/conversationLog';
import { carriedOver } from '../../../core/record/excluded';
import type { Entry, NewEntry } from '../../../core/record/record';
import { isOpen } from '../../../core/record/repair';
import type { ConversationMeta, StoredConversation } from '../../../core/record/store';
import { carriedTo, exclusions } from '../../../core/record/walk';
import { editVersions } from '../../../core/tools/edits/versions';
import { askingEvents, checkpointEvents } from '../../../core/transcript/checkpoint';
import { refusals } from '../../base/plainStrings';
import { busyElsewhere, goneOnElsewhere, refused } from '../../base/refused';
import type { ControllerDeps } from './controllerDeps';
import { Healing, healNoted, repairTurn } from './healing';
import { LeaseKeeper } from './lease';
import { OtherWindowTurn } from './otherWindow';
import type { Screen } from './screen';

interface SharedRecordOwner {
  /** The signal of the turn that runs here; undefined while none does. */
  running(): AbortSignal | undefined;
  /** Another window has taken the lease: two must not drive one turn. */
  leaseLost(): void;
  /** The store was lost: the conversation is stored anew. */
  create(): Promise<unknown>;
  /** Another window's state of the conversation has been taken over. */
  takenOver(stored: StoredConversation): void;
  /** Another window's turn has ended: from now on one may begin here. */
  endedElsewhere(): void;
}

/** Writes one conversation's record under its lease; what other windows write is taken over, followed or repaired. */
export class SharedRecord {
  log: ConversationLog;
  private readonly lease: LeaseKeeper;
  private readonly otherWindow: OtherWindowTurn;
  private readonly healing: Healing;
  private disposed = false;

  constructor(
    private readonly conversation: string,
    private readonly deps: ControllerDeps,
    private readonly screen: Screen,
    private readonly owner: SharedRecordOwner,
  ) {
    this.log = this.logOf([]);
    this.healing = new Healing(conversation, deps, {
      isDue: () => this.log.rescued !== null && this.mayStart,
      healed: (stored) => {
        this.takeOver(stored);
        // What was kept aside may have become a branch, or be less than its turn: that is ended here.
        if (isOpen(stored.path)) this.followOtherWindow();
      },
    });
    // What arrived here stays on the screen.
    this.lease = new LeaseKeeper(conversation, deps, () => owner.leaseLost());
    this.otherWindow = new OtherWindowTurn(conversation, deps, this.lease, (stored) => isOpen(stored.path), {
      head: () => this.head,
      isKnown: (meta) => this.isKnown(meta),
      isWatching: () => this.mayStart && screen.isShown && this.log.rescued === null,
      changed: (stored) => this.changedElsewhere(stored),
      seen: async (stored) => {
        this.takeOver(stored);
        if (isOpen(stored.path)) this.showElsewhere();
      },
      partial: (checkpoint) => screen.emit(checkpointEvents(checkpoint, screen.state, screen.shown)),
      asking: (calls) => screen.emit(askingEvents(calls, screen.state, screen.shown)),
      ours: () => this.repair(),
      ended: () => owner.endedElsewhere(),
    });
  }

  get path(): readonly Entry[] {
    return this.log.path;
  }

  get head(): string | null {
    return this.path.at(-1)?.id ?? null;
  }

  /**
   * A branch may have been begun and left again: then the head is where it was, and the record has more. Without a head
   * there is nothing yet but a draft.
   */
  private isKnown({ head, updatedAt }: ConversationMeta): boolean {
    return head === this.head && (head === null || updatedAt <= this.log.updatedAt);
  }

  /** False while a turn runs, here or in another window. */
  get mayStart(): boolean {
    return this.owner.running() === undefined && !this.otherWindow.isFollowing && !this.disposed;
  }

  /** The end of the repair of a turn that another window has left; null for none. */
  get repairing(): Promise<void> | null {
    return this.otherWindow.repair?.catch(() => undefined) ?? null;
  }

  /** Takes over what is stored; repairs a turn that nobody drives, or follows one that another window drives. */
  async load(stored: StoredConversation): Promise<void> {
    this.takeOver(stored);
    if (!isOpen(stored.path)) return await healNoted(this.log, stored, this.deps, this.lease, this.screen);
    if (!(await this.lease.acquire())) this.followOtherWindow();
    else await this.repair();
  }

  /** From now on, what other windows do to the conversation is seen while it is shown. */
  watch(): void {
    if (this.disposed) return;
    this.otherWindow.watch();
    this.healing.watch();
  }

  /** No other window is looked at from now on, and no turn may start. */
  end(): void {
    this.disposed = true;
    this.healing.end();
    this.otherWindow.end();
  }

  /** Gives the lease back. */
  release(): Promise<void> {
    return this.lease.release();
  }

  /** Appends to the path, or puts in the place of what was cut of it, in one transaction; and shows it. */
  async commit(news: readonly NewEntry[], options: AppendOptions = {}): Promise<void> {
    const entries = await this.log.append(news, options);
    if (options.behind === undefined) this.screen.show(entries, this.path);
    else this.screen.rebuild(this.path);
  }

  /**
   * The path cut after `head`, with these behind it and what was said of what stays. Nothing is stored: it is committed
   * together with what comes behind it. `id` fixes the id of the first.
   */
  cut(head: string | null, news: readonly NewEntry[] = [], id?: string): readonly Entry[] {
    return this.log.cut(head, [...news, ...carriedOver(this.path, head)], id);
  }

  /**
   * Under the lease: shows another branch, up to its newest entry. What was done to files stays done, and what was left out
   * stays out. Rejects with a Refused where it is not there.
   */
  async walk(to: string): Promise<void> {
    const { store } = this.deps;
    // Another window has gone there before.
    if (this.path.some(({ id }) => id === to)) return;
    const stored = await store.load(this.conversation);
    const head = endOfBranch(stored?.beside?.left ?? [], to);
    const there = head === null ? null : await store.load(this.conversation, head);
    if (there === null) throw refused(refusals.branchGone());
    const news = await this.carriedTo(there.path);
    await this.log.walk(there.path, there.beside ?? nothingBeside, news);
    this.screen.rebuild(this.path);
    // One that was left in the middle of a turn is closed.
    if (isOpen(this.path)) await this.repair();
  }

  private async carriedTo(path: readonly Entry[]): Promise<readonly NewEntry[]> {
    try {
      return await carriedTo(this.path, path, editVersions(this.deps.store, this.conversation));
    } catch (error) {
      // A version that is lost takes the review, and not the way.
      this.deps.log.error('what a branch has changed in files could not be told on another', error);
      return exclusions(this.path, path);
    }
  }

  /**
   * Another window's entries are taken over first, unless it is new: then there are none, and the record refuses what comes
   * from behind another head. Rejects with a Refused when another window drives, or, to cut the path, has gone on, which is
   * shown then.
   */
  async takeLease(toCut = false, isNew = false): Promise<void> {
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
    if (meta === null) await this.owner.create();
    const isMoved = meta?.head !== undefined && meta.head !== head;
    const isBehind = meta != null && !this.isKnown(meta);
    // Nobody drives it any more: the store refused its end. What comes next would leave it open for ever.
    const isLeftOpen = meta != null && isOpen(this.path);
    if ((isBehind || isLeftOpen) && !(await this.repair())) throw busyElsewhere();
    if (toCut && isMoved) throw goneOnElsewhere();
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
      if (this.owner.running() === undefined) await this.lease.release();
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
    else this.owner.endedElsewhere();
  }

  private takeOver(stored: StoredConversation): void {
    this.log = this.logOf(stored.path, stored.beside, stored.meta.updatedAt);
    this.screen.rebuild(stored.path, stored.meta.title);
    this.owner.takenOver(stored);
  }

  private logOf(path: readonly Entry[], beside: Beside = nothingBeside, updatedAt = 0): ConversationLog {
    const { store, clock, ids } = this.deps;
    const ports = {
      store,
      clock,
      ids,
      claim: (head: string | null) => this.lease.claim(head),
      signal: () => this.owner.running(),
      waiting: (waits: boolean) => this.owner.running() !== undefined && this.screen.showSaving(waits, clock.now()),
    };
    return new ConversationLog(this.conversation, path, ports, beside, updatedAt);
  }
}
