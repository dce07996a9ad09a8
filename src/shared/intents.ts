/**
 * What a view may ask of the extension host: one table, from which the types, the checks, the handlers and the answers
 * are derived. Each intent is answered once: done (with a value where there is one), or why not.
 */
import type { ExcludeTarget } from './chat';
import type { ReviewHunk } from './edits';
import { failureActions } from './failure';
import type { Found } from './find';
import { type Brought, type MentionList, mentionKinds } from './mentions/mentions';
import type { PromptFile, PromptText } from './mentions/prompts';
import { type ConversationsPage, type EarlierItems, type ImageData, type Linkable, maxLinkable } from './protocol';
import {
  bytes,
  type Checked,
  type Fields,
  flag,
  hash,
  list,
  name,
  oneOf,
  orNull,
  record,
  type Taken,
  text,
  whole,
} from './schema';
import { begunWords } from './turn/editing';
import type { UsageEnvironment, UsageReport } from './usage';

/** Who does it: the view's own link, VS Code, the list of conversations, a conversation, the usage view. */
type Receiver = 'link' | 'window' | 'list' | 'chat' | 'usage';

interface Entry<P extends Receiver, F extends Fields, A> {
  readonly place: P;
  readonly fields: F;
  /** Stands for the type of the answer's value; never there. */
  readonly value?: A;
}

/** `A` is what the answer holds; null for nothing but that it is done. */
function to<P extends Receiver>(place: P) {
  return <F extends Fields>(fields: F): Entry<P, F, null> => ({ place, fields });
}

function returning<A>() {
  return <P extends Receiver, F extends Fields>({ place, fields }: Entry<P, F, null>): Entry<P, F, A> => ({
    place,
    fields,
  });
}

const link = to('link');
const window = to('window');
const rows = to('list');
const usage = to('usage');
/** About a conversation: it is always named, so that a view which has switched never mixes two. */
const chat = <F extends Fields>(fields: F) => to('chat')({ conversation: name, ...fields });

const failureAction = oneOf(...failureActions);
/** What a notice's button has the host do. */
export type FailureAction = Checked<typeof failureAction>;

const excludeTarget: (value: unknown) => ExcludeTarget | undefined = record({
  what: oneOf('turn', 'answer', 'result', 'attachment', 'compaction'),
  entry: name,
  index: whole(0),
});

/** Every intent: who handles it, the fields that it has, and what its answer holds. */
export const intents = {
  /** The panel's script runs and listens: environment and snapshot follow. */
  ready: link({}),
  /** Tries again to show what could not be opened. */
  reopen: link({}),
  do: link({ action: failureAction }),
  /** The panel's document has got or lost the focus. */
  focused: link({ focused: flag }),
  /** The view failed; the host logs it (no content) and the view shows a way back. */
  viewFailed: link({ message: text }),

  /** Asks for a snapshot: a gap in `seq`, or the view became visible again. */
  resync: chat({}),
  send: chat({ text }),
  stop: chat({}),
  /** Brings the last prompt back into the composer after a stop. */
  restorePrompt: chat({}),
  /** Runs the last turn again: its answer is left on a branch. */
  retry: chat({}),
  /** Leaves out what the server refused in the last turn, from now on at its address, and runs the turn again. */
  mend: chat({}),
  /** Asks the model to go on after a partial answer. */
  continue: chat({}),
  /** A call of a tool that asks, by its part's key: it runs. */
  approve: chat({ key: name, span: oneOf('once', 'conversation', 'workspace') }),
  /** It does not; the reason goes to the model, '' is none. */
  deny: chat({ key: name, reason: text }),
  /** Stops one call of a tool; the others and the turn go on. */
  stopCall: chat({ key: name }),
  /** How what Claude changes is reviewed in this conversation: at the turn's end, or each before it is made. */
  setReview: chat({ atEnd: flag }),
  /** Asks for the hunks of a file that a turn has changed: `uri` is that of its EditedFile. */
  editHunks: returning<readonly ReviewHunk[]>()(chat({ answer: name, uri: name })),
  /** Keeps or undoes what a turn has changed: one hunk, a file (`hunk` null), or all (both null). */
  decideEdits: chat({ answer: name, uri: orNull(name), hunk: orNull(name), keep: flag }),
  /** Shows what a turn has changed beside what was there before: a file, or all (null). */
  reviewChanges: chat({ answer: name, uri: orNull(name) }),
  /**
   * Begins to apply a code block of an answer to a file: its text, all that stands behind its fence, and the words right
   * above it. The answer holds the key of the card that asks.
   */
  applyBlock: returning<string>()(chat({ answer: name, text, info: text, above: text })),
  /** Has the user choose another file for it. */
  moveBlock: chat({ key: name }),
  /** What the card of a code block waits for. */
  answerBlock: chat({ key: name, apply: flag }),
  /** Shows what a call that asks, or a code block, would change, by its key. */
  openProposed: chat({ key: name }),
  /** During a countdown: try at once. */
  retryNow: chat({}),
  /** Leaves something out of what is sent, or takes it back in. */
  exclude: chat({ target: excludeTarget, out: flag }),
  /** Stores what could not be stored behind the conversation as one of its own, and shows that. */
  saveAsBranch: chat({}),
  /** Replaces the conversation so far by a summary, of the cheapest model where the cache does not hold it. */
  compact: chat({}),
  /** The same, by the conversation's own model. */
  compactByOwn: chat({}),
  /** Opens the list of what can be left out of what is sent. */
  manageExcluded: chat({}),
  /** Opens the list of tools of others that it can offer. */
  chooseTools: chat({}),
  /** Starts an MCP server of which a tool was called while it was not running. */
  startServer: chat({ server: name }),
  draft: chat({ text }),
  /** With what words something is being written anew; null: it is not any more. */
  keepEdit: chat({ id: name, edit: orNull(begunWords) }),
  removeChip: chat({ id: name }),
  includeFile: chat({ id: name, included: flag }),
  /** In this workspace, from now on: whether the selection and open files no longer go along by themselves. */
  onlyWhatIAdd: chat({ only: flag }),
  /** The user wants the next request counted by the API: what is typed and open goes there for it. */
  countExactly: chat({}),
  inspectRequest: chat({}),
  /** Takes a waiting message out. */
  unqueue: chat({ id: name }),
  /** Moves a waiting message: a negative `by` towards the front. */
  moveQueued: chat({ id: name, by: whole() }),
  /** null: its words are being changed, so that it must not go; then the new words. */
  editQueued: chat({ id: name, text: orNull(text) }),
  /** Stops what runs and sends a waiting message. */
  sendQueuedNow: chat({ id: name }),
  /** Asks a question of a command, which waits or was asked here, where that is dearer; here it is stopped. */
  askThere: chat({ id: name }),
  /** Sends a message anew with other words: what followed it is left on a branch. */
  editMessage: chat({ id: name, text }),
  /** Asks a message again, by the id of its turn: other answers to it stay on branches. null: as the settings have it. */
  regenerate: chat({ answer: name, model: orNull(name), effort: orNull(name) }),
  /** Copies everything up to the end of a turn, by its id, into a conversation of its own: the answer holds the id of that. */
  fork: returning<string>()(chat({ answer: name })),
  /** Shows another branch: what names it stands in a `Branching`. */
  walk: chat({ to: name }),
  /** A file that was pasted or dropped; `data` is base64, of an image scaled already, `mediaType` '' when unknown. */
  attach: chat({ name, mediaType: text, data: text }),
  /** The same into a message that is being written anew, by its id. */
  attachToEdit: chat({ edit: name, name, mediaType: text, data: text }),
  /** Takes one of those out; null: all, and the message stays as it is, and goes if it waits. */
  dropFromEdit: chat({ edit: name, id: orNull(name) }),
  /** A long text that was pasted, as UTF-8; into a message that is being written anew, by its id, or into the draft. */
  attachPasted: chat({ bytes, edit: orNull(name) }),
  /** Asks for it, to put it into the text box again. */
  pastedText: returning<string>()(chat({ id: hash })),
  /** An https address of an image, which the API fetches; `edit` as above. */
  attachUrl: chat({ url: name, edit: orNull(name) }),
  /** A file of the workspace that was dropped, by its URI. */
  attachFile: chat({ uri: name, edit: orNull(name) }),
  /** Asks for the turns before an item (`itemKey`), and all back to another one; null: some. null is answered where it is gone. */
  earlier: returning<EarlierItems | null>()(chat({ before: name, to: orNull(name) })),
  /** Looks for words in all of the conversation, as they are shown. */
  find: returning<Found>()(chat({ text: name, matchCase: flag, wholeWord: flag })),
  /** Asks for the whole output of a tool, by its part's key, or for a text that was sent along, by its id. */
  toolOutput: returning<string>()(chat({ key: name })),
  detach: chat({ id: name }),
  pickFiles: chat({}),
  /** Adds what a command in a terminal has left to the next message. */
  addOutput: chat({ id: name }),
  dismissOutput: chat({ id: name }),
  /** Asks what can be mentioned, by what is typed behind an `@`; for '' what was in use lately. */
  mentions: returning<MentionList>()(chat({ query: text })),
  /** Puts what was chosen beside the next message, or beside one that is being written anew, by its id. */
  mention: returning<Brought>()(chat({ kind: oneOf(...mentionKinds), id: text, edit: orNull(name) })),
  /** It is mentioned no more: what that had put beside the message goes away, by what the mention was answered with. */
  unmention: chat({ kind: oneOf(...mentionKinds), id: text, edit: orNull(name), brought: list(text, 0, 50) }),

  /** Lines and columns count from 1; `end`: the last line of several. */
  openFile: window({ path: name, line: orNull(whole(1)), column: orNull(whole(1)), end: orNull(whole(1)) }),
  /** Shows where something was selected: a file, a cell, a version in Git, an output, what was never saved. */
  openSource: window({ uri: name, path: name, line: whole(1), cell: orNull(whole(1)) }),
  /** Asks which of these names, as an answer has them in code, the workspace defines, and which of these files it has. */
  linkable: returning<Linkable>()(window({ names: list(name, 0, maxLinkable), files: list(name, 0, maxLinkable) })),
  /** Shows where a name is defined. */
  openSymbol: window({ name }),
  openLink: window({ url: name }),
  copy: window({ text }),
  insert: window({ text }),
  /** Opens an untitled document; `language` as the fence of the code names it. */
  newFile: window({ text, language: text }),
  /** Puts a line of shell code into a terminal, and does not run it. */
  insertInTerminal: window({ conversation: name, text }),
  /** Asks for the prompts that the workspace keeps in files; none before it is trusted. */
  promptFiles: returning<readonly PromptFile[]>()(window({})),
  /** Asks for the text of one of them, with what is written behind its name. */
  promptText: returning<PromptText>()(window({ id: name, args: text })),
  /** The list of models was opened: the API may be asked for it. */
  askModels: window({}),
  setModel: window({ model: name }),
  setEffort: window({ effort: name }),
  /** Sends again what was left out for the address: the key of an AddressNote. */
  takeBackLimit: window({ key: name }),
  /** Shows an attached text in an editor. `label` is its name. */
  openText: window({ id: hash, label: name }),
  /** Asks for the bytes of an image that is shown; null when it is not stored. */
  loadBlob: returning<ImageData | null>()(window({ id: hash })),
  /** Writes what can be read of a conversation into a file. */
  exportConversation: window({ id: name }),

  /** Asks for a page of the list, behind a row. */
  listConversations: returning<ConversationsPage>()(
    rows({ query: text, all: flag, after: orNull(record({ at: whole(), id: name })), limit: whole(1) }),
  ),
  /** Asks for what the user has asked in this workspace, the latest first. */
  ownPrompts: returning<readonly string[]>()(rows({})),
  /** Shows a conversation in this view. */
  openConversation: rows({ id: name }),
  openInEditor: rows({ id: name }),
  renameConversation: rows({ id: name, title: text }),
  /** Takes it out of sight, and erases it some seconds later. */
  deleteConversation: rows({ id: name }),
  undoDelete: rows({ id: name }),
  /** Erases at once what was deleted. */
  deleteForever: rows({ id: name }),
  adoptConversations: rows({ key: name }),
  putBackConversations: rows({ key: name }),
  /** The offer is not made again. */
  dismissOffer: rows({ key: name }),
  showColumn: rows({ shown: flag }),

  /** What the usage view is shown with. */
  usageEnvironment: returning<UsageEnvironment>()(usage({})),
  /** Asks for sums. Days are the view's: it knows the user's clock. They rise; ms since the epoch. */
  usageReport: returning<UsageReport>()(usage({ all: flag, days: rising(list(whole(), 2, 400)) })),
  usageConversation: usage({ id: name }),
  usageSettings: usage({}),
} as const;

function rising(check: (value: unknown) => readonly number[] | undefined): typeof check {
  return (value) => {
    const days = check(value);
    return days?.every((day, index) => index === 0 || day > (days[index - 1] ?? day)) === true ? days : undefined;
  };
}

/** The name of an intent. */
export type IntentType = keyof typeof intents;
type FieldsOf<K extends IntentType> = (typeof intents)[K]['fields'];

/** What the answer of an intent holds; null for nothing. */
export type ValueOf<K extends IntentType> = (typeof intents)[K] extends Entry<Receiver, Fields, infer A> ? A : never;

/** An intent with its fields, as they are after the check. */
export type Intent<K extends IntentType = IntentType> = {
  [T in K]: { readonly type: T } & Taken<FieldsOf<T>>;
}[K];

/** The names of the intents of one receiver. */
export type TypeAt<P extends Receiver> = {
  [K in IntentType]: (typeof intents)[K]['place'] extends P ? K : never;
}[IntentType];

/** The intents of one place. */
export type IntentAt<P extends Receiver> = Intent<TypeAt<P>>;

/** What does the intents of one place: whatever it throws is the answer that says why not. Aborted: nobody waits any more. */
export type Handlers<P extends Receiver> = {
  readonly [K in TypeAt<P>]: (
    intent: Intent<K>,
    signal?: AbortSignal,
  ) => ValueOf<K> extends null ? unknown : ValueOf<K> | Promise<ValueOf<K>>;
};

/** An intent on its way to the host: `ask` comes back with its answer. */
export interface PostedIntent {
  readonly ask: number;
  readonly intent: Intent;
}

/** The intent with its known fields only; null when its type is unknown or a field is missing or something else. */
export function readIntent(message: unknown): Intent | null {
  const type = typeOf(message);
  if (type === null || !Object.hasOwn(intents, type)) return null;
  const fields = record<Fields>(intents[type as IntentType].fields)(message);
  // Checked by the fields of this very type.
  return fields === undefined ? null : ({ type, ...fields } as unknown as Intent);
}

/** What a view posted. `ask` null: nobody can be answered; `intent` null: nothing is known of it. */
export function readPosted(message: unknown): { readonly ask: number | null; readonly intent: Intent | null } {
  if (typeof message !== 'object' || message === null) return { ask: null, intent: null };
  const { ask, intent } = message as Partial<Record<keyof PostedIntent, unknown>>;
  return { ask: Number.isSafeInteger(ask) ? Number(ask) : null, intent: readIntent(intent) };
}

/** What a message that was refused calls itself, for the log: a short word or "no type". */
export function intentName(message: unknown): string {
  const type = typeOf(message) ?? typeOf((message as Partial<PostedIntent> | null | undefined)?.intent);
  return type !== null && /^\w{1,40}$/.test(type) ? type : 'no type';
}

/** Has one of the handlers do an intent of their place. */
export function handle<P extends Receiver>(handlers: Handlers<P>, intent: IntentAt<P>, signal?: AbortSignal): unknown {
  // The table gives each type its handler: what TypeScript cannot follow through a union.
  const all = handlers as unknown as Readonly<Record<string, (intent: IntentAt<P>, signal?: AbortSignal) => unknown>>;
  return all[intent.type]?.(intent, signal);
}

/** True when this receiver handles the intent. */
export function isAt<P extends Receiver>(place: P, intent: Intent): intent is IntentAt<P> {
  return intents[intent.type].place === place;
}

function typeOf(message: unknown): string | null {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, 'type')) return null;
  const { type } = message as { readonly type?: unknown };
  return typeof type === 'string' ? type : null;
}
