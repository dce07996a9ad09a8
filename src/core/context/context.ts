/**
 * Context as text: the blocks of a snapshot, the words that tell of changes, and what the model has seen so far.
 * Rendering is deterministic to the byte (DESIGN "The prompt").
 */
import { applyPatch, createPatch, OMIT_HEADERS, parsePatch } from 'diff';
import type { ContextLine } from '../../shared/contextLine';
import { ownInstructions } from '../../shared/protocol';
import { Memo } from '../base/memo';
import { compactionAt } from '../record/excluded';
import type { ContextChange, ContextFile, ContextSelection, Entry, SnapshotEntry, UserBlock } from '../record/record';
import type { ContextNow } from './editorContext';
import { attribute, contained } from './elements';
import { isKnownSelection, selectionLabel, selectionText } from './selection';

/** Diffs that take more edits than this are not worth their time: the new text is sent instead. */
const maxEditLength = 2000;

function fileText(kind: 'project' | 'file', file: ContextFile): string {
  const isOwn = file.uri === ownInstructions.uri;
  const tag = kind === 'file' ? 'file' : isOwn ? 'user_instructions' : 'project_instructions';
  return `<${tag} path=${attribute(file.path)}>\n${contained(file.text)}\n</${tag}>`;
}

/** A text that stands in `system`, and what it is. */
export interface SnapshotPart {
  readonly kind: 'project' | 'file' | 'selection';
  readonly path: string;
  readonly text: string;
}

/** One for each system block of the snapshot: project instructions, files in their order, the selection last. */
export function snapshotParts({ project, files, selection }: SnapshotEntry): readonly SnapshotPart[] {
  return [
    ...project.map((file) => ({
      kind: 'project' as const,
      path: file.path,
      text: fileText('project', file),
    })),
    ...files.map((file) => ({ kind: 'file' as const, path: file.path, text: fileText('file', file) })),
    ...(selection === null
      ? []
      : [{ kind: 'selection' as const, path: selection.path, text: selectionText(selection) }]),
  ];
}

/** The texts of a snapshot, which each request has. */
export function snapshotTexts(snapshot: SnapshotEntry, memo = new Memo()): readonly string[] {
  return memo.get(snapshot, 'texts', () => snapshotParts(snapshot).map(({ text }) => text));
}

/** What is appended at the tail when context changed. */
export function changesText(changes: readonly ContextChange[]): string {
  const texts = changes.map((change, index) => {
    const isFirst = changes.findIndex((other) => other.change === change.change) === index;
    return isFirst && (change.change === 'undone' || change.change === 'applied')
      ? `${headText[change.change]}\n${changeText(change)}`
      : changeText(change);
  });
  return `<news>\n${texts.join('\n')}\n</news>`;
}

/** What the elements of a kind are, before the first. */
const headText = {
  undone:
    'The user undid these of your edits; the diffs show what that changed. Do not make them again unless the user asks for it.',
  applied: 'The user applied code blocks of your answers to files; the diffs show what that changed.',
} as const;

function changeText(change: ContextChange): string {
  switch (change.change) {
    case 'modified':
      return `<diff path=${attribute(change.path)}>\n${contained(change.patch)}</diff>`;
    case 'rewritten':
    case 'added':
      return fileText(change.project === true ? 'project' : 'file', change);
    case 'named':
      return `<opened>\n${contained(change.files.map(({ path }) => path).join('\n'))}\n</opened>`;
    case 'removed':
      return `<closed path=${attribute(change.path)}/>`;
    case 'selection':
      return change.selection === null ? '<selection none="true"/>' : selectionText(change.selection);
    case 'undone':
    case 'applied': {
      const { change: tag, path, patch } = change;
      return patch === ''
        ? `<${tag} path=${attribute(path)}/>`
        : `<${tag} path=${attribute(path)}>\n${contained(patch)}</${tag}>`;
    }
  }
}

/** What the model has seen of the context: URI → text, and the selection. */
export interface SeenContext {
  /** Instructions of the project: they are told anew when they change, but not looked at within a tool loop. */
  readonly project: ReadonlyMap<string, ContextFile>;
  readonly files: ReadonlyMap<string, ContextFile>;
  readonly selection: ContextSelection | null;
  /** Lines that a question since then carries: while they are what is selected, they are not told once more. */
  readonly attached?: ContextSelection | null;
  /** URIs of files of which it was told the names alone. */
  readonly named?: ReadonlySet<string>;
}

/**
 * What the entries of a path have shown the model, from the last snapshot on. null before the first snapshot, and behind
 * a summary that stands for what came since: the next turn begins with a fresh one.
 */
export function seenContext(path: readonly Entry[]): SeenContext | null {
  const start = path.findLastIndex((entry) => entry.kind === 'snapshot');
  const snapshot = path[start];
  if (snapshot?.kind !== 'snapshot' || compactionAt(path) > start) return null;
  const project = new Map(snapshot.project.map((file) => [file.uri, file]));
  const files = new Map(snapshot.files.map((file) => [file.uri, file]));
  let selection = snapshot.selection;
  let attached: ContextSelection | null = null;
  const named = new Set<string>();
  for (const entry of path.slice(start + 1)) {
    if (entry.kind === 'user') attached = attachedSelection(entry.content) ?? attached;
    if (entry.kind !== 'change') continue;
    for (const change of entry.changes) {
      if (change.change === 'selection') {
        selection = change.selection;
        attached = null;
        continue;
      }
      if (change.change === 'undone' || change.change === 'applied') continue;
      if (change.change === 'named') {
        for (const { uri } of change.files) named.add(uri);
        continue;
      }
      const { uri, path: name } = change;
      const isProject = change.change === 'added' ? change.project === true : project.has(uri);
      const group = isProject ? project : files;
      // A file that has become the project's, or is that no more, is told as what it is now.
      if (change.change === 'added') (isProject ? files : project).delete(uri);
      if (change.change === 'removed') group.delete(uri);
      else group.set(uri, { uri, path: name, text: changedText(group.get(uri), change) });
    }
  }
  return { project, files, selection, attached, named };
}

/** The same; null too for a record that contradicts itself: the next turn of the user's begins with a fresh snapshot. */
export function seenIfKnown(path: readonly Entry[]): SeenContext | null {
  try {
    return seenContext(path);
  } catch {
    return null;
  }
}

/** The lines that a question is about; null for none. */
export function attachedSelection(content: readonly UserBlock[]): ContextSelection | null {
  const block = content.findLast((each) => each.type === 'selection');
  return block?.type === 'selection' ? block.selection : null;
}

function changedText(seen: ContextFile | undefined, change: Extract<ContextChange, { uri: string }>): string {
  if (change.change !== 'modified') return change.change === 'removed' ? '' : change.text;
  if (seen === undefined) throw new Error(`the recorded change of ${change.path} has nothing to apply to`);
  const text = applyPatch(seen.text, change.patch, { autoConvertLineEndings: false });
  if (text === false) throw new Error(`the recorded change of ${change.path} does not apply`);
  return text;
}

/** How the context now differs from what was seen, in a fixed order: seen files, new ones, the selection. */
export function changesSince(seen: SeenContext, now: ContextNow, memo = new Memo()): readonly ContextChange[] {
  const changes: ContextChange[] = [];
  const isUnread = (uri: string): boolean => now.unread?.includes(uri) === true;
  const compare = (known: SeenContext['files'], present: readonly ContextFile[], isProject: boolean): void => {
    // What instructions import is not known either while they cannot be read.
    const isUnknown = isProject && [...known.keys()].some(isUnread);
    const byUri = new Map(present.map((file) => [file.uri, file]));
    for (const [uri, before] of known) {
      const after = byUri.get(uri);
      if (after !== undefined && after.text !== before.text)
        changes.push(marked(fileChange(before, after, memo), isProject));
      else if (after === undefined && !isUnread(uri) && !isUnknown && !isElsewhere(uri, isProject)) {
        changes.push({ change: 'removed', uri, path: before.path });
      }
    }
  };
  // A file that has become the project's, or is that no more, is told once, as what it is now; a name alone tells nothing
  // of its text.
  const isElsewhere = (uri: string, isProject: boolean): boolean =>
    (isProject ? now.files.filter((file) => isWhole(file, now)) : now.project).some((file) => file.uri === uri);
  compare(seen.project, now.project, true);
  compare(seen.files, [...now.files, ...(now.closed ?? [])], false);
  const add = (file: ContextFile, isProject: boolean): void => {
    const added: ContextChange = { change: 'added', ...file, linesAdded: countLines(file.text), linesRemoved: 0 };
    changes.push(marked(added, isProject));
  };
  for (const file of now.project) if (!seen.project.has(file.uri)) add(file, true);
  const later = now.files.filter(({ uri }) => !seen.files.has(uri));
  for (const file of later) if (isWhole(file, now)) add(file, false);
  const names = later.filter((file) => !isWhole(file, now) && seen.named?.has(file.uri) !== true);
  if (names.length > 0) changes.push({ change: 'named', files: names.map(({ uri, path }) => ({ uri, path })) });
  const announced = [seen.selection, ...(seen.attached ? [seen.attached] : [])];
  if (!announced.some((selection) => isKnownSelection(selection, now.selection, changes))) {
    changes.push({ change: 'selection', selection: now.selection });
  }
  return changes;
}

/** Whether a file that is new to a conversation goes along as a whole. */
function isWhole({ uri }: ContextFile, { whole }: ContextNow): boolean {
  return whole === undefined || whole.includes(uri);
}

/**
 * What goes with the next message as a whole, or went and still stands in the prompt: what the chips show. Without `seen`
 * it is told anew.
 */
export function goesAlong(seen: SeenContext | null, now: ContextNow): readonly ContextFile[] {
  if (seen === null) return now.files;
  return [...now.files.filter((file) => seen.files.has(file.uri) || isWhole(file, now)), ...(now.closed ?? [])];
}

function marked(change: ContextChange, isProject: boolean): ContextChange {
  return isProject && (change.change === 'rewritten' || change.change === 'added')
    ? { ...change, project: true }
    : change;
}

/**
 * As a unified diff or the new text, whichever is smaller; a diff only when applying it gives the exact text. A large
 * diff takes long, and the composer asks at each keystroke.
 */
export function fileChange(before: ContextFile, after: ContextFile, memo = new Memo()): ContextChange {
  return memo.get(after, 'change', () => computeChange(before, after), before.text);
}

function computeChange(before: ContextFile, after: ContextFile): ContextChange {
  // Without the header of names: the element around it says the path, and names may hold what a header cannot.
  const options = { context: 1, maxEditLength, headerOptions: OMIT_HEADERS };
  const patch = createPatch('', before.text, after.text, undefined, undefined, options);
  if (patch !== undefined && patch.length < after.text.length) {
    if (applyPatch(before.text, patch, { autoConvertLineEndings: false }) === after.text) {
      return { change: 'modified', uri: after.uri, path: after.path, patch };
    }
  }
  const counts = patch === undefined ? null : patchLines(patch);
  return {
    change: 'rewritten',
    ...after,
    linesAdded: counts?.added ?? countLines(after.text),
    linesRemoved: counts?.removed ?? countLines(before.text),
  };
}

function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function patchLines(patch: string): { readonly added: number; readonly removed: number } {
  const lines = parsePatch(patch).flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines));
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  };
}

/** The lines that tell the user of these changes. */
export function contextLines(changes: readonly ContextChange[]): readonly ContextLine[] {
  return changes.flatMap((change) => (change.change === 'named' ? [] : [contextLine(change)]));
}

function contextLine(change: Exclude<ContextChange, { change: 'named' }>): ContextLine {
  const none = { linesAdded: 0, linesRemoved: 0 };
  switch (change.change) {
    case 'modified': {
      const { added, removed } = patchLines(change.patch);
      return { change: 'modified', path: change.path, linesAdded: added, linesRemoved: removed };
    }
    case 'rewritten':
      return {
        change: 'modified',
        path: change.path,
        linesAdded: change.linesAdded,
        linesRemoved: change.linesRemoved,
      };
    case 'added':
      return { change: 'added', path: change.path, linesAdded: change.linesAdded, linesRemoved: 0 };
    case 'removed':
      return { change: 'removed', path: change.path, ...none };
    case 'undone':
    case 'applied': {
      const { added, removed } = patchLines(change.patch);
      return { change: change.change, path: change.path, linesAdded: added, linesRemoved: removed };
    }
    case 'selection': {
      const path = change.selection === null ? '' : selectionLabel(change.selection);
      return { change: 'selection', path, ...none };
    }
  }
}

/** The lines that tell the user what a snapshot holds. */
export function snapshotLines(snapshot: SnapshotEntry): readonly ContextLine[] {
  const opened = (path: string): ContextLine => ({ change: 'opened', path, linesAdded: 0, linesRemoved: 0 });
  const { rebase } = snapshot;
  return [
    ...(rebase === undefined ? [] : [{ change: 'rebased' as const, path: '', linesAdded: 0, linesRemoved: 0, rebase }]),
    ...snapshot.project.map((file) => opened(file.path)),
    ...snapshot.files.map((file) => opened(file.path)),
    ...(snapshot.selection === null ? [] : contextLines([{ change: 'selection', selection: snapshot.selection }])),
  ];
}
