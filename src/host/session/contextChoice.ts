/** The context that goes with the next message of one conversation: what is read of the workspace, as far as the user lets it. */
import { leavesOut, noLimitsKnown } from '../../core/api/addressLimits';
import type { Log } from '../../core/base/ports';
import type { SeenContext } from '../../core/context/context';
import type { ContextNow, ContextUse, EditorContext } from '../../core/context/editorContext';
import { areSameFiles, filesNow, isSameContext, withClosed } from '../../core/context/seenFiles';
import { selectionLabel } from '../../core/context/selection';
import type { ContextFile, Entry } from '../../core/record/record';
import type { Store, StoredConversation } from '../../core/record/store';
import type { LocalizableMessage } from '../../shared/chat';
import { type FirstSend, ownInstructions } from '../../shared/protocol';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import {
  type ChipFacts,
  keptAlone,
  keptInstructions,
  nameOf,
  openFilesId,
  removedSelection,
  removedWith,
  selectionId,
} from '../pricing/chips';
import { addressNow } from '../pricing/nextTurn';
import type { PricingDeps } from '../pricing/pricingDeps';
import type { WorkspaceChoices } from '../settings/workspaceChoices';

interface ContextChoiceDeps extends Pick<PricingDeps, 'api' | 'addresses'> {
  readonly store: Store;
  readonly log: Log;
  readonly context: EditorContext;
  readonly choices: WorkspaceChoices;
}

interface ContextChoiceOwner {
  readonly path: () => readonly Entry[];
  /** What it has shown the model; null where the next message shows all of it anew. */
  readonly seen: () => SeenContext | null;
  /** What goes along is other than it was. */
  readonly changed: () => void;
  /** The context is to be read again. */
  readonly refresh: () => void;
  /** Writes to the store, after what was written before. */
  readonly save: (write: () => Promise<void>) => Promise<void>;
  readonly refused: (name: string, reason: LocalizableMessage) => void;
}

const nothing: ContextNow = { project: [], files: [], selection: null };

/** What the user added to and removed from one conversation, and what that leaves of the context. */
export class ContextChoice {
  /** Another set with each change. */
  private removed: ReadonlySet<string> = new Set();
  /** URIs of files that the user added, in that order. */
  added: readonly string[] = [];
  private addedFiles: readonly ContextFile[] = [];
  /** Those of them that were removed since the last message: they can be brought back where they were. */
  private takenOut: { readonly path: readonly Entry[]; readonly files: readonly ContextFile[] } | null = null;
  private latest: ContextNow = nothing;
  private choice: { readonly of: readonly unknown[]; readonly context: ContextNow } | null = null;

  constructor(
    private readonly conversation: string,
    private readonly deps: ContextChoiceDeps,
    private readonly owner: ContextChoiceOwner,
  ) {}

  /** Takes over what is stored. */
  take(stored: StoredConversation): void {
    this.removed = new Set(stored.removedContext);
    this.added = stored.addedContext;
  }

  /** True without a file that the user added. */
  get isEmpty(): boolean {
    return this.added.length === 0;
  }

  /** What the chips are made of. */
  chips(seen: SeenContext | null, held: readonly ContextFile[]): ChipFacts {
    return {
      context: this.latest,
      added: this.addedFiles,
      takenOut: this.outSinceSent(),
      removed: this.removed,
      seen,
      held,
      automatic: this.deps.choices.automatic,
    };
  }

  /** A name alone is of no use to a model that can read no file: what would be told so goes along as a whole. */
  private async tellable(read: ContextNow, seen: SeenContext | null): Promise<ContextNow> {
    const { whole, ...all } = read;
    const isNamed = ({ uri }: ContextFile): boolean => seen?.files.has(uri) === false && whole?.includes(uri) === false;
    if (!read.files.some(isNamed)) return read;
    const { limits = noLimitsKnown } = await addressNow(this.deps);
    return leavesOut(limits, 'tools') ? all : read;
  }

  /**
   * The context that the user lets through, read now; `shown`: as far as is known. `of`: what the path that is gone on
   * from has shown, where that is not the conversation's end.
   */
  async now(signal: AbortSignal, use: ContextUse, of?: SeenContext | null): Promise<ContextNow> {
    await this.deps.choices.ready();
    const uris = this.added;
    const { context } = this.deps;
    const [read, added] = await Promise.all([context.current(signal, use), context.readAdded(uris, signal, use)]);
    const seen = of ?? this.owner.seen();
    const current = await this.tellable(read, seen);
    const told = [...(seen?.files.keys() ?? [])].filter((uri) => !uris.includes(uri));
    const latest = await withClosed(current, told, (closed) => context.read(closed, signal, use));
    const { files, unread } = filesNow(uris, added);
    const now = unread.length === 0 ? latest : { ...latest, unread: [...(latest.unread ?? []), ...unread] };
    // The same objects as long as it is the same: what they are worth is computed once.
    if (!isSameContext(this.latest, now)) this.latest = now;
    if (use === 'sent') for (const uri of unread) this.owner.refused(nameOf(uri), refusals.notSent(nameOf(uri)));
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

  /** Removes a chip: what stands behind it does not go along any more. */
  async remove(id: string): Promise<void> {
    const { selection } = this.latest;
    const named = id === selectionId && selection !== null ? removedSelection(selection) : id;
    this.removed = lessIds(new Set([...this.removed, named]), keptAlone(named));
    if (this.added.includes(id)) {
      const gone = this.addedFiles.filter(({ uri }) => uri === id);
      this.takenOut = { path: this.owner.path(), files: [...this.outSinceSent(), ...gone] };
      await this.saveAdded(this.added.filter((uri) => uri !== id));
    }
    await this.saveRemoved();
  }

  /**
   * Adds a file by hand. Rejects when it may not or cannot be sent. Resolves to what it was before: `added` went along as
   * one that was.
   */
  async add(uri: string): Promise<'added' | 'removed' | 'neither'> {
    const before = { isRemoved: this.removed.has(uri), isAdded: this.added.includes(uri) };
    // Instructions of the project have a chip of their own.
    if (this.latest.project.some((file) => file.uri === uri)) {
      await this.include(uri, true);
      return before.isRemoved ? 'removed' : 'added';
    }
    const file = await this.read(uri);
    // A link and what it leads to go along once, by the name that was first.
    const isSame = (one: ContextFile): boolean => one.path === file.path && one.uri !== uri;
    const instruction = this.latest.project.find(isSame);
    if (instruction !== undefined) await this.include(instruction.uri, true);
    if (instruction !== undefined || this.addedFiles.some(isSame)) return 'added';
    if (this.removed.has(uri)) {
      this.removed = lessIds(this.removed, uri);
      await this.saveRemoved();
    }
    if (!this.added.includes(uri)) await this.saveAdded([...this.added, uri]);
    this.owner.refresh();
    return before.isAdded ? 'added' : before.isRemoved ? 'removed' : 'neither';
  }

  /** As if it had not been added: where its editor is open it goes along as that, unless it was removed before. */
  async takeBack(uri: string, isRemoved: boolean): Promise<void> {
    if (isRemoved) {
      this.removed = new Set([...this.removed, uri]);
      await this.saveRemoved();
    }
    await this.saveAdded(this.added.filter((one) => one !== uri));
    this.owner.refresh();
  }

  /** A file of the workspace as it is now, where it may be sent. */
  async read(uri: string): Promise<ContextFile> {
    const [file] = await this.deps.context.readAdded([uri], AbortSignal.timeout(10_000));
    if (file === 'unread') throw refused(refusals.diskSilent(nameOf(uri)));
    if (file === null || file === undefined) throw new Error(`${uri} cannot be sent`);
    return file;
  }

  /** Lets what was removed go along again, or removes it. */
  async include(id: string, included: boolean): Promise<void> {
    if (!included) return this.remove(id);
    const { selection } = this.latest;
    const named = id === selectionId && selection !== null ? removedSelection(selection) : id;
    // Where all open files were removed as one, the others stay out.
    const others = this.removed.has(openFilesId) ? this.latest.files.map(({ uri }) => uri) : [];
    this.removed = lessIds(new Set([...this.removed, ...others]), named, openFilesId);
    // By itself, where what imports it stays out.
    const isOut = (uri: string): boolean => !keptInstructions(this.latest, this.removed).some((one) => one.uri === uri);
    if (this.latest.project.some(({ uri }) => uri === id) && isOut(id))
      this.removed = new Set([...this.removed, keptAlone(id)]);
    const back = this.outSinceSent().find(({ uri }) => uri === id);
    if (back !== undefined) {
      this.takenOut = { path: this.owner.path(), files: this.outSinceSent().filter((file) => file !== back) };
      this.addedFiles = [...this.addedFiles, back];
      await this.saveAdded([...this.added, id]);
    }
    await this.saveRemoved();
  }

  private outSinceSent(): readonly ContextFile[] {
    return this.takenOut?.path === this.owner.path() ? this.takenOut.files : [];
  }

  private async saveAdded(added: readonly string[]): Promise<void> {
    this.added = added;
    this.addedFiles = this.addedFiles.filter(({ uri }) => added.includes(uri));
    this.owner.changed();
    await this.owner.save(() => this.deps.store.setAddedContext(this.conversation, added));
  }

  private async saveRemoved(): Promise<void> {
    this.owner.changed();
    await this.owner.save(() => this.deps.store.setRemovedContext(this.conversation, [...this.removed]));
  }

  /** What goes along of what was read last; the same object as long as it is the same. */
  chosen(): ContextNow {
    const of = [this.latest, this.addedFiles, this.added, this.removed, this.deps.choices.automatic];
    if (this.choice?.of.every((value, index) => value === of[index]) === true) return this.choice.context;
    const context = this.choose(this.latest);
    this.choice = { of, context };
    return context;
  }

  /** What was added, and what goes by itself as far as the user lets it. */
  private choose(context: ContextNow): ContextNow {
    const { removed } = this;
    const project = keptInstructions(context, removed);
    const added = without(this.addedFiles, context.project);
    if (!this.deps.choices.automatic) {
      const { closed: _closed, whole: _whole, ...rest } = context;
      return { ...rest, project, files: added, selection: null };
    }
    const open = removed.has(openFilesId) ? [] : context.files.filter(({ uri }) => !removed.has(uri));
    const { selection, whole, closed } = context;
    const isOut = (uri: string): boolean => removed.has(openFilesId) || removed.has(uri);
    return {
      ...context,
      project,
      files: [...added, ...without(open, this.addedFiles).filter(({ uri }) => !this.added.includes(uri))],
      ...(whole === undefined ? {} : { whole: [...whole, ...added.map(({ uri }) => uri)] }),
      ...(closed === undefined ? {} : { closed: without(closed, added).filter(({ uri }) => !isOut(uri)) }),
      selection: selection === null || removed.has(removedSelection(selection)) ? null : selection,
    };
  }

  /** What the first message of this workspace would send by itself. */
  firstSend(): FirstSend | null {
    if (this.deps.choices.hasSent) return null;
    const { project, files, selection } = this.chosen();
    const open = files.filter(({ uri }) => !this.added.includes(uri));
    const alone = open.length === 1 ? open : [];
    const labels = [
      ...(selection === null ? [] : [selectionLabel(selection)]),
      ...[...alone, ...project.filter(({ uri }) => uri !== ownInstructions.uri)].map(({ path }) => nameOf(path)),
    ];
    const count = open.length - alone.length;
    const automatic = selection !== null || open.length > 0;
    return labels.length === 0 && count === 0 ? null : { automatic, labels, files: count };
  }
}

/** Those that are none of some others: a link and what it leads to are one. */
function without(files: readonly ContextFile[], others: readonly ContextFile[]): readonly ContextFile[] {
  const paths = new Set(others.map(({ path }) => path));
  return files.filter(({ path }) => !paths.has(path));
}

function lessIds(ids: ReadonlySet<string>, ...gone: readonly string[]): ReadonlySet<string> {
  return new Set([...ids].filter((id) => !gone.includes(id)));
}
