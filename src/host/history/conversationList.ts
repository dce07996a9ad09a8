/**
 * The list of conversations: pages of it, and what is done to its rows. Deleting takes a conversation out of sight at
 * once and erases it some seconds later; what belongs to this workspace under another name is offered, and brought here
 * only when the user says so. No vscode here: tests run it as it is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isOvertaken } from '../../core/base/elsewhere';
import { messageOf } from '../../core/base/errors';
import { Listeners } from '../../core/base/listeners';
import type {
  KnownWorkspace,
  ListedConversation,
  Mark,
  WorkspaceFingerprint,
  WorkspaceIdentity,
} from '../../core/record/store';
import type { Intent } from '../../shared/intents';
import { type ConversationRow, type ConversationsPage, type MovedConversations, undoMs } from '../../shared/protocol';
import { beside } from '../base/beside';
import { Once } from '../base/once';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { includedWorkspaces, likelyMatches, placeName } from '../base/workspaceMatch';
import type { Chats } from '../session/chats';
import { decodeDraft } from '../session/draft/draft';
import type { ControllerDeps } from '../session/turns/controllerDeps';

/** How long a deleted conversation is kept, ms: a little longer than the panel offers to bring it back. */
export const keptMs = undoMs + 2000;
/** How long changes gather before the views are told, ms. */
const settleMs = 200;
const maxTitle = 200;
const maxRows = 500;

const columnKey = 'list.column';

interface ListParts extends Pick<ControllerDeps, 'store' | 'identity' | 'clock' | 'log' | 'owner' | 'isAlive'> {
  readonly chats: Chats;
  /** What the open workspace is recognized by. */
  readonly facts: () => Promise<WorkspaceFingerprint>;
  /** True only when it is known that none of the folders is there any more. */
  readonly areGone: (folders: readonly string[]) => Promise<boolean>;
  /** URI of the home folder. */
  readonly home: string;
  /** The mark of a row: none for what is in sight. */
  readonly shownMark: (conversation: string, mark: Mark | null) => Mark | null;
}

type PageRequest = Omit<Intent<'listConversations'>, 'type'>;

interface Adopted extends MovedConversations {
  readonly ids: readonly string[];
}

/** The list of this workspace's conversations: pages, titles, deletion with its undo, and offers of what was moved. */
export class ConversationList {
  readonly #changed = new Listeners();
  readonly #stop = new AbortController();
  readonly #unsubscribe: readonly (() => void)[];
  readonly #facts: Once<WorkspaceFingerprint>;
  /** Those whose folders are gone, as far as it was looked up. */
  readonly #gone = new Map<string, boolean>();
  /** What `emptyOffer` found, until something changes. */
  readonly #emptyOffer = new Once(() => this.#findEmptyOffer());
  #telling = false;
  /** What is being deleted: what is taken back meanwhile comes after it. */
  readonly #deleting = new Map<string, Promise<void>>();

  constructor(private readonly parts: ListParts) {
    this.#facts = new Once(parts.facts);
    this.#unsubscribe = [
      parts.chats.onDidChange(() => this.changed()),
      // From its first conversation on, the workspace is recognized, whether the list is looked at or not.
      parts.chats.onDidStore(() => this.#later(0, async () => void (await this.#known()))),
    ];
  }

  /** Notes what the workspace is recognized by now, and erases what was deleted before the window was closed. */
  async start(): Promise<void> {
    await this.#known();
    await this.parts.store.purgeDeleted(this.parts.clock.now() - keptMs);
    this.#eraseLater();
  }

  dispose(): void {
    this.#stop.abort();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#changed.clear();
  }

  /** Calls back, soon after, when what the list shows may have changed. */
  readonly onDidChange = this.#changed.add;

  /** Something in the list is not what it was. */
  changed(): void {
    this.#emptyOffer.forget();
    if (this.#telling) return;
    this.#telling = true;
    this.#later(settleMs, async () => {
      this.#telling = false;
      this.#changed.tell();
    });
  }

  /** `current`: the conversation that the asking view shows. */
  async page(request: PageRequest, current: string | null): Promise<ConversationsPage> {
    const { store, identity } = this.parts;
    await foldersOf(identity);
    const known = await this.#known();
    const page = await store.list({
      workspaces: request.all ? null : this.#ownKeys(known),
      query: request.query,
      limit: Math.min(request.limit, maxRows),
      ...(request.after === null ? {} : { after: { updatedAt: request.after.at, id: request.after.id } }),
    });
    return {
      rows: page.rows.map((row) => this.#row(row)),
      more: page.more,
      elsewhere: page.elsewhere,
      current,
      offer: await this.#aside(() => this.#offer(known)),
      adopted: await this.#aside(() => this.#adopted()),
    };
  }

  /** What an empty chat offers: only where this workspace has no conversation yet. Cheap while nothing changes. */
  emptyOffer(): Promise<MovedConversations | null> {
    return this.#emptyOffer.get().catch((error: unknown) => {
      this.parts.log.error('a moved history could not be looked for', error);
      return null;
    });
  }

  async #findEmptyOffer(): Promise<MovedConversations | null> {
    const known = await this.#known();
    const { rows } = await this.parts.store.list({ workspaces: this.#ownKeys(known), query: '', limit: 1 });
    return rows.length > 0 ? null : this.#offer(known);
  }

  /** The keys of this workspace, and of those that are part of it. */
  async workspaces(): Promise<readonly string[]> {
    return this.#ownKeys(await this.#known());
  }

  /** What the user has asked in this workspace, the latest first. */
  async ownPrompts(): Promise<readonly string[]> {
    return this.parts.store.ownPrompts(await this.workspaces());
  }

  /** This workspace, and those that are part of it. */
  #ownKeys(known: readonly KnownWorkspace[]): readonly string[] {
    const { identity } = this.parts;
    return [identity.key, ...includedWorkspaces(identity, known).map(({ key }) => key)];
  }

  async rename(id: string, title: string): Promise<void> {
    const given = title.replace(/\s+/gu, ' ').trim().slice(0, maxTitle).toWellFormed();
    if (given === '') return;
    const open = await this.parts.chats.get(id);
    if (open === null) await this.parts.store.setTitle(id, given);
    else await open.rename(given);
    this.changed();
  }

  /**
   * `leave` has every place that shows it show something else, once it is known to be deleted. Refused while another
   * window drives a turn in it.
   */
  async delete(id: string, leave: () => Promise<void> = async () => undefined): Promise<void> {
    const deleting = this.#delete(id, leave);
    const ended = deleting.catch(() => undefined);
    this.#deleting.set(id, ended);
    try {
      await deleting;
    } finally {
      if (this.#deleting.get(id) === ended) this.#deleting.delete(id);
    }
  }

  async #delete(id: string, leave: () => Promise<void>): Promise<void> {
    const { store, chats, clock, owner, log } = this.parts;
    const lease = await store.getLease(id);
    if (this.#drivenElsewhere(lease)) throw refused(refusals.busyToDelete());
    // Of a process that is gone, or ran out.
    if (lease !== null && lease.owner !== owner) await store.releaseLease(id, lease.owner);
    await store.setDeleted(id, { owner, at: clock.now() }).catch((error: unknown) => {
      throw isOvertaken(error) ? refused(refusals.busyToDelete()) : error;
    });
    this.#eraseLater();
    this.changed();
    await leave();
    await chats.close(id).catch((error: unknown) => log.error('a deleted conversation was not closed', error));
  }

  async undoDelete(id: string): Promise<void> {
    await this.#deleting.get(id);
    await this.parts.store.setDeleted(id, null);
    this.changed();
  }

  /** Erases at once what was deleted. Refused while another window, in which it was brought back, drives a turn in it. */
  async deleteForever(id: string): Promise<void> {
    const { store } = this.parts;
    await this.#deleting.get(id);
    if (this.#drivenElsewhere(await store.getLease(id))) throw refused(refusals.busyToDelete());
    await store.deleteForever(id);
    this.changed();
  }

  /** Brings the conversations of another workspace here. */
  async adopt(key: string): Promise<void> {
    const { store, identity, home } = this.parts;
    const from = (await store.listWorkspaces()).find((one) => one.key === key);
    if (from === undefined || key === identity.key) throw refused(refusals.conversationsGone());
    await store.noteWorkspace(identity, await this.#factsNow());
    const ids = await store.moveConversations({ workspace: key }, identity.key);
    const adopted: Adopted = { key, from: placeName(from, home), count: from.conversations, ids };
    await store.setValue(this.#adoptedKey, JSON.stringify(adopted));
    this.changed();
  }

  /** Moves back what was brought here from a workspace. */
  async putBack(key: string): Promise<void> {
    const { store } = this.parts;
    const adopted = await this.#readAdopted();
    if (adopted === null || adopted.key !== key) return;
    await store.moveConversations({ ids: adopted.ids }, key);
    await store.setValue(this.#adoptedKey, null);
    this.changed();
  }

  /** Does not make this offer again; what was brought here stays. */
  async dismiss(key: string): Promise<void> {
    const { store } = this.parts;
    if ((await this.#readAdopted())?.key === key) await store.setValue(this.#adoptedKey, null);
    else await store.setValue(this.#dismissedKey, JSON.stringify([...(await this.#dismissed()), key]));
    this.changed();
  }

  /** True unless the user closed the column. */
  async hasColumn(): Promise<boolean> {
    return (await this.parts.store.getValue(columnKey)) !== 'closed';
  }

  async showColumn(shown: boolean): Promise<void> {
    await this.parts.store.setValue(columnKey, shown ? null : 'closed');
  }

  /** The workspaces of the record. The open one is noted when it is among them, so that it is recognized later. */
  async #known(): Promise<readonly KnownWorkspace[]> {
    const { store, identity } = this.parts;
    const known = await store.listWorkspaces();
    const own = known.find(({ key }) => key === identity.key);
    if (own !== undefined) {
      await this.#aside(async () => {
        const facts = await this.#factsNow();
        if (JSON.stringify(own.facts) !== JSON.stringify(facts)) await store.noteWorkspace(identity, facts);
        return null;
      });
    }
    return known;
  }

  /** What stands beside the rows: null when it cannot be had, or not in time. */
  #aside<T>(work: () => Promise<T | null>): Promise<T | null> {
    return beside<T | null>(work, null, (error) => this.parts.log.warn(`beside the list: ${messageOf(error)}`));
  }

  #factsNow(): Promise<WorkspaceFingerprint> {
    return this.#facts.get();
  }

  async #offer(known: readonly KnownWorkspace[]): Promise<MovedConversations | null> {
    const { identity, home } = this.parts;
    const facts = await this.#factsNow();
    const everyKey = new Set(known.map(({ key }) => key));
    // Only what would be a match if it were gone is looked up on the disk.
    const gone = new Set<string>();
    for (const { key, folders } of likelyMatches(identity, facts, known, everyKey)) {
      if (!this.#gone.has(key)) this.#gone.set(key, await this.parts.areGone(folders));
      if (this.#gone.get(key) === true) gone.add(key);
    }
    const dismissed = await this.#dismissed();
    const match = likelyMatches(identity, facts, known, gone).find(({ key }) => !dismissed.includes(key));
    return match === undefined ? null : { key: match.key, from: placeName(match, home), count: match.conversations };
  }

  async #adopted(): Promise<MovedConversations | null> {
    const adopted = await this.#readAdopted();
    return adopted === null ? null : { key: adopted.key, from: adopted.from, count: adopted.count };
  }

  async #readAdopted(): Promise<Adopted | null> {
    const json = await this.parts.store.getValue(this.#adoptedKey);
    return json === null ? null : (JSON.parse(json) as Adopted);
  }

  async #dismissed(): Promise<readonly string[]> {
    const json = await this.parts.store.getValue(this.#dismissedKey);
    return json === null ? [] : (JSON.parse(json) as readonly string[]);
  }

  get #adoptedKey(): string {
    return `adopted:${this.parts.identity.key}`;
  }

  get #dismissedKey(): string {
    return `dismissed:${this.parts.identity.key}`;
  }

  #row(row: ListedConversation): ConversationRow {
    const { identity, chats } = this.parts;
    const activity = chats.activityOf(row.id);
    const elsewhere = row.asks ? 'needsYou' : 'elsewhere';
    const rest = this.#drivenElsewhere(row.lease) ? elsewhere : (this.parts.shownMark(row.id, row.mark) ?? 'idle');
    return {
      id: row.id,
      title: row.title === '' ? firstLine(row.draft) : row.title,
      at: row.updatedAt,
      state: activity === 'idle' ? rest : activity,
      workspace: row.workspace === identity.key ? null : row.workspaceName,
      snippet: row.snippet,
    };
  }

  #drivenElsewhere(lease: ListedConversation['lease']): boolean {
    const { owner, isAlive, clock } = this.parts;
    return lease !== null && lease.owner !== owner && lease.expiresAt > clock.now() && isAlive(lease.owner);
  }

  /** When the time to bring them back is over. */
  #eraseLater(): void {
    const { store, clock } = this.parts;
    this.#later(keptMs, async () => {
      await store.purgeDeleted(clock.now() - keptMs);
    });
  }

  #later(ms: number, work: () => Promise<void>): void {
    const { clock, log } = this.parts;
    const { signal } = this.#stop;
    clock
      .sleep(ms, signal)
      .then(work)
      .catch((error: unknown) => {
        if (!signal.aborted) log.error('the list of conversations could not be kept up', error);
      });
  }
}

/** Of a draft's words; it may be stored with its attachments. */
function firstLine(draft: string): string {
  return decodeDraft(draft).text.trim().split('\n', 1)[0]?.slice(0, maxTitle) ?? '';
}

/** Waits for the folders of a saved workspace, which may come a moment after its window has opened. */
async function foldersOf(identity: WorkspaceIdentity): Promise<void> {
  for (let tries = 0; tries < 40 && identity.key !== 'none' && identity.folders.length === 0; tries += 1) {
    await delay(50);
  }
}
