/**
 * One webview's connection to the conversations: which one it shows, what it is told and what its messages set off.
 * The webview holds nothing that is not here: each time its script starts it says `ready` and gets everything.
 */
import { messageOf } from '../../core/base/errors';
import type { Log } from '../../core/base/ports';
import { type FailureAction, type Handlers, handle, type Intent, type IntentAt, isAt } from '../../shared/intents';
import type { Answer, HostToView, PanelEnvironment } from '../../shared/protocol';
import { answerTo, unwrap } from '../base/answers';
import { beside } from '../base/beside';
import { refusals } from '../base/plainStrings';
import { redact } from '../base/redact';
import { refused } from '../base/refused';
import type { Snapshot } from '../session/newest';
import { EventBatch } from '../session/turns/eventBatch';
import { UnopenedError } from './unopened';

/** What a view needs of a conversation's controller. */
export interface ChatSession {
  readonly conversation: string;
  /** Answers at once with a snapshot, then with what changes, until the returned function is called. */
  attach(send: (message: HostToView) => void): () => void;
  /** Never rejects: the answer says what became of it. Aborted: nobody waits for it any more. */
  handle(intent: IntentAt<'chat'>, signal?: AbortSignal): Promise<Answer>;
}

/** What a view needs of the conversations of this window. */
export interface ChatSessions {
  /** Rejects with an UnopenedError when it cannot be opened; the next call tries again. */
  current(): Promise<ChatSession>;
  /** The id of what `current` is or would be, as far as it is known. */
  readonly currentId: string | null;
  startNew(): Promise<ChatSession>;
  /** Shows a stored conversation. Rejects when there is none with this id. */
  open(id: string): Promise<ChatSession>;
  /** Whichever speaks for a conversation now; null when there is none. */
  find(id: string): Promise<ChatSession | null>;
  onDidChangeCurrent(callback: () => void): () => void;
  /** Calls back with the newest turns of a long conversation that is about to be shown, while it is being read. */
  onDidReadNewest(callback: (newest: Snapshot) => void): () => void;
}

/** What is done with the box that finds in the chat. */
export type FindStep = Extract<HostToView, { type: 'find' }>['step'];

/** A question, or the way to it. */
export type TurnTarget = Extract<HostToView, { type: 'goToTurn' }>['to'];

/** Where a link gets the panel's environment from. */
export interface EnvironmentSource {
  current(): Promise<PanelEnvironment>;
  onDidChange(callback: () => void): () => void;
}

/** What a notice's button does. */
export type NoticeAction = Exclude<FailureAction, 'newChat'>;

/** What VS Code does for the view. */
export interface ViewActions extends Handlers<'window'> {
  act(action: NoticeAction): Promise<void>;
}

/** The list of conversations, as a view uses it. */
export interface ListActions {
  /** What the view of this place asks of it. */
  handlers(sessions: ChatSessions): Handlers<'list'>;
  /** Calls back when what it shows may have changed. */
  onDidChange(callback: () => void): () => void;
}

interface ViewLinkParts {
  readonly post: (message: HostToView) => void;
  readonly sessions: ChatSessions;
  readonly environment: EnvironmentSource;
  readonly actions: ViewActions;
  readonly list: ListActions;
  readonly log: Log;
  /** Gives the panel the keys. */
  readonly takeFocus: () => void;
  /** The keys go into the panel, or no longer. */
  readonly onFocus?: (focused: boolean) => void;
}

/** Connects one webview with the conversation that it shows: intents in, a snapshot and numbered events out. */
export class ViewLink {
  readonly #batch: EventBatch;
  readonly #subscriptions: readonly (() => void)[];
  /** Those that this view has shown: a draft may still come in for one that it has left (L2). */
  readonly #shown = new Set<string>();
  #attached: { readonly session: ChatSession; readonly detach: () => void } | null = null;
  /** True from the script's `ready` until it is hidden. */
  #live = false;
  /** Only while it is live: what the panel knows of the window takes work to keep up to date. */
  #unwatchEnvironment: (() => void) | null = null;
  readonly #rows: Handlers<'list'>;
  /** Counts the scripts that said `ready`: each is answered what it asked. */
  #script = 0;
  /** Counts starts and switches: what was asked for before the last one is not shown. */
  #turn = 0;
  /** What it is told once the script is there, one of each kind. */
  readonly #wanted = new Map<HostToView['type'], HostToView>();
  #searching: AbortController | null = null;

  constructor(private readonly parts: ViewLinkParts) {
    this.#batch = new EventBatch(parts.post);
    this.#rows = parts.list.handlers(parts.sessions);
    this.#subscriptions = [
      parts.sessions.onDidChangeCurrent(() => {
        if (this.#live) this.#start();
      }),
      parts.sessions.onDidReadNewest((newest) => {
        if (!this.#live) return;
        // What the view says of it from now on is meant for it.
        this.#shown.add(newest.conversation);
        this.#batch.add(newest);
      }),
      parts.list.onDidChange(() => {
        if (this.#live) this.#batch.add({ type: 'conversationsChanged' });
      }),
    ];
  }

  /** Takes whatever the webview posted, and answers it. */
  receive(message: unknown): void {
    const answered = answerTo(message, (intent) => this.#handle(intent), this.parts.log);
    // The script that asked: `ready` is the first word of another one.
    const script = this.#script;
    answered
      .then((answer) => {
        if (answer !== null && this.#live && script === this.#script) this.#batch.add(answer);
      })
      .catch((error: unknown) => this.parts.log.error('The panel could not be answered', error));
  }

  /** The webview is gone until its script says `ready` again: its conversation goes on without it. */
  hide(): void {
    this.parts.onFocus?.(false);
    this.#live = false;
    this.#unwatchEnvironment?.();
    this.#unwatchEnvironment = null;
    this.#turn += 1;
    this.#detach();
  }

  /** Puts the focus into the composer, now or once the script is there. */
  focus(): void {
    this.#tell({ type: 'focus' });
  }

  /** Goes to what an answer has changed, else to what waits for the user in what is shown; now or once it is there. */
  review(answer: string | null = null): void {
    this.#tell({ type: 'review', answer });
  }

  /** Opens the box that finds in what is shown, or goes on with it. */
  find(step: FindStep): void {
    this.#tell({ type: 'find', step });
  }

  /** Goes to a question in what is shown; now or once it is there. */
  goToTurn(to: TurnTarget): void {
    this.#tell({ type: 'goToTurn', to });
  }

  /** Goes to the card of a code block in what is shown. */
  showCard(key: string): void {
    if (this.#attached !== null) this.#batch.add({ type: 'showCard', key });
  }

  /** Opens the list of conversations, or closes it; now or once the script is there. */
  toggleList(): void {
    this.#tell({ type: 'showConversations' });
  }

  /** Opens the list of conversations to give one another title; now or once the script is there. */
  rename(): void {
    this.#tell({ type: 'showConversations', rename: true });
  }

  #tell(message: HostToView): void {
    if (this.#attached === null) this.#wanted.set(message.type, message);
    else this.#batch.add(message);
  }

  dispose(): void {
    this.hide();
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#shown.clear();
  }

  #handle(intent: Intent): unknown {
    const { actions } = this.parts;
    if (isAt('link', intent)) return handle(this.#own, intent);
    if (isAt('window', intent)) return handle(actions, intent);
    if (isAt('list', intent)) return handle(this.#rows, intent);
    if (isAt('chat', intent)) return this.#pass(intent);
    throw refused(refusals.notOfThePanel());
  }

  /** To the conversation that it is about. */
  async #pass(intent: IntentAt<'chat'>): Promise<unknown> {
    const { conversation } = intent;
    const session = this.#attached?.session;
    const signal = intent.type === 'find' ? this.#anotherSearch() : undefined;
    if (session?.conversation === conversation) return unwrap(await session.handle(intent, signal));
    // It may have been let go of meanwhile, or be shown elsewhere.
    const found = this.#shown.has(conversation) ? await this.parts.sessions.find(conversation) : null;
    if (found === null) throw refused(refusals.notShown());
    return unwrap(await found.handle(intent, signal));
  }

  /** The next letter calls off what the one before looks for. */
  #anotherSearch(): AbortSignal {
    this.#searching?.abort();
    this.#searching = new AbortController();
    return this.#searching.signal;
  }

  readonly #own: Handlers<'link'> = {
    ready: () => {
      this.#script += 1;
      this.#start();
    },

    reopen: () => this.#start(),

    do: async ({ action }) => {
      if (action === 'newChat') {
        // Where it was asked for.
        await this.parts.sessions.startNew();
        this.focus();
        return;
      }
      await this.parts.actions.act(action);
      if (action === 'setKey') this.#focusAgain();
    },

    focused: ({ focused }) => this.parts.onFocus?.(focused),

    // One line, and short: a view's error may quote what it was rendering.
    viewFailed: ({ message }) =>
      this.parts.log.error(`The panel failed: ${redact((message.split('\n')[0] ?? '').slice(0, 300))}`),
  };

  /** After a box that was opened from here: VS Code gives the keys to an editor. */
  #focusAgain(): void {
    if (!this.#live) return;
    this.parts.takeFocus();
    this.focus();
  }

  #start(): void {
    this.#live = true;
    this.#unwatchEnvironment ??= this.parts.environment.onDidChange(() => {
      this.#run(this.#postEnvironment(this.#turn));
    });
    this.#turn += 1;
    const turn = this.#turn;
    this.#detach();
    this.#show(turn).catch((error: unknown) => {
      this.parts.log.error('The conversation could not be shown', error);
      if (turn !== this.#turn) return;
      this.#detach();
      // The panel is never blank: why not stands in its place, with the list beside it.
      const { conversation, title } = error instanceof UnopenedError ? error : { conversation: null, title: '' };
      const reason = redact(messageOf(error));
      this.#batch.add({ type: 'unopened', conversation, title, reason });
    });
  }

  async #show(turn: number): Promise<void> {
    const { log, sessions } = this.parts;
    // Without it the panel shows itself in English, and gets it when there is one.
    await beside(
      () => this.#postEnvironment(turn),
      undefined,
      (error) => log.error('What the panel is shown with could not be read', error),
    );
    const session = await sessions.current();
    if (turn !== this.#turn) return;
    this.#shown.add(session.conversation);
    const detach = session.attach((message) => {
      // A controller may finish a post after it was told to stop.
      if (turn === this.#turn) this.#batch.add(message);
    });
    this.#attached = { session, detach };
    for (const message of this.#wanted.values()) this.#batch.add(message);
    this.#wanted.clear();
  }

  async #postEnvironment(turn: number): Promise<void> {
    const environment = await this.parts.environment.current();
    if (turn === this.#turn) this.#batch.add({ type: 'environment', environment });
  }

  #detach(): void {
    this.#attached?.detach();
    this.#attached = null;
    this.#batch.clear();
  }

  /** Waits for nothing: what fails is logged. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => this.parts.log.error('What the panel asked for failed', error));
  }
}
