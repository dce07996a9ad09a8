/** What a conversation's controller is given. */

import type { EditorContext } from '../core/editorContext';
import type { RequestFacts } from '../core/inspection';
import type { Leavable } from '../core/leavable';
import type { Ids } from '../core/ports';
import type { WorkspaceIdentity } from '../core/store';
import type { ToolPorts } from '../core/tools/workspace';
import type { LeaveOutTarget } from '../shared/chat';
import type { FileSource } from './fileSource';
import type { PricingDeps } from './pricingDeps';
import type { WorkspaceChoices } from './workspaceChoices';

/** Lets the user choose what is left out; `asksAgain` when the question is asked again after that. */
export interface LeaveOutChooser {
  /** Resolves to everything that is to be out; undefined when the user left it. */
  choose(
    list: readonly Leavable[],
    about: { readonly model: string; readonly asksAgain: boolean },
  ): Promise<readonly LeaveOutTarget[] | undefined>;
}

export interface ControllerDeps extends PricingDeps {
  readonly ids: Ids;
  readonly context: EditorContext;
  readonly tools: ToolPorts;
  /** Shows a request as a document, to be read only. */
  readonly showRequest: (conversation: string, facts: RequestFacts) => Promise<void>;
  /** Shows a conversation that was made of this one. */
  readonly openBranch?: (conversation: string) => Promise<void>;
  readonly files: FileSource;
  readonly leaveOut: LeaveOutChooser;
  readonly choices: WorkspaceChoices;
  readonly identity: WorkspaceIdentity;
  /** `host:pid:random` of this extension host. */
  readonly owner: string;
  /** False when the process that an owner names is known to be gone. */
  readonly isAlive: (owner: string) => boolean;
}
