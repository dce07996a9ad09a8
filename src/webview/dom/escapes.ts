/** Hidden characters are drawn as `\\u{…}`, and copied as what they are (L67). */
import { html } from 'lit-html';
import { visible, visiblePieces, type Writing } from '../../shared/visible';
import { growing } from './growing';

/** Hidden characters of which each gets an element: more of them are drawn, and copied, as text. */
const maxEscapes = 1000;

/** A text as it is drawn: the text itself where nothing is hidden in it. */
export function escaped(text: string, writing: Writing = 'code'): unknown {
  const shown = visible(text, writing);
  if (shown === text) return text;
  const pieces = visiblePieces(text, writing);
  if (pieces.length > 2 * maxEscapes) return shown;
  return pieces.map((piece, index) =>
    index % 2 === 0
      ? piece
      : html`<span class="escape" data-character=${(piece.codePointAt(0) ?? 0).toString(16)}>${visible(piece)}</span>`,
  );
}

/** The same of a text that changes at its end. */
export function growingEscaped(text: string, writing: Writing = 'code'): unknown {
  const drawn = escaped(text, writing);
  return typeof drawn === 'string' ? growing(drawn) : drawn;
}

/** Puts the characters themselves in the place of how they are drawn. */
export function restoreEscapes(copy: ParentNode): void {
  for (const drawn of copy.querySelectorAll<HTMLElement>('[data-character]'))
    drawn.textContent = String.fromCodePoint(Number.parseInt(drawn.dataset['character'] ?? '0', 16));
}

/** The text of an element, as it was written. */
export function sourceText(element: Element): string {
  if (element.querySelector('[data-character]') === null) return element.textContent ?? '';
  const copy = document.createElement('div');
  copy.append(element.cloneNode(true));
  restoreEscapes(copy);
  return copy.textContent ?? '';
}
