/** The tools that one conversation offers: Prelude's own, and those of others that were chosen for it. */
import type { OtherTool } from '../../core/record/chosenTool';
import { tools as ownTools, toolDefinitions } from '../../core/tools/all';
import { offeredTools } from '../../core/tools/others/offered';
import { isTaken, type WebTaken } from '../../core/tools/others/web';
import type { Tool } from '../../core/tools/tool';

/** JSON of Prelude's own tools. */
export const ownToolsJson = JSON.stringify(toolDefinitions(ownTools));

/** What a conversation offers now: the same objects as long as it is the same. */
export interface OfferedTools {
  readonly list: readonly Tool[];
  /** JSON of their definitions, as it is sent. */
  readonly json: string;
  /** Those of others that the model takes. */
  readonly chosen: readonly OtherTool[];
  /** True once the user has chosen in this window. */
  readonly switched: boolean;
}

/** What a conversation offers, for whoever asks. */
export interface Offering {
  readonly offered: OfferedTools;
}

/** Only Prelude's own. */
export const noOthers: OfferedTools = { list: ownTools, json: ownToolsJson, chosen: [], switched: false };

/** What a conversation with this choice offers such a model. */
export function offeredWith(all: readonly OtherTool[], model: WebTaken, switched = false): OfferedTools {
  const chosen = all.filter((tool) => isTaken(tool, model));
  if (chosen.length === 0) return { ...noOthers, chosen, switched };
  const list = offeredTools(ownTools, chosen);
  return { list, json: JSON.stringify(toolDefinitions(list)), chosen, switched };
}
