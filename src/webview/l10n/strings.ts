/**
 * What the panel says that belongs to none of its neighbours in this folder. The English text is the key into the translations that come with the environment;
 * `{0}`, `{1}`… stand for values.
 */
import { type ContextLine, type FreshSnapshot, isPriceShown, type WarmUps, withCellIn } from '../../shared/contextLine';
import { dollars, listOf, modelName, sentence } from './format';
import { plural, t } from './language';

/** All that has no table of its own, translated when it is called. */
export const strings = {
  untitled: () => t('New chat'),
  unopened: (title: string) =>
    title === ''
      ? t('Nothing was deleted. Couldn’t open the conversation.')
      : t('Nothing was deleted. Couldn’t open “{0}”.', title),
  unreadableState: () => t('Couldn’t read its contents.'),
  othersOpen: () => t('Other conversations open as before.'),
  exportReadable: () => t('Export Readable Parts…'),
  openConversations: (title: string) => t('{0}: show conversations', title),
  you: () => t('You'),
  showAll: () => t('Show all'),
  showLess: () => t('Show less'),
  claude: () => t('Claude'),
  transcript: () => t('Conversation'),
  spent: (usd: string) => t('This conversation has cost {0}', usd),
  wouldHaveSpent: (usd: string) => t('This conversation would have cost {0}', usd),
  openUsage: (spent: string, requests: number) =>
    plural(requests, '{1}, in {0} request. Show usage', '{1}, in {0} requests. Show usage', spent),
  /** Before numbers that are no words. */
  counted: (what: string) => t('{0},', what),
  earlier: () => t('Show earlier messages'),
  jumpToLatest: () => t('Jump to latest'),

  cannotFormat: () => t("Couldn't format this part"),
  cannotShow: () => t("Couldn't show this part"),
  copy: () => t('Copy'),
  copyAnswer: () => t('Copy as Markdown'),
  retryAnswer: () => t('Regenerate'),
  taskDone: () => t('Done'),
  taskOpen: () => t('Not done'),
  table: () => t('Table'),

  thinking: () => t('Thinking'),
  thought: () => t('Thought'),
  thoughtFor: (time: string) => (time === '' ? t('Thought for a moment') : t('Thought for {0}', time)),
  input: () => t('Input'),
  output: () => t('Output'),
  noOutput: () => t('No output yet'),
  toolStatus: {
    preparing: () => t('Preparing'),
    asks: () => t('Needs Approval'),
    running: () => t('Running'),
    done: () => t('Done'),
    failed: () => t('Failed'),
    cancelled: () => t('Cancelled'),
  },

  waiting: () => t('Waiting for Claude'),
  saving: () => t('Waiting for another window'),
  askingWeb: (tool: string) => t('Waiting for your answer: {0}', tool),
  writing: () => t('Writing'),
  runningTools: () => t('Working'),
  elsewhere: () => t('In use in another window'),
  elsewhereNote: () => t('This conversation is in use in another window. Try again when it finishes.'),
  continued: () => t('Continued'),
  retryingIn: (what: string, seconds: number, attempt: number, of: number) =>
    t('{0} Trying again in {1}\u00a0s ({2} of {3}).', what, seconds, attempt, of),
  tryNow: () => t('Try Now'),
  stop: () => t('Stop'),
  send: () => t('Send'),

  placeholder: (workspace: string | null) => (workspace === null ? t('Ask Claude') : t('Ask about {0}', workspace)),
  placeholderWorkspace: () => t('Ask about this workspace'),
  composer: () => t('Message to Claude'),
  announceQueued: () => t('Message queued'),
  edit: () => t('Edit'),
  editMessage: () => t('Edit Message'),
  cancel: () => t('Cancel'),
  sends: (list: string) => t('Sends {0}', list),
  openFilesNamed: (count: number) =>
    count === 0 ? t('No open files') : plural(count, '{0} open file', '{0} open files'),
  onlyWhatIAdd: () => t('Only what I add'),
  escAgain: () => t('Press Esc again to stop'),
  startServer: () => t('Start Server'),
  startServerNamed: (server: string) => t('Start the MCP server {0}', server),
  chooseTools: () => t('Choose Tools…'),
  attach: () => t('Attach images, PDF or text (or paste them; or drop them with Shift held)'),
  attached: () => t('Attached to the message'),
  pastedText: () => t('Pasted Text'),
  pastedNamed: (line: string) => t('Pasted text: {0}', line),
  unfold: () => t('Insert as Text'),
  unfoldNamed: (line: string) => t('Insert {0} as Text', line),
  takingIn: (name: string) => t('Adding {0}', name),
  dismiss: () => t('Dismiss'),
  holdShift: () => t('Hold Shift to drop'),
  dropHere: () => t('Drop to attach'),
  showImage: (label: string) => t('Show {0}', label),
  closeImage: () => t('Close'),
  imageMissing: () => t('This image is no longer stored.'),
  chips: () => t('Included in the Message'),
  ownInstructions: () => t('Your instructions'),
  removeChip: (label: string) => t('Remove {0}', label),
  includeChip: (label: string) => t('Include {0} Again', label),
  notIncluded: (label: string, reason: string) => t('{0} isn’t included: {1}', label, reason),
  openSymbol: (name: string) => t('Go to {0}', name),
  openFile: (label: string) => t('Open {0}', label),
  filesCount: (count: number) => (count === 0 ? t('No files') : plural(count, '{0} file', '{0} files')),
  changedSinceSent: () => t('changed since it was sent'),
  excluded: () => t('excluded'),
  more: (count: number) => t('+{0}', count),
  moreChips: (count: number) => plural(count, '{0} more', '{0} more'),

  demo: () => t('Demo: a local stand-in answers, not Claude. Nothing leaves this machine.'),
  askAbout: () => t('Ask Claude about this workspace.'),
  setKey: () => t('Set API Key'),
  keyNeeded: () =>
    t("Needs an API key from the Anthropic Console, billed per use. Claude Pro and Max plans don't include one."),
  getKey: () => t('Get an API key'),
  foundKey: (lastFour: string, host: string | null) =>
    host === null
      ? t('Found an API key ending in …{0} in the environment.', lastFour)
      : t('Found an API key for {1} ending in …{0} in the environment.', lastFour, host),
  useFoundKey: (lastFour: string) => t('Use Key …{0}', lastFour),
  notNow: () => t('Not Now'),
  keyNote: () => t("The key stays in VS Code's secret storage. Nothing is sent until you press Send."),
  pausesAt: (perTurn: string | null, perDay: string | null) => {
    if (perTurn === null) return perDay === null ? '' : t('Pauses before a day costs more than {0}.', perDay);
    return perDay === null
      ? t('Pauses before a turn costs more than {0}.', perTurn)
      : t('Pauses before a turn costs more than {0}, or a day more than {1}.', perTurn, perDay);
  },
  loading: () => t('Loading'),

  details: () => t('Details'),
  status: () => t('Status'),
  type: () => t('Type'),
  requestId: () => t('Request id'),
  message: () => t('Message'),
  noResponse: () => t('none'),

  viewFailed: () => t('Nothing in the conversation was lost. Couldn’t show it.'),
  reloadView: () => t('Reload View'),

  announceAnswering: () => t('Claude is answering'),
  announceFinished: (count: number) => plural(count, 'Answer finished, {0} word', 'Answer finished, {0} words'),
  announceRetrying: (seconds: number) => plural(seconds, 'Retrying in {0} second', 'Retrying in {0} seconds'),
} as const;

/** "login.ts changed, +3 −1". */
export function contextText({ change, path, linesAdded, linesRemoved, rebase, warm }: ContextLine): {
  readonly text: string;
  readonly added: string;
  readonly removed: string;
} {
  const name = nameOf(path);
  const text = {
    // Below a line that says what was sent: its name is enough.
    opened: () => name,
    added: () => t('{0} added', name),
    modified: () => t('{0} changed', name),
    removed: () => t('{0} removed', name),
    undone: () => t('Undone in {0}', name),
    applied: () => t('Applied to {0}', name),
    selection: () => (path === '' ? t('Nothing selected') : t('{0} selected', name)),
    rebased: () => (rebase === undefined ? '' : freshSnapshotText(rebase)),
    warmed: () => (warm === undefined ? '' : warmUpText(warm)),
    unreadable: () => t('This item is stored unchanged. Couldn’t show it.'),
  }[change]();
  return {
    text,
    added: linesAdded > 0 ? `+${linesAdded}` : '',
    removed: linesRemoved > 0 ? `−${linesRemoved}` : '',
  };
}

/** More files than these are counted instead of named. */
const namedFiles = 3;

/** What a snapshot holds: "Sent with login.ts, retry.ts and the selection login.ts:3-8". */
export function snapshotText(lines: readonly ContextLine[]): string {
  const files = lines.filter(({ change }) => change === 'opened').map(({ path }) => nameOf(path));
  const selections = lines.filter(({ change, path }) => change === 'selection' && path !== '');
  const parts = [
    ...(files.length > namedFiles ? [plural(files.length, '{0} file', '{0} files')] : files),
    ...selections.map(({ path }) => t('the selection {0}', nameOf(path))),
  ];
  return t('Sent with {0}', listOf(parts, 'conjunction'));
}

/** Why the context was sent again: "Open files refreshed after a long pause, saving $0.012". */
export function freshSnapshotText({ reason, usd }: FreshSnapshot): string {
  const why = {
    cold: () => t('Open files refreshed after a long pause'),
    stale: () => t('Open files refreshed'),
    window: () => t('Open files refreshed to make room'),
  }[reason]();
  if (!isPriceShown(usd)) return why;
  return usd < 0 ? t('{0}, saving {1}', why, dollars(-usd)) : t('{0}, costing {1} more', why, dollars(usd));
}

/** "Kept ready 3 times, $0.012", and why there are no more of it. */
export function warmUpText({ times, usd, model, stopped }: WarmUps): string {
  const kept = plural(times, 'Kept ready once, {1}', 'Kept ready {0} times, {1}', dollars(usd));
  const name = modelName(model);
  if (stopped === null) return kept;
  const why =
    stopped === 'refused'
      ? t('No longer kept ready for {0}: the API refused it', name)
      : t('No longer kept ready for {0}: it had no effect', name);
  return times === 0 ? why : t('{0}. {1}', kept, why);
}

/** Many context lines in one: "5 files added, 1 file changed, login.ts:3-8 selected". */
export function contextSummary(lines: readonly ContextLine[]): string {
  const selected = lines.filter(({ change, path }) => change === 'selection' && path !== '');
  return sentence([...fileCounts(lines), ...selected.map((line) => contextText(line).text)]);
}

/** How many files went along, and what became of how many: phrases for a sentence. */
export function fileCounts(lines: readonly ContextLine[]): readonly string[] {
  const counted = (wanted: ContextLine['change'], said: (files: number) => string): readonly string[] => {
    const files = new Set(lines.filter(({ change }) => change === wanted).map(({ path }) => path)).size;
    return files === 0 ? [] : [said(files)];
  };
  return [
    counted('opened', (files) => plural(files, '{0} file included', '{0} files included')),
    counted('added', (files) => plural(files, '{0} file added', '{0} files added')),
    counted('modified', (files) => plural(files, '{0} file changed', '{0} files changed')),
    counted('removed', (files) => plural(files, '{0} file removed', '{0} files removed')),
    counted('undone', (files) => plural(files, 'undone in {0} file', 'undone in {0} files')),
    counted('applied', (files) => plural(files, 'applied to {0} file', 'applied to {0} files')),
  ].flat();
}

function nameOf(path: string): string {
  return placeText(path.slice(path.lastIndexOf('/') + 1));
}

/** A selection's label, or the place at its end, with its cell in the user's language. */
export function placeText(label: string): string {
  return withCellIn(label, (cell) => t('cell {0}', cell));
}
