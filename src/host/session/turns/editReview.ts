/** The review of what turns have changed in files: hunks, files and whole turns are kept or undone. */
import { carriedUndo, type UndoneFile } from '../../../core/record/carriedUndo';
import type { EditsEntry, Entry, ToldEdit, TurnFile } from '../../../core/record/record';
import type { Store } from '../../../core/record/store';
import { checkpointOf, isEditedUnsaved, lastEdits, type NewEdits } from '../../../core/record/turnEdits';
import { carried, type Overlap, saidOf, type Versions, withOverlaps } from '../../../core/tools/edits/carry';
import { kept, reviewHunks, undone } from '../../../core/tools/edits/hunks';
import type { FileNow } from '../../../core/tools/edits/restoring';
import { editVersions, readableText, toldEdit } from '../../../core/tools/edits/versions';
import { ToolError } from '../../../core/tools/workspace';
import type { ReviewHunk } from '../../../shared/edits';
import type { Handlers } from '../../../shared/intents';
import { refusals } from '../../base/plainStrings';
import { busyElsewhere, goneOnElsewhere, type Refused, refused } from '../../base/refused';
import type { ControllerDeps, ReviewedFile } from './controllerDeps';
import type { Turns } from './turns';

type ReviewDeps = Pick<ControllerDeps, 'restoring' | 'reviewEditor'> & {
  readonly store: Pick<Store, 'fileVersion' | 'putFileVersion'>;
};

type ReviewTurns = Pick<Turns, 'path' | 'atWork' | 'mayStart' | 'isRunning' | 'work'>;

/** A file of a turn as it is now. Bytes are taken as characters (versions.ts). */
interface Look {
  readonly now: FileNow;
  /** What it would be without what is not decided; null for no file. */
  readonly base: string | null;
  readonly current: string | null;
  /** What somebody else has made of lines since. */
  readonly since: readonly Overlap[];
  /** As it was said to be, where both are there. */
  readonly said: Versions | null;
}

/** What became of a file of a turn. */
interface Decided {
  readonly file: TurnFile;
  readonly undone: NonNullable<NewEdits['undone']>;
  /** Digests of what was there and of what is there now, where something was undone. */
  readonly put: Pick<UndoneFile, 'from' | 'to'> | null;
  /** Why some of it stays; null where nothing does. */
  readonly left: Refused | null;
}

/** How often a file is looked at again that somebody else changes at the same moment. */
const tries = 3;
/** What names the one hunk of a file that was created, renamed or deleted. */
const wholeFile = 'file';

/** One for each conversation. */
export class EditReview {
  /** One decision after the other. */
  private last: Promise<unknown> = Promise.resolve();
  /** Ids of what was decided here. */
  private readonly own = new Set<string>();

  constructor(
    private readonly conversation: string,
    private readonly deps: ReviewDeps,
    private readonly turns: ReviewTurns,
  ) {}

  readonly handlers = {
    editHunks: ({ answer, uri }) => this.hunks(answer, uri),
    decideEdits: ({ answer, uri, hunk, keep }) => {
      const shown = lastEdits(this.turns.path, answer);
      const done = this.last.then(() => this.decide(shown, answer, uri, hunk, keep));
      this.last = done.catch(() => undefined);
      return done;
    },
    reviewChanges: async ({ answer, uri }) => {
      const files = lastEdits(this.turns.path, answer)?.files ?? [];
      const meant = uri === null ? files : [this.fileOf(answer, uri)];
      const shown: ReviewedFile[] = [];
      for (const file of meant) shown.push(...(await this.reviewed(answer, file)));
      if (shown.length === 0) throw refused(refusals.editsGone());
      await this.deps.reviewEditor?.show(shown, { conversation: this.conversation, answer });
    },
  } satisfies Partial<Handlers<'chat'>>;

  /** What it was before the turn, and the file as it is now; nothing where it is in neither. */
  private async reviewed(turn: string, file: TurnFile): Promise<readonly ReviewedFile[]> {
    const at = checkpointOf(this.turns.path, turn, file);
    const version = at === null ? file.base : at.version;
    // Of one that cannot be read the editor says why.
    const now = await this.deps.restoring?.now(file.uri).catch(() => undefined);
    const isThere = now?.bytes !== null;
    const before = version === null ? null : { uri: at?.uri ?? file.uri, unsaved: at?.unsaved ?? false, version };
    return before === null && !isThere ? [] : [{ uri: isThere ? file.uri : null, before }];
  }

  /** The hunks of a file of a turn that are not decided, as it is now. */
  private async hunks(turn: string, uri: string): Promise<readonly ReviewHunk[]> {
    const file = await this.placed(this.fileOf(turn, uri));
    if (file.open === 0) return [];
    const { base, current, since } = await this.look(turn, file);
    const hunks = reviewHunks(base ?? '', current ?? '', since, readableLine);
    if (!isWhole(file)) return hunks;
    // A file that came or went is one thing to decide about.
    const [first] = hunks;
    const changedSince = current !== (await this.text(file.current)) ? ({ changedSince: true } as const) : {};
    return [{ ...(first ?? { oldStart: 1, newStart: 1, lines: [] }), id: wholeFile, ...changedSince }];
  }

  /** `shown`: what was said of the turn when it was asked for. It holds of that alone. */
  private async decide(
    shown: EditsEntry | null,
    turn: string,
    uri: string | null,
    hunk: string | null,
    keep: boolean,
  ): Promise<void> {
    const { turns } = this;
    if (shown === null) throw refused(refusals.editsGone());
    for (let work = turns.atWork; work !== null; work = turns.atWork) await work;
    if (!turns.mayStart) throw turns.isRunning ? refused(refusals.waitForAnswer()) : busyElsewhere();
    if (uri !== null && this.fileOf(turn, uri).open === 0) throw refused(refusals.hunkGone());
    const failed: unknown[] = [];
    await turns.work(async ({ commit }) => {
      const said = lastEdits(turns.path, turn);
      if (said === null || !this.isShown(shown)) throw goneOnElsewhere();
      const files: TurnFile[] = [];
      const news: NonNullable<NewEdits['undone']>[number][] = [];
      const changed: UndoneFile[] = [];
      for (const file of said.files) {
        const isMeant = file.open > 0 && (uri === null || file.uri === uri);
        const decided = isMeant
          ? await this.decided(turn, file, hunk, keep).catch((error) => void failed.push(error))
          : null;
        files.push(decided?.file ?? file);
        news.push(...(decided?.undone ?? []));
        if (decided?.left != null) failed.push(decided.left);
        if (decided?.put != null) changed.push({ said: file, now: decided.file, ...decided.put });
      }
      if (files.every((file, index) => file === said.files[index])) return;
      const later = await carriedUndo(turns.path, turn, changed, editVersions(this.deps.store, this.conversation));
      const before = turns.path.length;
      await commit([{ kind: 'edits', turn, files, ...(news.length === 0 ? {} : { undone: news }) }, ...later]);
      for (const { id } of turns.path.slice(before)) this.own.add(id);
    }, true);
    if (failed.length > 0) throw asRefused(failed[0]);
  }

  /** False where another window, or another branch, has said something else of the turn since. */
  private isShown(shown: EditsEntry): boolean {
    const { path } = this.turns;
    const at = path.findIndex(({ id }) => id === shown.id);
    const isOther = (entry: Entry): boolean =>
      entry.kind === 'edits' && entry.turn === shown.turn && !this.own.has(entry.id);
    return at !== -1 && !path.slice(at + 1).some(isOther);
  }

  private async decided(turn: string, said: TurnFile, hunk: string | null, keep: boolean): Promise<Decided> {
    const file = await this.placed(said);
    for (let attempt = 1; ; attempt += 1) {
      const look = await this.look(turn, file);
      const decided = keep ? await this.keep(file, look, hunk) : await this.undo(file, look, hunk);
      if (decided !== null) return decided;
      if (attempt === tries) throw refused(refusals.fileChanges(file.path));
    }
  }

  /** Nothing is written but the record. */
  private async keep(file: TurnFile, look: Look, hunk: string | null): Promise<Decided> {
    const { base, current, since } = look;
    if (isWhole(file) || base === null || current === null || hunk === null) {
      const version = current === null ? null : await this.put(current);
      const settled = { ...file, ...(await this.leftOf(file, look)), open: 0, base: version, current: version };
      return { file: settled, undone: [], put: null, left: null };
    }
    const done = kept(base, current, [hunk], since);
    if (done.left.includes(hunk)) throw refused(refusals.hunkGone());
    const handed = since.filter((one) => done.changes.includes(one));
    const alone = decidedAlone(look, { base: done.text, current }, handed);
    const said = alone ?? { base: kept(base, current, [...theirs(look), hunk], since).text, current, open: null };
    const open = said.open ?? reviewHunks(said.base, said.current).length;
    const versions = { base: await this.put(said.base), current: await this.put(said.current) };
    return { file: { ...file, open, ...versions }, undone: [], put: null, left: null };
  }

  /** null where somebody else has changed the file in the meantime. */
  private async undo(file: TurnFile, look: Look, hunk: string | null): Promise<Decided | null> {
    const { restoring } = this.deps;
    if (restoring === undefined) throw refused(refusals.nothingWritten());
    const { base, current, since, now } = look;
    const changedSince = refused(refusals.changedSince(file.path));
    if (isWhole(file) || base === null || current === null) {
      // One that came is taken away as it was made, one that went comes back where nothing is.
      const isUndone = current === base;
      if (!isUndone && current !== (await this.text(file.current))) throw changedSince;
      const told = await this.told(file, current ?? '', base ?? '');
      if (!isUndone && !(await restoring.put(file.uri, now, base === null ? null : bytesOf(base)))) return null;
      const undoneFile = { ...file, open: 0, undone: true, added: 0, removed: 0, base: file.base, current: file.base };
      const put = { from: isUndone ? file.base : file.current, to: file.base };
      return { file: undoneFile, undone: isUndone ? [] : [told], put, left: null };
    }
    const changed = theirs(look);
    if (hunk !== null && changed.includes(hunk)) throw changedSince;
    const { text, count } = undone(base, current, hunk === null ? 'all' : [hunk], since);
    const alone = hunk === null ? null : decidedAlone(look, { base, current: text }, []);
    // With all of it, what somebody else has changed since is theirs: no later decision takes it away.
    const said = alone ?? { base: withOverlaps(base, current, since), current: text, open: null };
    const found = alone === null || look.said === null ? { base: said.base, current } : look.said;
    const mayMove = hunk === null && file.from !== undefined && file.from !== file.uri;
    // Where nothing is left to undo, somebody has done it already.
    const isUndone = hunk === null && changed.length === 0;
    if (count === 0 && !mayMove && !isUndone) throw hunk === null ? changedSince : refused(refusals.hunkGone());
    const [before, after] = [await this.put(current), await this.put(text)];
    const told = await this.told(file, current, text);
    if (text !== current && !(await restoring.put(file.uri, now, bytesOf(text)))) return null;
    // Where its old name is taken, what was undone in it stays undone.
    const unmoved = mayMove ? await this.movedBack(file, count > 0) : null;
    const isMoved = mayMove && unmoved === null;
    const was = { base: await this.put(found.base), current: await this.put(found.current) };
    const is = { base: await this.put(said.base), current: await this.put(said.current) };
    const open = said.open ?? reviewHunks(said.base, said.current).length;
    const { from, to: _, ...place } = file;
    const settled: TurnFile = {
      ...(isMoved ? { ...place, uri: from ?? file.uri, kind: 'edit' } : file),
      ...(await this.counts(file, [was.base, was.current], [is.base, is.current])),
      // The new name is still to be decided about.
      open: open === 0 && !isMoved && from !== undefined ? 1 : open,
      undone: true,
      ...is,
    };
    return {
      file: settled,
      undone: count === 0 && !isMoved ? [] : [told],
      put: { from: before, to: after },
      left: hunk === null && changed.length > 0 ? changedSince : unmoved,
    };
  }

  /** What a turn has done to a file, as far as it is there still: somebody may have undone it, or taken the file away. */
  private async leftOf(file: TurnFile, { base, current }: Look): Promise<Partial<TurnFile>> {
    const isMoved = file.from !== undefined && file.from !== file.uri;
    const isGone = current === null && file.current !== null;
    if (isGone || (base === current && !isMoved)) return { kind: 'edit', added: 0, removed: 0 };
    if (base === null || current === null || isWhole(file)) return {};
    return await this.counts(file, [file.base, file.current], [await this.put(base), await this.put(current)]);
  }

  /** The lines of a file that were added and removed and are not undone, when one difference has become another. */
  private async counts(
    { added, removed }: TurnFile,
    was: readonly [string | null, string | null],
    is: readonly [string | null, string | null],
  ): Promise<Pick<TurnFile, 'added' | 'removed'>> {
    const versions = editVersions(this.deps.store, this.conversation);
    const [old, now] = [await versions.compare(...was), await versions.compare(...is)];
    return {
      added: Math.max(0, added - old.added + now.added),
      removed: Math.max(0, removed - old.removed + now.removed),
    };
  }

  /** For the model, with the next message. Of a file that is not read without asking, that it was changed alone. */
  private async told({ path, uri, from = uri }: TurnFile, before: string, after: string): Promise<ToldEdit> {
    const texts = [readableText(before), readableText(after)] as const;
    for (const place of new Set([uri, from])) {
      const mayTell = await this.deps.restoring?.mayTell(place, texts).catch(() => false);
      if (mayTell !== true) return { path, patch: '' };
    }
    return toldEdit(path, ...texts);
  }

  /** Why a file that was renamed keeps its new name; null where it has its old one. Throws that where nothing else was done. */
  private async movedBack({ uri, from = uri }: TurnFile, isChanged: boolean): Promise<Refused | null> {
    try {
      await this.deps.restoring?.move(uri, from);
      return null;
    } catch (error) {
      if (!isChanged || !(error instanceof ToolError)) throw error;
      return refused(refusals.notWritten(error.message));
    }
  }

  /** The file as it is, with what somebody else did to it since carried into what it would be. */
  private async look(turn: string, file: TurnFile): Promise<Look> {
    const { restoring } = this.deps;
    const [base, left] = [await this.text(file.base), await this.text(file.current)];
    const now = restoring === undefined ? { bytes: null, unsaved: false } : await restoring.now(file.uri);
    const current =
      restoring === undefined ? left : now.bytes === null ? null : Buffer.from(now.bytes).toString('latin1');
    if (base === null || left === null || current === null || current === left)
      return { now, base, current, since: [], said: null };
    // Another window's editor may never have had what the turn has done.
    const isApart = now.unsaved || isEditedUnsaved(this.turns.path, turn, file);
    const { base: without, overlaps } = carried(base, left, current, isApart);
    return { now, base: without, current, since: overlaps, said: { base, current: left } };
  }

  /** One that has its old name back is not renamed any more, whether somebody did that or a window that died of it. */
  private async placed(file: TurnFile): Promise<TurnFile> {
    const { from, to: _, ...place } = file;
    const { restoring } = this.deps;
    if (restoring === undefined || from === undefined || from === file.uri || isWhole(file)) return file;
    if ((await restoring.now(file.uri)).bytes !== null) return file;
    const there = (await restoring.now(from).catch(() => null))?.bytes ?? null;
    const text = there === null ? null : Buffer.from(there).toString('latin1');
    const isIt = text !== null && [await this.text(file.base), await this.text(file.current)].includes(text);
    return isIt ? { ...place, uri: from, kind: 'edit' } : file;
  }

  private fileOf(turn: string, uri: string): TurnFile {
    const file = lastEdits(this.turns.path, turn)?.files.find((one) => one.uri === uri);
    if (file === undefined) throw refused(refusals.editsGone());
    return file;
  }

  private async text(digest: string | null): Promise<string | null> {
    if (digest === null) return null;
    const bytes = await this.deps.store.fileVersion(digest);
    if (bytes === null) throw refused(refusals.versionGone());
    return Buffer.from(bytes).toString('latin1');
  }

  private put(text: string): Promise<string> {
    return this.deps.store.putFileVersion(this.conversation, bytesOf(text));
  }
}

/** A file that came or went is one thing to decide about. */
function isWhole({ base, current }: TurnFile): boolean {
  return base === null || current === null;
}

/**
 * What is to be said of a file of which one hunk was decided, and how many are open then: those of lines that somebody else
 * has changed since stay as they are, to be decided by themselves. null where there is none, or that cannot be told.
 */
function decidedAlone(
  { base, current, since, said }: Look,
  decided: Versions,
  handed: readonly Overlap[],
): (Versions & { readonly open: number }) | null {
  if (base === null || current === null || said === null || since.length === handed.length) return null;
  const again = saidOf(said, { base, current }, decided, handed);
  if (again === null) return null;
  const open = reviewHunks(decided.base, decided.current, again.overlaps).length;
  return { base: again.base, current: again.current, open };
}

/** The hunks of lines that somebody else has changed since. */
function theirs({ base, current, since }: Look): readonly string[] {
  const hunks = reviewHunks(base ?? '', current ?? '', since);
  return hunks.flatMap(({ id, changedSince }) => (changedSince === true ? [id] : []));
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A byte order mark is no text. */
function readableLine(line: string, isFirst: boolean): string {
  const text = readableText(line);
  return isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
}

function asRefused(error: unknown): Refused | Error {
  if (error instanceof ToolError) return refused(refusals.notWritten(error.message));
  return error instanceof Error ? error : new Error(String(error));
}
