/**
 * What the user has allowed tools for longer than one call: in a conversation as long as this window is open, and 12 hours
 * at most; in a workspace until it is taken back. In the user's own storage, never in the folder (DESIGN "The tools").
 */
import { Listeners } from '../../core/base/listeners';
import type { Clock, Log } from '../../core/base/ports';
import type { Store } from '../../core/record/store';
import { type Consents, isPermitAbout, type Permit } from '../../core/tools/consent';

interface ConsentParts {
  readonly store: Pick<Store, 'keepConsents' | 'consentsIn' | 'takeBackConsents'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** The workspace's key (WorkspaceIdentity). */
  readonly workspace: string;
}

/** ms. */
const conversationMs = 12 * 60 * 60 * 1000;

interface Held {
  readonly permit: Permit;
  /** ms since the epoch. */
  readonly at: number;
}

/** Something that is allowed, for the list in which it can be taken back. */
export interface Allowed {
  readonly key: string;
  /** null where what it is called cannot be read. */
  readonly about: Permit['about'] | null;
  /** The conversation that it is for; null for the workspace. */
  readonly conversation: string | null;
}

/** What is allowed in this window and its workspace. */
export class ToolConsents implements Consents {
  /** Conversation → key. */
  readonly #held = new Map<string, Map<string, Held>>();
  readonly #changes = new Listeners();

  constructor(private readonly parts: ConsentParts) {}

  readonly onDidChange = this.#changes.add;

  async allowed(conversation: string): Promise<ReadonlySet<string>> {
    const keys = new Set(this.#of(conversation).keys());
    const { store, workspace, log } = this.parts;
    try {
      // Asked for each time: another window of this workspace may have taken it back.
      for (const { key } of await store.consentsIn(workspace)) if (!key.startsWith('write ')) keys.add(key);
    } catch (error) {
      log.error('what is allowed in this workspace could not be read', error);
    }
    return keys;
  }

  async allow(conversation: string, permits: readonly Permit[], span: 'conversation' | 'workspace'): Promise<void> {
    const at = this.parts.clock.now();
    // Should the store refuse, it holds here at least.
    const held = this.#held.get(conversation) ?? new Map<string, Held>();
    for (const permit of permits) held.set(permit.key, { permit, at });
    this.#held.set(conversation, held);
    if (span === 'workspace') {
      const { store, workspace } = this.parts;
      await store.keepConsents(
        workspace,
        permits.map(({ key, about }) => ({ key, about: JSON.stringify(about), at })),
      );
      // From now on it is the workspace's, which can be taken back in one place.
      for (const { key } of permits) held.delete(key);
    }
    this.#changes.tell();
  }

  /** All that is allowed, what is for the workspace first. Rejects with a StoreError. */
  async list(): Promise<readonly Allowed[]> {
    const { store, workspace } = this.parts;
    const stored = await store.consentsIn(workspace);
    const own = [...this.#held.keys()].flatMap((conversation) =>
      [...this.#of(conversation).values()].map(({ permit: { key, about } }) => ({ key, about, conversation })),
    );
    return [...stored.map(({ key, about }) => ({ key, about: readAbout(about), conversation: null })), ...own];
  }

  /** Rejects with a StoreError; what is for a conversation is taken back all the same. */
  async takeBack(allowed: readonly Allowed[]): Promise<void> {
    for (const { key, conversation } of allowed) if (conversation !== null) this.#held.get(conversation)?.delete(key);
    const { store, workspace } = this.parts;
    const keys = allowed.flatMap(({ key, conversation }) => (conversation === null ? [key] : []));
    if (keys.length > 0) await store.takeBackConsents(workspace, keys);
    this.#changes.tell();
  }

  /** What holds of a conversation by now. */
  #of(conversation: string): ReadonlyMap<string, Held> {
    const held = this.#held.get(conversation) ?? new Map<string, Held>();
    const since = this.parts.clock.now() - conversationMs;
    for (const [key, { at }] of held) if (at <= since) held.delete(key);
    return held;
  }
}

function readAbout(json: string): Permit['about'] | null {
  try {
    const about: unknown = JSON.parse(json);
    return isPermitAbout(about) ? about : null;
  } catch {
    return null;
  }
}
