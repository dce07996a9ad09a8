/** What goes with the next message of one conversation: chips, draft, and what sending would cost. */
import { type SeenContext, seenContext } from '../../core/context/context';
import type { ContextNow, ContextUse, EditorContext } from '../../core/context/editorContext';
import type { ConversationCost } from '../../core/cost/conversationCost';
import { effortFor, type Model } from '../../core/models/models';
import type { Entry } from '../../core/record/record';
import type { StoredConversation } from '../../core/record/store';
import type { LocalizableMessage } from '../../shared/chat';
import type { ComposerState } from '../../shared/protocol';
import { type BegunWords, withBegun } from '../../shared/turn/editing';
import { type ChipFacts, chipsOf } from '../pricing/chips';
import type { Offering } from '../pricing/conversationTools';
import { CostEstimator, type CostEstimatorDeps, type NextMessage } from '../pricing/costEstimator';
import { ExactCount, type ExactCountDeps, officialAddress } from '../pricing/exactCount';
import { nextRequest, nextSummary } from '../pricing/nextRequest';
import type { WorkspaceChoices } from '../settings/workspaceChoices';
import { ContextChoice } from './contextChoice';
import { DraftAttachments } from './draft/attachments';
import { type DraftBlock, decodeDraft, encodeDraft, isBlank, type StoredDraft } from './draft/draft';
import { DraftText } from './draft/draftText';
import { keepOwn } from './draft/ownDraft';
import type { ControllerDeps } from './turns/controllerDeps';

interface ComposerDeps extends CostEstimatorDeps, ExactCountDeps {
  readonly context: EditorContext;
  readonly choices: WorkspaceChoices;
  readonly showRequest: ControllerDeps['showRequest'];
}

/** The composer's state of one conversation, kept up to date for its views. */
export class Composer {
  /** The draft's; what goes with them is in `attachments`. */
  readonly words = new DraftText();
  readonly attachments: DraftAttachments;
  /** What goes along of the workspace. */
  readonly context: ContextChoice;
  readonly estimator: CostEstimator;
  private readonly exact: ExactCount;
  private known: { readonly path: readonly Entry[]; readonly seen: SeenContext | null } | null = null;
  private refreshing = false;
  private reading: Promise<void> = Promise.resolve();
  private closed = false;
  private again = false;
  private saving: Promise<unknown> = Promise.resolve();
  /** The draft as it was loaded, and as this window has stored it last. */
  private kept = { found: '', ours: '' };
  /** Words with which something is being written anew, the latest first. */
  begun: readonly BegunWords[] = [];

  constructor(
    private readonly conversation: string,
    private readonly deps: ComposerDeps,
    readonly cost: ConversationCost,
    readonly tools: Offering,
    private readonly path: () => readonly Entry[],
    private readonly beside: () => Pick<ComposerState, 'queued' | 'dearer' | 'review' | 'outputs'>,
    /** Takes the state to the views; null while there are none. */
    private readonly views: () => ((state: ComposerState) => void) | null,
    refused: (name: string, reason: LocalizableMessage) => void,
  ) {
    this.estimator = new CostEstimator(deps, cost, tools, () => this.show());
    this.exact = new ExactCount(deps, this, this.estimator, () => this.show());
    this.context = new ContextChoice(conversation, deps, {
      seen: () => this.seen(),
      path,
      changed: () => this.show(),
      refresh: () => this.refresh(),
      save: (write) => this.save(write),
      refused,
    });
    this.attachments = new DraftAttachments(deps, {
      next: () => ({ path: this.path(), model: this.model, tokens: () => this.estimator.of(this.next).next.tokens }),
      show: () => this.show(),
      changed: () => {
        this.show();
        return this.storeDraft();
      },
      refused,
    });
  }

  /** Of the model's tokens. */
  get factor(): number {
    return this.deps.tokens.factorOf(this.model.id);
  }

  /** Takes over what is stored. */
  take(stored: StoredConversation): void {
    this.kept = { found: stored.draft, ours: stored.draft };
    const { text, attachments, edits } = decodeDraft(stored.draft);
    this.begun = edits;
    this.words.take(text);
    this.attachments.load(attachments);
    this.context.take(stored);
  }

  /** True without a draft and without added files. */
  get isEmpty(): boolean {
    return this.words.typed === '' && this.attachments.all.length === 0 && this.context.isEmpty;
  }

  /** Tells the views: without any, nothing is computed. */
  show(): void {
    const tell = this.views();
    if (tell === null) {
      this.estimator.dispose();
      return;
    }
    const { state } = this;
    this.estimator.watch(state);
    tell(state);
  }

  /** What the next message would be made of, by what was read of the editors last. */
  get next(): NextMessage {
    return {
      path: this.path(),
      seen: this.seen(),
      context: this.context.chosen(),
      draft: this.words.typed,
      attached: this.attachments.current,
    };
  }

  /** By what was read of the editors last. */
  get state(): ComposerState {
    const { model } = this;
    const { next, ...estimated } = this.estimator.of(this.next);
    const edited = this.attachments.shownEdited(model, this.factor);
    return {
      chips: this.shown([], () => chipsOf(this.chipFacts, this.estimator.chipRates(next))),
      ...this.beside(),
      firstSend: this.shown(null, () => this.context.firstSend()),
      attachments: this.attachments.shown(model, this.factor),
      ...(edited.length === 0 ? {} : { edited }),
      maxImageTokens: model.maxImageTokens,
      modelId: model.id,
      modelName: model.name,
      effort: effortFor(model, this.deps.settings().effort),
      next: { ...next, counted: this.exact.state ?? next.counted },
      ...estimated,
    };
  }

  /** What is only shown: without it the conversation opens and goes on. */
  private shown<T>(otherwise: T, compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      this.deps.log.error('a part of the composer could not be shown', error);
      return otherwise;
    }
  }

  /** Shows the next request, and the one for a summary where that is offered, as they would go out now. */
  async inspect(): Promise<void> {
    const { deps, estimator } = this;
    const { request, context, message, stoodIn } = await nextRequest(this, deps, AbortSignal.timeout(10_000));
    const { model } = this;
    const address = (await deps.api.access().catch(() => null))?.baseUrl ?? officialAddress;
    const { next } = estimator.of(message);
    const factor = deps.tokens.factorOf(model.id);
    const summary = next.summary === null ? null : await nextSummary(this, estimator.writerOf(message, false), deps);
    const facts = { request, context, model, factor, next, address, standIn: stoodIn, summary };
    await deps.showRequest(this.conversation, facts);
  }

  /** Counts the whole next request exactly: the user asked for it. */
  countExactly(): Promise<void> {
    return this.exact.count();
  }

  /** Where the context begins anew, what was shown before is of no matter. */
  private get chipFacts(): ChipFacts {
    const { next } = this;
    const seen = this.estimator.beginsFresh(next) ? null : next.seen;
    return this.context.chips(seen, this.estimator.begins(next) ?? []);
  }

  private get model(): Model {
    return this.deps.models.of(this.deps.settings().model);
  }

  /** The context that the user lets through, read now; `shown`: as far as is known. `seen`: what an earlier path has shown. */
  async now(signal: AbortSignal, seen?: SeenContext | null, use: ContextUse = 'sent'): Promise<ContextNow> {
    const [now] = await Promise.all([
      this.context.now(signal, use, seen),
      // Pauses between turns make an estimate better: no message waits for them.
      use === 'sent' ? undefined : this.estimator.read(),
    ]);
    if (use === 'shown') await this.estimator.lookUp({ path: this.path(), context: now });
    return now;
  }

  /**
   * Reads the context again and tells the views; calls while one runs make one more. Does nothing while nobody looks: a
   * view that comes asks for it.
   */
  refresh(): void {
    if (this.closed || this.views() === null) return;
    if (this.refreshing) {
      this.again = true;
      return;
    }
    this.refreshing = true;
    this.reading = this.now(AbortSignal.timeout(10_000), null, 'shown')
      .catch((error: unknown) => this.deps.log.warn(`the context could not be read: ${String(error)}`))
      .then(() => {
        this.refreshing = false;
        this.show();
        void this.exact.countSent();
        if (!this.again) return;
        this.again = false;
        this.refresh();
      })
      .catch((error: unknown) => this.deps.log.error('the composer could not be shown', error));
  }

  /** Says what is typed now. False when that is known. */
  setDraft(text: string): boolean {
    const isNew = this.words.set(text);
    if (isNew) this.show();
    return isNew;
  }

  /** Puts words behind what is typed, unless that is what they are. */
  putBehind(text: string): void {
    this.words.putBehind(text, this.views() !== null);
    this.show();
  }

  /** Says with what words something is being written anew now; null: with none any more. False when that is known. */
  keepEdit(id: string, edit: BegunWords | null): boolean {
    const known = this.begun.find((one) => one.id === id);
    if (known?.text === edit?.text) return false;
    this.begun = withBegun(this.begun, id, edit);
    return true;
  }

  /** A draft of these in the store's form, with what is being written anew beside it. */
  encoded(text: string, attachments: readonly DraftBlock[]): string {
    return encodeDraft({ text, attachments, edits: this.begun });
  }

  private get draft(): StoredDraft {
    return { text: this.words.typed, attachments: this.attachments.all, edits: this.begun };
  }

  /** Stores the draft again: another window that sent has stored an empty one. */
  keepDraft(): void {
    if (isBlank(this.draft)) return;
    this.storeDraft().catch((error: unknown) => this.deps.log.error('a draft could not be stored', error));
  }

  /** Waits for no clock any more; resolves when everything is stored. */
  async flush(): Promise<void> {
    this.closed = true;
    await this.reading;
    this.estimator.dispose();
    await this.saving;
    const { draft } = this;
    if (encodeDraft(draft) === this.kept.found && this.words.notSeen === '') return;
    await keepOwn(this.deps.store, this.conversation, draft, this.kept.ours).catch((error: unknown) =>
      this.deps.log.error('a draft could not be stored at the end', error),
    );
  }

  /** Words and attachments, as they are now. The conversation must be stored. */
  storeDraft(): Promise<void> {
    return this.save(async () => {
      await this.words.settled;
      const draft = this.encoded(this.words.toStore, this.attachments.all);
      await this.deps.store.setDraft(this.conversation, draft);
      this.kept = { ...this.kept, ours: draft };
    });
  }

  private save(write: () => Promise<void>): Promise<void> {
    const done = this.saving.then(write);
    this.saving = done.catch(() => undefined);
    return done;
  }

  /** What the path has shown the model: computed anew only for another path. */
  private seen(): SeenContext | null {
    const path = this.path();
    if (this.known?.path === path) return this.known.seen;
    let seen: SeenContext | null = null;
    try {
      seen = seenContext(path);
    } catch (error) {
      // A record that contradicts itself still shows; the next turn begins with a fresh snapshot.
      this.deps.log.error('the seen context could not be computed', error);
    }
    this.known = { path, seen };
    return seen;
  }
}
