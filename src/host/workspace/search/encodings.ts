/** In which encoding ripgrep reads a root, and which files it reads otherwise than an editor (LESSONS L55, L56). */
import { decodeFile } from '../files/decode';
import type { Root, WorkspaceFacts } from '../files/facts';
import type { Written } from '../files/fileScan';
import type { Looseness } from './regex/print';
import { withLineFeeds } from './unsaved';

/** The encoding of a root's files by its settings. */
export interface RootEncoding {
  /** For ripgrep; null: UTF-8, or one that it does not know. */
  readonly label: string | null;
  readonly isUtf8: boolean;
  /** True where only VS Code can say what bytes beyond ASCII mean: it guesses, or ripgrep does not know the encoding. */
  readonly isOpen: boolean;
  /** For when that are too many. */
  readonly note: string;
}

/** As `files.encoding` and `files.autoGuessEncoding` say it of a root. */
export function encodingOf(facts: WorkspaceFacts, root: Root): RootEncoding {
  const { encoding, guesses } = facts.decoder.settingsOf(root.uri);
  const isUtf = encoding === 'utf8' || encoding === 'utf8bom';
  const label = isUtf ? null : labelOf(encoding);
  const why = guesses ? 'files.autoGuessEncoding is on' : `files.encoding is ${encoding}`;
  return {
    label,
    isUtf8: isUtf && !guesses,
    isOpen: guesses || (!isUtf && label === null),
    note: `Since ${why}, files had to be decoded one by one, and not all were: give include to narrow it down.`,
  };
}

/** How ripgrep names an encoding of VS Code: by the labels of the web; null for what it does not know. */
export function labelOf(encoding: string): string | null {
  const label =
    labels[encoding] ?? encoding.replace(/^windows(\d+)$/, 'windows-$1').replace(/^iso8859(\d+)$/, 'iso-8859-$1');
  try {
    // The same list.
    new TextDecoder(label);
    return label;
  } catch {
    return null;
  }
}

const labels: Readonly<Record<string, string>> = {
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  shiftjis: 'shift_jis',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  big5hkscs: 'big5-hkscs',
  cp950: 'big5',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  macroman: 'macintosh',
};

/** Whether ripgrep found in the bytes of a file just what the query means in their text. */
export function isAsWritten(written: Written, loose: Looseness, encoding: RootEncoding): boolean {
  if (loose.besideCr ? written.hasCr : written.hasLoneCr) return false;
  if (written.isAscii) return encoding.label === null || !encoding.label.startsWith('utf-16');
  return encoding.isUtf8 && !loose.beyondAscii && written.isUtf8;
}

/** The text of a file in lines that end in LF; null when it is none. */
export async function textToSearch(facts: WorkspaceFacts, uri: string, bytes: Uint8Array): Promise<string | null> {
  const decoded = await decodeFile(bytes, uri, facts.decoder);
  return decoded === null ? null : withLineFeeds(decoded.text);
}
