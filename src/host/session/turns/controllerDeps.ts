/** What a conversation's controller is given. */
import type { Ids } from '../../../core/base/ports';
import type { EditorContext } from '../../../core/context/editorContext';
import type { RequestFacts } from '../../../core/cost/inspection';
import type { Excludable } from '../../../core/prompt/excludable';
import type { FilesNow } from '../../../core/record/pendingEdits';
import type { CommitBoxAsked, UserBlock } from '../../../core/record/record';
import type { QuestionFrom, WorkspaceIdentity } from '../../../core/record/store';
import type { Checkpoint } from '../../../core/record/turnEdits';
import type { Consents, Situation } from '../../../core/tools/consent';
import type { ProposedTexts } from '../../../core/tools/edits/editing';
import type { Restoring } from '../../../core/tools/edits/restoring';
import type { ToolPorts } from '../../../core/tools/workspace';
import type { Approval, Span } from '../../../shared/approval';
import type { DearerChat, ExcludeTarget, LocalizableMessage } from '../../../shared/chat';
import type { Slashed } from '../../../shared/slashCommands';
import type { PricingDeps } from '../../pricing/pricingDeps';
import type { PricedTool } from '../../pricing/toolPrices';
import type { WorkspaceChoices } from '../../settings/workspaceChoices';
import type { BlockFiles } from '../../workspace/edits/blockFiles';
import type { FileSource } from '../../workspace/fileSource';
import type { MentionSource } from '../../workspace/mentions/mentions';

/** Lets the user choose what is left out; `asksAgain` when the question is asked again after that. */
export interface ExclusionPicker {
  /** Resolves to everything that is to be out; undefined when the user left it. */
  choose(
    list: readonly Excludable[],
    about: { readonly model: string; readonly asksAgain: boolean },
  ): Promise<readonly ExcludeTarget[] | undefined>;
}

/** What other tools make the next request write anew, since they stand before all else. */
export interface ToolRewrite {
  readonly tokens: number;
  /** US dollars; null where the price is not known. */
  readonly usd: number | null;
}

/** Lets the user choose tools of others, and starts their servers. */
export interface ToolPicker {
  /** Resolves to the keys of all that are to be offered; undefined when the user left it. */
  choose(
    list: readonly PricedTool[],
    about: { readonly model: string; readonly rewrite: ToolRewrite | null },
  ): Promise<ReadonlySet<string> | undefined>;
  /** Starts an MCP server by its name; where VS Code knows none such, its list of servers is shown. */
  startServer(server: string): Promise<void>;
}

/** A file that a turn has changed, for a diff editor. */
export interface ReviewedFile {
  /** Where it lies now; null where it is gone. */
  readonly uri: string | null;
  /** What it was before the turn (`Store.fileVersion`); null for no file. */
  readonly before: (Checkpoint & { readonly version: string }) | null;
}

/** Where in the chat something is reviewed: `answer` null for a card that waits. */
export interface ReviewPlace {
  readonly conversation: string;
  readonly answer: string | null;
}

/** Opens VS Code's diff editor: what was there on the left, the file itself on the right. It takes the focus. */
export interface ReviewEditor {
  show(files: readonly ReviewedFile[], place: ReviewPlace): Promise<void>;
  /** The same of a change that is not made yet; neither side can be edited. */
  propose(texts: ProposedTexts, place: ReviewPlace): Promise<void>;
}

/** The parts of the host that a conversation is driven with. */
export interface ControllerDeps extends PricingDeps {
  readonly ids: Ids;
  readonly context: EditorContext;
  readonly tools: ToolPorts;
  readonly consents: Consents;
  /** Where calls of tools are made, as it is now. */
  readonly situation: () => Omit<Situation, 'reviewAtEnd'>;
  /** Puts files back that turns have changed; without it nothing can be written. */
  readonly restoring?: Restoring;
  /** What a message asks that begins with a command; rejects with a Refused. Without it all messages are words. */
  readonly slash?: (slashed: Slashed) => Promise<readonly UserBlock[]>;
  /** Finds the file that a code block is applied to. */
  readonly blockFiles?: BlockFiles;
  /** Shows what turns have changed in VS Code's diff editor. */
  readonly reviewEditor?: ReviewEditor;
  /** Shows a request as a document, to be read only. */
  readonly showRequest: (conversation: string, facts: RequestFacts) => Promise<void>;
  /** Shows a conversation that was made of this one. */
  readonly openBranch?: (conversation: string) => Promise<void>;
  /** Has a question asked in another conversation, once, whichever window says so; rejects with a Refused where it is gone. */
  readonly askIn?: (chat: DearerChat, from: QuestionFrom, content: readonly UserBlock[]) => Promise<void>;
  /** Puts the message of an answer into the box of Source Control that it was asked for. */
  readonly putCommitMessage?: (asked: CommitBoxAsked, answer: string) => Promise<void>;
  readonly files: FileSource;
  /** What can be mentioned; without it nothing can. */
  readonly mentions?: MentionSource;
  /** How files are that a call was changing when its window was gone; without it that is not known. */
  readonly filesNow?: FilesNow;
  readonly exclusionPicker: ExclusionPicker;
  readonly toolPicker: ToolPicker;
  /** Asks whether a tool of the web is offered; without it none is that was not allowed before. */
  readonly askForWeb?: (
    approval: Approval,
    tool: string,
    usd: number | null,
    signal: AbortSignal,
  ) => Promise<Span | null>;
  /** What a message says in the language of the views; without it in English. */
  readonly said?: (message: LocalizableMessage) => string;
  readonly choices: WorkspaceChoices;
  readonly identity: WorkspaceIdentity;
  /** `host:pid:random` of this extension host. */
  readonly owner: string;
  /** False when the process that an owner names is known to be gone. */
  readonly isAlive: (owner: string) => boolean;
}
