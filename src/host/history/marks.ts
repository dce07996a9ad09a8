/**
 * What has come to its end while nobody looked, and what waits for the user: marks in the list, the view's badge, and a
 * notification while the window has no focus. What is in sight in a focused window is seen. No vscode here.
 */
import { Listeners } from '../../core/base/listeners';
import type { Clock, Log } from '../../core/base/ports';
import type { Mark, Store } from '../../core/record/store';
import type { LocalizableMessage } from '../../shared/chat';
import { refusals } from '../base/plainStrings';
import { Refused } from '../base/refused';
import type { Chats } from '../session/chats';
import type { ChatController } from '../session/controller';

/** What there is to tell of a conversation: an answer, a turn that a button goes on with, calls that ask. */
export type Noteworthy = Mark | 'asks';

interface MarksParts {
  readonly store: Pick<Store, 'setMark' | 'getMark' | 'needingYou' | 'openTurns'>;
  readonly chats: Pick<Chats, 'onDidChange' | 'waiting'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** False of the owner of a lease only when it is known to be gone. */
  readonly isAlive: (owner: string) => boolean;
  /** The workspaces whose conversations the badge counts. */
  readonly workspaces: () => Promise<readonly string[]>;
  readonly isFocused: () => boolean;
  /** Tells the user; resolves to whether it is to be shown. */
  readonly notify: (what: Noteworthy, title: string) => Promise<boolean>;
  /** Rejects with a Refused where it is gone. */
  readonly show: (conversation: string) => Promise<void>;
  /** Says why there is nothing to see. */
  readonly say: (message: LocalizableMessage) => void;
  /** The list shows something else. */
  readonly changed: () => void;
  /** Nothing of it is needed any more. */
  readonly ended?: () => void;
}

/** Another window that shows what ended has said so by then, ms. */
const seenElsewhereMs = 2000;
/** A window that slept goes on with its turn before its lease has been over for so long, ms. */
const wakesMs = 60_000;

/** Marks conversations of this window, and counts those of all windows that wait for the user. */
export class Marks {
  readonly #unsubscribe: () => void;
  readonly #disposed = new AbortController();
  /** Those that run or are shown. */
  readonly #chats = new Map<string, ChatController>();
  readonly #running = new Set<string>();
  /** Those in which something goes on, in whichever window. */
  readonly #active = new Set<string>();
  readonly #asking = new Map<string, number>();
  /** Those that were seen, and have no mark since. */
  readonly #seen = new Set<string>();
  /** What the user was told of and has not answered: it is not told twice. */
  readonly #told = new Set<string>();
  #needing: readonly string[] = [];
  readonly #counted = new Listeners();

  constructor(private readonly parts: MarksParts) {
    this.#unsubscribe = parts.chats.onDidChange((_, chat) => {
      if (chat !== undefined) this.#look(chat);
      this.#counted.tell();
    });
  }

  /** How many calls wait for the user, and conversations whose turn does. */
  get count(): number {
    const { waiting } = this.parts.chats;
    const calls = [...waiting.values()].reduce((sum, count) => sum + count, 0);
    return calls + this.#needing.filter((id) => !waiting.has(id)).length;
  }

  /** Calls back when the count may be another. */
  readonly onDidChange = this.#counted.add;

  /** The window has got the focus, or lost it: what is in sight is seen; another window may have seen something, too. */
  focusChanged(): void {
    for (const chat of [...this.#chats.values()]) this.#look(chat);
    if (this.parts.isFocused()) this.parts.changed();
  }

  /** Counts again. */
  async refresh(): Promise<void> {
    const { store, workspaces } = this.parts;
    await this.#markBroken();
    const needing = await store.needingYou(await workspaces());
    // Another window may have marked what is in sight here.
    for (const id of needing) if (this.#isInSight(this.#chats.get(id))) this.#set(id, null);
    this.#needing = needing.filter((id) => !this.#isInSight(this.#chats.get(id)));
    this.#counted.tell();
  }

  /** What a window that is gone has broken off waits for the user: nobody else marks it. */
  async #markBroken(): Promise<void> {
    const { store, clock, isAlive } = this.parts;
    for (const { conversation: id, owner, expiresAt } of await store.openTurns()) {
      if (this.#chats.has(id) || (isAlive(owner) && expiresAt + wakesMs > clock.now())) continue;
      if ((await store.getMark(id)) !== 'needsYou') await store.setMark(id, 'needsYou');
    }
  }

  /** The mark that a list shows: none for what is in sight. */
  shown(conversation: string, mark: Mark | null): Mark | null {
    if (mark === null || !this.#isInSight(this.#chats.get(conversation))) return mark;
    this.#set(conversation, null);
    return null;
  }

  /** What runs out of sight is broken off with the window: it waits for the user, who is not told of it now. */
  dispose(): void {
    this.#unsubscribe();
    this.#disposed.abort();
    for (const id of this.#running) {
      const chat = this.#chats.get(id);
      if (!this.#isInSight(chat)) this.#store(id, chat?.ending ?? 'needsYou');
    }
    this.#running.clear();
    this.#counted.clear();
    this.parts.ended?.();
  }

  #isInSight(chat: ChatController | undefined): boolean {
    return chat?.isShown === true && this.parts.isFocused();
  }

  #look(chat: ChatController): void {
    const { conversation: id, isRunning, waiting, title } = chat;
    const ran = this.#running.has(id);
    const asked = this.#asking.get(id) ?? 0;
    this.#asking.set(id, waiting);
    if (isRunning) this.#running.add(id);
    else this.#running.delete(id);
    if (isRunning || chat.isShown) this.#chats.set(id, chat);
    else this.#chats.delete(id);
    const ended = ran && !isRunning;
    // In another window, too, which marks what it does not show.
    const rests = !chat.isActive && this.#active.delete(id);
    if (chat.isActive) this.#active.add(id);
    if (this.#isInSight(chat) || (isRunning && !ran)) {
      if (this.#seen.has(id) && !ended && !rests) return;
      this.#seen.add(id);
      for (const what of ['unread', 'needsYou', 'asks'] as const) this.#told.delete(`${what} ${id}`);
      this.#set(id, rests && !isRunning && !ran ? 'seen' : null);
      return;
    }
    this.#seen.delete(id);
    const mark = ended ? chat.ending : null;
    if (mark !== null) this.#set(id, mark);
    const what = mark ?? (waiting > asked ? 'asks' : null);
    if (what !== null && !this.parts.isFocused()) this.#tell(what, id, title);
  }

  /** False for what somebody has seen meanwhile, here or in another window. */
  async #isUnseen(what: Noteworthy, id: string): Promise<boolean> {
    if (what === 'asks') return true;
    await this.parts.clock.sleep(seenElsewhereMs, this.#disposed.signal);
    const isUnseen = !this.parts.isFocused() && (await this.parts.store.getMark(id)) !== null;
    if (!isUnseen) this.parts.changed();
    return isUnseen;
  }

  #set(id: string, mark: Mark | 'seen' | null): void {
    this.#needing = [...this.#needing.filter((one) => one !== id), ...(mark === 'needsYou' ? [id] : [])];
    this.#store(id, mark, this.parts.changed);
  }

  #store(id: string, mark: Mark | 'seen' | null, then?: () => void): void {
    this.parts.store
      .setMark(id, mark)
      .then(then)
      .catch((error: unknown) => this.parts.log.error('a conversation was not marked', error));
  }

  #tell(what: Noteworthy, id: string, title: string): void {
    const { notify, show, say, chats, log } = this.parts;
    const key = `${what} ${id}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#isUnseen(what, id)
      .then((isUnseen) => isUnseen && notify(what, title))
      .then(async (shown) => {
        if (!shown) return;
        // It may have been there for hours: nothing takes it away.
        if (what === 'asks' && !chats.waiting.has(id)) say(refusals.answeredAlready());
        await show(id);
      })
      .catch((error: unknown) => {
        if (error instanceof Refused) say(error.reason);
        else if (!this.#disposed.signal.aborted) log.error('a notification failed', error);
      })
      .finally(() => this.#told.delete(key));
  }
}
