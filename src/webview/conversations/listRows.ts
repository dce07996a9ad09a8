/** What is in the list of conversations: its pages are asked for, its rows opened, renamed, deleted and brought back. */

import type { LocalizableMessage } from '../../shared/chat';
import type { FindGoal } from '../../shared/find';
import type { Intent, IntentAt, IntentType, ValueOf } from '../../shared/intents';
import {
  type Answer,
  type ConversationRow,
  type ConversationsPage,
  type ListCursor,
  undoMs,
} from '../../shared/protocol';
import { renderAlone } from '../dom/bounded';
import { isComposing } from '../dom/keys';
import { sentences } from '../l10n/format';
import { localize } from '../l10n/language';
import { listStrings } from '../l10n/listStrings';
import { listKey } from './keys';
import { conversationList, type Deleted, type ListCallbacks, type ListProps, titleOf, undoText } from './list';

/** Rows of a page, and those that a list which opens draws a frame before the rest: they fill most panels. */
const pageRows = 30;
const firstRows = 12;
/** How often ages are refreshed, ms. */
const ageMs = 30_000;
/** Pause in typing before it is looked for, ms. */
const searchMs = 150;

/** The place that it has in the panel. */
export interface ListPlace {
  readonly list: HTMLElement;
  isOpen(): boolean;
  /** Beside the transcript, not over it. */
  isColumn(): boolean;
  close(): void;
  /** Does not cover the transcript any more. */
  uncover(): void;
  /** Says what was not done where there is no list to say it in. */
  notDone(reason: LocalizableMessage): void;
  /** Asks the host; what is not done is said here. */
  ask<K extends IntentType>(intent: Intent<K>): Promise<Answer<ValueOf<K>>>;
  announce(text: string): void;
  /** Something has to be rendered again. */
  changed(): void;
  /** Goes to words in a conversation that is opened. */
  goTo(goal: FindGoal): void;
  /** Gives the focus back. */
  leave(): void;
}

/** The rows, and what is being looked at in them. */
export class ListRows {
  readonly #place: ListPlace;
  readonly #acts: ListCallbacks;
  #query = '';
  #all = false;
  /** The page that is on its way; what was asked before it is of no use any more. */
  #question: { readonly after: ListCursor | null } | null = null;
  #again = false;
  #answer: ConversationsPage | null = null;
  /** Why what was asked for here was not done; null when it was. */
  #problem: { readonly text: string; readonly retry: boolean } | null = null;
  #rows: readonly ConversationRow[] | null = null;
  #drewFirst = false;
  #active: string | null = null;
  #renaming: string | null = null;
  #deleted: readonly Deleted[] = [];
  /** What was deleted here: rows that were asked for before have it still. */
  readonly #gone = new Set<string>();
  #undoTimer: ReturnType<typeof setTimeout> | undefined;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #focusRow = false;
  /** What the last rendering was made of: a streaming answer renders the panel with every frame. */
  #shown: readonly unknown[] = [];
  /** True until another conversation has taken the place of one that was deleted here. */
  #replaces = false;

  constructor(place: ListPlace, signal: AbortSignal) {
    this.#place = place;
    this.#acts = this.#buildActs();
    place.list.addEventListener('keydown', (event) => this.#key(event), { signal });
    // Ages move on while it is looked at, and other windows do.
    const clock = setInterval(() => {
      if (!place.isOpen() || document.hidden) return;
      if (this.#query === '') this.refresh();
      place.changed();
    }, ageMs);
    signal.addEventListener('abort', () => {
      clearInterval(clock);
      clearTimeout(this.#undoTimer);
      clearTimeout(this.#searchTimer);
    });
  }

  render(): void {
    const props = this.#props();
    const shown = Object.values({ ...props, now: Math.floor(props.now / ageMs) });
    if (shown.some((value, index) => value !== this.#shown[index])) {
      this.#shown = shown;
      renderAlone(this.#place.list, () => conversationList(props, this.#acts));
    }
    if (!this.#drewFirst && this.#rows !== null) {
      this.#drewFirst = true;
      this.#place.changed();
    }
    if (this.#focusRow) {
      this.#focusRow = false;
      this.#rowButton(this.#active)?.focus();
    }
  }

  /** Where one types what is looked for. */
  focus(): void {
    this.#rowButton(null)?.focus();
  }

  /** Another conversation is shown. True when it took the place of one that was deleted here: the focus stays. */
  switched(conversation: string | null): boolean {
    const stays = this.#replaces;
    this.#replaces = false;
    if (this.#answer !== null) this.#answer = { ...this.#answer, current: conversation };
    return stays;
  }

  /** Asks for the rows that are shown again, and for no more than that (L20). */
  refresh(): void {
    if (this.#question !== null) this.#again = true;
    else this.#ask(null, Math.max(pageRows, this.#rows?.length ?? 0), true);
  }

  /** `keeps`: those that were known behind the last one that comes stay. */
  #ask(after: ListCursor | null, limit: number, keeps = false): void {
    const question = { after };
    this.#question = question;
    this.#place.ask({ type: 'listConversations', query: this.#query, all: this.#all, after, limit }).then((answer) => {
      if (this.#question !== question) return;
      this.#question = null;
      if (answer.ok) this.#taken(answer.value, after, keeps);
      else this.#notDone(answer.reason, true);
      if (!this.#again) return;
      this.#again = false;
      if (answer.ok) this.refresh();
    });
  }

  /** Has the host do something with a row. True when it did. */
  async #tell(intent: IntentAt<'list'>): Promise<boolean> {
    const answer = await this.#place.ask(intent);
    if (!answer.ok) this.#notDone(answer.reason);
    return answer.ok;
  }

  /** It is said here, and what the host has is shown again. */
  #notDone(reason: LocalizableMessage, retry = false): void {
    if (!this.#place.isOpen()) {
      this.#place.notDone(reason);
      return;
    }
    this.#problem = { text: localize(reason), retry };
    this.#place.announce(this.#problem.text);
    if (!retry) this.refresh();
    this.#place.changed();
  }

  #taken(answer: ConversationsPage, after: ListCursor | null, keeps: boolean): void {
    if (this.#problem?.retry === true) this.#problem = null;
    const known = this.#rows ?? [];
    const added = new Set(answer.rows.map(({ id }) => id));
    const others = known.filter(({ id }) => !added.has(id));
    // The host gives so many at once and no more.
    const behind = keeps && answer.more ? others.filter((row) => known.indexOf(row) >= answer.rows.length) : [];
    const rows = after === null ? [...answer.rows, ...behind] : [...others, ...answer.rows];
    this.#rows = rows.filter(({ id }) => !this.#gone.has(id));
    this.#answer = answer;
    if (!this.#rows.some(({ id }) => id === this.#active)) {
      const current = this.#rows.find(({ id }) => id === answer.current);
      this.#active = (current ?? this.#rows[0])?.id ?? null;
    }
    this.#place.changed();
  }

  #props(): ListProps {
    return {
      query: this.#query,
      all: this.#all,
      rows: this.#drewFirst ? this.#rows : (this.#rows?.slice(0, firstRows) ?? null),
      more: this.#answer?.more ?? false,
      elsewhere: this.#answer?.elsewhere ?? 0,
      current: this.#answer?.current ?? null,
      offer: this.#answer?.offer ?? null,
      adopted: this.#answer?.adopted ?? null,
      active: this.#rows?.some(({ id }) => id === this.#active) ? this.#active : (this.#rows?.[0]?.id ?? null),
      renaming: this.#renaming,
      deleted: this.#deleted,
      problem: this.#problem,
      column: this.#place.isColumn(),
      now: Date.now(),
    };
  }

  /** What was asked before is of no use any more. */
  #restart(): void {
    this.#question = null;
    this.#again = false;
    this.#ask(null, pageRows);
    this.#place.changed();
  }

  #buildActs(): ListCallbacks {
    const tell = (intent: IntentAt<'list'>): void => void this.#tell(intent);
    return {
      search: (query) => {
        this.#query = query;
        clearTimeout(this.#searchTimer);
        this.#searchTimer = setTimeout(() => this.#restart(), searchMs);
      },
      setAll: (all) => {
        this.#all = all;
        this.#restart();
      },
      open: (id) => {
        tell({ type: 'openConversation', id });
        const goal = this.#goalIn(id);
        if (goal !== null) {
          this.#place.uncover();
          this.#place.goTo(goal);
          this.#place.changed();
        }
        if (this.#place.isColumn() || goal !== null) return;
        // The pick closes it, also when it is shown already.
        this.#place.close();
      },
      openInEditor: (id) => tell({ type: 'openInEditor', id }),
      startRename: (id) => {
        this.#renaming = id;
        this.#active = id;
        this.#place.changed();
      },
      endRename: (id, title) => this.#endRename(id, title),
      remove: (row) => this.#remove(row),
      undo: () => this.#undo(),
      deleteForever: () => this.#deleteForever(),
      more: () => {
        const last = this.#rows?.at(-1);
        if (last !== undefined && this.#question === null) this.#ask({ at: last.at, id: last.id }, pageRows);
      },
      adopt: (key) => tell({ type: 'adoptConversations', key }),
      putBack: (key) => tell({ type: 'putBackConversations', key }),
      dismiss: (key) => tell({ type: 'dismissOffer', key }),
      retry: () => this.#restart(),
      dismissProblem: () => {
        this.#problem = null;
        this.#place.changed();
      },
      close: () => this.#place.close(),
      activate: (id) => {
        if (this.#active === id) return;
        this.#active = id;
        this.#place.changed();
      },
    };
  }

  #endRename(id: string, title: string | null): void {
    // The field's blur follows its Enter or Esc.
    if (this.#renaming !== id) return;
    this.#renaming = null;
    const row = this.#rows?.find((one) => one.id === id);
    const given = title?.trim() ?? '';
    if (row !== undefined && given !== '' && given !== row.title) {
      this.#tell({ type: 'renameConversation', id, title: given });
      this.#rows = (this.#rows ?? []).map((one) => (one.id === id ? { ...one, title: given } : one));
    }
    this.#focusRow = document.activeElement === document.body || this.#place.list.contains(document.activeElement);
    this.#place.changed();
  }

  #remove(row: ConversationRow): void {
    const rows = this.#rows ?? [];
    const index = rows.findIndex(({ id }) => id === row.id);
    this.#active = (rows[index + 1] ?? rows[index - 1])?.id ?? null;
    this.#rows = rows.filter(({ id }) => id !== row.id);
    this.#gone.add(row.id);
    const one = { id: row.id, title: titleOf(row), wasCurrent: row.id === this.#answer?.current };
    // One whose time runs already has as long as this one.
    this.#deleted = [...this.#deleted, one];
    clearTimeout(this.#undoTimer);
    this.#undoTimer = setTimeout(() => {
      this.#deleted = [];
      this.#place.changed();
    }, undoMs);
    if (one.wasCurrent) this.#replaces = true;
    this.#tell({ type: 'deleteConversation', id: row.id }).then((done) => {
      if (done) return;
      this.#gone.delete(row.id);
      if (!this.#deleted.includes(one)) return;
      this.#deleted = this.#deleted.filter((other) => other !== one);
      if (one.wasCurrent) this.#replaces = false;
      this.#place.changed();
    });
    this.#place.announce(sentences([undoText(this.#deleted), listStrings.undo()]));
    this.#focusRow = true;
    this.#place.changed();
  }

  #undo(): void {
    const current = this.#deleted.find(({ wasCurrent }) => wasCurrent);
    for (const { id } of this.#deleted) this.#gone.delete(id);
    this.#replaces = false;
    this.#active = this.#deleted[0]?.id ?? this.#active;
    this.#settle('undoDelete', (back) => {
      this.#place.announce(undoText(back, listStrings.restored, listStrings.restoredMany));
      if (current !== undefined && back.includes(current)) this.#tell({ type: 'openConversation', id: current.id });
    });
    // It may be shown still: then nothing else would uncover it.
    if (current !== undefined) this.#place.uncover();
  }

  /** All that can be brought back is, or is erased at once. `then` gets those with which that was done. */
  #settle(type: 'undoDelete' | 'deleteForever', then: (done: readonly Deleted[]) => void): void {
    const deleted = this.#deleted;
    this.#deleted = [];
    Promise.all(deleted.map(({ id }) => this.#tell({ type, id }))).then((answers) => {
      const done = deleted.filter((_, index) => answers[index]);
      if (done.length > 0) then(done);
    });
    this.#place.changed();
  }

  /** The row that has the focus, else that of the conversation that is shown, becomes a field. False while there is none yet. */
  rename(): boolean {
    const focused = document.activeElement?.closest<HTMLElement>('.listRow')?.dataset['id'];
    const id = focused ?? this.#answer?.current;
    if (this.#answer === null) return false;
    if (id == null) return true;
    if (this.#rows?.some((row) => row.id === id) === true) {
      this.#acts.startRename(id);
      return true;
    }
    // It may be further down, or not be among those that are found. One that is not stored yet is nowhere.
    const last = this.#rows?.at(-1);
    if (this.#question !== null) return false;
    if (this.#query !== '') {
      this.#query = '';
      this.#restart();
      return false;
    }
    if (!this.#answer.more || last === undefined) return true;
    this.#ask({ at: last.at, id: last.id }, 500);
    return false;
  }

  /** Where a row's words were found; null where its title has them alone. */
  #goalIn(id: string): FindGoal | null {
    const snippet = this.#rows?.find((row) => row.id === id)?.snippet ?? null;
    if (snippet === null) return null;
    const typed = this.#query.trim();
    const parts = snippet.text.split('\u0002').flatMap((part) => part.split('\u0003'));
    const isThere = parts.join('').toLowerCase().includes(typed.toLowerCase());
    return { conversation: id, text: isThere ? typed : (parts[1] ?? ''), item: snippet.item, entry: snippet.entry };
  }

  #deleteForever(): void {
    this.#focusRow = true;
    this.#settle('deleteForever', (erased) =>
      this.#place.announce(undoText(erased, listStrings.erased, listStrings.erasedMany)),
    );
  }

  /** In a column Esc clears what is looked for, and then leads back to the text. */
  #escape(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const field = this.#place.list.querySelector<HTMLInputElement>('.listSearch');
    if (this.#query === '' || field === null) {
      this.#place.leave();
      return;
    }
    // Its own value: what was typed was never drawn.
    field.value = '';
    this.#acts.search('');
  }

  #key(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === 'Escape' && this.#place.isColumn()) this.#escape(event);
    const removed = listKey(event, this.#place.list);
    const row = removed === null ? undefined : this.#rows?.find(({ id }) => id === removed);
    if (row !== undefined) this.#remove(row);
  }

  #rowButton(id: string | null): HTMLElement | null {
    const row = id === null ? '.listSearch' : `.listRow[data-id="${CSS.escape(id)}"] .rowOpen`;
    return this.#place.list.querySelector(row);
  }
}
