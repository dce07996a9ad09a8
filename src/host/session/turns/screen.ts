/** What the views of one conversation show: the state, numbered events, and who is told of them. */
import { Listeners } from '../../../core/base/listeners';
import { type Beside, branchesOf, isSaid, nothingBeside } from '../../../core/record/branches';
import type { Entry } from '../../../core/record/record';
import { eventsOf, type ReplayCursor, replayStart, stateOf } from '../../../core/transcript/transcript';
import { boundedChange, changeOf } from '../../../shared/change';
import { type AnswerItem, type ChatEvent, type ChatState, emptyChat, type Item } from '../../../shared/chat';
import type { ComposerState, HostToView } from '../../../shared/protocol';
import { reduce } from '../../../shared/reduce';
import { tailOf } from '../../../shared/tail';
import type { BegunWords } from '../../../shared/turn/editing';

/** Posts a message to one view. */
export type Send = (message: HostToView) => void;

/** What a snapshot holds beside the chat's state. */
interface ScreenParts {
  composer(): ComposerState;
  draft(): string;
  /** The words with which messages are being written anew. Missing: none. */
  begun?(): readonly BegunWords[];
  /** What is in the record besides the path; missing for nothing. */
  beside?(): Beside;
  /** Told what a view or a watcher threw: it is theirs alone. */
  failed(error: unknown): void;
}

/** The state that a conversation's views show, and the numbers of its events. */
export class Screen {
  state: ChatState;
  /** What the shown path's end leaves open; live turns go on from it. */
  shown: ReplayCursor = replayStart();
  private seq = 0;
  private readonly views = new Set<Send>();
  /** Answers that are in no record: they are shown behind whatever path is. */
  private kept: readonly AnswerItem[] = [];
  private readonly watchers = new Listeners((error) => this.parts.failed(error));

  constructor(
    readonly conversation: string,
    private readonly parts: ScreenParts,
  ) {
    this.state = emptyChat(conversation);
  }

  /** Tells a view everything from now on, beginning with a snapshot. Returns how to stop. */
  attach(send: Send): () => void {
    this.views.add(send);
    this.sendSnapshot(send);
    this.tellWatchers();
    return () => this.views.delete(send);
  }

  /** Calls back when the title, the activity or an answer's end changes, and when a view comes. */
  readonly watch = this.watchers.add;

  detachAll(): void {
    this.views.clear();
  }

  get isShown(): boolean {
    return this.views.size > 0;
  }

  /** Asks one of the views; false when there is none. */
  ask(message: HostToView): boolean {
    const [send] = this.views;
    send?.(message);
    return send !== undefined;
  }

  emit(events: readonly ChatEvent[]): void {
    if (events.length === 0) return;
    const first = this.seq + 1;
    this.seq += events.length;
    for (const event of events)
      this.alone(() => {
        this.state = reduce(this.state, event);
      });
    this.post({ type: 'events', conversation: this.conversation, seq: first, events });
    if (events.some(({ type }) => type === 'title' || type === 'activity' || type === 'answerEnded'))
      this.tellWatchers();
  }

  /** Shows entries that were committed just now, at the end of a path. */
  show(entries: readonly Entry[], path: readonly Entry[]): void {
    for (const entry of entries) this.emit(eventsOf(entry, this.shown));
    const { left } = this.parts.beside?.() ?? nothingBeside;
    if (left.length === 0 || !entries.some(isSaid)) return;
    const branches = branchesOf(path, left);
    if (JSON.stringify(branches) !== JSON.stringify(this.state.branches)) this.emit([{ type: 'branches', branches }]);
  }

  /** Shows another path: the views are told what is other in it. */
  rebuild(path: readonly Entry[], title: string = this.state.title): void {
    this.shown = replayStart();
    const state = stateOf(this.conversation, title, path, this.shown, this.parts.beside?.());
    const items = withBlocks([...state.items, ...this.kept], this.state.items);
    const change = changeOf(this.state, { ...state, items });
    if (change !== null) {
      this.state = change.state;
      this.seq += 1;
      const events = [boundedChange(change.event, change.state)];
      this.post({ type: 'events', conversation: this.conversation, seq: this.seq, events });
    }
    this.tellWatchers();
  }

  /** Keeps an answer that is shown but could not be stored. */
  keepAnswer(id: string): void {
    const item = this.state.items.findLast((one): one is AnswerItem => one.type === 'answer' && one.id === id);
    if (item !== undefined) this.kept = [...this.kept, { ...item, id: `unsaved-${id}` }];
  }

  /** They are in the record now, elsewhere. */
  keptSaved(): void {
    this.kept = [];
  }

  /** What is to be stored waits for another window, or does so no more. */
  showSaving(waits: boolean, since: number): void {
    if (!waits && this.state.activity?.kind !== 'saving') return;
    this.emit([{ type: 'activity', activity: { kind: waits ? 'saving' : 'waiting', since } }]);
  }

  /** The user is asked about a tool of the web outside the panel, or is so no more. */
  showAsking(tool: string | null, since: number): void {
    this.emit([
      { type: 'activity', activity: tool === null ? { kind: 'waiting', since } : { kind: 'askingWeb', since, tool } },
    ]);
  }

  resend(): void {
    for (const send of this.views) this.alone(() => this.sendSnapshot(send));
  }

  /** Tells what came from one of the views, where there are others. */
  share(message: HostToView): void {
    if (this.views.size > 1) this.post(message);
  }

  post(message: HostToView): void {
    for (const send of this.views) this.alone(() => send(message));
  }

  tellWatchers(): void {
    this.watchers.tell();
  }

  /** What fails here is only shown: a turn goes on, and other views are told. */
  private alone(show: () => void): void {
    try {
      show();
    } catch (error) {
      this.parts.failed(error);
    }
  }

  private sendSnapshot(send: Send): void {
    const { seq, state, conversation } = this;
    const begun = this.parts.begun?.() ?? [];
    send({
      type: 'snapshot',
      conversation,
      seq,
      state: tailOf(state),
      composer: this.parts.composer(),
      draft: this.parts.draft(),
      ...(begun.length === 0 ? {} : { begun }),
    });
  }
}

/** Code blocks that wait are in no record: their answers keep them. */
function withBlocks(items: readonly Item[], before: readonly Item[]): readonly Item[] {
  const waiting = new Map(
    before.flatMap((item) => (item.type === 'answer' && item.blocks !== undefined ? [[item.id, item.blocks]] : [])),
  );
  if (waiting.size === 0) return items;
  return items.map((item) => {
    const blocks = item.type === 'answer' ? waiting.get(item.id) : undefined;
    return item.type === 'answer' && blocks !== undefined ? { ...item, blocks } : item;
  });
}
