/** What goes with the next message of one conversation: chips, draft, and what sending would cost. */
import { type SeenContext, seenContext, selectionLabel } from '../core/context';
import { estimateNext } from '../core/estimate';
import { modelOf } from '../core/models';
import type { ChatSettings, Clock, ContextNow, EditorContext, Log, Store } from '../core/ports';
import type { Entry } from '../core/record';
import { estimateTokens } from '../core/tokens';
import { toolDefinitions, tools } from '../core/tools/all';
import type { Chip, ChipFile, ComposerState } from '../shared/protocol';

export interface ComposerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly context: EditorContext;
  readonly settings: () => ChatSettings;
}

/** Stand in the list of removed context for the selection and for all open files. */
const selectionId = 'selection';
const openFilesId = 'openFiles';

const nothing: ContextNow = { project: [], files: [], selection: null };
const toolsJson = JSON.stringify(toolDefinitions(tools));

export class Composer {
  draft = '';
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
  ) {}

  /** Takes over what is stored. */
  take(draft: string, removed: readonly string[]): void {
    this.draft = draft;
    this.removed = new Set(removed);
  }

  /** By what was read of the editors last. */
  get state(): ComposerState {
    const settings = this.deps.settings();
    const model = modelOf(settings.model);
    const next = estimateNext({
      path: this.path(),
      seen: this.seen(),
      model,
      context: this.chosen(this.latest),
      draft: this.draft,
      toolsJson,
      now: this.deps.clock.now(),
    });
    const effort = model.efforts.length === 0 ? null : settings.effort;
    return { chips: this.chips(), modelId: model.id, modelName: model.name, effort, next };
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
    if (stored) await this.save(() => this.deps.store.setDraft(this.conversation, text));
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
