/** What a workspace tool is. One file a tool; `all.ts` lists them in the fixed order in which they are offered. */
import type * as z from 'zod/mini';
import type { LocalizableMessage } from '../../shared/chat';
import type { InputSchema } from '../record/chosenTool';
import type { FileEdit, MediaBlock } from '../record/record';
import type { Reached } from './consent';
import type { PlannedChange } from './edits/editing';
import type { ServerToolDefinition } from './web/definitions';
import type { Doing } from './words/doing';
import type { ToolPorts } from './workspace';

/** What a tool gives back: `content` for the model, `summary` for the user ("12 matches in 4 files"). */
export interface ToolOutput {
  readonly content: string;
  /** Images and PDFs for the model, kept by `ToolPorts.media`; `content` names them in their order. */
  readonly media?: readonly MediaBlock[];
  readonly summary: LocalizableMessage;
  /** Files that it changed. Missing: none. */
  readonly edits?: readonly FileEdit[];
}

/** Whose a tool is that is not ours, and what a yes for it is bound to. */
export interface Foreign {
  /** As its source calls it. */
  readonly tool: string;
  /** The extension or server that it is from, as it is named to the user. */
  readonly source: string;
  /** Of all that it says of itself (`otherToolDigest`): a change asks again. */
  readonly digest: string;
}

/** What keeps a tool from being there. */
export interface Absence {
  /** For the model. */
  readonly reason: string;
  /** The name of the MCP server that is not running; null where it is none. */
  readonly server: string | null;
}

/** A tool that the model may call: its definition for the API, what it says to the user, and its run. */
export interface Tool<Input = unknown> {
  /** `verb_noun`, at most 64 of `[a-zA-Z0-9_-]` (API-FACTS §8.3). */
  readonly name: string;
  /** For the model: what it does, when to use it, what it returns and what it cuts. */
  readonly description: string;
  readonly schema: z.ZodMiniType<Input>;
  /** What the model is told of the input where that is not what `schema` says. */
  readonly inputSchema?: InputSchema;
  /** Of a tool that the API runs itself: what it is offered as. It is never run here. */
  readonly server?: ServerToolDefinition;
  /** False for tools that change something: those run one at a time. */
  readonly readOnly: boolean;
  /** Of a tool that is not ours: it asks at first use and runs alone, whatever it says of itself. */
  readonly foreign?: Foreign;
  /** Why no call of it can be run now, before anything is asked; null where it can. Missing: it always can. */
  absent?(ports: ToolPorts): Absence | null;
  /** ms that a call may take, the user's answer apart; missing: `defaultTimeoutMs`. */
  readonly timeoutMs?: number;
  /**
   * What a valid input would read that is not read without asking (`Workspace.reach`): ignored, secret, outside. Missing:
   * nothing. What is allowed then is open in the ports that `run` is given, and nothing else.
   */
  reach?(input: Input, ports: ToolPorts, signal: AbortSignal): Promise<readonly Reached[]>;
  /** What a valid input would write. Missing on a tool that writes: not known, so that it asks each time. */
  writes?(input: Input, ports: ToolPorts, signal: AbortSignal): Promise<PlannedChange>;
  /** What it is doing, for the user: "Reading app.ts:1-80", and once it is done: "Read app.ts:1-80". */
  describe(input: Input): Doing;
  /** Bounded in bytes. Throws ToolError with words for the model. */
  run(input: Input, ports: ToolPorts, signal: AbortSignal): Promise<ToolOutput>;
}
