/** The conversations of one window: those in memory, and which of them the side bar shows. */
import { includedWorkspaces } from '../base/workspaceMatch';
import { ChatPlace } from '../panel/chatPlace';
import { Chats } from '../session/chats';
import type { ControllerDeps } from '../session/turns/controllerDeps';

/** The chat of the side bar, which owns the conversations in memory. */
export class SideBarChat extends ChatPlace {
  readonly chats: Chats;
  private readonly endListening: () => void;

  constructor(deps: ControllerDeps) {
    const chats = new Chats(deps);
    super({
      chats,
      first: () => firstConversation(deps),
      remember: (id) => deps.store.setValue(keyOf(deps.identity.key), id),
      log: deps.log,
    });
    this.chats = chats;
    this.endListening = deps.choices.onDidChange(() => this.refreshComposers());
  }

  /** Context or settings changed. */
  refreshComposers(): void {
    this.chats.refreshComposers();
  }

  /** Ends every running turn as an interrupted one and waits until all is stored. */
  async dispose(): Promise<void> {
    this.endListening();
    this.closePlace();
    await this.chats.dispose();
  }
}

function keyOf(workspace: string): string {
  return `open:${workspace}`;
}

/** The one that was open last: in this workspace, or before it got another root or was saved as a file (L1). */
async function firstConversation({ store, identity }: ControllerDeps): Promise<string | null> {
  const own = await store.getValue(keyOf(identity.key));
  if (own !== null) return own;
  const included = includedWorkspaces(identity, await store.listWorkspaces());
  const open = await Promise.all(included.map(({ key }) => store.getValue(keyOf(key))));
  const metas = await Promise.all(open.map((id) => (id === null ? null : store.getMeta(id))));
  const [latest] = metas.filter((meta) => meta !== null).toSorted((a, b) => b.updatedAt - a.updatedAt);
  return latest?.id ?? null;
}
