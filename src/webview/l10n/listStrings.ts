/** What the list of conversations says. */
import { keptFormat } from './format';
import { plural, t } from './language';
import { offerStrings } from './offerStrings';

/** The list's rows, buttons and offers. */
export const listStrings = {
  ...offerStrings,
  open: () => t('Show conversations'),
  close: () => t('Hide conversations'),
  search: () => t('Search…'),
  searchLabel: () => t('Search conversations'),
  all: () => t('All workspaces'),
  allHint: () => t('Show the conversations of all workspaces'),
  newChat: () => t('New chat'),
  rename: (title: string) => t('Rename {0}', title),
  renameHint: () => t('Rename'),
  renameLabel: (title: string) => t('New title of {0}', title),
  openInEditor: (title: string) => t('Open {0} in an editor tab', title),
  openInEditorHint: () => t('Open in Editor'),
  remove: (title: string) => t('Delete {0}', title),
  removeHint: () => t('Delete'),
  deleted: (title: string) => t('“{0}” is deleted.', title),
  deletedMany: (count: number) => plural(count, '{0} conversation is deleted.', '{0} conversations are deleted.'),
  undo: () => t('Undo'),
  deleteForever: () => t('Delete Forever'),
  erased: (title: string) => t('“{0}” is deleted forever.', title),
  erasedMany: (count: number) =>
    plural(count, '{0} conversation is deleted forever.', '{0} conversations are deleted forever.'),
  restored: (title: string) => t('“{0}” is back.', title),
  restoredMany: (count: number) => plural(count, '{0} conversation is back.', '{0} conversations are back.'),
  today: () => t('Today'),
  yesterday: () => t('Yesterday'),
  previousDays: () => t('Previous 7 Days'),
  more: () => t('Show more'),
  none: () => t('No conversations yet.'),
  noneFound: () => t('No results found.'),
  hidden: (count: number) =>
    plural(
      count,
      '{0} conversation of another workspace is hidden.',
      '{0} conversations of other workspaces are hidden.',
    ),
  hiddenFound: (count: number) =>
    plural(count, '{0} found in another workspace is hidden.', '{0} found in other workspaces are hidden.'),
  showHidden: () => t('Show'),
  brought: (count: number, from: string) =>
    plural(count, '{0} conversation was brought from {1}.', '{0} conversations were brought from {1}.', from),
  putBack: () => t('Put Back'),
  dismiss: () => t('Dismiss'),
  retry: () => t('Retry'),
  noFolder: () => t('No folder'),
  state: {
    idle: () => '',
    running: () => t('answering'),
    elsewhere: () => t('answering in another window'),
    needsYou: () => t('needs your attention'),
    unread: () => t('unread'),
    unopened: () => t('couldn’t be opened'),
  },
  count: (count: number) => plural(count, '{0} conversation', '{0} conversations'),
} as const;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "now", "5m", "3h", "Mon", "12 Nov", "Nov 2024". */
export function shortAge(at: number, now: number): string {
  const age = Math.max(0, now - at);
  if (age < minute) return t('now');
  if (age < hour) return t('{0}m', Math.floor(age / minute));
  if (age < day) return t('{0}h', Math.floor(age / hour));
  if (age < 6 * day) return dateText(at, { weekday: 'short' });
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateText(at, sameYear ? { day: 'numeric', month: 'short' } : { month: 'short', year: 'numeric' });
}

/** "Today", "Yesterday", "Previous 7 Days", "October", "May 2024". */
export function dayGroup(at: number, now: number): string {
  const today = new Date(now);
  const daysAgo = (days: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).getTime();
  if (at >= daysAgo(0)) return listStrings.today();
  if (at >= daysAgo(1)) return listStrings.yesterday();
  if (at >= daysAgo(7)) return listStrings.previousDays();
  const sameYear = new Date(at).getFullYear() === today.getFullYear();
  return dateText(at, sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' });
}

/** "2 minutes ago", for the screen reader and the tooltip. */
export function spokenAge(at: number, now: number): string {
  const age = Math.max(0, now - at);
  if (age < minute) return t('just now');
  const format = keptFormat('ago', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
  if (age < hour) return format.format(-Math.floor(age / minute), 'minute');
  if (age < day) return format.format(-Math.floor(age / hour), 'hour');
  return dateText(at, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The format of each row is the same one. */
function dateText(at: number, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  // A format does not take what is no time.
  if (Number.isNaN(date.getTime())) return String(date);
  return keptFormat(JSON.stringify(options), (tag) => new Intl.DateTimeFormat(tag, options)).format(date);
}
