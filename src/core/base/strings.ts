/** What the core says to the user, its tools apart. What it says to the model stands beside the requests that hold it. */
import type { LocalizableMessage } from '../../shared/chat';
import { phrase } from '../../shared/phrase';

/** English templates of what the core says, translated where it is shown. */
export const coreStrings = {
  preparing: (tool: string) => phrase('Preparing {0}', tool),
  toolFailed: () => phrase('Failed'),
  serverAbsent: () => phrase('Server Not Running'),
  toolAbsent: () => phrase('Not Available'),
  toolStopped: () => phrase('Stopped'),
  toolDenied: () => phrase('Denied'),
  edit: (path: string) => phrase('Edit {0}', path),
  create: (path: string) => phrase('Create {0}', path),
  rename: (path: string, to: string) => phrase('Rename {0} to {1}', path, to),
  delete: (path: string) => phrase('Delete {0}', path),
  edited: (path: string) => phrase('Edited {0}', path),
  created: (path: string) => phrase('Created {0}', path),
  renamed: (path: string, to: string) => phrase('Renamed {0} to {1}', path, to),
  deleted: (path: string) => phrase('Deleted {0}', path),
  /** Added and removed. */
  lines: (added: number, removed: number) => phrase('+{0} −{1}', added, removed),
  toolTimedOut: (seconds: number) => phrase('Timed Out after {0} s', seconds),
  partsDropped: (count: number) =>
    count === 1
      ? phrase('Skipped a part of the answer that couldn’t be read.')
      : phrase('Skipped {0} parts of the answer that couldn’t be read.', count),
  tooManyParts: (most: number) => phrase('The answer has more than {0} parts. The rest was skipped.', most),

  /** In the list of what can be left out. */
  attachment: (name: string) => phrase('{0}', name),
  turn: (line: string) => phrase('Turn: {0}', line),
} as const;

/** Why a file, an image or a document is not taken, and what to do. */
export const attachmentStrings = {
  empty: (name: string) => phrase('{0} is empty.', name),
  tooLarge: (name: string) => phrase('{0} is too large. The limit is 22 MB.', name),
  isNone: (name: string, type: string) => phrase('{0} isn’t a valid {1} file.', name, type),
  isAnother: (name: string, said: string, is: string) =>
    phrase('{0} isn’t a valid {1} file: its content is {2}.', name, said, is),
  truncated: (name: string, type: string) => phrase('{0} is incomplete. Save or copy the {1} again.', name, type),
  noSize: (name: string, type: string) => phrase('{0} isn’t a valid {1} file: it has no size.', name, type),
  damaged: (name: string, type: string) => phrase('{0} isn’t a valid {1} file: it can’t be read.', name, type),
  oversized: (name: string, width: number, height: number, megabytes: string) =>
    phrase(
      '{0} has {1} × {2} pixels and {3} MB; an image may have 2000 pixels a side and 3.7 MB. Make it smaller, or paste it into the chat, where it is made smaller.',
      name,
      width,
      height,
      megabytes,
    ),
  pdfCutOff: (name: string) => phrase('{0} is incomplete. Save the {1} again.', name, 'PDF'),
  pdfLocked: (name: string) => phrase('{0} is password-protected. Attach a copy without a password.', name),
  pdfPages: (name: string, pages: number, most: number) =>
    phrase('{0} has {1} pages. The limit is {2}.', name, pages, most),
  textTooLong: (name: string, kilobytes: number) =>
    phrase('{0} is too long. The limit for text is {1} kB.', name, kilobytes),
  unknownKind: (name: string) =>
    phrase('Couldn’t attach {0}. Supported files are PNG, JPEG, GIF and WebP images, PDF and text.', name),

  noImages: (model: string) => phrase('{0} doesn’t support images. Choose another model or remove the image.', model),
  noImagesBefore: (model: string) =>
    phrase('{0} doesn’t support images, and this conversation has some. Choose another model or exclude them.', model),
  tooMany: (most: number) =>
    phrase('The limit is {0} images and documents in a conversation. Exclude some or start a new chat.', most),
  tooManyBytes: (megabytes: number) =>
    phrase(
      'The images and documents of this conversation would have {0} MB. The limit is 30 MB. Exclude some or attach less.',
      megabytes,
    ),
  tooManyPages: (pages: number, model: string, most: number) =>
    phrase(
      'The PDF files of this conversation have {0} pages; {1} takes {2}. Attach a part, or pick a model with a larger window.',
      pages,
      model,
      most,
    ),
  tooManyTokens: (model: string) =>
    phrase('With this the message is too long for {0}. Attach less, or compact the conversation.', model),
} as const;

/** What stands under Details of a failure that no server told of. */
export const failureStrings = {
  noKey: () => 'No API key is set.',
  quiet: (seconds: number) => `Nothing arrived for ${seconds} seconds.`,
  timedOut: () => 'The API did not answer in time.',
  webPage: (status: number | null) => `The server answered ${status ?? 'nothing'} with a web page.`,
  endedEarly: () => 'The answer ended before it was whole.',
  tooLarge: () => 'The answer is larger than any that a model writes.',
  noAnswer: (status: number, what: string) => `The server answered ${status} with ${what} instead of an answer.`,
  redirected: (host: string, place: string | null) =>
    `${host} redirects to ${place ?? 'another address'}. Prelude does not follow it: your API key and the conversation would go along.`,
} as const;

/** In the Markdown of a chat that is copied or exported. */
export const markdownStrings = {
  you: () => phrase('You'),
  unreadable: () => phrase('A part of the conversation that cannot be read stood here.'),
  stopped: () => phrase('Stopped here.'),
  interrupted: () => phrase('Interrupted here.'),
  cutOff: () => phrase('Cut off here.'),
  refused: () => phrase('Claude declined to answer.'),
  failed: () => phrase('The answer failed here.'),
  undone: (what: LocalizableMessage) => phrase('{0}, undone', what),
  counted: (what: LocalizableMessage, added: number, removed: number) =>
    phrase('{0} (+{1} −{2})', what, added, removed),
} as const;
