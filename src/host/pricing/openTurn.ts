/** What is put into the record when the user sends: the context as it is now, then the words. */
import type { Log } from '../../core/base/ports';
import { beginningOver } from '../../core/context/beginning';
import { attachedSelection, changesSince, type SeenContext, seenContext } from '../../core/context/context';
import type { ContextNow } from '../../core/context/editorContext';
import { isSameText } from '../../core/context/selection';
import type { ConversationCost } from '../../core/cost/conversationCost';
import { questionOf } from '../../core/cost/questionPlace';
import type {
  CommandQuestion,
  ContextChange,
  ContextFile,
  ContextSelection,
  Entry,
  NewEntry,
  UserBlock,
} from '../../core/record/record';
import { untoldEdits } from '../../core/record/undone';
import type { FreshSnapshot } from '../../shared/contextLine';
import type { Offering } from './conversationTools';

interface Message extends CommandQuestion {
  readonly content: readonly UserBlock[];
  readonly auto?: 'continue' | undefined;
  readonly onlyFiles?: readonly string[];
  readonly model: string;
}

/** The context that the user lets through. */
export interface ChosenContext {
  /** Of the conversation. */
  readonly cost: ConversationCost;
  readonly tools: Offering;
  /** Read now, with what has become of the files that were told (`seen`) and are closed. */
  now(signal: AbortSignal, seen: SeenContext | null): Promise<ContextNow>;
}

/** Whether the context is begun anew although there is one already, and why (freshSnapshot.ts). */
export type FreshSnapshotRule = (seen: SeenContext, now: ContextNow) => FreshSnapshot | null;

/** The files that a new conversation begins with, as the cache holds them; null where it holds none of use. */
export type WarmFiles = (now: ContextNow) => Promise<readonly ContextFile[] | null>;

/** The entries of a new turn's opening, to be appended in one transaction. */
export async function openTurn(
  words: Message,
  path: readonly Entry[],
  chosen: ChosenContext,
  deps: { readonly log: Log },
  signal: AbortSignal,
  rule: FreshSnapshotRule = () => null,
  warm: WarmFiles = async () => null,
): Promise<readonly NewEntry[]> {
  const { content, auto, onlyFiles, model } = words;
  const user: NewEntry = { kind: 'user', content, model, ...(auto && { auto }), ...questionOf(words) };
  const [context = null, ...since] = await contextEntries(path, chosen, deps, signal, {
    rule,
    content,
    warm,
    onlyFiles,
  });
  if (context === null) return [user];
  // A fresh snapshot says how files are, and not what the user thought of the edits.
  const changes = context.kind === 'snapshot' ? untoldEdits(path) : [];
  return [context, ...since, ...(changes.length === 0 ? [] : [{ kind: 'change' as const, changes }]), user];
}

/**
 * What the context now differs in from what the path has shown, and what was undone of the model's edits since it was
 * last told, to be appended after `path`; null when there is nothing of both. Without a snapshot, or when the record of one contradicts itself, that is a fresh snapshot.
 */
export async function contextEntry(
  path: readonly Entry[],
  chosen: ChosenContext,
  deps: { readonly log: Log },
  signal: AbortSignal,
): Promise<NewEntry | null> {
  const opening: Opening = { rule: () => null, content: [], warm: async () => null };
  return (await contextEntries(path, chosen, deps, signal, opening))[0] ?? null;
}

interface Opening {
  readonly rule: FreshSnapshotRule;
  readonly content: readonly UserBlock[];
  readonly warm: WarmFiles;
  readonly onlyFiles?: readonly string[] | undefined;
}

/** What goes along where, of the files, these alone do. */
export function limitedTo(files: readonly string[] | undefined, now: ContextNow): ContextNow {
  if (files === undefined) return now;
  const { closed: _closed, ...rest } = now;
  const { selection } = now;
  return {
    ...rest,
    files: now.files.filter(({ uri }) => files.includes(uri)),
    selection: selection !== null && files.includes(selection.uri) ? selection : null,
  };
}

/** The same; a conversation that begins with what another one left in the cache is told what has changed of that. */
async function contextEntries(
  path: readonly Entry[],
  chosen: ChosenContext,
  deps: { readonly log: Log },
  signal: AbortSignal,
  opening: Opening,
): Promise<readonly NewEntry[]> {
  const seen = seenOf(path, deps.log);
  // What the words themselves show is not shown beside them.
  const question = attachedSelection(opening.content);
  let now: ContextNow;
  try {
    now = await chosen.now(signal, seen);
    if (seen === null) now = limitedTo(opening.onlyFiles, now);
  } catch (error) {
    signal.throwIfAborted();
    deps.log.error('the open files could not be read', error);
    // Not knowing is no change. A conversation still needs its first snapshot.
    return seen === null
      ? [{ kind: 'snapshot', project: [], files: [], selection: null }]
      : changeOf(untoldEdits(path));
  }
  const { project, files, selection } = now;
  if (seen === null) {
    const told = isSelected(question, now) ? null : selection;
    const isNew = !path.some(({ kind }) => kind === 'snapshot');
    const warm = (isNew ? await opening.warm(now) : null) ?? [];
    const begun = beginningOver(now, warm, chosen.cost);
    return [{ kind: 'snapshot', project, files: begun.files, selection: told }, ...changeOf(begun.changes)];
  }
  const fresh = opening.rule(seen, now);
  if (fresh !== null) return [{ kind: 'snapshot', project, files, selection, rebase: fresh }];
  const changes = changesSince(question === null ? seen : { ...seen, attached: question }, now, chosen.cost);
  return changeOf([...changes, ...untoldEdits(path)]);
}

function changeOf(changes: readonly ContextChange[]): readonly NewEntry[] {
  return changes.length === 0 ? [] : [{ kind: 'change', changes }];
}

function seenOf(path: readonly Entry[], log: Log): SeenContext | null {
  try {
    return seenContext(path);
  } catch (error) {
    log.error('the seen context could not be computed', error);
    return null;
  }
}

function isSelected(question: ContextSelection | null, { selection }: ContextNow): boolean {
  return question !== null && selection !== null && isSameText(question, selection);
}
