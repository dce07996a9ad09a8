/** What a workspace tool is. One file a tool; `all.ts` lists them in the fixed order in which they are offered. */
import type * as z from 'zod';
import type { LocalizableMessage } from '../../shared/chat';
import type { ToolPorts } from './workspace';

/** What a tool gives back: `content` for the model, `summary` for the user ("12 matches in 4 files"). */
export interface ToolOutput {
  readonly content: string;
  readonly summary: LocalizableMessage;
}

/** A tool that the model may call: its definition for the API, what it says to the user, and its run. */
export interface Tool<Input = unknown> {
  /** `verb_noun`, at most 64 of `[a-zA-Z0-9_-]` (API-FACTS §8.3). */
  readonly name: string;
  /** For the model: what it does, when to use it, what it returns and what it cuts. */
  readonly description: string;
  readonly schema: z.ZodType<Input>;
  /** False for tools that change something: those run one at a time. */
  readonly readOnly: boolean;
  /** What it is doing, for the user: "Reading app.ts:1-80", and once it is done: "Read app.ts:1-80". */
  describe(input: Input): { readonly running: LocalizableMessage; readonly done: LocalizableMessage };
  /** Bounded in bytes. Throws ToolError with words for the model. */
  run(input: Input, ports: ToolPorts, signal: AbortSignal): Promise<ToolOutput>;
}
