/** The panel: takes messages, keeps what is being looked at, renders once per animation frame. */
import { nothing, render } from 'lit-html';
import type { LocalizableMessage } from '../shared/chat';
import type { HostToView } from '../shared/protocol';
import { ComposerController } from './composer/controller';
import { isListMessage, ListController } from './conversations/controller';
import { plainPart, renderAlone, textWithin } from './dom/bounded';
import { Images } from './dom/images';
import { isComposing } from './dom/keys';
import { buildLayout, type Layout } from './dom/layout';
import { PartFailures } from './dom/partFailures';
import { Seconds } from './dom/seconds';
import { applyEnvironment } from './dom/theme';
import { moveByKey } from './dom/turnKeys';
import { Edits } from './edits/edits';
import { Finding } from './find/find';
import { titleRow } from './header/header';
import { localize } from './l10n/language';
import { strings } from './l10n/strings';
import { onHighlighterLoaded } from './markdown/code';
import { Restoring } from './restoring';
import { Announcer } from './transcript/announcer';
import { loadingState } from './transcript/empty';
import { transcript } from './transcript/transcript';
import { unopenedState, unopenedTitle } from './transcript/unopened';
import { buildActions } from './view/actions';
import { Asks } from './view/asks';
import { clicked, pillButton } from './view/clicks';
import { createInlineEditor } from './view/inlineEdits';
import { Outputs } from './view/outputs';
import { Reading } from './view/reading';
import { type Change, Store } from './view/store';
import { type Actions, Folds, Streams, type View } from './view/view';
import { earlyOf } from './view/viewState';
import type { HostApi } from './view/vscodeApi';

/** The chat panel in one document: messages in, one render a frame, intents out. */
export class Panel {
  readonly #failed: (error: unknown, conversation: string | null) => void;
  readonly #store = new Store();
  readonly #asks: Asks;
  readonly #folds = new Folds(() => this.#folded());
  readonly #streams = new Streams();
  readonly #images: Images;
  readonly #outputs: Outputs;
  readonly #edits: Edits;
  readonly #editor = createInlineEditor({
    asks: () => this.#asks,
    state: () => this.#store.state,
    changed: () => this.#folded(),
    keep: () => this.#restoring.keep(),
    settled: () => this.#composer.attachments.settled(false),
    lists: (...of) => this.#composer.inlineLists(...of),
    resent: () => this.#reading.jumpToLatest(),
  });
  readonly #layout: Layout;
  readonly #composer: ComposerController;
  readonly #list: ListController;
  readonly #reading: Reading;
  readonly #restoring: Restoring;
  readonly #finding: Finding;
  readonly #announcer: Announcer;
  readonly #disposed = new AbortController();
  readonly #actions: Actions;
  #request = 0;
  readonly #failures: PartFailures;
  readonly #seconds = new Seconds(() => this.#schedule());
  /** True from Send until the host's first word about it. */
  #sending = false;
  #isFetched = false;
  /** Why what was asked for beside a conversation that cannot be opened was not done. */
  #problem: string | null = null;

  /** Renders into `place`. `failed` gets what rendering threw; the panel is not usable after that. */
  constructor(container: HTMLElement, host: HostApi, failed: (error: unknown, conversation: string | null) => void) {
    this.#failed = failed;
    this.#failures = new PartFailures((message) => void this.#asks.tell({ type: 'viewFailed', message }));
    const { signal } = this.#disposed;
    this.#layout = buildLayout(container);
    this.#asks = new Asks(
      (question) => host.post(question),
      (reason) => this.#notDone(reason),
      () => this.#store.state?.conversation ?? null,
    );
    this.#images = new Images((id) => this.#asks.ask({ type: 'loadBlob', id }), signal);
    this.#outputs = new Outputs(this.#asks, () => this.#folded());
    this.#edits = new Edits(this.#asks, (clicked) => (clicked ? this.#folded() : this.#schedule()));
    this.#actions = buildActions({
      ask: (intent) => void this.#asks.tell(intent),
      here: (type, ...fields) => this.#asks.here(type, ...fields),
      send: () => this.#composer.send(),
      usePrompt: (text) => this.#composer.add(text),
      chooseModel: () => this.#composer.chooseModel(),
      showConversations: () => this.#list.toggle(),
      openConversations: () => this.#list.open(),
      walk: (...to) => void this.#reading.walk(...to).then((place) => this.#announcer.announce(place)),
      announceOnce: (...said) => this.#announcer.once(...said),
      reveal: (element) => this.#reading.scroll.reveal(element),
      wrapCode: (button) => this.#reading.wrapCode(button),
      showEarlier: () => this.#reading.showEarlier(),
      jumpToLatest: () => {
        this.#reading.jumpToLatest();
        this.#composer.focus();
      },
    });
    this.#announcer = new Announcer(this.#layout.live);
    this.#reading = new Reading(this.#layout, {
      store: this.#store,
      asks: this.#asks,
      isWritten: () => this.#editor.editing?.kind === 'message',
      draw: () => this.#draw(),
      changed: () => this.#schedule(),
      rested: () => this.#restoring.keep(),
      failed: (reason) => this.#notDone(reason),
    });
    this.#composer = new ComposerController(
      this.#layout.composer,
      {
        changed: () => this.#schedule(),
        send: (text) => this.#send(text),
        stop: () => void this.#asks.here('stop'),
        isRunning: () => this.#isRunning(),
        isStoppable: () => this.#store.state?.chat.activity?.kind !== 'elsewhere',
        prompts: () => this.#store.prompts,
        asks: this.#asks,
        conversation: () => this.#store.state?.conversation ?? null,
        keep: () => this.#restoring.keep(),
        tell: (text) => this.#asks.here('draft', { text }),
        early: earlyOf(host),
      },
      signal,
    );
    this.#list = new ListController(
      { panel: this.#layout.root, list: this.#layout.list },
      {
        ask: (intent) => this.#asks.ask(intent),
        notDone: (reason) => this.#notDone(reason),
        focusComposer: () => this.#composer.focus(),
        announce: (text) => this.#announcer.announce(text),
        changed: () => this.#schedule(),
        goTo: (goal) => this.#finding.goTo(goal),
      },
      signal,
    );
    this.#restoring = new Restoring({
      host,
      composer: this.#composer,
      list: this.#list,
      ...{ reading: this.#reading, folds: this.#folds, editor: this.#editor },
      state: () => this.#store.state,
      tell: (id, edit) => void this.#asks.here('keepEdit', { id, edit }),
    });
    this.#finding = new Finding(this.#layout, this.#reading, this.#folds, {
      ofChat: (type, ...fields) => this.#asks.ofChat(type, ...fields),
      announce: (text) => this.#announcer.announce(text),
      focusComposer: () => this.#composer.focus(),
      failed: (reason) => this.#notDone(reason),
    });
    window.addEventListener('message', (event) => this.#take(event.data as HostToView), { signal });
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal });
    window.addEventListener('focus', () => this.#focused(), { signal });
    window.addEventListener('blur', () => void this.#asks.tell({ type: 'focused', focused: false }), { signal });
    window.addEventListener('pagehide', () => this.#flush(), { signal });
    this.#layout.root.addEventListener(
      'click',
      (event) => clicked(event, this.#actions, this.#store.state?.conversation ?? ''),
      { signal },
    );
    this.#layout.root.addEventListener('keydown', (event) => this.#key(event), { signal });
    onHighlighterLoaded(() => this.#schedule());
    this.#schedule();
    void this.#asks.tell({ type: 'ready' });
    if (document.hasFocus()) this.#focused();
  }

  dispose(): void {
    this.#disposed.abort();
    this.#reading.dispose();
    cancelAnimationFrame(this.#request);
    this.#seconds.run(false);
  }

  #take(message: HostToView): void {
    try {
      if (this.#list.find(message) || this.#finding.take(message) || this.#reading.take(message)) return;
      if (isListMessage(message)) {
        this.#list.take(message);
        return;
      }
      // Before another conversation is shown, the draft of this one is told (L2).
      const other = message.type === 'snapshot' && message.conversation !== this.#store.state?.conversation;
      if (other || message.type === 'unopened') this.#flush();
      const change = this.#store.take(message);
      if (change.kind === 'text') this.#schedule();
      else this.#changed(change);
    } catch (error) {
      this.#failures.tell(error);
      this.#schedule();
      // What it said is not lost: the host has all of it.
      if (message?.type === 'events') void this.#asks.tell({ type: 'resync', conversation: message.conversation });
    }
  }

  #changed(change: Exclude<Change, { kind: 'text' }>): void {
    const state = this.#store.state;
    switch (change.kind) {
      case 'none':
        return;
      case 'snapshot':
        this.#sending = false;
        this.#streams.doubt();
        // First, since what else is restored may fail.
        if (change.switched) this.#restoring.begin(change.draft);
        if (change.switched && state !== null) this.#switched(state.conversation, change);
        else this.#reading.renewed();
        break;
      case 'unopened':
        if (this.#store.unopened?.reason === '') this.#failures.tell('a snapshot without its state');
        this.#sending = false;
        this.#problem = null;
        this.#streams.clear();
        this.#list.switched(change.conversation);
        break;
      case 'events':
        this.#sending = false;
        if (change.events.some(({ type }) => type === 'items')) this.#streams.doubt();
        this.#reading.renewed();
        if (state !== null) this.#failures.alone(() => this.#announcer.tell(change.events, state.chat, Date.now()));
        break;
      case 'gap':
        void this.#asks.tell({ type: 'resync', conversation: change.conversation });
        return;
      case 'setDraft':
        this.#sending &&= change.instead;
        this.#restoring.given(change);
        break;
      case 'answer':
        this.#asks.take(change.message);
        return;
      case 'attachment':
        this.#composer.attachments.take(change.message);
        return;
      case 'focus':
        this.#restoring.focus();
        break;
      case 'review':
        this.#reading.waiting.wanted = change;
        break;
      case 'showCard':
        this.#reading.waiting.cardWanted = change.key;
        break;
      case 'state':
        break;
      default:
        change satisfies never;
    }
    this.#schedule();
    this.#announcer.queued(this.#store.state?.composer.queued.length ?? 0);
  }

  #switched(conversation: string, change: Parameters<Restoring['switched']>[1]): void {
    this.#streams.clear();
    this.#outputs.clear();
    this.#composer.attachments.clear();
    this.#restoring.switched(conversation, change);
  }

  #schedule(): void {
    if (this.#request !== 0 || this.#disposed.signal.aborted) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#draw();
    });
  }

  #draw(): void {
    try {
      this.#render();
    } catch (error) {
      this.dispose();
      this.#failed(error, this.#store.state?.conversation ?? null);
    }
  }

  #render(): void {
    const { environment, state, unopened } = this.#store;
    if (environment !== null) applyEnvironment(environment);
    const { header, transcript: box, column, pill, composer } = this.#layout;
    this.#seconds.run(unopened === null && (state?.chat.activity ?? null) !== null);
    composer.area.hidden = unopened !== null;
    if (unopened !== null) {
      render(unopenedTitle(unopened, this.#actions), header);
      this.#list.render(environment?.column ?? false);
      render(unopenedState(unopened, this.#problem, this.#actions), column);
      render(nothing, pill);
      this.#finding.drawn(null);
      return;
    }
    if (state === null) return void render(loadingState(), column);
    const view: View = {
      ...state,
      actions: this.#actions,
      folds: this.#folds,
      streams: this.#streams,
      editor: this.#editor,
      images: this.#images,
      outputs: this.#outputs,
      edits: this.#edits,
      waiting: this.#reading.waiting,
      now: Date.now(),
    };
    if (box.ariaLabel !== strings.transcript()) box.ariaLabel = strings.transcript();
    renderAlone(header, () => titleRow(view));
    this.#failures.alone(() => this.#list.render(view.environment.column));
    const instead = () => plainPart(textWithin(view.chat.items));
    renderAlone(column, () => transcript(view, this.#reading.start(view.chat.items)), instead);
    this.#failures.alone(() => this.#composer.render(view));
    render(this.#reading.scroll.isAway ? pillButton(this.#actions) : nothing, pill);
    this.#fetchLater();
    this.#restoring.drawn(this.#edits.isLoading);
    this.#finding.drawn(state.chat);
  }

  /** What the first picture does not need is loaded when there is time for it. */
  #fetchLater(): void {
    if (this.#isFetched) return;
    this.#isFetched = true;
    requestIdleCallback(() => {
      this.#composer.fetch();
      this.#list.fetch();
    });
  }

  /** What waits for a quiet moment is done now: the view may go away. */
  #flush(): void {
    this.#reading.scroll.rest();
    this.#composer.draft.flush();
    this.#restoring.edits.flush();
  }

  /** What was clicked stays under the pointer: the tail is not followed for it. */
  #folded(): void {
    this.#reading.scroll.hold();
    this.#restoring.keep();
    this.#schedule();
  }

  #isRunning(): boolean {
    return this.#sending || (this.#store.state?.chat.activity ?? null) !== null;
  }

  /** What was asked for was not done: said above the text, or where a conversation cannot be opened. */
  #notDone(reason: LocalizableMessage): void {
    // Both are alerts, which a screen reader says.
    if (this.#store.unopened !== null) this.#problem = localize(reason);
    else this.#composer.attachments.refuse(reason);
    this.#schedule();
  }

  #send(text: string): void {
    const state = this.#store.state;
    if (state === null) return;
    if (state.environment.key.kind === 'missing') {
      this.#actions.step('setKey');
      return;
    }
    const { conversation } = state;
    // One that waits is told as a row, not as an answer.
    this.#sending = state.chat.activity === null;
    this.#composer.sendOff();
    this.#asks.tell({ type: 'send', conversation, text }).then((done) => {
      this.#sending = false;
      this.#composer.draft.arrived();
      if (!done && this.#store.state?.conversation === conversation) this.#composer.takeBack(text);
      this.#schedule();
    });
    this.#reading.jumpToLatest();
  }

  #visibilityChanged(): void {
    if (document.visibilityState === 'hidden') this.#flush();
    else void this.#asks.here('resync');
  }

  /** The view itself got the focus, as by a click on its icon: the text gets it. */
  #focused(): void {
    void this.#asks.tell({ type: 'focused', focused: true });
    if (document.activeElement === null || document.activeElement === document.body) this.#composer.focus();
  }

  #key(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === 'Escape') {
      if (!this.#list.escape(event) && !this.#finding.escape(event)) this.#composer.escape(event);
    } else moveByKey(event, this.#layout, (turn) => this.#reading.scroll.reveal(turn));
  }
}
