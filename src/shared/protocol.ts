/**
 * What the panel shows, and what the extension host tells it. Every message about a conversation names it, so that a
 * view which has switched never mixes two. Imports types of its neighbours only; JSON-safe.
 */
import type { Above, Attachment, ChatEvent, ChatState, DearerChat, Item, LocalizableMessage } from './chat';
import type { SelectionSource } from './contextLine';
import type { NextCost } from './nextCost';
import type { AddressState } from './remedy';
import type { BegunWords } from './turn/editing';

/** Names and files of answers that are asked about together. */
export const maxLinkable = 50;

/** Those of them that the workspace has. */
export interface Linkable {
  readonly names: readonly string[];
  readonly files: readonly string[];
}

/** How long the panel offers to take back a deletion, ms. */
export const undoMs = 8000;

/** A file as a whole, for `openFile`. */
export const wholeFile = { line: null, column: null, end: null } as const;

/** A thing that goes with the next message, shown as a chip above the composer's text. */
export type Chip =
  | {
      readonly kind: 'selection';
      readonly id: string;
      /** "login.ts:41-78". */
      readonly label: string;
      /** The end of the label that is never cut: ":41-78". */
      readonly place: string;
      readonly source: SelectionSource;
      readonly tokens: number;
      readonly usd: number | null;
      /** False when the user removed it: it stays out until something else is selected. */
      readonly included: boolean;
    }
  | ({
      /** A file that the user added, which stays when its editor is closed; or instructions of the project. */
      readonly kind: 'file' | 'instructions';
    } & ChipFile)
  | {
      /** The open files, as one group. */
      readonly kind: 'openFiles';
      readonly id: 'openFiles';
      /** Of those that are included. */
      readonly tokens: number;
      readonly usd: number | null;
      readonly files: readonly ChipFile[];
      /** False when neither they nor the selection go along in this workspace. */
      readonly on: boolean;
      /** What else is open, and does not go along. Missing: nothing. */
      readonly absent?: readonly AbsentFile[];
    }
  /** What one looks at, and does not go along. */
  | ({ readonly kind: 'absent' } & AbsentFile);

/** What the user asks of every answer, as a file of the context: its URI, and how it is named. */
export const ownInstructions = { uri: 'prelude:instructions', path: 'Your instructions' } as const;

/** Something that is open and does not go along, and why. */
export interface AbsentFile {
  readonly id: string;
  readonly label: string;
  /** In a few words that follow the name: "image". */
  readonly reason: LocalizableMessage;
}

/** A file in the popup of the open files. */
export interface ChipFile {
  /** The file's URI as a string. */
  readonly id: string;
  readonly label: string;
  readonly path: string;
  readonly tokens: number;
  /** Its share of what asking costs, US dollars; null when the price is unknown. */
  readonly usd: number | null;
  /** False when the user removed it from this conversation. */
  readonly included: boolean;
  /** True when the model has seen it in this conversation. */
  readonly sent: boolean;
  /** True when what the model has seen of it is older than what it says now. */
  readonly changed: boolean;
  /** True for one that was opened later: its name goes along alone. */
  readonly named?: true;
}

/** The cache holds what the next request needs, but for another model or effort: it is written anew. */
export interface CacheRewrite {
  /** `sent`: something was left out or taken back in. */
  readonly kind: 'model' | 'effort' | 'sent';
  /** Names of models, or levels of effort; empty for none. */
  readonly from: string;
  readonly to: string;
  readonly tokens: number;
  /** US dollars; null when the price is unknown. */
  readonly usd: number | null;
}

/** A model to choose from. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  /** What it is good for, in a few plain words. */
  readonly phrase: LocalizableMessage;
  /** US dollars per million tokens; null when unknown. */
  readonly inputUsd: number | null;
  readonly outputUsd: number | null;
  /** What a larger prompt costs, where that is more. */
  readonly above: { readonly promptTokens: number; readonly inputUsd: number; readonly outputUsd: number } | null;
  readonly windowTokens: number;
  /** The levels it takes, the lowest first; empty for none. */
  readonly efforts: readonly string[];
  /** True for the model that the settings' default names. */
  readonly isDefault: boolean;
  /** True for those that stand under "Older models". */
  readonly isOlder: boolean;
  /** A newer one of its line costs less, by so many percent at least; null where none does. */
  readonly cheaper: { readonly name: string; readonly percent: number } | null;
  /** When it stops answering, ms since the epoch, where that is soon; else null. */
  readonly retiresAt: number | null;
}

/** Where the list of models is from: the built-in table, the API (asked now, or before), or the table because asking failed. */
export type ModelListState = 'table' | 'asking' | 'live' | 'failed';

/** Something that is attached to the draft. The `id` of a selection is the file's address and its lines. */
export interface DraftAttachment extends Omit<Attachment, 'notSent'> {
  readonly bytes?: number;
  readonly tokens: number;
  /** The id of the message that is being written anew and that it goes with; missing for the draft. */
  readonly edit?: string;
}

/** A message that waits for its turn. */
export interface QueuedRow {
  readonly id: string;
  readonly text: string;
  /** How many things are attached to it. */
  readonly attachments: number;
  /** True when it waits for the user, not for the next step. */
  readonly held: boolean;
  /** US dollars of its input, where it waits for a click that much. */
  readonly usd?: number;
}

/** The last question of a command that was not asked in the open chat, since that was dearer. */
export interface DearerQuestion extends DearerChat {
  /** Of the message: the one that waits, or the one that was sent. */
  readonly id: string;
  /** `there`: it was asked in the open chat, too. */
  readonly state: 'waits' | 'asked' | 'there';
}

/** What goes with the first message of a workspace without having been added. */
export interface FirstSend {
  /** False when nothing but instructions of the project goes: each has its own switch. */
  readonly automatic: boolean;
  /** Each by its name: the selection, instructions of the project, an open file that is the only one. */
  readonly labels: readonly string[];
  /** How many open files go besides. */
  readonly files: number;
}

/** What a command in a terminal has left, which can be added to the next message. */
export interface OfferedOutput {
  readonly id: string;
  readonly command: string;
  /** null where the shell did not say. */
  readonly exitCode: number | null;
  readonly tokens: number;
}

/** What the composer of a conversation shows, the draft's text apart. */
export interface ComposerState {
  readonly chips: readonly Chip[];
  readonly attachments: readonly DraftAttachment[];
  /** Those that go with messages which are being written anew. Missing for none. */
  readonly edited?: readonly DraftAttachment[];
  /** Missing for none. */
  readonly outputs?: readonly OfferedOutput[];
  /** What the model takes of one image: larger ones are scaled when they are attached. */
  readonly maxImageTokens: number;
  readonly queued: readonly QueuedRow[];
  /** Missing for none. */
  readonly dearer?: DearerQuestion;
  /** null once something was sent from this workspace, and while nothing goes by itself. */
  readonly firstSend: FirstSend | null;
  readonly modelId: string;
  readonly modelName: string;
  /** null for models that take none. */
  readonly effort: string | null;
  /** How what Claude changes is reviewed; null where it can change nothing. */
  readonly review: 'ask' | 'atEnd' | null;
  readonly next: NextCost;
  readonly rewrite: CacheRewrite | null;
  /** US dollars that all conversations have cost today; null until that is known. */
  readonly todayUsd: number | null;
  /** When the last message came, ms since the epoch, where the pause since then makes the next one unusually dear. */
  readonly pausedSince: number | null;
}

/** A key that the environment holds and the user may take. */
export interface EnvironmentKey {
  readonly lastFour: string;
  /** The host that the environment names for it; null for the address of the settings. */
  readonly host: string | null;
}

/** How requests are answered, and by whom. */
export type KeyState =
  | { readonly kind: 'missing'; readonly offer?: EnvironmentKey }
  | { readonly kind: 'stored' }
  | { readonly kind: 'environment'; readonly lastFour: string }
  | { readonly kind: 'demo' };

/** What does not belong to one conversation. */
export interface PanelEnvironment {
  readonly key: KeyState;
  /** Models to choose from, the chosen one among them. */
  readonly models: readonly ModelChoice[];
  readonly modelList: ModelListState;
  /** Missing where no request can be sent. */
  readonly address?: AddressState;
  /** Prompts offered in an empty chat. */
  readonly suggestions: readonly string[];
  /** Where turns pause, in US dollars; null where they do not, missing where that is not known. */
  readonly limits?: { readonly perTurn: number | null; readonly perDay: number | null };
  /** Offered in an empty chat while the workspace has no conversations of its own. */
  readonly moved: MovedConversations | null;
  /** True when the list of conversations has a column of its own where there is room. */
  readonly column: boolean;
  /** True where Enter starts a new line and Enter with Ctrl or Cmd sends; missing for false. */
  readonly sendsWithCtrl?: boolean;
  readonly fontSize: number | null;
  readonly fontFamily: string | null;
  /** True where long lines of code wrap until the user says otherwise; missing for false. */
  readonly wrapsCode?: boolean;
  /** Where the chat is: shown in the composer's placeholder; null in a window without a folder. */
  readonly workspaceName: string | null;
  /** Translated words: English key → text. Empty in English. */
  readonly words: Readonly<Record<string, string>>;
  /** A BCP 47 tag for dates and numbers. */
  readonly locale: string;
}

/** A conversation in the list. */
export interface ConversationRow {
  readonly id: string;
  /** Empty for one that has no words yet. */
  readonly title: string;
  /** When it was last written to, ms since the epoch. */
  readonly at: number;
  /**
   * `elsewhere`: another window drives it. `needsYou`: a call waits for the user, or a turn that has ended. `unread`: an
   * answer has ended that nobody has seen. `unopened`: it could not be opened when that was last tried.
   */
  readonly state: 'idle' | 'running' | 'elsewhere' | 'needsYou' | 'unread' | 'unopened';
  /** The name of its workspace, where that is not this one; else null. */
  readonly workspace: string | null;
  readonly snippet: Snippet | null;
}

/** Where a conversation has what was looked for. */
export interface Snippet {
  /** About a line of text, in which it stands between U+0002 and U+0003. */
  readonly text: string;
  /** The key of the turn (`itemKey`), and the id of the entry: it may stand on another branch. */
  readonly item: string;
  readonly entry: string;
}

/** Conversations of a workspace that looks like this one under another name, or that were brought from it. */
export interface MovedConversations {
  /** The workspace's key. */
  readonly key: string;
  /** "~/old". */
  readonly from: string;
  readonly count: number;
}

/** The place of a row in the list: the next page begins after it. */
export interface ListCursor {
  readonly at: number;
  readonly id: string;
}

/** Bytes of an image. */
export interface ImageData {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** A page of the list of conversations. */
export interface ConversationsPage {
  readonly rows: readonly ConversationRow[];
  /** True when there are further pages. */
  readonly more: boolean;
  /** How many conversations of other workspaces the filter hides. */
  readonly elsewhere: number;
  /** The conversation that this view shows. */
  readonly current: string | null;
  readonly offer: MovedConversations | null;
  /** What was brought here and can be put back. */
  readonly adopted: MovedConversations | null;
}

/** Turns that stand above those that a view has, and what stands above them in turn. */
export interface EarlierItems {
  readonly items: readonly Item[];
  readonly above: Above;
}

/** Done, or why not, in words for the user. */
export type Answer<A = unknown> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly reason: LocalizableMessage };

/** Every intent of a view (intents.ts) is answered once. `ask` is the number that came with it. */
export interface Answered {
  readonly type: 'answer';
  readonly ask: number;
  readonly answer: Answer;
}

/** What the host tells the panel. */
export type HostToView =
  | Answered
  | { readonly type: 'environment'; readonly environment: PanelEnvironment }
  | {
      readonly type: 'snapshot';
      readonly conversation: string;
      /** The number of the last event that the state contains. */
      readonly seq: number;
      /** Of its items the newest turns only (tail.ts). */
      readonly state: ChatState;
      readonly composer: ComposerState;
      readonly draft: string;
      /** The words with which messages are being written anew. Missing: none. */
      readonly begun?: readonly BegunWords[];
    }
  /** What was to be shown cannot be: this stands in its place. */
  | {
      readonly type: 'unopened';
      /** null when it is not even known which one was to be shown. */
      readonly conversation: string | null;
      /** '' when it is not known. */
      readonly title: string;
      readonly reason: string;
    }
  /** `seq` is the number of the first of `events`; the next message starts where this one ends. */
  | {
      readonly type: 'events';
      readonly conversation: string;
      readonly seq: number;
      readonly events: readonly ChatEvent[];
    }
  | { readonly type: 'composer'; readonly conversation: string; readonly composer: ComposerState }
  /** Puts text into the composer, as when a prompt is restored, after what is typed; `instead` of it: typed in another view. */
  | { readonly type: 'setDraft'; readonly conversation: string; readonly text: string; readonly instead?: true }
  /** Asks the view to scale an image that the host has read, and to attach it. */
  | {
      readonly type: 'resize';
      readonly conversation: string;
      /** The message that is being written anew and that it goes with. Missing: the draft. */
      readonly edit?: string;
      readonly name: string;
      readonly mediaType: string;
      /** Base64. */
      readonly data: string;
    }
  /** Something could not be attached. */
  | {
      readonly type: 'attachRefused';
      readonly conversation: string;
      readonly name: string;
      readonly reason: LocalizableMessage;
    }
  /** What the list shows may have changed. */
  | { readonly type: 'conversationsChanged' }
  /** Opens the list, or closes it; `rename`: opens it to give the focused row, else the conversation that is shown, another title. */
  | { readonly type: 'showConversations'; readonly rename?: true }
  | { readonly type: 'focus' }
  /** Brings a question into sight, by its `itemKey`, the one before or the next; and gives it the focus. */
  | { readonly type: 'goToTurn'; readonly to: 'previous' | 'next' | `user/${string}` }
  /** Opens the box that finds in the chat, or goes to the next match or the one before. */
  | { readonly type: 'find'; readonly step: 'open' | 'next' | 'previous' }
  /**
   * Brings what an answer has changed into sight, and gives it the focus; without one the next call that waits for the
   * user, else the last changes that are not decided.
   */
  | { readonly type: 'review'; readonly answer: string | null }
  /** Brings the card of a code block into sight once it is drawn, and gives it the focus. */
  | { readonly type: 'showCard'; readonly key: string };
