/** What a conversation's controller is given. */

import type { AddressBook } from '../core/addressBook';
import type { RequestFacts } from '../core/inspection';
import type { Models } from '../core/modelList';
import type {
  Api,
  ChatSettings,
  Clock,
  EditorContext,
  Ids,
  Log,
  Store,
  ToolPorts,
  WorkspaceIdentity,
} from '../core/ports';
import type { FileSource } from './attachments';
import type { Pauses } from './pauses';
import type { TokenBook } from './tokenBook';
import type { LeaveOutChooser } from './windowCare';
import type { WorkspaceChoices } from './workspaceChoices';

export interface ControllerDeps {
  readonly store: Store;
  readonly api: Api;
  readonly addresses: AddressBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Ids;
  readonly context: EditorContext;
  readonly tools: ToolPorts;
  readonly settings: () => ChatSettings;
  readonly models: Models;
  /** What was learnt of tokens and answers. */
  readonly tokens: TokenBook;
  readonly pauses: Pauses;
  /** Shows a request as a document, to be read only. */
  readonly showRequest: (conversation: string, facts: RequestFacts) => Promise<void>;
  /** Shows a conversation that was made of this one. */
  readonly openBranch?: (conversation: string) => Promise<void>;
  readonly files: FileSource;
  readonly leaveOut: LeaveOutChooser;
  readonly choices: WorkspaceChoices;
  readonly identity: WorkspaceIdentity;
  readonly fetch: typeof globalThis.fetch;
  /** `host:pid:random` of this extension host. */
  readonly owner: string;
  /** False when the process that an owner names is known to be gone. */
  readonly isAlive: (owner: string) => boolean;
}
