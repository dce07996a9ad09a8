/**
 * One webview's connection to the conversations: which one it shows, what it is told and what its messages set off.
 * The webview holds nothing that is not here: each time its script starts it says `ready` and gets everything.
 */
import type { Log } from '../core/ports';
import type { FailureAction, HostToView, PanelEnvironment, ViewToHost } from '../shared/protocol';
import { EventBatch } from './eventBatch';
import { intentName, parseIntent } from './intents';
import { redact } from './redact';

/** What a view needs of a conversation's controller. */
export interface ChatSession {
  readonly conversation: string;
  /** Answers at once with a snapshot, then with what changes, until the returned function is called. */
  attach(send: (message: HostToView) => void): () => void;
  handle(intent: ViewToHost): void;
}

/** What a view needs of the conversations of this window. */
export interface ChatSessions {
  current(): Promise<ChatSession>;
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
  copy(text: string): Promise<void>;
  insert(text: string): Promise<void>;
  askModels(): Promise<void>;
  setModel(model: string): Promise<void>;
  setEffort(effort: string): Promise<void>;
  /** The bytes of an image that is shown. */
  loadBlob(id: string): Promise<Extract<HostToView, { type: 'blob' }>>;
  /** Those that need no conversation. */
  act(action: Exclude<FailureAction, 'retry' | 'continue'>): Promise<void>;
}

export interface ViewLinkParts {
  readonly post: (message: HostToView) => void;
  readonly sessions: ChatSessions;
  readonly environment: EnvironmentSource;
  readonly actions: ViewActions;
  readonly log: Log;
  /** There is nothing to show: the conversations could not be opened. */
  readonly onFailure: (error: unknown) => void;
}

export class ViewLink {
  readonly #parts: ViewLinkParts;
  readonly #batch: EventBatch;
  readonly #subscriptions: readonly (() => void)[];
  /** Those that this view has shown: a draft may still come in for one that it has left (L2). */
  readonly #shown = new Map<string, ChatSession>();
  #attached: { readonly session: ChatSession; readonly detach: () => void } | null = null;
  /** True from the script's `ready` until it is hidden. */
  #live = false;
  /** Counts starts and switches: what was asked for before the last one is not shown. */
  #turn = 0;
  #focusWanted = false;

  constructor(parts: ViewLinkParts) {
    this.#parts = parts;
    this.#batch = new EventBatch(parts.post);
    this.#subscriptions = [
      parts.sessions.onDidChangeCurrent(() => {
        if (this.#live) this.#start();
      }),
      parts.environment.onDidChange(() => {
        if (this.#live) this.#run(this.#postEnvironment(this.#turn));
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
    this.#live = false;
    this.#turn += 1;
    this.#detach();
  }

  /** Puts the focus into the composer, now or once the script is there. */
  focus(): void {
    if (this.#attached === null) this.#focusWanted = true;
    else this.#batch.add({ type: 'focus' });
  }

  dispose(): void {
    this.hide();
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#shown.clear();
  }

  #handle(intent: ViewToHost): void {
    const { actions, log } = this.#parts;
    switch (intent.type) {
      case 'ready':
        this.#start();
        return;
      case 'openFile':
        this.#run(actions.openFile(intent.path, intent.line));
        return;
      case 'openLink':
        this.#run(actions.openLink(intent.url));
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
      case 'loadBlob':
        this.#run(actions.loadBlob(intent.id).then((blob) => this.#batch.add(blob)));
        return;
      case 'viewFailed':
        // One line, and short: a view's error may quote what it was rendering.
        log.error(`The panel failed: ${redact((intent.message.split('\n')[0] ?? '').slice(0, 300))}`);
        return;
      default: {
        const session = this.#shown.get(intent.conversation);
        if (session === undefined)
          log.warn(`A message for a conversation that is not shown was ignored: ${intent.type}.`);
        else session.handle(intent);
      }
    }
  }

  #do(action: FailureAction): void {
    if (action !== 'retry' && action !== 'continue') {
      this.#run(this.#parts.actions.act(action));
      return;
    }
    const session = this.#attached?.session;
    session?.handle({ type: action, conversation: session.conversation });
  }

  #start(): void {
    this.#live = true;
    this.#turn += 1;
    const turn = this.#turn;
    this.#detach();
    this.#show(turn).catch((error: unknown) => {
      this.#parts.log.error('The conversation could not be shown', error);
      if (turn === this.#turn) this.#parts.onFailure(error);
    });
  }

  async #show(turn: number): Promise<void> {
    await this.#postEnvironment(turn);
    const session = await this.#parts.sessions.current();
    if (turn !== this.#turn) return;
    this.#shown.set(session.conversation, session);
    const detach = session.attach((message) => {
      // A controller may finish a post after it was told to stop.
      if (turn === this.#turn) this.#batch.add(message);
    });
    this.#attached = { session, detach };
    if (this.#focusWanted) {
      this.#focusWanted = false;
      this.#batch.add({ type: 'focus' });
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
