/** The chips above the composer's text: what goes with the next message, and what each weighs. Pure. */
import type { Memo } from '../../core/base/memo';
import { changesText, fileChange, goesAlong, type SeenContext } from '../../core/context/context';
import type { AbsentContext, ContextNow } from '../../core/context/editorContext';
import {
  selectionLabel,
  selectionPlace,
  selectionPlaces,
  selectionSource,
  selectionText,
} from '../../core/context/selection';
import { measureBlock, tokensOf } from '../../core/models/tokens';
import type { ContextFile, ContextSelection } from '../../core/record/record';
import type { AbsentFile, Chip, ChipFile } from '../../shared/protocol';

/** Stand in the list of removed context for the selection of before its lines were kept, and for all open files. */
export const selectionId = 'selection';
/** The id of the chip of the open files, and the key under which all of them are removed. */
export const openFilesId = 'openFiles';

/** Stands in the list of removed context for this selection, and for no other. */
export function removedSelection(selection: ContextSelection): string {
  return `${selectionId}:${selectionPlaces(selection)}:${selection.uri}`;
}

/**
 * The list of removed context once this is what is selected: another selection ends the removal of the one before, and
 * one that was removed before its lines were kept is taken to be this. The same list when nothing changes.
 */
export function removedWith(removed: ReadonlySet<string>, selection: ContextSelection | null): ReadonlySet<string> {
  if (selection === null) return removed;
  const own = removedSelection(selection);
  const isOther = (id: string): boolean => id.startsWith(`${selectionId}:`) && id !== own;
  const legacy = removed.has(selectionId);
  if (!legacy && ![...removed].some(isOther)) return removed;
  const kept = [...removed].filter((id) => id !== selectionId && !isOther(id));
  return new Set(legacy ? [...kept, own] : kept);
}

/** Stands in the list of removed context for an instruction that goes along though all that import it are removed. */
export function keptAlone(uri: string): string {
  return `alone:${uri}`;
}

/** The instructions that go along: what was removed does not, and takes with it what it alone imports. */
export function keptInstructions(
  { project, importedBy = {} }: ContextNow,
  removed: ReadonlySet<string>,
): readonly ContextFile[] {
  const kept = new Set<string>();
  const isLed = (uri: string): boolean =>
    removed.has(keptAlone(uri)) || (importedBy[uri]?.some((one) => kept.has(one)) ?? true);
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const { uri } of project) if (!removed.has(uri) && isLed(uri)) kept.add(uri);
  }
  return project.filter(({ uri }) => kept.has(uri));
}

/** What a conversation's chips are made of. */
export interface ChipFacts {
  readonly context: ContextNow;
  /** Files that the user added, and those taken out again since the last message. */
  readonly added: readonly ContextFile[];
  readonly takenOut: readonly ContextFile[];
  readonly removed: ReadonlySet<string>;
  readonly seen: SeenContext | null;
  /** The files that a new conversation begins with, as the cache holds them: their changes are told behind them. */
  readonly held: readonly ContextFile[];
  readonly automatic: boolean;
}

/** What a token is and costs here. */
export interface ChipRates {
  readonly factor: number;
  /** Of the conversation. */
  readonly memo: Memo;
  /** US dollars of one token that the model has seen already, and of a new one; null when unknown. */
  readonly seenUsd: number | null;
  readonly newUsd: number | null;
}

type Weight = Pick<ChipFile, 'tokens' | 'usd'>;

/** The live selection, what the user added, the instructions of the project, and then the open files as one. */
export function chipsOf(facts: ChipFacts, rates: ChipRates): readonly Chip[] {
  const { context, added, takenOut, removed, seen, held, automatic } = facts;
  const { selection, project } = context;
  const isProject = ({ path }: ContextFile): boolean => project.some((file) => file.path === path);
  const chips: Chip[] = [];
  if (automatic && selection !== null) {
    const label = selectionLabel(selection);
    const place = selectionPlace(selection);
    const source = selectionSource(selection);
    const weight = selectionWeight(selection, seen, rates);
    const included = !removed.has(removedSelection(selection));
    chips.push({ kind: 'selection', id: selectionId, label, place, source, ...weight, included });
  }
  const before = ({ uri }: ContextFile): ContextFile | undefined =>
    seen === null ? held.find((file) => file.uri === uri) : seen.files.get(uri);
  const single = (kind: 'file' | 'instructions', file: ContextFile, included: boolean): void => {
    chips.push({
      kind,
      ...fileFacts(file, kind === 'file' ? before(file) : seen?.project.get(file.uri), rates),
      included,
    });
  };
  for (const file of added) if (!isProject(file)) single('file', file, true);
  // An open one has its row in the group.
  const isOpen = ({ uri }: ContextFile): boolean => automatic && context.files.some((file) => file.uri === uri);
  for (const file of takenOut) if (!isProject(file) && !isOpen(file)) single('file', file, false);
  const kept = keptInstructions(context, removed);
  for (const file of project) single('instructions', file, kept.includes(file));
  const isAdded = ({ path }: ContextFile): boolean => added.some((file) => file.path === path);
  const going = goesAlong(seen, context);
  const others = going.filter((file) => !isAdded(file));
  // The model is told their names alone, and reads them where they matter.
  const named = context.files.filter((file) => !going.includes(file) && !isAdded(file));
  const absent = (context.absent ?? []).filter(
    ({ uri, imported }) => (automatic || imported === true) && !added.some((file) => file.uri === uri),
  );
  const said = ({ uri, label, reason }: AbsentContext): AbsentFile => ({ id: `absent:${uri}`, label, reason });
  const looked = absent.find(({ active }) => active);
  if (looked !== undefined) chips.push({ kind: 'absent', ...said(looked) });
  const rest = absent.filter((one) => one !== looked).map(said);
  const told = rest.length === 0 ? {} : { absent: rest };
  if (!automatic) {
    // Its popup is the way back.
    chips.push({ kind: 'openFiles', id: openFilesId, tokens: 0, usd: 0, files: [], on: false, ...told });
  } else if (others.length > 0 || named.length > 0 || rest.length > 0) {
    const isIn = ({ uri }: ContextFile): boolean => !removed.has(openFilesId) && !removed.has(uri);
    const files = [
      ...others.map((file): ChipFile => ({ ...fileFacts(file, before(file), rates), included: isIn(file) })),
      ...named.map((file): ChipFile => {
        const { uri: id, path } = file;
        const none = { tokens: 0, usd: 0, sent: false, changed: false };
        return { id, label: nameOf(path), path, ...none, included: isIn(file), named: true };
      }),
    ];
    chips.push({
      kind: 'openFiles',
      id: openFilesId,
      ...sumOf(files.filter((file) => file.included)),
      files,
      on: true,
      ...told,
    });
  }
  return chips;
}

function fileFacts(file: ContextFile, before: ContextFile | undefined, rates: ChipRates): Omit<ChipFile, 'included'> {
  return {
    id: file.uri,
    label: nameOf(file.path),
    path: file.path,
    ...fileWeight(file, before, rates),
    sent: before !== undefined,
    changed: before !== undefined && before.text !== file.text,
  };
}

/** What the model has seen is read again; what is new, or came to differ, is written. */
function fileWeight(file: ContextFile, before: ContextFile | undefined, rates: ChipRates): Weight {
  const tokens = weighFile(file, rates);
  if (before === undefined) return { tokens, usd: times(tokens, rates.newUsd) };
  if (before.text === file.text) return { tokens, usd: times(tokens, rates.seenUsd) };
  const old = times(weighFile(before, rates), rates.seenUsd);
  const announced = times(weigh(changesText([fileChange(before, file, rates.memo)]), rates), rates.newUsd);
  return { tokens, usd: old === null || announced === null ? null : old + announced };
}

function selectionWeight(selection: ContextSelection, seen: SeenContext | null, rates: ChipRates): Weight {
  const text = selectionText(selection);
  const tokens = weigh(text, rates);
  const known = seen !== null && seen.selection !== null && selectionText(seen.selection) === text;
  return { tokens, usd: times(tokens, known ? rates.seenUsd : rates.newUsd) };
}

/** With each key that is typed. */
function weighFile(file: ContextFile, { factor, memo }: ChipRates): number {
  return Math.round(
    tokensOf(
      memo.get(file, 'stats', () => measureBlock(file.text)),
      factor,
    ),
  );
}

function weigh(text: string, { factor }: ChipRates): number {
  return Math.round(tokensOf(measureBlock(text), factor));
}

function times(tokens: number, usd: number | null): number | null {
  return usd === null ? null : tokens * usd;
}

function sumOf(files: readonly Weight[]): Weight {
  return files.reduce<Weight>(
    (sum, { tokens, usd }) => ({
      tokens: sum.tokens + tokens,
      usd: sum.usd === null || usd === null ? null : sum.usd + usd,
    }),
    { tokens: 0, usd: 0 },
  );
}

/** The last segment of a path with forward slashes. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
