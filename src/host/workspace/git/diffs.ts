/** The diffs of changed files as far as they may be shown and fit: each file judged as a whole (LESSONS L32, L59). */
import { TimeSlice } from '../../../core/base/timeSlice';
import type { ChangedFile, Withheld } from '../../../core/tools/ports/changes';
import { isSecretText } from '../../../core/tools/secrets/secretFiles';
import { byteLength } from '../../../core/tools/words/text';
import { bytesHoldKey } from '../files/judge';
import type { FileAccess } from '../workspace';
import type { Compared, ComparedFile } from './comparison';
import type { GitRepository } from './facts';
import { filesOfPatch, type PatchFile, textsOfHunks } from './patch';

/** Bytes of a version of a file that is looked through for keys; there is no reading it in parts. */
const maxJudged = 20 * 1024 * 1024;
/** Files whose diffs are read: each takes several processes. */
const maxDiffs = 100;
/** The part of all bytes that one file may take where there are several. */
const share = 0.4;

interface NamedFile {
  readonly file: ComparedFile;
  readonly path: string;
  readonly from: string | null;
  readonly withheld: Withheld | null;
}

/** Reads diffs, one after the other, until its bytes are used up. */
export class DiffReader {
  #bytes: number;
  #diffs = 0;
  readonly #maxBytes: number;

  constructor(
    readonly access: FileAccess,
    maxBytes: number,
    readonly signal: AbortSignal,
  ) {
    this.#maxBytes = maxBytes;
    this.#bytes = maxBytes;
  }

  /** The files that are wanted, by path; how many of all lie outside the workspace's folders. */
  async read(
    git: GitRepository,
    { files }: Compared,
    isWanted: (path: string) => boolean,
  ): Promise<{ readonly files: readonly ChangedFile[]; readonly outside: number }> {
    const named: NamedFile[] = [];
    let outside = 0;
    const slice = new TimeSlice();
    for (const file of files) {
      if (slice.isOver) await slice.yieldToOthers(this.signal);
      const one = await this.#name(file);
      if (one === null) outside += 1;
      else if (isWanted(one.path) || (one.from !== null && isWanted(one.from))) named.push(one);
    }
    named.sort((a, b) => (a.path < b.path ? -1 : 1));
    const most = named.length === 1 ? this.#maxBytes : Math.floor(this.#maxBytes * share);
    const changed: ChangedFile[] = [];
    for (const one of named) changed.push(await this.#changed(git, one, most));
    return { files: changed, outside };
  }

  async #name(file: ComparedFile): Promise<NamedFile | null> {
    const name = await this.access.named(file.uri);
    if (name === null) return null;
    const former = file.from === null ? null : await this.access.named(file.from);
    const hidden = name.hidden ?? (file.from === null ? null : (former?.hidden ?? null));
    const withheld = hidden ?? (file.status === 'untracked' ? 'untracked' : null);
    const from = file.from === null ? null : (former?.path ?? '(outside the workspace)');
    return { file, path: name.path, from, withheld };
  }

  async #changed(git: GitRepository, { file, path, from, withheld }: NamedFile, most: number): Promise<ChangedFile> {
    const changed = { path, from, status: file.status, diff: null, cutLines: 0 };
    if (withheld !== null) return { ...changed, withheld };
    if (this.#bytes <= 0 || this.#diffs >= maxDiffs) return { ...changed, withheld: 'budget' };
    this.signal.throwIfAborted();
    this.#diffs += 1;
    const parts = await file.diff().then(
      (patch) => ownParts(patch, git, file),
      () => null,
    );
    if (parts === null) return { ...changed, withheld: 'failed' };
    const hunks = parts
      .map((part) => part.hunks)
      .filter((text) => text !== '')
      .join('\n');
    if (hunks === '' && parts.some(({ isBinary }) => isBinary)) return { ...changed, withheld: 'binary' };
    const reason = hunks === '' ? null : await this.#reasonToWithhold(git, file, hunks);
    if (reason !== null) return { ...changed, withheld: reason };
    const { text, cutLines } = this.#fit(hunks, most);
    return { ...changed, diff: text, cutLines, withheld: null };
  }

  /** A key's lines may be in a hunk and what marks it as a key not. */
  async #reasonToWithhold(git: GitRepository, file: ComparedFile, hunks: string): Promise<Withheld | null> {
    if (textsOfHunks(hunks).some(isSecretText)) return (await this.access.allows(file.uri, 'secret')) ? null : 'secret';
    // All of these is in the hunks.
    if (file.status === 'added' || file.status === 'deleted') return null;
    for (const why of ['secret', 'unchecked'] as const) if (await this.access.allows(file.uri, why)) return null;
    if (file.version === null) return (await this.access.admit(file.uri)) === null ? 'secret' : null;
    const bytes = await git.bytesOf(file.version, file.uri, maxJudged).catch(() => null);
    if (bytes === null) return 'unjudged';
    return (await bytesHoldKey(bytes)) ? 'secret' : null;
  }

  #fit(hunks: string, most: number): { readonly text: string; readonly cutLines: number } {
    const lines = hunks.split('\n');
    const shown: string[] = [];
    let bytes = Math.min(most, this.#bytes);
    for (const line of lines) {
      const cut = line.length > maxCharacters ? `${line.slice(0, maxCharacters).toWellFormed()}…` : line;
      bytes -= byteLength(cut) + 1;
      if (bytes < 0) break;
      this.#bytes -= byteLength(cut) + 1;
      shown.push(cut);
    }
    return { text: shown.join('\n'), cutLines: lines.length - shown.length };
  }
}

/** Of one line. */
const maxCharacters = 1_000;

/**
 * What a diff says of the file that was asked for. A path with signs of a pattern in it asks git for others, too: those
 * that name another file are left out. null when there is nothing that is its own for sure.
 */
function ownParts(patch: string, git: GitRepository, file: ComparedFile): readonly PatchFile[] | null {
  const parts = filesOfPatch(patch);
  const path = decodeURIComponent(file.uri.slice(git.root.replace(/\/$/, '').length + 1));
  if (parts.length <= 2 && !/[*?[\]:\\]/.test(path)) return parts;
  const own = parts.filter(({ oldPath, newPath }) => oldPath === path || newPath === path);
  return own.length === 0 && parts.length > 0 ? null : own;
}
