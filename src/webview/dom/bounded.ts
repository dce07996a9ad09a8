/** A part of the panel that fails alone: what is drawn in place of it, and nothing around it changes. */
import { html, noChange, nothing, render, type TemplateResult } from 'lit-html';
import {
  type ChildPart,
  Directive,
  type DirectiveParameters,
  directive,
  type PartInfo,
  PartType,
} from 'lit-html/directive.js';
import { clearPart, setChildPartValue, setCommittedValue } from 'lit-html/directive-helpers.js';
import { strings } from '../l10n/strings';
import { escaped } from './escapes';
import { icon } from './icon';

let failed: (error: unknown) => void = () => {};

/** `callback` is told what a part failed with. */
export function onPartFailed(callback: (error: unknown) => void): void {
  failed = callback;
}

class Bounded extends Directive {
  #on: readonly unknown[] | null = null;

  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.CHILD) throw new Error('bounded() stands between tags only');
  }

  override render(_on: readonly unknown[] | null, _draw: () => unknown, _instead: () => unknown): unknown {
    return noChange;
  }

  override update(part: ChildPart, [on, draw, instead]: DirectiveParameters<this>): unknown {
    if (on !== null && this.#on?.length === on.length && on.every((value, index) => value === this.#on?.[index])) {
      return noChange;
    }
    this.#on = on?.slice() ?? null;
    try {
      // Committed here, so that what throws on its way into the DOM is caught as well.
      setChildPartValue(part, draw(), this);
    } catch (error) {
      failed(error);
      this.#replace(part, instead);
    }
    return noChange;
  }

  /** Drops all that the failed drawing left, in the DOM and in lit's memory of it. */
  #replace(part: ChildPart, instead: () => unknown): void {
    clearPart(part);
    setCommittedValue(part, nothing);
    try {
      setChildPartValue(part, instead(), this);
    } catch {
      clearPart(part);
      setCommittedValue(part, nothing);
      setChildPartValue(part, partFailed(), this);
    }
  }
}

/**
 * Draws a part, and `instead` where drawing it throws. With `on` it is drawn again only when one of these values has
 * changed, as with lit's `guard`; with null it is drawn at each rendering.
 */
export const bounded = directive(Bounded);

/** Draws into a place of its own. */
export function renderAlone(container: HTMLElement, draw: () => unknown, instead: () => unknown = partFailed): void {
  render(bounded(null, draw, instead), container);
}

/** A part that cannot be formatted, as its text; where it has none that is said. */
export function plainPart(text: string): TemplateResult {
  if (text.trim() === '') return partFailed();
  const why = strings.cannotFormat();
  return html`<div class="plainPart" role="group" aria-label=${why}><div
    class="plainHead"
  >${icon('warning')}<span class="plainWords" title=${why}>${why}</span><button
    class="iconButton codicon codicon-copy" type="button" data-plain title=${strings.copy()}
    aria-label=${strings.copy()} .plainText=${text}
  ></button></div><pre tabindex="0" dir="auto">${escaped(text)}</pre></div>`;
}

/** The text behind the copy button of a plain part. */
export function plainTextOf(button: Element): string {
  return 'plainText' in button && typeof button.plainText === 'string' ? button.plainText : '';
}

/** A part that has no text of its own: buttons, chips, a list's row. */
export function partFailed(): TemplateResult {
  return html`<div class="partFailed" role="note">${icon('warning')}<span>${strings.cannotShow()}</span></div>`;
}

const longestFound = 200_000;

/** All that can be read in a value of the state, whatever shape it has. */
export function textWithin(value: unknown): string {
  const found: string[] = [];
  collect(value, found, 0);
  const text = found.join('\n\n');
  return text.length > longestFound ? text.slice(0, longestFound) : text;
}

const readable = new Set(['text', 'label', 'summary', 'input', 'output', 'message', 'title', 'path', 'args']);
const deepest = 8;

function collect(value: unknown, found: string[], depth: number, named = false): void {
  if (typeof value === 'string') {
    if (named && value.trim() !== '') found.push(value);
    return;
  }
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found, depth + 1, named);
    return;
  }
  for (const [key, one] of Object.entries(value)) collect(one, found, depth + 1, readable.has(key));
}
