/** What goes with the next message of one conversation: chips, draft, and what sending would cost. */
import { type SeenContext, seenContext } from '../../core/context/context';
import type { ContextNow, ContextUse, EditorContext } from '../../core/context/editorContext';
import { areSameFiles, filesNow, isSameContext } from '../../core/context/seenFiles';
import { selectionLabel } from '../../core/context/selection';
import type { ConversationCost } from '../../core/cost/conversationCost';
import { effortFor, type Model } from '../../core/models/models';
import type { ContextFile, Entry } from '../../core/record/record';
import type { StoredConversation } from '../../core/record/store';
import type { LocalizableMessage } from '../../shared/chat';
import type { ComposerState, FirstSend } from '../../shared/protocol';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { chipsOf, nameOf, openFilesId, removedSelection, removedWith, selectionId } from '../pricing/chips';
import type { Offering } from '../pricing/conversationTools';
import { CostEstimator, type CostEstimatorDeps, type NextMessage } from '../pricing/costEstimator';
import { ExactCount, type ExactCountDeps, officialAddress } from '../pricing/exactCount';
import { nextRequest } from '../pricing/nextRequest';
import type { WorkspaceChoices } from '../settings/workspaceChoices';
import { DraftAttachments } from './draft/attachments';
import { decodeDraft, encodeDraft } from './draft/draft';
import { DraftText } from './draft/draftText';
import { keepOwn } from './draft/ownDraft';
import type { ControllerDeps } from './turns/controllerDeps';

interface ComposerDeps extends CostEstimatorDeps, ExactCountDeps {
  readonly context: EditorContext;
  readonly choices: WorkspaceChoices;
  readonly showRequest: ControllerDeps['showRequest'];
}

const nothing: ContextNow = { project: [], files: [], selection: null };

/** The composer's state of one conversation, kept up to date for its views. */
export class Composer {
  /** The draft's; what goes with them is in `attachments`. */
  readonly words = new DraftText();
  readonly attachments: DraftAttachments;
  readonly estimator: CostEstimator;
  private readonly exact: ExactCount;
  /** Another set with each change. */
  private removed: ReadonlySet<string> = new Set();
  /** URIs of files that the user added, in that order. */
  private added: readonly string[] = [];
  private addedFiles: readonly ContextFile[] = [];
  /** Those of them that were removed since the last message: they can be brought back where they were. */
  private takenOut: { readonly path: readonly Entry[]; readonly files: readonly ContextFile[] } | null = null;
  private latest: ContextNow = nothing;
  private choice: { readonly of: readonly unknown[]; readonly context: ContextNow } | null = null;
  private known: { readonly path: readonly Entry[]; readonly seen: SeenContext | null } | null = null;
  private refreshing = false;
  private reading: Promise<void> = Promise.resolve();
  private closed = false;
  private again = false;
  private saving: Promise<unknown> = Promise.resolve();
  /** The draft as it was loaded, and as this window has stored it last. */
  private kept = { found: '', ours: '' };

  constructor(
    private readonly conversation: string,
    private readonly deps: ComposerDeps,
    readonly cost: ConversationCost,
    readonly tools: Offering,
    private readonly path: () => readonly Entry[],
    private readonly beside: () => Pick<ComposerState, 'queued' | 'review'>,
    /** Takes the state to the views; null while there are none. */
    private readonly views: () => ((state: ComposerState) => void) | null,
    private readonly refused: (name: string, reason: LocalizableMessage) => void,
  ) {
    this.estimator = new CostEstimator(deps, cost, tools, () => this.show());
    this.exact = new ExactCount(deps, this, this.estimator, () => this.show());
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

  /** Takes over what is stored. */
  take(stored: StoredConversation): void {
    this.kept = { found: stored.draft, ours: stored.draft };
    const { text, attachments } = decodeDraft(stored.draft);
    this.words.take(text);
    this.attachments.load(attachments);
    this.removed = new Set(stored.removedContext);
    this.added = stored.addedContext;
  }

  /** True without a draft and without added files. */
  get isEmpty(): boolean {
    return this.words.typed === '' && this.attachments.all.length === 0 && this.added.length === 0;
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
      context: this.chosen(),
      draft: this.words.typed,
      attached: this.attachments.current,
    };
  }

  /** By what was read of the editors last. */
  get state(): ComposerState {
    const { model } = this;
    const { next, ...estimated } = this.estimator.of(this.next);
    return {
      chips: this.shown([], () =>
        chipsOf(
          {
            context: this.latest,
            added: this.addedFiles,
            takenOut: this.outSinceSent(),
            removed: this.removed,
            seen: this.seen(),
            automatic: this.deps.choices.automatic,
          },
          this.estimator.chipRates(next),
        ),
      ),
      ...this.beside(),
      firstSend: this.shown(null, () => this.firstSend()),
      attachments: this.attachments.shown(model, this.deps.tokens.factorOf(model.id)),
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

  /** Shows the next request, as it would go out now. */
  async inspect(): Promise<void> {
    const { deps, estimator } = this;
    const { request, context, message, stoodIn } = await nextRequest(this, deps, AbortSignal.timeout(10_000));
    const { model } = this;
    const address = (await deps.api.access().catch(() => null))?.baseUrl ?? officialAddress;
    const { next } = estimator.of(message);
    const factor = deps.tokens.factorOf(model.id);
    await deps.showRequest(this.conversation, { request, context, model, factor, next, address, standIn: stoodIn });
  }

  /** Counts the whole next request exactly: the user asked for it. */
  countExactly(): Promise<void> {
    return this.exact.count();
  }

  private get model(): Model {
    return this.deps.models.of(this.deps.settings().model);
  }

  /** The context that the user lets through, read now; `shown`: as far as is known. */
  async now(signal: AbortSignal, use: ContextUse = 'sent'): Promise<ContextNow> {
    await this.deps.choices.ready();
    const uris = this.added;
    const [latest, added] = await Promise.all([
      this.deps.context.current(signal, use),
      this.deps.context.readAdded(uris, signal, use),
      // Pauses between turns make an estimate better: no message waits for them.
      use === 'sent' ? undefined : this.estimator.read(),
    ]);
    const { files, unread } = filesNow(uris, added);
    const now = unread.length === 0 ? latest : { ...latest, unread: [...(latest.unread ?? []), ...unread] };
    // The same objects as long as it is the same: what they are worth is computed once.
    if (!isSameContext(this.latest, now)) this.latest = now;
    if (use === 'sent') for (const uri of unread) this.refused(nameOf(uri), refusals.notSent(nameOf(uri)));
    const removed = removedWith(this.removed, latest.selection);
    if (removed !== this.removed) {
      this.removed = removed;
      // What is shown and sent follows at once; the disk may take its time.
      this.saveRemoved().catch((error: unknown) =>
        this.deps.log.warn(`a removed chip was not stored: ${String(error)}`),
      );
    }
    if (!areSameFiles(this.addedFiles, files)) this.addedFiles = files;
    return this.chosen();
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
    this.reading = this.now(AbortSignal.timeout(10_000), 'shown')
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

  /** Stores the draft again: another window that sent has stored an empty one. */
  keepDraft(): void {
    if (this.words.typed === '' && this.attachments.all.length === 0) return;
    this.storeDraft().catch((error: unknown) => this.deps.log.error('a draft could not be stored', error));
  }

  async remove(id: string): Promise<void> {
    const { selection } = this.latest;
    const named = id === selectionId && selection !== null ? removedSelection(selection) : id;
    this.removed = new Set([...this.removed, named]);
    if (this.added.includes(id)) {
      const gone = this.addedFiles.filter(({ uri }) => uri === id);
      this.takenOut = { path: this.path(), files: [...this.outSinceSent(), ...gone] };
      await this.saveAdded(this.added.filter((uri) => uri !== id));
    }
    await this.saveRemoved();
  }

  /** Adds a file by hand. Rejects when it may not or cannot be sent. */
  async add(uri: string): Promise<void> {
    // Instructions of the project have a chip of their own.
    if (this.latest.project.some((file) => file.uri === uri)) return this.include(uri, true);
    const signal = AbortSignal.timeout(10_000);
    const [file] = await this.deps.context.readAdded([uri], signal);
    if (file === 'unread') throw refused(refusals.diskSilent(nameOf(uri)));
    if (file === null || file === undefined) throw new Error(`${uri} cannot be sent`);
    if (this.removed.has(uri)) {
      this.removed = without(this.removed, uri);
      await this.saveRemoved();
    }
    if (!this.added.includes(uri)) await this.saveAdded([...this.added, uri]);
    this.refresh();
  }

  async include(id: string, included: boolean): Promise<void> {
    if (!included) return this.remove(id);
    const { selection } = this.latest;
    const named = id === selectionId && selection !== null ? removedSelection(selection) : id;
    // Where all open files were removed as one, the others stay out.
    const others = this.removed.has(openFilesId) ? this.latest.files.map(({ uri }) => uri) : [];
    this.removed = without(new Set([...this.removed, ...others]), named, openFilesId);
    const back = this.outSinceSent().find(({ uri }) => uri === id);
    if (back !== undefined) {
      this.takenOut = { path: this.path(), files: this.outSinceSent().filter((file) => file !== back) };
      this.addedFiles = [...this.addedFiles, back];
      await this.saveAdded([...this.added, id]);
    }
    await this.saveRemoved();
  }

  /** Waits for no clock any more; resolves when everything is stored. */
  async flush(): Promise<void> {
    this.closed = true;
    await this.reading;
    this.estimator.dispose();
    await this.saving;
    const draft = { text: this.words.typed, attachments: this.attachments.all };
    if (encodeDraft(draft) === this.kept.found && this.words.notSeen === '') return;
    await keepOwn(this.deps.store, this.conversation, draft, this.kept.ours).catch((error: unknown) =>
      this.deps.log.error('a draft could not be stored at the end', error),
    );
  }

  private outSinceSent(): readonly ContextFile[] {
    return this.takenOut?.path === this.path() ? this.takenOut.files : [];
  }

  /** Words and attachments, as they are now. The conversation must be stored. */
  storeDraft(): Promise<void> {
    return this.save(async () => {
      await this.words.settled;
      const draft = encodeDraft({ text: this.words.toStore, attachments: this.attachments.all });
      await this.deps.store.setDraft(this.conversation, draft);
      this.kept = { ...this.kept, ours: draft };
    });
  }

  private async saveAdded(added: readonly string[]): Promise<void> {
    this.added = added;
    this.addedFiles = this.addedFiles.filter(({ uri }) => added.includes(uri));
    this.show();
    await this.save(() => this.deps.store.setAddedContext(this.conversation, added));
  }

  private async saveRemoved(): Promise<void> {
    this.show();
    await this.save(() => this.deps.store.setRemovedContext(this.conversation, [...this.removed]));
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

  /** What goes along of what was read last; the same object as long as it is the same. */
  private chosen(): ContextNow {
    const of = [this.latest, this.addedFiles, this.added, this.removed, this.deps.choices.automatic];
    if (this.choice?.of.every((value, index) => value === of[index]) === true) return this.choice.context;
    const context = this.choose(this.latest);
    this.choice = { of, context };
    return context;
  }

  /** What was added, and what goes by itself as far as the user lets it. */
  private choose(context: ContextNow): ContextNow {
    const { removed } = this;
    const instructions = new Set(context.project.map(({ uri }) => uri));
    const project = context.project.filter(({ uri }) => !removed.has(uri));
    const added = this.addedFiles.filter(({ uri }) => !instructions.has(uri));
    if (!this.deps.choices.automatic) return { ...context, project, files: added, selection: null };
    const open = removed.has(openFilesId) ? [] : context.files.filter(({ uri }) => !removed.has(uri));
    const { selection } = context;
    return {
      ...context,
      project,
      files: [...added, ...open.filter(({ uri }) => !this.added.includes(uri))],
      selection: selection === null || removed.has(removedSelection(selection)) ? null : selection,
    };
  }

  /** What the first message of this workspace would send by itself. */
  private firstSend(): FirstSend | null {
    if (this.deps.choices.hasSent) return null;
    const { project, files, selection } = this.chosen();
    const open = files.filter(({ uri }) => !this.added.includes(uri));
    const alone = open.length === 1 ? open : [];
    const labels = [
      ...(selection === null ? [] : [selectionLabel(selection)]),
      ...[...alone, ...project].map(({ path }) => nameOf(path)),
    ];
    const count = open.length - alone.length;
    const automatic = selection !== null || open.length > 0;
    return labels.length === 0 && count === 0 ? null : { automatic, labels, files: count };
  }
}

function without(ids: ReadonlySet<string>, ...gone: readonly string[]): ReadonlySet<string> {
  return new Set([...ids].filter((id) => !gone.includes(id)));
}
