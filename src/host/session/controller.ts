/**
 * One conversation: takes the views' intents and tells its parts what to do. A turn belongs to its conversation:
 * closing or switching a view never stops it. No vscode here: tests run it as it is.
 */
import type { TerminalOutput } from '../../core/context/terminalOutput';
import { ConversationCost } from '../../core/cost/conversationCost';
import type { ContextSelection } from '../../core/record/record';
import type { Mark } from '../../core/record/store';
import { chatMarkdown } from '../../core/transcript/chatMarkdown';
import { sentTexts } from '../../core/transcript/sentText';
import { OpenCalls } from '../../core/turn/openCalls';
import type { UserItem } from '../../shared/chat';
import { type Handlers, handle, type IntentAt } from '../../shared/intents';
import { filled } from '../../shared/phrase';
import type { Answer } from '../../shared/protocol';
import { settle } from '../base/answers';
import { InFlight } from '../base/inFlight';
import { AttachFiles } from './attachFiles';
import { CommandQuestions } from './commandQuestions';
import { Composer } from './composer';
import { ContextWindow } from './contextWindow';
import { Creation, titleFor } from './creation';
import { DraftKeeper } from './draft/draftKeeper';
import { TerminalOutputs } from './draft/outputs';
import { DraftSender } from './draftSender';
import { Mentions } from './mentions';
import { onDemand } from './onDemand';
import { Outbox } from './outbox';
import { ToolChoice } from './toolChoice';
import { BlockEdits } from './turns/blockEdits';
import { callHandlers, followConsents, reviewOf, tellOthers } from './turns/callHandlers';
import type { ControllerDeps } from './turns/controllerDeps';
import { EditReview } from './turns/editReview';
import { LastTurn } from './turns/lastTurn';
import { Screen, type Send } from './turns/screen';
import { Turns } from './turns/turns';

/** How long the end of a conversation waits for what was asked of it, ms: VS Code gives a window that closes five seconds. */
const closingMs = 2000;

/** One conversation in memory: takes its intents, runs its turns, and tells its views. */
export class ChatController {
  /** What its estimates and its requests go by: handed to the composer and to the turns. */
  private readonly cost = new ConversationCost();
  private readonly calls: OpenCalls;
  private readonly screen: Screen;
  private readonly composer: Composer;
  private readonly tools: ToolChoice;
  private readonly turns: Turns;
  private readonly files: AttachFiles;
  private readonly outputs: TerminalOutputs;
  private readonly mentions: Mentions;
  private readonly outbox: Outbox;
  private readonly creation: Creation;
  private readonly window: ContextWindow;
  private readonly drafts: DraftKeeper;
  private readonly sender: DraftSender;
  readonly commandQuestions: CommandQuestions;
  private readonly inFlight: InFlight;
  private disposed: Promise<void> | null = null;
  private readonly handlers: Handlers<'chat'>;

  /** A conversation that is not stored yet: it is created with its first entry or draft. */
  constructor(
    readonly conversation: string,
    private readonly deps: ControllerDeps,
    /** Called when it has been stored for the first time. */
    private readonly stored: (conversation: string) => Promise<void> = async () => undefined,
  ) {
    this.calls = new OpenCalls(deps.clock);
    const known = { path: () => this.turns.path, title: () => this.screen.state.title };
    this.creation = new Creation(conversation, deps, known, async (id) => {
      await this.tools.stored();
      await stored(id);
    });
    this.tools = new ToolChoice({
      conversation,
      deps,
      isStored: () => this.creation.isCreated,
      rewrite: () => this.composer.estimator.ofOtherTools(this.composer.next),
      changed: () => this.composer.show(),
    });
    this.screen = new Screen(conversation, {
      composer: () => this.composer.state,
      draft: () => this.composer.words.seen(),
      begun: () => this.composer.begun,
      beside: () => this.turns.beside,
      failed: (error) => this.deps.log.error('a view was not told', error),
    });
    this.turns = new Turns(
      conversation,
      deps,
      this.screen,
      {
        chosen: { cost: this.cost, tools: this.tools, now: (signal, seen) => this.composer.now(signal, seen) },
        calls: this.calls,
        canBeSeen: (content) => this.composer.attachments.canBeSeen(content),
      },
      (content) => this.create(titleFor(content, deps.log)),
      (ran) => {
        if (ran === 'turn') this.commandQuestions.ended();
        this.outbox.idle(ran);
        this.composer.refresh();
      },
      () => this.composer.keepDraft(),
    );
    this.calls.onDidChange(() => this.screen.tellWatchers());
    tellOthers(conversation, this.calls, deps);
    followConsents(conversation, this.calls, deps);
    this.calls.way.onDidChange(() => this.composer.show());
    this.outbox = new Outbox({
      conversation,
      deps,
      turns: this.turns,
      create: () => this.create(''),
      changed: () => this.composer.show(),
      takenOver: (taken) => {
        this.tools.take(taken);
        this.commandQuestions.take(taken);
      },
      returnToDraft: (text) => this.sender.give(text),
      attachments: () => this.composer.attachments,
      added: () => this.composer.context.added,
    });
    this.composer = new Composer(
      conversation,
      deps,
      this.cost,
      this.tools,
      () => this.turns.path,
      () => ({
        ...this.commandQuestions.shown,
        review: reviewOf(this.calls, deps),
        outputs: this.outputs.shown(this.composer.factor),
      }),
      () => (this.screen.isShown ? (composer) => this.screen.post({ type: 'composer', conversation, composer }) : null),
      (name, reason) => this.files.refused(name, reason),
    );
    this.window = new ContextWindow({
      deps,
      turns: this.turns,
      screen: this.screen,
      chosen: this.composer,
    });
    this.drafts = new DraftKeeper(deps, async () => {
      await this.create('');
      await this.composer.storeDraft();
    });
    const { composer, turns, outbox, drafts, screen } = this;
    const compact = () => this.window.handlers.compact();
    this.sender = new DraftSender({
      conversation,
      deps,
      composer,
      turns,
      outbox,
      drafts,
      screen,
      compact,
      mentioned: () => this.mentions.leave(),
    });
    this.inFlight = new InFlight(deps.clock);
    const giveBack = (text: string) => this.sender.give(text);
    const { inFlight } = this;
    this.commandQuestions = new CommandQuestions({ conversation, deps, turns, composer, outbox, inFlight });
    this.files = new AttachFiles(this.composer.attachments, this.screen, deps.files, () => this.create(''), giveBack);
    const last = new LastTurn({
      deps,
      turns: this.turns,
      compact,
      draft: this.sender,
      stored: () => this.stored(conversation),
    });
    this.outputs = new TerminalOutputs({
      ids: deps.ids,
      attachments: this.composer.attachments,
      create: () => this.create(''),
      changed: () => this.composer.show(),
    });
    this.mentions = new Mentions({
      source: deps.mentions,
      tools: deps.tools,
      context: this.composer.context,
      attachments: this.composer.attachments,
      attachUri: (uri, edit) => this.files.attachUri(uri, edit),
      said: (message) => deps.said?.(message) ?? filled(message.text, message.args ?? []),
      create: () => this.create(''),
    });
    const blocks = new BlockEdits(conversation, deps, this.turns, this.screen);
    this.handlers = {
      ...this.own,
      ...last.handlers,
      ...this.files.handlers,
      ...this.outbox.handlers,
      ...this.commandQuestions.handlers,
      ...this.window.handlers,
      ...this.tools.handlers,
      ...callHandlers(this.calls, deps, blocks),
      ...blocks.handlers,
      ...this.outputs.handlers,
      ...this.mentions.handlers,
      ...new EditReview(conversation, deps, this.turns).handlers,
      ...onDemand(
        () => this.screen.state,
        () => this.turns.shownPaths,
        (hash) => deps.store.getBlob(hash),
        deps.said,
      ),
    };
  }

  /** True while it has neither entries nor a draft. */
  get isBlank(): boolean {
    const { turns, composer, outbox } = this;
    return turns.path.length === 0 && !turns.isRunning && composer.isEmpty && outbox.queue.isEmpty;
  }

  get isRunning(): boolean {
    return this.turns.isRunning;
  }

  /** True while a turn runs, in this window or in another. */
  get isActive(): boolean {
    return this.screen.state.activity !== null;
  }

  /** True while it runs or is about to, messages wait for their turn, or what is shown is stored nowhere. */
  get isBusy(): boolean {
    return this.turns.isRunning || this.turns.isUnsaved || !this.outbox.queue.isEmpty;
  }

  get isShown(): boolean {
    return this.screen.isShown;
  }

  /** How many calls of tools wait for the user's answer. */
  get waiting(): number {
    return this.calls.waiting;
  }

  /** Empty before the first message. */
  get title(): string {
    return this.screen.state.title;
  }

  /** What the user has asked, the oldest first; not what a button said. */
  get questions(): readonly UserItem[] {
    return this.screen.state.items.filter((item) => item.type === 'user').filter(({ auto }) => auto === undefined);
  }

  /** What its last turn left behind: an answer, or something that a button of the panel goes on with; null for neither. */
  get ending(): Mark | null {
    const last = this.screen.state.items.at(-1);
    const kind = last?.type === 'answer' ? last.outcome?.kind : undefined;
    return kind === undefined || kind === 'stopped' ? null : kind === 'done' ? 'unread' : 'needsYou';
  }

  /** Calls back when what the list shows of it may have changed. */
  watch(callback: () => void): void {
    this.screen.watch(callback);
  }

  /** Gives a stored conversation another title. */
  async rename(title: string): Promise<void> {
    await this.deps.store.setTitle(this.conversation, title);
    this.screen.emit([{ type: 'title', title }]);
  }

  /** Takes over what is stored. False when nothing is. */
  async load(): Promise<boolean> {
    const stored = await this.deps.store.load(this.conversation);
    if (stored === null) return false;
    await this.creation.loaded();
    this.composer.take(stored);
    this.tools.take(stored);
    this.commandQuestions.take(stored);
    this.outbox.queue.take(stored.queued);
    await this.turns.load(stored);
    this.composer.attachments.adopt(new Set([...this.outbox.queue.rows, ...this.turns.path].map(({ id }) => id)));
    return true;
  }

  /** Tells a view everything from now on, beginning with a snapshot. Returns how to stop. */
  attach(send: Send): () => void {
    const detach = this.screen.attach(send);
    this.turns.watch();
    this.composer.refresh();
    return detach;
  }

  /** Never rejects: the answer says what became of it. */
  handle(intent: IntentAt<'chat'>, signal?: AbortSignal): Promise<Answer> {
    return settle(intent.type, () => this.inFlight.run(() => handle(this.handlers, intent, signal)), this.deps.log);
  }

  /** Attaches a file to the draft, as the commands do: an image, a PDF or a text. */
  attachUri(uri: string): Promise<void> {
    return this.inFlight.run(async () => void (await this.files.attachUri(uri)));
  }

  /** The context or the settings changed: chips and costs are computed again. */
  refreshComposer(): void {
    this.composer.refresh();
  }

  /** Stops a running turn as an interrupted one, and waits until all is stored. What is asked from then on is refused. */
  dispose(): Promise<void> {
    this.disposed ??= this.end();
    return this.disposed;
  }

  private async end(): Promise<void> {
    await this.turns.dispose();
    // What was asked before may still have words to give back.
    await this.inFlight.close(closingMs);
    await this.drafts.close();
    await this.composer.flush();
    await this.outbox.close();
    this.calls.way.close();
    this.screen.detachAll();
  }

  private readonly own = {
    resync: () => this.screen.resend(),
    send: ({ text }) => this.sender.send(text),
    draft: async ({ text }) => {
      if (!this.composer.setDraft(text)) return;
      this.screen.share({ type: 'setDraft', conversation: this.conversation, text, instead: true });
      if (text !== '' || this.creation.isCreated) await this.drafts.keep();
    },
    keepEdit: async ({ id, edit }) => {
      if (this.composer.keepEdit(id, edit) && this.creation.isCreated) await this.drafts.keep();
    },
    removeChip: async ({ id }) => {
      await this.create('');
      return this.composer.context.remove(id);
    },
    includeFile: async ({ id, included }) => {
      await this.create('');
      return this.composer.context.include(id, included);
    },
    countExactly: () => this.composer.countExactly(),
    inspectRequest: () => this.composer.inspect(),
    onlyWhatIAdd: ({ only }) => this.deps.choices.setAutomatic(!only),
  } satisfies Partial<Handlers<'chat'>>;

  /** True while a question may be asked here at once: nothing runs, and nothing waits before it. */
  get isFree(): boolean {
    return this.turns.mayStart && this.outbox.queue.isEmpty;
  }

  /** Offers what a command in a terminal has left: it goes along when it is added. */
  offerOutput(output: TerminalOutput): void {
    this.outputs.offer(output);
  }

  /** Puts code beside the draft: it goes with the next message. */
  attachSelection(selection: ContextSelection): Promise<void> {
    return this.inFlight.run(async () => {
      await this.create('');
      await this.composer.attachments.add([{ type: 'selection', selection }]);
    });
  }

  /** Adds a file to the context of this conversation: it goes along until it is removed, open or not. */
  addFile(uri: string): Promise<void> {
    return this.inFlight.run(async () => {
      await this.create('');
      await this.composer.context.add(uri);
    });
  }

  /** What was said and sent along, as Markdown. */
  markdown(): Promise<string> {
    return chatMarkdown(
      this.screen.state,
      sentTexts(this.turns.path, (hash) => this.deps.store.getBlob(hash)),
      this.deps.said,
    );
  }

  /** Makes sure that the conversation is stored and, given a first title, named. Resolves to true when it is new. */
  private async create(title: string): Promise<boolean> {
    const isNew = await this.creation.ensure(title);
    if (title !== '' && this.screen.state.title === '') this.screen.emit([{ type: 'title', title }]);
    return isNew;
  }
}
