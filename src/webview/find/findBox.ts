/** The box at the top right that finds in the chat: the host looks through all of it, this goes to what was found and marks it. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { ChatState } from '../../shared/chat';
import { type FindGoal, type FindQuery, type Found, type FoundPlace, longestQuery, patternOf } from '../../shared/find';
import { isComposing } from '../dom/keys';
import { findStrings } from '../l10n/findStrings';
import { localize } from '../l10n/language';
import type { Reading } from '../view/reading';
import type { Folds } from '../view/view';
import { Marks } from './marks';
import type { FindBox, FindParts } from './parts';
import { type At, foldsAround, indexOf, nearest, stepped, totalOf } from './places';

/** Counts follow an answer that streams at most this often, ms. */
const renewMs = 500;

/** What is typed is counted aloud once there was so long a pause, ms. */
const spokenMs = 400;

/** What was gone to is drawn by then, ms. */
const drawnMs = 100;

/** Characters of a selection that is looked for. */
const longestSelection = 200;

/** What the panel loads when something is looked for. */
export function createFindBox(transcript: HTMLElement, reading: Reading, folds: Folds, parts: FindParts): FindBox {
  return new Box(transcript, reading, folds, parts);
}

interface Goal {
  readonly item: string;
  readonly entry: string | null;
}

class Box implements FindBox {
  readonly #place = document.createElement('div');
  readonly #marks: Marks;
  #isOpen = false;
  #query: FindQuery = { text: '', matchCase: false, wholeWord: false };
  #found: Found | null = null;
  /** Where it has gone to. */
  #at: At | null = null;
  #problem: string | null = null;
  /** What to go to first; without an entry where that is on the path that is shown. */
  #goal: Goal | null = null;
  /** It was found elsewhere than in words that are drawn. */
  #isBeside = false;
  /** Had the focus before. */
  #before: HTMLElement | null = null;
  /** Count what was looked for, and gone to: the last one counts. */
  #asked = 0;
  #moves = 0;
  #chat: ChatState | null = null;
  /** Something is looked for; `#isDue`: the chat has changed since that was asked. */
  #isSearching = false;
  #isDue = false;
  #renewing: ReturnType<typeof setTimeout> | null = null;
  #speaking: ReturnType<typeof setTimeout> | null = null;
  readonly #drawings: (() => void)[] = [];

  constructor(
    private readonly transcript: HTMLElement,
    private readonly reading: Pick<Reading, 'bring' | 'reveal'>,
    private readonly folds: Folds,
    private readonly parts: FindParts,
  ) {
    this.#marks = new Marks(transcript);
    this.#place.className = 'findPlace';
    transcript.before(this.#place);
    this.#place.addEventListener('keydown', (event) => this.#key(event));
  }

  open(goal?: FindGoal): void {
    const focused = document.activeElement;
    this.#goal = goal ?? null;
    if (goal !== undefined) {
      this.#query = { text: goal.text, matchCase: false, wholeWord: false };
      this.#at = null;
    } else if (!this.#place.contains(focused)) {
      const selected = selectedWords();
      if (selected !== '') this.#query = { ...this.#query, text: selected };
      this.#before = focused instanceof HTMLElement && focused !== document.body ? focused : null;
    }
    this.#isOpen = true;
    this.#draw();
    this.#field?.focus({ preventScroll: true });
    this.#field?.select();
    if (this.#query.text !== '') void this.#search(true);
  }

  step(by: 1 | -1): void {
    const from = this.#at;
    if (!this.#isOpen) this.open();
    else if (from === null || this.#found === null) void this.#search(true);
    else {
      const next = stepped(this.#found, from, by);
      if (next !== null) void this.#go(next, by);
      this.#speak(0);
    }
  }

  close(): boolean {
    if (!this.#isOpen) return false;
    const hadFocus = this.#place.contains(document.activeElement);
    this.#isOpen = false;
    this.#asked += 1;
    this.#moves += 1;
    this.#found = null;
    this.#at = null;
    this.#problem = null;
    this.#isSearching = false;
    this.#marks.pattern = null;
    for (const timer of [this.#renewing, this.#speaking]) if (timer !== null) clearTimeout(timer);
    this.#renewing = null;
    const before = this.#before;
    this.#before = null;
    if (hadFocus && before?.isConnected === true) before.focus({ preventScroll: true });
    else if (hadFocus) this.parts.focusComposer();
    this.#draw();
    return true;
  }

  drawn(chat: ChatState): void {
    const last = this.#chat;
    this.#chat = chat;
    for (const drawn of this.#drawings.splice(0)) drawn();
    if (!this.#isOpen) return;
    this.#marks.soon();
    if (last === chat || this.#query.text === '') return;
    if (last?.conversation !== chat.conversation) {
      this.#at = null;
      void this.#search(false);
    } else this.#renew();
  }

  /** A search that is under way comes first: its answer is what the user waits for. */
  #renew(): void {
    this.#isDue = this.#isSearching;
    if (!this.#isSearching) this.#renewing ??= setTimeout(() => void this.#search(false), renewMs);
  }

  get #field(): HTMLInputElement | null {
    return this.#place.querySelector('input');
  }

  #key(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
    if (key === 'Enter' && event.target === this.#field) this.step(shiftKey ? -1 : 1);
    else if (key === 'Escape') this.close();
    else if (altKey && !ctrlKey && !metaKey && key.toLowerCase() === 'c') this.#toggle('matchCase');
    else if (altKey && !ctrlKey && !metaKey && key.toLowerCase() === 'w') this.#toggle('wholeWord');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #typed(event: Event): void {
    // What an input method has not settled yet is not looked for.
    if (event instanceof InputEvent && event.isComposing) return;
    const text = this.#field?.value ?? '';
    if (text === this.#query.text) return;
    this.#query = { ...this.#query, text };
    void this.#search(true);
  }

  #toggle(which: 'matchCase' | 'wholeWord'): void {
    this.#query = { ...this.#query, [which]: !this.#query[which] };
    void this.#search(true);
  }

  /** `moves`: it goes to the nearest match; else it stays where it is. */
  async #search(moves: boolean): Promise<void> {
    if (this.#renewing !== null) clearTimeout(this.#renewing);
    this.#renewing = null;
    this.#asked += 1;
    const asked = this.#asked;
    const pattern = patternOf(this.#query);
    if (moves && this.#isBeside) {
      this.#isBeside = false;
      this.#marks.show(null, 0);
    }
    this.#marks.pattern = pattern;
    this.#isSearching = pattern !== null;
    this.#isDue = false;
    if (pattern === null) {
      this.#found = null;
      this.#at = null;
      this.#problem = null;
      this.#draw();
      return;
    }
    this.#draw();
    const answer = await this.parts.ofChat('find', this.#query);
    if (asked !== this.#asked || !this.#isOpen) return;
    this.#isSearching = false;
    if (this.#isDue) this.#renew();
    this.#found = answer.ok ? answer.value : null;
    this.#problem = answer.ok ? null : localize(answer.reason);
    const places = this.#found?.places ?? [];
    const at = this.#at;
    if (moves) {
      const goal = this.#goal;
      this.#goal = null;
      const there = places.find(({ item }) => item === goal?.item);
      if (there === undefined && goal !== null && answer.ok) return await this.#seek(goal);
      const next = there === undefined ? nearest(places, this.transcript, this.#marks, at) : { place: there, nth: 0 };
      this.#at = null;
      if (next !== null) await this.#go(next);
    } else if (at !== null) {
      const place = places.find((one) => one.place === at.place.place);
      this.#at = place === undefined ? null : { place, nth: Math.min(at.nth, place.count - 1) };
    }
    this.#draw();
    if (moves) this.#speak(spokenMs);
  }

  /**
   * What the list has found, and the path that is shown has not: on another branch, which is gone to, or in what is drawn of
   * its item otherwise than in words, a name or an address; then that is marked.
   */
  async #seek({ item, entry }: Goal): Promise<void> {
    const asked = this.#asked;
    if (entry !== null) {
      this.#isSearching = true;
      const answer = await this.parts.ofChat('walk', { to: entry });
      if (answer.ok) await Promise.race([this.#drawing(), delay(drawnMs)]);
      if (asked !== this.#asked || !this.#isOpen) return;
      if (answer.ok) {
        this.#goal = { item, entry: null };
        return await this.#search(true);
      }
      this.#isSearching = false;
      this.#found = null;
      this.#problem = localize(answer.reason);
    } else if (await this.reading.bring(item)) {
      if (asked !== this.#asked) return;
      this.#showItem(item);
    }
    this.#draw();
    this.#speak(spokenMs);
  }

  #showItem(item: string): void {
    const [kind, id = ''] = item.split('/', 2);
    const turn = this.transcript.querySelector(`[data-${kind === 'user' ? 'turn' : 'answer'}="${CSS.escape(id)}"]`);
    const parts = [...(turn?.querySelectorAll('.chip.sent, .sentImage, .bubbleText, .markdown') ?? [])];
    const pattern = patternOf(this.#query);
    const named = parts.find((part) => part.textContent.search(pattern ?? /$^/) !== -1);
    const element = named ?? parts.find((part) => part.textContent !== '') ?? turn;
    if (element === null) return;
    this.#isBeside = true;
    const range = document.createRange();
    range.selectNodeContents(element);
    const box = this.#place.firstElementChild?.getBoundingClientRect();
    this.reading.reveal(range, box?.height ?? 0);
    this.#marks.showElement(element);
  }

  /** Brings a match into sight: its turn is loaded, its folds are opened. What is not shown is gone past, the way of `by`. */
  async #go(at: At, by: 1 | -1 = 1): Promise<void> {
    this.#moves += 1;
    const moves = this.#moves;
    this.#at = at;
    this.#draw();
    const { reading, folds } = this;
    const { item, place } = at.place;
    const isHere = await reading.bring(item);
    if (!isHere || moves !== this.#moves) return;
    for (const fold of foldsAround(at.place)) {
      if (this.#marks.elementOf(place) !== null) break;
      if (folds.isOpen(fold)) continue;
      folds.toggle(fold);
      await this.#drawing();
      if (moves !== this.#moves) return;
    }
    if (this.#marks.elementOf(place) === null) return this.#pass(at, by);
    await this.#openCut(at.place, at.nth);
    if (moves !== this.#moves) return;
    const isText = this.#marks.elementOf(place)?.matches('.sentText') === true;
    // What was sent along comes from the host when it is opened.
    for (let drawn = 0; isText && drawn < 3 && this.#marks.rangeOf(place, at.nth) === null; drawn += 1) {
      await this.#drawing();
      if (moves !== this.#moves) return;
    }
    const range = this.#marks.rangeOf(place, at.nth);
    if (isText && range !== null) scrollWithin(this.#marks.elementOf(place), range);
    const box = this.#place.firstElementChild?.getBoundingClientRect();
    if (range !== null) reading.reveal(range, box?.height ?? 0);
    this.#marks.show(place, at.nth);
  }

  /** A place that has no element counts no more. */
  #pass(at: At, by: 1 | -1): Promise<void> | undefined {
    const found = this.#found;
    const next = found === null ? null : stepped(found, { ...at, nth: by === 1 ? at.place.count - 1 : 0 }, by);
    const isAnother = next !== null && next.place.place !== at.place.place;
    if (found !== null) {
      this.#found = { ...found, places: found.places.filter(({ place }) => place !== at.place.place) };
    }
    if (isAnother) return this.#go(next, by);
    this.#at = null;
    this.#draw();
    return undefined;
  }

  /** A long question is cut until it is opened. */
  async #openCut({ item, place }: FoundPlace, nth: number): Promise<void> {
    const element = this.#marks.elementOf(place);
    const range = this.#marks.rangeOf(place, nth);
    if (element === null || range === null || !element.matches('.cut')) return;
    if (range.getBoundingClientRect().bottom <= element.getBoundingClientRect().bottom) return;
    this.folds.toggle(`${item.slice(item.indexOf('/') + 1)}/question`);
    await this.#drawing();
  }

  #drawing(): Promise<void> {
    return new Promise((resolve) => this.#drawings.push(resolve));
  }

  #speak(afterMs: number): void {
    if (this.#speaking !== null) clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      if (this.#isOpen && this.#words !== '') this.parts.announce(this.#words);
    }, afterMs);
  }

  /** "3 of 14". */
  get #words(): string {
    const found = this.#found;
    if (this.#isBeside) return findStrings.beside();
    if (found === null) return this.#problem ?? '';
    const total = totalOf(found);
    if (total === 0) return findStrings.none();
    const text = findStrings.total(total, found.more);
    return this.#at === null ? findStrings.count(total, text) : findStrings.place(indexOf(found, this.#at) + 1, text);
  }

  #draw(): void {
    render(this.#isOpen ? this.#template() : nothing, this.#place);
  }

  #template(): TemplateResult {
    const { text, matchCase, wholeWord } = this.#query;
    const words = this.#words;
    const isNone = this.#found !== null && totalOf(this.#found) === 0 && !this.#isBeside;
    const cannot = this.#found === null || isNone;
    const typed = (event: Event): void => this.#typed(event);
    return html`<div class="findBox" role="search" aria-label=${findStrings.title()}>
      <div class="findField ${isNone || this.#problem !== null ? 'noneFound' : ''}">
        <input
          class="findText" type="text" dir="auto" spellcheck="false" autocomplete="off" maxlength=${longestQuery}
          placeholder=${findStrings.find()}
          aria-label=${findStrings.title()} .value=${text} @input=${typed} @compositionend=${typed}
        >${this.#switch('case-sensitive', findStrings.matchCase(), matchCase, 'matchCase')}${this.#switch('whole-word', findStrings.wholeWord(), wholeWord, 'wholeWord')}
      </div>
      <div class="findRow">
        <span class="findCount" title=${words}>${words}</span>
        ${this.#button('arrow-up', findStrings.previous(), cannot, () => this.step(-1))}
        ${this.#button('arrow-down', findStrings.next(), cannot, () => this.step(1))}
        ${this.#button('close', findStrings.close(), false, () => this.close())}
      </div>
    </div>`;
  }

  #switch(icon: string, label: string, on: boolean, which: 'matchCase' | 'wholeWord'): TemplateResult {
    return html`<button
      class="iconButton findSwitch codicon codicon-${icon}" type="button" aria-pressed=${on ? 'true' : 'false'}
      title=${label} aria-label=${label} data-find=${which} @click=${() => this.#toggle(which)}
    ></button>`;
  }

  #button(icon: string, label: string, disabled: boolean, act: () => void): TemplateResult {
    return html`<button
      class="iconButton codicon codicon-${icon}" type="button" ?disabled=${disabled} title=${label} aria-label=${label}
      data-find=${icon} @click=${act}
    ></button>`;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What scrolls inside is scrolled to the match, too. */
function scrollWithin(box: HTMLElement | null, range: Range): void {
  if (box === null) return;
  const { top, bottom } = range.getBoundingClientRect();
  const inside = box.getBoundingClientRect();
  if (top < inside.top || bottom > inside.bottom) box.scrollTop += top - inside.top - box.clientHeight / 2;
}

/** What is selected in the panel, where that may be words to look for. */
function selectedWords(): string {
  const text = String(document.getSelection() ?? '').trim();
  return text.length > longestSelection || /[\n\r]/.test(text) ? '' : text;
}
