/**
 * Which files hold secrets, by their names and by what is in them. They are never read or attached without the user's
 * own act (LESSONS L32). Names are compared as the laxest file system would: without case, in one Unicode form, without
 * characters that are not seen, without the dots and spaces that Windows drops.
 */
import { KeyScan } from './secretMarks';
import {
  exampleName,
  keyNames,
  mixedFolders,
  secretFolders,
  secretNames,
  secretPatterns,
  secretPlaces,
  sourceName,
} from './secretNames';

/** Longer names exist on no disk: what follows is not looked at. */
const maxName = 1_000;

/** True when a file of this path holds secrets, to judge by its name and the folders it lies in. */
export function isSecretPath(path: string): boolean {
  const segments = path
    .split(/[\\/]/)
    .map(plainName)
    .filter((segment) => segment !== '');
  const last = segments.at(-1);
  if (last === undefined) return false;
  const folders = segments.slice(0, -1);
  // Windows reads the same file at `.env::$DATA`; elsewhere a colon is a letter like others.
  const names = [last, last.replace(/:.*$/s, '').replace(/[. ]+$/, '')].filter((name) => name !== '');
  return names.some((name) => isSecretName(name) || liesAmongSecrets(folders, name));
}

/** True for text that holds a key or a token, whatever its file is called. For texts that are in memory anyway. */
export function isSecretText(text: string): boolean {
  return new KeyScan().add(text);
}

function liesAmongSecrets(folders: readonly string[], name: string): boolean {
  if (folders.some((folder) => secretFolders.has(folder))) return !name.endsWith('.pub');
  const whole = `/${folders.join('/')}/`;
  if (originals(name).some((one) => secretPlaces.some((place) => place.test(`${whole}${one}`)))) return true;
  return folders.some((folder) => {
    const mixed = mixedFolders.get(folder);
    if (mixed === undefined || name.endsWith('.pub') || exampleName.test(name)) return false;
    return !(mixed.source && sourceName.test(name));
  });
}

function isSecretName(name: string): boolean {
  const names = originals(name);
  if (names.some((one) => keyNames.some((pattern) => pattern.test(one)))) return !name.endsWith('.pub');
  if (name.endsWith('.pub') || names.some((one) => exampleName.test(one))) return false;
  return names.some((one) => {
    if (/^kubeconfig|^kube[-_.]?config|\.kubeconfig$/.test(one)) return !sourceName.test(one);
    return secretNames.has(one) || secretPatterns.some((pattern) => pattern.test(one));
  });
}

function plainName(segment: string): string {
  return segment
    .slice(0, maxName)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cc}/gu, '')
    .replace(/[. ]+$/, '')
    .trimStart();
}

const word = '(?:bak|backup|bkp|old|orig(?:inal)?|save|saved|copy|kopie|copie|copia|cópia|kopia|kopi|tmp|temp)';
const version = '[-_. ]?\\d{0,14}(?:[-_t]\\d{1,8})?';

/** What editors, shells, package managers and people add to the name of a file when they keep an earlier one. */
const ends: readonly RegExp[] = [
  /~\d*~?$/,
  /\.sw[a-z]$/,
  new RegExp(`[-_. ]+\\(?${word}\\)?${version}$`),
  / ?\(\d{1,4}\)$/,
  / \d{1,4}$/,
  /[-_.]\d{1,14}([-_.t]\d{1,8}){0,3}$/,
  /[-_.](dpkg|ucf|rpm|pac)[-_]?(old|new|dist|save|orig|tmp|bak)$/,
  /\.(disabled|off|rej|part|new|prev|previous|~lock)$/,
  /#$/,
];

/** The same before the ending: `credentials copy.json`, `secrets (1).yml`. */
const middle = new RegExp(
  `(?:[-_. ]+(?:- )?\\(?${word}\\)?${version}| ?\\(\\d{1,4}\\)| \\d{1,4})(?=\\.[a-z0-9]{1,12}$)`,
);

const starts = /^(?:[.~]?#|\.~|~\$|(?:copy|backup|kopie|copie|copia|kopia) (?:\(\d{1,4}\) )?(?:of|von|de|di|av|z) )/;

/** A name, and those of the files that it may be a copy of. */
function originals(name: string): readonly string[] {
  const found = new Set([name]);
  for (const one of found) {
    // What has so many additions is no name that anyone gave.
    if (found.size > 64) break;
    for (const end of ends) found.add(one.replace(end, '').replace(/[. -]+$/, ''));
    found.add(one.replace(middle, ''));
    found.add(one.replace(starts, ''));
    // Vim puts a dot before the name of its swap file.
    if (/^\..*\.sw[a-z]$/.test(one)) found.add(one.slice(1).replace(/\.sw[a-z]$/, ''));
  }
  found.delete('');
  return [...found];
}
