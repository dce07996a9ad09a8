/** What the transcript says of a turn's work, of compaction, of what is left out, of missed caches and of what a server does not get. */
import type { CacheMiss, CacheMissReason, CompactionItem } from '../../shared/chat';
import type { ContextLine } from '../../shared/contextLine';
import { dollars, duration, modelName, percent, percentText, sentence } from './format';
import { plural, t } from './language';
import { fileCounts } from './strings';

/** Compaction, exclusions, branches and lines of the transcript. */
export const transcriptStrings = {
  turnTable: () => t('Usage of This Answer'),
  sources: () => t('Sources'),
  moreSources: (count: number) => plural(count, '{0} more source', '{0} more sources'),
  noAddress: () => t('no web address'),
  placeAndAge: (place: string, age: string) => t('{0}, {1}', place, age),
  compacting: (model: string) => t('Compacting with {0}', model),
  compactFailed: (model: string, usd: string) => t('Not Compacted by {0}, {1}', model, usd),
  compactUndone: () => t('Compaction undone: the whole conversation is included again'),
  compacted: (percent: string, model: string, usd: string) =>
    t('Compacted to {0} of its size by {1}, {2}', percent, model, usd),
  compactByOwn: (model: string) => t('Use {0}', model),
  compactByOwnPriced: (model: string, usd: string) => t('Use {0}, about {1}', model, usd),
  automatic: (text: string) => t('{0}. Compacted automatically.', text),
  shortened: () => t('Long tool results were shortened for this summary.'),
  useSummary: () => t('Use Summary'),
  undo: () => t('Undo'),
  tryAgain: () => t('Try Again'),
  nothingCompacted: (why: string) => t('The conversation is unchanged. Couldn’t compact it. {0}', why),
  continue: () => t('Continue'),
  announceCompacted: () => t('The conversation was compacted'),
  announceNotCompacted: () => t('The conversation wasn’t compacted'),

  moreActions: (label: string) => t('More Actions: {0}', label),
  moreActionsPrice: (usd: string) => t('More Actions. Excluding this adds up to {0} to the next message', usd),
  takeBack: () => t('Include'),
  turnOut: () => t('Excluded with its answer'),
  answerOut: () => t('Excluded'),
  spokenOut: (label: string) => t('{0}, excluded', label),
  attachmentOut: (label: string) => t('{0} (excluded)', label),
  attachmentRefused: (label: string) => t('{0} was rejected by the API and isn’t sent', label),
  refused: () => t('not sent: rejected'),
  announceOut: () => t('Excluded from context'),
  announceBack: () => t('Included in context'),

  branchOf: (at: number, of: number) => t('Branch {0} of {1}', at, of),
  countOf: (at: number, of: number) => t('{0} of {1}', at, of),
  previousBranch: () => t('Previous Branch'),
  nextBranch: () => t('Next Branch'),

  wouldCost: (usd: string) => t('would cost {0}', usd),
  fieldOut: (field: string, host: string) => t('{0} isn’t sent to {1}.', field, host),
  lengthLimited: (host: string, model: string) => t('Answers of {1} from {0} are limited in length.', host, model),
  thinkingOut: (host: string) => t('Thinking without a signature isn’t sent to {0}.', host),

  missed: (why: string) => t('{0}: earlier messages were sent at the full price.', why),
  missedPriced: (why: string, usd: string) =>
    t('{0}: earlier messages were sent at the full price, {1} more.', why, usd),
} as const;

/** Why the cache was missed, by reason. */
export const missReasons: Readonly<Record<CacheMissReason, () => string>> = {
  model: () => t('The model changed'),
  effort: () => t('The effort or thinking setting changed'),
  system: () => t('The instructions or files at the beginning of the prompt changed'),
  tools: () => t('The tools changed'),
  messages: () => t('Earlier messages changed'),
  update: () => t('An update of Prelude changed the tools or instructions'),
  thinking: () => t('Earlier thinking couldn’t be sent again'),
  image: () => t('An image was added'),
  expired: () => t('The pause was long'),
  gone: () => t('The API dropped earlier messages early'),
  notFound: () => t('The API no longer has the previous request'),
  unknown: () => t('The reason isn’t known'),
};

/** "The pause was long: earlier messages were sent at the full price, $0.11 more." */
export function cacheMissText({ reason, usd }: CacheMiss): string {
  const why = missReasons[reason]();
  return usd === null ? transcriptStrings.missed(why) : transcriptStrings.missedPriced(why, dollars(usd));
}

/** "Compacted to 3% of its size by Haiku 5.5, $0.08". */
export function compactionText(item: CompactionItem, undone: boolean): string {
  const name = modelName(item.model);
  if (item.outcome === null) return transcriptStrings.compacting(name);
  if (item.outcome.kind !== 'done') return transcriptStrings.compactFailed(name, dollars(item.usd));
  if (undone) return transcriptStrings.compactUndone();
  return transcriptStrings.compacted(
    percentText(percent(item.tokensAfter, item.tokensBefore)),
    name,
    dollars(item.usd),
  );
}

/** What a finished turn did. */
export interface WorkDone {
  /** 0 for nothing that is worth a word; null where it is not known how long. */
  readonly thoughtMs: number | null;
  /** How often, and how many files were read, by the tools' names. */
  readonly tools: ReadonlyMap<string, number>;
  /** Calls that were not made, and results that are not sent. */
  readonly cancelled: number;
  readonly excluded: number;
  /** What went along, and what changed. */
  readonly context: readonly ContextLine[];
}

/** "Thought 6 s, read 3 files, searched once, 1 file changed". Each part is a phrase of its own. */
export function workText({ thoughtMs, tools, cancelled, excluded, context }: WorkDone): string {
  return sentence([
    ...(thoughtMs === 0 ? [] : [thoughtMs === null ? t('thought') : t('thought {0}', duration(thoughtMs))]),
    ...toolPhrases(tools),
    ...(cancelled === 0 ? [] : [plural(cancelled, '{0} call cancelled', '{0} calls cancelled')]),
    ...(excluded === 0 ? [] : [plural(excluded, '{0} result excluded', '{0} results excluded')]),
    ...contextPhrases(context),
  ]);
}

function contextPhrases(lines: readonly ContextLine[]): readonly string[] {
  const selections = lines.filter(({ change }) => change === 'selection');
  const some = selections.some(({ path }) => path !== '');
  return [
    ...(lines.some(({ rebase }) => rebase !== undefined) ? [t('open files refreshed')] : []),
    ...fileCounts(lines),
    ...(selections.length === 0 ? [] : [some ? t('selection included') : t('nothing selected')]),
  ];
}

/** What calls did, by the tools' names and how often. */
function toolPhrases(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].map(([name, count]) => {
    switch (name) {
      case 'read_file':
        return plural(count, 'read {0} file', 'read {0} files');
      case 'list_directory':
        return plural(count, 'listed {0} folder', 'listed {0} folders');
      case 'find_files':
        return plural(count, 'looked for files once', 'looked for files {0} times');
      case 'search_text':
        return plural(count, 'searched once', 'searched {0} times');
      case 'get_diagnostics':
        return plural(count, 'checked for problems once', 'checked for problems {0} times');
      case 'find_symbols':
        return plural(count, 'looked for {0} symbol', 'looked for {0} symbols');
      case 'go_to_definition':
        return plural(count, 'looked for {0} definition', 'looked for {0} definitions');
      case 'find_references':
        return plural(count, 'looked for references once', 'looked for references {0} times');
      case 'get_outline':
        return plural(count, 'got {0} outline', 'got {0} outlines');
      case 'get_changes':
        return plural(count, 'got changes once', 'got changes {0} times');
      case 'edit_file':
        return plural(count, 'edited once', 'edited {0} times');
      case 'create_file':
        return plural(count, 'created {0} file', 'created {0} files');
      case 'rename_file':
        return plural(count, 'renamed {0} file', 'renamed {0} files');
      case 'delete_file':
        return plural(count, 'deleted {0} file', 'deleted {0} files');
      case 'web_search':
        return plural(count, 'searched the web once', 'searched the web {0} times');
      case 'web_fetch':
        return plural(count, 'fetched {0} page', 'fetched {0} pages');
      default:
        return plural(count, 'used {1} once', 'used {1} {0} times', name);
    }
  });
}
