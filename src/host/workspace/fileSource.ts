/** Files from outside the workspace, on their way into a message. */
import type { LocalizableMessage } from '../../shared/chat';

/** A file on its way in. `mediaType` is what it says of itself, '' when nothing. */
export interface IncomingFile {
  readonly name: string;
  readonly mediaType: string;
  /** What it is called instead of its name. */
  readonly label?: string;
  readonly bytes: Uint8Array;
  /** Where it lies when links are followed; missing where that is not known. */
  readonly target?: string;
}

/** Files of the machine that the extension host runs on. */
export interface FileSource {
  /** Lets the user choose; empty when they chose none. */
  pick(): Promise<readonly string[]>;
  /** Rejects when the file is gone or too large to be sent. */
  read(uri: string): Promise<IncomingFile>;
  /** Says something to the user where no panel shows the conversation. */
  tell(name: string, reason: LocalizableMessage): void;
}

const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
};

/** What a file's ending says that it is; '' when nothing that matters here. */
export function mediaTypeOfName(path: string): string {
  const ending = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return mediaTypes[ending] ?? '';
}
