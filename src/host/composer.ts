/** What goes with the next message of one conversation: chips, draft, and what sending would cost. */
import { type SeenContext, seenContext, selectionLabel } from '../core/context';
import { estimateNext, rewriteOf } from '../core/estimate';
import type { Models } from '../core/modelList';
import { effortFor, type Model } from '../core/models';
import type { ChatSettings, Clock, ContextNow, EditorContext, Log, Store, StoredConversation } from '../core/ports';
import type { ContextFile, Entry } from '../core/record';
import { toolDefinitions, tools } from '../core/tools/all';
import type { Words } from '../shared/chat';
import type { ComposerState, FirstSend, QueuedRow } from '../shared/protocol';
import { DraftAttachments } from './attachments';
import { chipsOf, nameOf, openFilesId, selectionId } from './chips';
import { decodeDraft, encodeDraft } from './draft';
import type { WorkspaceChoices } from './workspaceChoices';

export interface ComposerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly context: EditorContext;
  readonly settings: () => ChatSettings;
  readonly models: Models;
  readonly choices: WorkspaceChoices;
}

const nothing: ContextNow = { project: [], files: [], selection: null };
const toolsJson = JSON.stringify(toolDefinitions(tools));

export class Composer {
  /** The words; what goes with them is in `attachments`. */
  draft = '';
  readonly attachments: DraftAttachments;
  private removed = new Set<string>();
  /** URIs of files that the user added, in that order. */
  private added: readonly string[] = [];
  private addedFiles: readonly ContextFile[] = [];
  private latest: ContextNow = nothing;
  private known: { readonly path: readonly Entry[]; readonly seen: SeenContext | null } | null = null;
  private refreshing = false;
  private again = false;
  private saving: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly conversation: string,
    private readonly deps: ComposerDeps,
    private readonly path: () => readonly Entry[],
    private readonly queued: () => readonly QueuedRow[],
    private readonly changed: (state: ComposerState) => void,
    refused: (name: string, reason: Words) => void,
  ) {
    this.attachments = new DraftAttachments(deps, {
      next: () => ({ path: this.path(), model: this.model, tokens: this.state.next.tokens }),
      show: () => this.changed(this.state),
      changed: () => {
        this.changed(this.state);
        return this.storeDraft();
      },
      refused,
    });
  }

  /** Takes over what is stored. */
  take(stored: StoredConversation): void {
    const { text, attachments } = decodeDraft(stored.draft);
    this.draft = text;
    this.attachments.load(attachments);
    this.removed = new Set(stored.removedContext);
    this.added = stored.addedContext;
  }

  /** True without a draft and without added files. */
  get isEmpty(): boolean {
    return this.draft === '' && this.attachments.all.length === 0 && this.added.length === 0;
  }

  /** Tells the views. */
  show(): void {
    this.changed(this.state);
  }

  /** By what was read of the editors last. */
  get state(): ComposerState {
    const { models } = this.deps;
    const model = this.model;
    const effort = effortFor(model, this.deps.settings().effort);
    const input = {
      path: this.path(),
      seen: this.seen(),
      model,
      effort,
      context: this.chosen(this.latest),
      draft: this.draft,
      attached: this.attachments.current,
      toolsJson,
      now: this.deps.clock.now(),
    };
    const rewrite = rewriteOf(input, (id) => models.of(id));
    const next = estimateNext(input);
    return {
      chips: chipsOf(this.latest, this.addedFiles, this.removed, this.seen(), this.deps.choices.automatic),
      queued: this.queued(),
      firstSend: this.firstSend(),
      attachments: this.attachments.shown(model),
      maxImageTokens: model.maxImageTokens,
      modelId: model.id,
      modelName: model.name,
      effort,
      next,
      rewrite,
    };
  }

  private get model(): Model {
    return this.deps.models.of(this.deps.settings().model);
  }

  /** The context that the user lets through, read now. */
  async now(signal: AbortSignal): Promise<ContextNow> {
    await this.deps.choices.ready();
    const [latest, added] = await Promise.all([
      this.deps.context.current(signal),
      this.deps.context.readAdded(this.added, signal),
    ]);
    this.latest = latest;
    this.addedFiles = added.filter((file) => file !== null);
    return this.chosen(this.latest);
  }

  /** Reads the context again and tells the views; calls while one runs make one more. */
  refresh(): void {
    if (this.refreshing) {
      this.again = true;
      return;
    }
    this.refreshing = true;
    this.now(AbortSignal.timeout(10_000))
      .catch((error: unknown) => this.deps.log.warn(`the context could not be read: ${String(error)}`))
      .then(() => {
        this.refreshing = false;
        this.changed(this.state);
        if (!this.again) return;
        this.again = false;
        this.refresh();
      })
      .catch((error: unknown) => this.deps.log.error('the composer could not be shown', error));
  }

  async setDraft(text: string, stored: boolean): Promise<void> {
    if (this.draft === text) return;
    this.draft = text;
    this.changed(this.state);
    if (stored) await this.storeDraft();
  }

  /** Stores the draft again: another window that sent has stored an empty one. */
  keepDraft(): void {
    if (this.draft === '' && this.attachments.all.length === 0) return;
    this.storeDraft().catch((error: unknown) => this.deps.log.error('a draft could not be stored', error));
  }

  async remove(id: string): Promise<void> {
    this.removed.add(id);
    if (this.added.includes(id)) await this.saveAdded(this.added.filter((uri) => uri !== id));
    await this.saveRemoved();
  }

  /** Adds a file by hand. Rejects when it may not or cannot be sent. */
  async add(uri: string): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    const [file] = await this.deps.context.readAdded([uri], signal);
    if (file === null || file === undefined) throw new Error(`${uri} cannot be sent`);
    if (this.removed.delete(uri)) await this.saveRemoved();
    if (!this.added.includes(uri)) await this.saveAdded([...this.added, uri]);
    this.refresh();
  }

  async include(id: string, included: boolean): Promise<void> {
    if (!included) return this.remove(id);
    this.removed.delete(id);
    this.removed.delete(openFilesId);
    await this.saveRemoved();
  }

  /** Resolves when everything is stored. */
  async flush(): Promise<void> {
    await this.saving;
  }

  private storeDraft(): Promise<void> {
    const draft = encodeDraft({ text: this.draft, attachments: this.attachments.all });
    return this.save(() => this.deps.store.setDraft(this.conversation, draft));
  }

  private async saveAdded(added: readonly string[]): Promise<void> {
    this.added = added;
    this.addedFiles = this.addedFiles.filter(({ uri }) => added.includes(uri));
    this.changed(this.state);
    await this.save(() => this.deps.store.setAddedContext(this.conversation, added));
  }

  private async saveRemoved(): Promise<void> {
    this.changed(this.state);
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

  /** What goes along: what was added, and what goes by itself as far as the user lets it. */
  private chosen(context: ContextNow): ContextNow {
    const instructions = new Set(context.project.map(({ uri }) => uri));
    const added = this.addedFiles.filter(({ uri }) => !instructions.has(uri));
    if (!this.deps.choices.automatic) return { project: [], files: this.addedFiles, selection: null };
    const open = this.removed.has(openFilesId) ? [] : context.files.filter(({ uri }) => !this.removed.has(uri));
    return {
      project: context.project,
      files: [...added, ...open.filter(({ uri }) => !this.added.includes(uri))],
      selection: this.removed.has(selectionId) ? null : context.selection,
    };
  }

  /** What the first message of this workspace would send by itself. */
  private firstSend(): FirstSend | null {
    if (this.deps.choices.hasSent) return null;
    const { project, files, selection } = this.chosen(this.latest);
    const open = files.filter(({ uri }) => !this.added.includes(uri));
    const alone = open.length === 1 ? open : [];
    const labels = [
      ...(selection === null ? [] : [selectionLabel(selection)]),
      ...[...alone, ...project].map(({ path }) => nameOf(path)),
    ];
    const count = open.length - alone.length;
    return labels.length === 0 && count === 0 ? null : { labels, files: count };
  }
}
