/** A stand-in for VS Code's decoder: the settings of a test, and what `TextDecoder` makes of the bytes. */
import type { EditorDecoder } from '../../../src/host/workspace/files/facts';

export interface FakeDecoder extends EditorDecoder {
  /** `files.encoding`, by VS Code's name. */
  encoding: string;
  guesses: boolean;
  /** What guessing finds. */
  guessed: string;
  /** Files that were decoded. */
  asked: number;
}

const labels: Readonly<Record<string, string>> = {
  shiftjis: 'shift_jis',
  windows1252: 'windows-1252',
  utf16le: 'utf-16le',
};

export function editorDecoder(): FakeDecoder {
  const decodeAs = async (bytes: Uint8Array, encoding: string): Promise<string> =>
    new TextDecoder(labels[encoding] ?? encoding, { ignoreBOM: true }).decode(bytes);
  const fake: FakeDecoder = {
    encoding: 'utf8',
    guesses: false,
    guessed: 'utf8',
    asked: 0,
    settingsOf: () => ({ encoding: fake.encoding, guesses: fake.guesses }),
    decode: async (bytes) => {
      fake.asked += 1;
      return await decodeAs(bytes, fake.guesses ? fake.guessed : fake.encoding);
    },
    decodeAs,
  };
  return fake;
}
