/** Numbers, and several things in a row, as the panel shows them. */
import { isolated, language, plural, t } from './language';

/** US dollars in two significant digits, never fewer than cents: "$0.0093", "$0.042", "$1.30"; unknown: "—". */
export function dollars(usd: number | null): string {
  if (usd === null) return '—';
  if (usd === 0) return '$0.00';
  if (usd < 0.0001) return t('< {0}', '$0.0001');
  const digits = usd >= 0.1 ? 2 : Math.max(2, 1 - Math.floor(Math.log10(usd)));
  return fixed(usd, digits);
}

/** US dollars in whole cents: "$0.04", "< $0.01"; unknown: "—". */
export function wholeCents(usd: number | null): string {
  if (usd === null) return '—';
  if (usd > 0 && usd < 0.01) return t('< {0}', fixed(0.01, 2));
  return fixed(usd, 2);
}

function fixed(usd: number, digits: number): string {
  return `$${bareDollars(usd, digits)}`;
}

/** The same without the sign: "1.30". */
export function bareDollars(usd: number, digits = 2): string {
  const format = keptFormat(
    `$${digits}`,
    (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return format.format(usd);
}

type Format = Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.ListFormat;

const formats = new Map<string, Format>();

/** A format of the panel's language that is made once: making one takes longer than drawing what it is for. */
export function keptFormat<T extends Format>(name: string, make: (tag: string) => T): T {
  const key = `${language()} ${name}`;
  const known = formats.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make(language());
  formats.set(key, made);
  return made;
}

/** An amount that someone has set: "$2", "$0.50". */
export function roundDollars(usd: number): string {
  return Number.isInteger(usd) ? `$${usd.toLocaleString(language())}` : dollars(usd);
}

/** Dollars as they are read out: "4 cents", "1.30 dollars". */
export function spokenDollars(usd: number | null): string {
  if (usd === null) return t('an unknown price');
  if (usd < 0.01) return t('less than a cent');
  const cents = Math.round(usd * 100);
  return cents < 100 ? plural(cents, '{0} cent', '{0} cents') : t('{0} dollars', bareDollars(usd));
}

/** 840, "9.8k", "18k", "1.2M"; unknown: "—". */
export function tokenCount(count: number | null): string {
  if (count === null) return '—';
  if (count < 1000) return String(Math.round(count));
  if (count < 1_000_000) return `${short(count / 1000)}k`;
  return `${short(count / 1_000_000)}M`;
}

function short(value: number): string {
  return value.toLocaleString(language(), { maximumFractionDigits: value < 100 ? 1 : 0 });
}

/** "640 B", "84 kB", "1.2 MB". */
export function byteCount(bytes: number): string {
  if (bytes < 1000) return t('{0} B', bytes);
  if (bytes < 999_500) return t('{0} kB', Math.round(bytes / 1000));
  return t('{0} MB', (bytes / 1_000_000).toLocaleString(language(), { maximumFractionDigits: 1 }));
}

/** "6 s", "2 min 5 s"; empty below one second: "0 s" says nothing. */
export function duration(ms: number): string {
  if (ms < 1000) return '';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return t('{0} s', seconds);
  const rest = seconds % 60;
  return rest === 0 ? t('{0} min', Math.floor(seconds / 60)) : t('{0} min {1} s', Math.floor(seconds / 60), rest);
}

/** "12 seconds", for the screen reader. */
export function spokenDuration(ms: number): string {
  if (ms < 1000) return t('less than a second');
  return plural(Math.round(ms / 1000), '{0} second', '{0} seconds');
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The whole units of a long time: "12 min", "2 h", "3 days". */
export function longTime(ms: number): string {
  if (ms < hour) return t('{0} min', Math.floor(ms / minute));
  if (ms < day) return t('{0} h', Math.floor(ms / hour));
  return plural(Math.floor(ms / day), '{0} day', '{0} days');
}

/** The same, read out: "2 hours". */
export function spokenTime(ms: number): string {
  if (ms < hour) return plural(Math.floor(ms / minute), '{0} minute', '{0} minutes');
  if (ms < day) return plural(Math.floor(ms / hour), '{0} hour', '{0} hours');
  return plural(Math.floor(ms / day), '{0} day', '{0} days');
}

const clock = { hour: '2-digit', minute: '2-digit' } as const;

/** "10:42". */
export function clockTime(at: number): string {
  return moment(at, clock);
}

/** "10:42" today, "Nov 22, 10:42" else. */
export function whenText(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return moment(at, isToday ? clock : { month: 'short', day: 'numeric', ...clock });
}

/** "Sunday, November 22, 2026 at 10:42:07 AM". */
export function momentText(at: number): string {
  return moment(at, { dateStyle: 'full', timeStyle: 'medium' });
}

function moment(at: number, options: Intl.DateTimeFormatOptions): string {
  // A format does not take what is no time, which `toLocaleTimeString` names.
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(date);
  return keptFormat(Object.values(options).join(), (tag) => new Intl.DateTimeFormat(tag, options)).format(date);
}

/** Whole percent of a share; a share that is there is never shown as 0. */
export function percent(part: number, whole: number): number {
  if (whole <= 0 || part <= 0) return 0;
  return Math.min(100, Math.max(1, Math.round((part / whole) * 100)));
}

/** Whole percent as the locale writes them: "64%", "64 %". */
export function percentText(percent: number): string {
  return (percent / 100).toLocaleString(language(), { style: 'percent' });
}

/** "claude-opus-4-8" as a name: "Opus 4.8". Only for models whose name the composer does not tell. */
export function modelName(id: string): string {
  const match = /^claude-([a-z]+)-(\d+)(?:-(\d{1,2}))?(?:-\d{8})?$/.exec(id);
  if (match === null) return id;
  const family = match[1] ?? '';
  return `${family.charAt(0).toUpperCase()}${family.slice(1)} ${match[2]}${match[3] === undefined ? '' : `.${match[3]}`}`;
}

/** Several things, one after the other, as the language writes them: "You, 10:42". */
export function listOf(parts: readonly string[], type: 'unit' | 'conjunction' = 'unit'): string {
  const style = type === 'unit' ? 'short' : 'long';
  return keptFormat(type, (tag) => new Intl.ListFormat(tag, { type, style })).format(parts.map(isolated));
}

/** The same as a sentence of phrases. */
export function sentence(phrases: readonly string[]): string {
  const text = listOf(phrases);
  return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
}

/** Whole sentences, one after the other. */
export function sentences(said: readonly string[]): string {
  return said.reduce((all, next) => (all === '' || next === '' ? all + next : t('{0} {1}', all, next)), '');
}

/** A name with a fact beside it: "login.ts · $0.01". */
export function beside(name: string, fact: string): string {
  return t('{0} · {1}', name, fact);
}
