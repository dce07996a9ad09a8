/** The user's own prompts, brought back by Up and Down from an empty text box, as a shell does. */

/** How far back the text in the box is; words that are typed end that. */
export class Recall {
  #back = 0;
  #shown = '';

  /**
   * What Up and Down do in the box, of these prompts (the newest first). They bring one only where the box is empty, or the
   * caret has nowhere to go in what was brought: at its very start for Up, where Up leaves it, and at its very end for Down.
   */
  press(event: KeyboardEvent, box: HTMLTextAreaElement, prompts: readonly string[]): void {
    const { value: text, selectionStart: caret, selectionEnd } = box;
    const held = event.shiftKey || event.altKey || event.ctrlKey || event.metaKey;
    if (held || caret !== selectionEnd) return;
    if (text !== this.#shown || text === '') this.#back = 0;
    if (text !== '' && this.#back === 0) return;
    const isUp = event.key === 'ArrowUp';
    const end = isUp ? 0 : text.length;
    if (caret !== end) {
      event.preventDefault();
      move(box, isUp, end);
      return;
    }
    const back = this.#back + (isUp ? 1 : -1);
    const brought = back === 0 ? '' : prompts[back - 1];
    if (brought === undefined) return;
    event.preventDefault();
    this.#back = back;
    this.#shown = brought;
    box.select();
    // As if it were typed: Undo takes it away again.
    document.execCommand(brought === '' ? 'delete' : 'insertText', false, brought);
    if (!isUp) return;
    box.setSelectionRange(0, 0);
    box.scrollTop = 0;
  }
}

/** By a row as it is shown; from the first and the last one to the end, which the key by itself does on macOS only. */
function move(box: HTMLTextAreaElement, isUp: boolean, end: number): void {
  const { selectionStart } = box;
  getSelection()?.modify('move', isUp ? 'backward' : 'forward', 'line');
  if (box.selectionStart === selectionStart) box.setSelectionRange(end, end);
}
