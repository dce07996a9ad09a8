/**
 * Gathers a controller's events into one post for each frame, and joins the deltas of one part into one. Joining
 * makes fewer events than the controller counted, so the batch numbers anew what it posts: from each snapshot's `seq`
 * on, without gaps, unless the controller itself left one, which then shows as a gap to the view too.
 */
import type { ChatEvent } from '../../../shared/chat';
import type { HostToView } from '../../../shared/protocol';

/** ms between two posts: one frame at 60 Hz. */
const frameMs = 16;

/** Text of one post, in characters, that nobody reads as it comes: behind so much the next waits for four frames. */
const floodCharacters = 1000;

type EventsMessage = Extract<HostToView, { type: 'events' }>;

/** Gathers the events of a conversation for one view, and posts them once a frame under numbers of its own. */
export class EventBatch {
  readonly #post: (message: HostToView) => void;
  readonly #schedule: (callback: () => void, ms: number) => () => void;
  #conversation: string | null = null;
  /** The number that the controller's next event should have. */
  #expected = 0;
  /** The number that the next posted event gets. */
  #next = 0;
  #pending: ChatEvent[] = [];
  /** True while a gateway's answer comes all at once: its frames would take more work than its text. */
  #flooded = false;
  #cancel: (() => void) | null = null;

  /** `schedule` calls back after so many ms, unless the function that it returned was called before. */
  constructor(
    post: (message: HostToView) => void,
    schedule: (callback: () => void, ms: number) => () => void = (callback, ms) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  ) {
    this.#post = post;
    this.#schedule = schedule;
  }

  /** Takes a message on its way to the view. Order is kept: what is not an event waits for no frame, but for the
   * events before it. */
  add(message: HostToView): void {
    if (message.type === 'events') {
      this.#addEvents(message);
      return;
    }
    if (message.type === 'snapshot') {
      // The state contains what waits here.
      this.clear();
      this.#conversation = message.conversation;
      this.#expected = message.seq + 1;
      this.#next = message.seq + 1;
    } else {
      this.flush();
    }
    this.#post(message);
  }

  /** Posts what waits, now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const conversation = this.#conversation;
    if (conversation === null || this.#pending.length === 0) return;
    const events = this.#pending;
    const seq = this.#next;
    this.#pending = [];
    this.#next += events.length;
    this.#flooded = characters(events) > floodCharacters;
    this.#post({ type: 'events', conversation, seq, events });
  }

  /** Forgets what waits: the view is gone, or shows something else. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#pending = [];
    this.#conversation = null;
  }

  #addEvents(message: EventsMessage): void {
    // Without a snapshot before it the view could make nothing of an event; it will ask for one.
    if (message.conversation !== this.#conversation) return;
    if (message.seq !== this.#expected) {
      this.flush();
      this.#next += 1;
    }
    this.#expected = message.seq + message.events.length;
    for (const event of message.events) {
      const joined = join(this.#pending.at(-1), event);
      if (joined === null) this.#pending.push(event);
      else this.#pending[this.#pending.length - 1] = joined;
    }
    if (this.#pending.length > 0)
      this.#cancel ??= this.#schedule(() => this.flush(), this.#flooded ? 4 * frameMs : frameMs);
  }
}

function characters(events: readonly ChatEvent[]): number {
  return events.reduce((sum, event) => sum + (event.type === 'delta' ? event.text.length : 0), 0);
}

/** One delta for two of the same part; null when they stay apart. */
function join(before: ChatEvent | undefined, event: ChatEvent): ChatEvent | null {
  if (before?.type !== 'delta' || event.type !== 'delta') return null;
  if (before.answer !== event.answer || before.key !== event.key) return null;
  return { ...before, text: before.text + event.text };
}
