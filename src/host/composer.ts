/** What goes with the next message of one conversation: chips, draft, and what sending would cost. */
import { type SeenContext, seenContext, selectionLabel } from '../core/context';
import { estimateNext, rewriteOf } from '../core/estimate';
import type { Models } from '../core/modelList';
import { effortFor, type Model } from '../core/models';
import type { ChatSettings, Clock, ContextNow, EditorContext, Log, Store } from '../core/ports';
import type { Entry } from '../core/record';
import { estimateTokens } from '../core/tokens';
import { toolDefinitions, tools } from '../core/tools/all';
import type { Words } from '../shared/chat';
import type { Chip, ChipFile, ComposerState } from '../shared/protocol';
import { DraftAttachments } from './attachments';
import { decodeDraft, encodeDraft } from './draft';

export interface ComposerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly context: EditorContext;
  readonly settings: () => ChatSettings;
  readonly models: Models;
}

/** Stand in the list of removed context for the selection and for all open files. */
const selectionId = 'selection';
const openFilesId = 'openFiles';

const nothing: ContextNow = { project: [], files: [], selection: null };
const toolsJson = JSON.stringify(toolDefinitions(tools));

export class Composer {
  /** The words; what goes with them is in `attachments`. */
  draft = '';
  readonly attachments: DraftAttachments;
  private removed = new Set<string>();
  private latest: ContextNow = nothing;
  private known: { readonly path: readonly Entry[]; readonly seen: SeenContext | null } | null = null;
  private refreshing = false;
  private again = false;
  private saving: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly conversation: string,
    private readonly deps: ComposerDeps,
    private readonly path: () => readonly Entry[],
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
  take(draft: string, removed: readonly string[]): void {
    const { text, attachments } = decodeDraft(draft);
    this.draft = text;
    this.attachments.load(attachments);
    this.removed = new Set(removed);
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
      chips: this.chips(),
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
    this.latest = await this.deps.context.current(signal);
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
    await this.saveRemoved();
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

  private chosen(context: ContextNow): ContextNow {
    const all = !this.removed.has(openFilesId);
    return {
      project: context.project,
      files: all ? context.files.filter((file) => !this.removed.has(file.uri)) : [],
      selection: this.removed.has(selectionId) ? null : context.selection,
    };
  }

  private chips(): readonly Chip[] {
    const { files, selection } = this.latest;
    const seen = this.seen();
    const chips: Chip[] = [];
    if (selection !== null && !this.removed.has(selectionId)) {
      const { path, startLine, text } = selection;
      const label = selectionLabel(selection);
      chips.push({ kind: 'selection', id: selectionId, label, path, startLine, tokens: estimateTokens(text) });
    }
    if (files.length === 0 || this.removed.has(openFilesId)) return chips;
    const listed = files.map((file): ChipFile => {
      const before = seen?.files.get(file.uri);
      return {
        id: file.uri,
        label: file.path.slice(file.path.lastIndexOf('/') + 1),
        path: file.path,
        tokens: estimateTokens(file.text),
        included: !this.removed.has(file.uri),
        changed: before !== undefined && before.text !== file.text,
      };
    });
    const tokens = listed.reduce((sum, file) => sum + (file.included ? file.tokens : 0), 0);
    chips.push({ kind: 'openFiles', id: openFilesId, tokens, files: listed });
    return chips;
  }
}
