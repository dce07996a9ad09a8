/**
 * One webview's connection to the conversations: which one it shows, what it is told and what its messages set off.
 * The webview holds nothing that is not here: each time its script starts it says `ready` and gets everything.
 */
import type { Log } from '../core/ports';
import type { FailureAction, HostToView, PanelEnvironment, ViewToHost } from '../shared/protocol';
import { beside } from './beside';
import { EventBatch } from './eventBatch';
import { intentName, parseIntent } from './intents';
import { redact } from './redact';
import { UnopenedError } from './unopened';

/** What a view needs of a conversation's controller. */
export interface ChatSession {
  readonly conversation: string;
  /** Answers at once with a snapshot, then with what changes, until the returned function is called. */
  attach(send: (message: HostToView) => void): () => void;
  handle(intent: ViewToHost): void;
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
}

export interface EnvironmentSource {
  current(): Promise<PanelEnvironment>;
  onDidChange(callback: () => void): () => void;
}

/** What VS Code does for the view. */
export interface ViewActions {
  openFile(path: string, line: number | null): Promise<void>;
  openLink(url: string): Promise<void>;
  /** Shows an attached text. */
  openText(id: string, label: string): Promise<void>;
  /** Writes what can be read of a conversation into a file that the user chooses. */
  exportConversation(id: string): Promise<void>;
  copy(text: string): Promise<void>;
  insert(text: string): Promise<void>;
  askModels(): Promise<void>;
  setModel(model: string): Promise<void>;
  setEffort(effort: string): Promise<void>;
  takeBackLimit(key: string): Promise<void>;
  /** The bytes of an image that is shown. */
  loadBlob(id: string): Promise<Extract<HostToView, { type: 'blob' }>>;
  /** Those that need no conversation. */
  act(action: Exclude<FailureAction, 'retry' | 'continue' | 'newChat'>): Promise<void>;
}

/** What a view asks of the list of conversations. */
export type ListIntent = Extract<ViewToHost, { readonly type: (typeof listIntents)[number] }>;

const listIntents = [
  'listConversations',
  'openConversation',
  'openInEditor',
  'renameConversation',
  'deleteConversation',
  'undoDelete',
  'adoptConversations',
  'putBackConversations',
  'dismissOffer',
  'showColumn',
] as const;

function isListIntent(intent: ViewToHost): intent is ListIntent {
  return (listIntents as readonly string[]).includes(intent.type);
}

/** The list of conversations, as a view uses it. */
export interface ListActions {
  handle(intent: ListIntent, sessions: ChatSessions, answer: (message: HostToView) => void): Promise<void>;
  /** Calls back when what it shows may have changed. */
  onDidChange(callback: () => void): () => void;
}

export interface ViewLinkParts {
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

export class ViewLink {
  readonly #parts: ViewLinkParts;
  readonly #batch: EventBatch;
  readonly #subscriptions: readonly (() => void)[];
  /** Those that this view has shown: a draft may still come in for one that it has left (L2). */
  readonly #shown = new Set<string>();
  #attached: { readonly session: ChatSession; readonly detach: () => void } | null = null;
  /** True from the script's `ready` until it is hidden. */
  #live = false;
  /** Only while it is live: what the panel knows of the window takes work to keep up to date. */
  #unwatchEnvironment: (() => void) | null = null;
  /** Counts starts and switches: what was asked for before the last one is not shown. */
  #turn = 0;
  #focusWanted = false;
  #listWanted = false;

  constructor(parts: ViewLinkParts) {
    this.#parts = parts;
    this.#batch = new EventBatch(parts.post);
    this.#subscriptions = [
      parts.sessions.onDidChangeCurrent(() => {
        if (this.#live) this.#start();
      }),
      parts.list.onDidChange(() => {
        if (this.#live) this.#batch.add({ type: 'conversationsChanged' });
      }),
    ];
  }

  /** Takes whatever the webview posted. */
  receive(message: unknown): void {
    const intent = parseIntent(message);
    if (intent === null) {
      this.#parts.log.warn(`A message of the panel was ignored: ${intentName(message)}.`);
      return;
    }
    this.#handle(intent);
  }

  /** The webview is gone until its script says `ready` again: its conversation goes on without it. */
  hide(): void {
    this.#parts.onFocus?.(false);
    this.#live = false;
    this.#unwatchEnvironment?.();
    this.#unwatchEnvironment = null;
    this.#turn += 1;
    this.#detach();
  }

  /** Puts the focus into the composer, now or once the script is there. */
  focus(): void {
    if (this.#attached === null) this.#focusWanted = true;
    else this.#batch.add({ type: 'focus' });
  }

  /** Opens the list of conversations, or closes it; now or once the script is there. */
  toggleList(): void {
    if (this.#attached === null) this.#listWanted = true;
    else this.#batch.add({ type: 'showConversations' });
  }

  dispose(): void {
    this.hide();
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#shown.clear();
  }

  #handle(intent: ViewToHost): void {
    const { actions, list, sessions, log } = this.#parts;
    if (isListIntent(intent)) {
      this.#run(list.handle(intent, sessions, (message) => this.#batch.add(message)));
      return;
    }
    switch (intent.type) {
      case 'ready':
        this.#start();
        return;
      case 'reopen':
        this.#start();
        return;
      case 'exportConversation':
        this.#run(actions.exportConversation(intent.id));
        return;
      case 'openFile':
        this.#run(actions.openFile(intent.path, intent.line));
        return;
      case 'openLink':
        this.#run(actions.openLink(intent.url));
        return;
      case 'openText':
        this.#run(actions.openText(intent.id, intent.label));
        return;
      case 'copy':
        this.#run(actions.copy(intent.text));
        return;
      case 'insert':
        this.#run(actions.insert(intent.text));
        return;
      case 'do':
        this.#do(intent.action);
        return;
      case 'askModels':
        this.#run(actions.askModels());
        return;
      case 'setModel':
        this.#run(actions.setModel(intent.model));
        return;
      case 'setEffort':
        this.#run(actions.setEffort(intent.effort));
        return;
      case 'takeBackLimit':
        this.#run(actions.takeBackLimit(intent.key));
        return;
      case 'loadBlob':
        this.#run(actions.loadBlob(intent.id).then((blob) => this.#batch.add(blob)));
        return;
      case 'focused':
        this.#parts.onFocus?.(intent.focused);
        return;
      case 'viewFailed':
        // One line, and short: a view's error may quote what it was rendering.
        log.error(`The panel failed: ${redact((intent.message.split('\n')[0] ?? '').slice(0, 300))}`);
        return;
      default:
        this.#pass(intent);
    }
  }

  /** To the conversation that it is about. */
  #pass(intent: Extract<ViewToHost, { readonly conversation: string }>): void {
    const { sessions, log } = this.#parts;
    const session = this.#attached?.session;
    if (session?.conversation === intent.conversation) session.handle(intent);
    else if (this.#shown.has(intent.conversation)) {
      // It may have been let go of meanwhile, or be shown elsewhere.
      this.#run(sessions.find(intent.conversation).then((found) => found?.handle(intent)));
    } else log.warn(`A message for a conversation that is not shown was ignored: ${intent.type}.`);
  }

  #do(action: FailureAction): void {
    if (action === 'newChat') {
      // Where it was asked for.
      this.#run(this.#parts.sessions.startNew().then(() => this.focus()));
      return;
    }
    if (action !== 'retry' && action !== 'continue') {
      this.#run(this.#parts.actions.act(action).then(() => (action === 'setKey' ? this.#focusAgain() : undefined)));
      return;
    }
    const session = this.#attached?.session;
    session?.handle({ type: action, conversation: session.conversation });
  }

  /** After a box that was opened from here: VS Code gives the keys to an editor. */
  #focusAgain(): void {
    if (!this.#live) return;
    this.#parts.takeFocus();
    this.focus();
  }

  #start(): void {
    this.#live = true;
    this.#unwatchEnvironment ??= this.#parts.environment.onDidChange(() => {
      this.#run(this.#postEnvironment(this.#turn));
    });
    this.#turn += 1;
    const turn = this.#turn;
    this.#detach();
    this.#show(turn).catch((error: unknown) => {
      this.#parts.log.error('The conversation could not be shown', error);
      if (turn !== this.#turn) return;
      this.#detach();
      // The panel is never blank: why not stands in its place, with the list beside it.
      const { conversation, title } = error instanceof UnopenedError ? error : { conversation: null, title: '' };
      const reason = redact(error instanceof Error ? error.message : String(error));
      this.#batch.add({ type: 'unopened', conversation, title, reason });
    });
  }

  async #show(turn: number): Promise<void> {
    const { log, sessions } = this.#parts;
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
    if (this.#focusWanted) {
      this.#focusWanted = false;
      this.#batch.add({ type: 'focus' });
    }
    if (this.#listWanted) {
      this.#listWanted = false;
      this.#batch.add({ type: 'showConversations' });
    }
  }

  async #postEnvironment(turn: number): Promise<void> {
    const environment = await this.#parts.environment.current();
    if (turn === this.#turn) this.#batch.add({ type: 'environment', environment });
  }

  #detach(): void {
    this.#attached?.detach();
    this.#attached = null;
    this.#batch.clear();
  }

  /** Waits for nothing: what fails is logged. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => this.#parts.log.error('What the panel asked for failed', error));
  }
}
