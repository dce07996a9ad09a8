/** What is typed before a conversation is shown. It joins the draft of that one: neither takes the other's place. */

import { directionFor } from '../dom/textDirection';
import type { EarlyKept } from '../view/viewState';

/** `typed` behind what is there already. Once: where it was told and has come back, it stands there. */
export function behind(draft: string, typed: string): string {
  if (typed.trim() === '') return draft;
  const before = draft.trimEnd();
  if (before === '' || before === typed.trimEnd()) return typed;
  return before.endsWith(`\n\n${typed.trimEnd()}`) ? draft : `${before}\n\n${typed}`;
}

/** The text box from the start of the page until the first conversation is shown. */
export class EarlyText {
  #waits = true;
  #composing = false;

  constructor(
    private readonly box: HTMLTextAreaElement,
    private readonly early: EarlyKept,
    /** It may be taken now. */
    private readonly free: () => void,
    signal: AbortSignal,
  ) {
    if (early.kept !== '') insertBefore(box, behind(early.kept, box.value));
    if (box.value !== early.kept) this.changed();
    // It may have begun before the script did.
    for (const began of ['compositionstart', 'compositionupdate'])
      box.addEventListener(began, () => this.#compose(true), { signal });
    box.addEventListener('compositionend', () => this.#compose(false), { signal });
  }

  /** True until it was taken. */
  get waits(): boolean {
    return this.#waits;
  }

  /** The box has another text. */
  changed(): void {
    this.early.keep(this.box.value);
  }

  /**
   * What the box shows together with a draft, and whether anything was typed; null while an input method is in the
   * middle of a word.
   */
  join(draft: string): { readonly text: string; readonly typed: boolean } | null {
    if (this.#waits && this.#composing) return null;
    const typed = this.#waits ? this.box.value : '';
    this.#waits = false;
    if (typed.trim() === '') return { text: draft, typed: false };
    const text = behind(draft, typed);
    insertBefore(this.box, text);
    return { text, typed: true };
  }

  #compose(composing: boolean): void {
    this.#composing = composing;
    if (!composing && this.#waits) this.free();
  }
}

/** Shows a text that ends with what the box has: the cursor stays in it. */
function insertBefore(box: HTMLTextAreaElement, text: string): void {
  if (text === box.value) return;
  const { selectionStart, selectionEnd } = box;
  const added = Math.max(0, text.length - box.value.length);
  box.dir = directionFor(text);
  box.value = text;
  box.setSelectionRange(selectionStart + added, selectionEnd + added);
}
