/** The user's own prompts, brought back by Up and Down from an empty text box, as a shell does. */
import type { Asks } from '../view/asks';

/** How far back the text in the box is; words that are typed end that. */
export class Recall {
  #back = 0;
  #shown = '';
  /** Those of the workspace's other conversations, as the host told them when the box was left by Up. */
  #earlier: readonly string[] = [];
  #isAsking = false;

  /**
   * What Up and Down do in the box, of these prompts (the newest first), and of the workspace's others behind them. They
   * bring one only where the box is empty, or the caret has nowhere to go in what was brought: at its very start for Up,
   * where Up leaves it, and at its very end for Down.
   */
  press(event: KeyboardEvent, box: HTMLTextAreaElement, prompts: readonly string[], asks: Pick<Asks, 'ask'>): void {
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
    const isFirst = isUp && this.#back === 0;
    const brought = this.#bring(box, isUp, prompts);
    if (brought) event.preventDefault();
    if (isFirst) this.#ask(box, asks, !brought);
  }

  /** The first Up asks; `waits`: there was nothing to bring, and what comes is brought if nothing was typed. */
  #ask(box: HTMLTextAreaElement, asks: Pick<Asks, 'ask'>, waits: boolean): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    void asks.ask({ type: 'ownPrompts' }).then((answer) => {
      this.#isAsking = false;
      if (answer.ok) this.#earlier = answer.value;
      if (waits && box.value === '' && box.matches(':focus')) this.#bring(box, true, []);
    });
  }

  /** False where there is none further on. */
  #bring(box: HTMLTextAreaElement, isUp: boolean, prompts: readonly string[]): boolean {
    const back = this.#back + (isUp ? 1 : -1);
    const all = [...prompts, ...this.#earlier.filter((text) => !prompts.includes(text))];
    const brought = back === 0 ? '' : all[back - 1];
    if (brought === undefined) return false;
    this.#back = back;
    this.#shown = brought;
    box.select();
    // As if it were typed: Undo takes it away again.
    document.execCommand(brought === '' ? 'delete' : 'insertText', false, brought);
    if (isUp) {
      box.setSelectionRange(0, 0);
      box.scrollTop = 0;
    }
    return true;
  }
}

/** By a row as it is shown; from the first and the last one to the end, which the key by itself does on macOS only. */
function move(box: HTMLTextAreaElement, isUp: boolean, end: number): void {
  const { selectionStart } = box;
  getSelection()?.modify('move', isUp ? 'backward' : 'forward', 'line');
  if (box.selectionStart === selectionStart) box.setSelectionRange(end, end);
}
