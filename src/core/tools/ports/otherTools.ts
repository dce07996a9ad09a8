/** Tools that are not Prelude's, as VS Code holds them. */
import type { ToolSource } from '../../record/chosenTool';

/** A tool as VS Code holds it now: nothing of it was checked. */
export interface LiveTool {
  /** Its name at VS Code. */
  readonly id: string;
  readonly source: ToolSource;
  /** How it is shown, beside its source. */
  readonly title: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

/** A part of what a tool gave back. */
export type ResultPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'data'; readonly mediaType: string; readonly bytes: Uint8Array };

/** What a call gave back. */
export interface OtherResult {
  readonly parts: readonly ResultPart[];
  readonly isError: boolean;
}

/** The tools that VS Code holds. */
export interface OtherTools {
  /** Those that can be called from here, now. */
  live(): readonly LiveTool[];
  /** Rejects with what went wrong. Stops when the signal is aborted. */
  invoke(id: string, input: unknown, signal: AbortSignal): Promise<OtherResult>;
}
