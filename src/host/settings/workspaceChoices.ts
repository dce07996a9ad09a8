/** What the user chose for this workspace, remembered on this machine: shared by its conversations. */
import { Listeners } from '../../core/base/listeners';
import type { Log } from '../../core/base/ports';
import { type OtherTool, readOtherTools } from '../../core/record/chosenTool';
import type { Store } from '../../core/record/store';

interface WorkspaceChoicesParts {
  readonly store: Pick<Store, 'getValue' | 'setValue'>;
  readonly log: Log;
  /** The workspace's key (WorkspaceIdentity). */
  readonly workspace: string;
}

/** Choices of this workspace: whether context goes along by itself, and whether anything was sent yet. */
export class WorkspaceChoices {
  /** Until it is known, nothing goes by itself. */
  private automatic_ = false;
  private sent_ = true;
  /** Whether the store has `sent_`. */
  private sentKept = true;
  private tools_: readonly OtherTool[] = [];
  private loading: Promise<void> | null = null;
  private readonly changed = new Listeners();
  readonly onDidChange = this.changed.add;

  constructor(private readonly parts: WorkspaceChoicesParts) {}

  /** True when the selection and open files go along without being added. */
  get automatic(): boolean {
    return this.automatic_;
  }

  /** True once a message was sent from this workspace. */
  get hasSent(): boolean {
    return this.sent_;
  }

  /** Tools of others that new conversations offer. */
  get tools(): readonly OtherTool[] {
    return this.tools_;
  }

  async setTools(tools: readonly OtherTool[]): Promise<void> {
    await this.ready();
    this.tools_ = tools;
    await this.parts.store.setValue(this.key('tools'), tools.length === 0 ? null : JSON.stringify(tools));
  }

  /** Resolves when the choices are known; a store that cannot say leaves things as they are at first. */
  ready(): Promise<void> {
    this.loading ??= this.load();
    return this.loading;
  }

  async setAutomatic(on: boolean): Promise<void> {
    await this.ready();
    if (this.automatic_ === on) return;
    this.automatic_ = on;
    this.changed.tell();
    await this.parts.store.setValue(this.key('onlyAdded'), on ? null : '1');
  }

  /** A message was sent; `keepSent` stores that. */
  markSent(): void {
    if (this.sent_) return;
    this.sent_ = true;
    this.sentKept = false;
    this.changed.tell();
  }

  /** Stores that a message was sent, where that is not known yet: nothing waits for it. Never rejects. */
  async keepSent(): Promise<void> {
    if (this.sentKept) return;
    this.sentKept = true;
    try {
      await this.parts.store.setValue(this.key('sent'), '1');
    } catch (error) {
      this.parts.log.error('that something was sent could not be kept', error);
    }
  }

  private async load(): Promise<void> {
    const { store, log } = this.parts;
    try {
      const [onlyAdded, sent, tools] = await Promise.all([
        store.getValue(this.key('onlyAdded')),
        store.getValue(this.key('sent')),
        store.getValue(this.key('tools')),
      ]);
      this.automatic_ = onlyAdded === null;
      this.sent_ = sent !== null;
      this.tools_ = tools === null ? [] : readOtherTools(parsed(tools));
    } catch (error) {
      // Asked for again the next time: until then nothing goes by itself.
      this.loading = null;
      log.error('what was chosen for this workspace could not be read', error);
    }
  }

  private key(name: string): string {
    return `${name}:${this.parts.workspace}`;
  }
}

/** null for what is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
