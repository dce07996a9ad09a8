/** What a conversation is given back when it is shown again, and what is kept of it while it is. */
import type { KeptMention } from '../shared/mentions/mentions';
import type { BegunWords } from '../shared/turn/editing';
import type { ComposerController } from './composer/controller';
import { BegunTold, draftToShow, type ShownDraft } from './composer/draft';
import type { ListController } from './conversations/controller';
import type { Editing, InlineEditor } from './dom/inlineEditor';
import { codeWrap } from './dom/theme';
import type { Reading } from './view/reading';
import type { ViewState } from './view/store';
import type { Folds } from './view/view';
import { draftAt, keepView, saidIn, viewAt } from './view/viewState';
import type { HostApi } from './view/vscodeApi';

interface RestoringParts {
  readonly host: HostApi;
  readonly composer: ComposerController;
  readonly list: ListController;
  readonly reading: Reading;
  readonly folds: Folds;
  readonly editor: InlineEditor;
  readonly state: () => ViewState | null;
  readonly tell: (id: string, edit: BegunWords | null) => void;
}

/** Draft, folds, place and focus of the shown conversation: restored with the first drawing, kept from then on. */
export class Restoring {
  #draft: ShownDraft | null = null;
  #focus = false;
  #mentions: readonly KeptMention[] = [];
  #pastes: readonly string[] = [];

  /** What is being written anew, as the host is told it. */
  readonly edits = new BegunTold((id, edit) => void this.parts.tell(id, edit));

  constructor(private readonly parts: RestoringParts) {
    codeWrap.chosen = parts.host.kept()?.wraps ?? null;
  }

  /** The host's draft is the one to show, until more is known. */
  begin(draft: string): void {
    this.#draft = { text: draft, untold: false };
  }

  /** Another conversation is shown: as it was left. `draft` and `begun` are what the host has of it. */
  switched(
    conversation: string,
    { draft, begun }: { readonly draft: string; readonly begun: readonly BegunWords[] },
  ): void {
    const { host, list, folds, reading, editor } = this.parts;
    const staysInList = list.switched(conversation);
    const kept = viewAt(host, conversation);
    folds.set(kept?.folds ?? []);
    reading.switched(kept);
    const others = new Map(begun.map((one) => [one.id, one.text]));
    // Another view may have gone on with it; what is left are those that were begun there.
    const newest = (one: Editing): Editing => {
      const text = others.get(one.id) ?? '';
      others.delete(one.id);
      return one.text.startsWith(text) ? one : { ...one, text };
    };
    const editing = kept?.editing ? newest(kept.editing) : null;
    const own = kept?.begun.map(newest) ?? [];
    editor.restore(editing, [...own, ...begun.filter(({ id }) => others.has(id))]);
    this.edits.begin(begun);
    const ours = draftAt(host, conversation);
    this.#mentions = kept?.mentions ?? [];
    this.#pastes = ours?.pastes ?? [];
    this.#draft = draftToShow(ours, draft, saidIn(this.parts.state()));
    // Never taken from an editor that someone types in.
    this.#focus ||= document.hasFocus() && !staysInList;
  }

  /** Words for the text box, behind what is typed; `instead` of it: they were typed in another view. */
  given({ text, instead }: { readonly text: string; readonly instead: boolean }): void {
    const { composer } = this.parts;
    if (!instead) composer.add(text);
    else if (composer.draft.isTold && text !== composer.draft.text) composer.show(text);
  }

  /** The text is to have the focus once it is drawn. */
  focus(): void {
    this.#focus = true;
  }

  /** After each drawing. `isLoading`: what shows changes is not there yet, and draws again. */
  drawn(isLoading: boolean): void {
    const { composer, reading } = this.parts;
    const draft = this.#draft;
    this.#draft = null;
    if (draft !== null) {
      if (composer.begin(draft.text, draft.untold)) {
        composer.mentions.restore(this.#mentions);
        composer.attachments.begin(this.#pastes);
        this.#pastes = [];
      } else this.#draft = draft;
    }
    if (reading.drawn()) this.keep();
    const went = isLoading ? null : reading.waiting.goToWanted();
    if (went === false || (went === null && this.#focus)) composer.focus();
    this.#focus = false;
  }

  /** Keeps what is being looked at, and what is typed. */
  keep(): void {
    const { host, composer, reading, folds, editor } = this.parts;
    const state = this.parts.state();
    // Before the first rendering, what was kept is still to be restored.
    if (state === null || reading.isRestoring || this.#draft !== null) return;
    this.edits.keep([...(editor.editing === null ? [] : [editor.editing]), ...editor.begun]);
    keepView(host, {
      conversation: state.conversation,
      ...composer.draft.kept,
      mentions: composer.mentions.kept,
      pastes: composer.attachments.pasting?.kept ?? [],
      ...reading.place,
      folds: folds.open,
      editing: editor.editing,
      begun: editor.begun,
      wraps: codeWrap.chosen,
    });
  }
}
