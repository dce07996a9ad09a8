/** The places of the panel that never go away; what is in them is rendered into them. */

/** The elements that everything else is rendered into. */
export interface Layout {
  readonly root: HTMLElement;
  readonly header: HTMLElement;
  /** The list of conversations; hidden at first. */
  readonly list: HTMLElement;
  /** Scrolls. One stop in the tab order. */
  readonly transcript: HTMLElement;
  /** The centred column inside it. */
  readonly column: HTMLElement;
  readonly pill: HTMLElement;
  readonly composer: ComposerLayout;
  /** The one polite live region. */
  readonly live: HTMLElement;
}

/** Below the transcript. The text box never moves: what is typed in it, the cursor and the focus stay. */
export interface ComposerLayout {
  /** Busy until a conversation is shown. */
  readonly area: HTMLElement;
  readonly above: HTMLElement;
  readonly text: HTMLTextAreaElement;
  /** The buttons below the text. */
  readonly bar: HTMLElement;
  readonly below: HTMLElement;
}

/** Builds them in the container, around the text box where the document has one already (`firstText`). */
export function buildLayout(container: HTMLElement): Layout {
  const root = within(container, 'div', 'panel');
  const chat = within(root, 'div', 'chat');
  const area = within(chat, 'footer', 'composerArea');
  const box = within(area, 'div', 'composerBox');
  const text = within(box, 'textarea', 'composerText');
  area.ariaBusy = 'true';
  text.rows = 2;
  text.spellcheck = true;
  const header = element('header', 'panelHeader');
  const list = element('div', 'conversations');
  list.hidden = true;
  const transcript = element('main', 'transcript');
  transcript.tabIndex = 0;
  const column = element('div', 'column');
  const pill = element('div', 'pillPlace');
  const live = element('div', 'live');
  live.setAttribute('aria-live', 'polite');
  live.setAttribute('role', 'status');
  const above = element('div', 'aboveText');
  const bar = element('div', 'composerBar');
  const below = element('div', 'belowText');
  transcript.append(column);
  area.prepend(above);
  box.append(bar);
  area.append(below);
  chat.prepend(transcript, pill);
  root.prepend(header, list);
  root.append(live);
  return { root, header, list, transcript, column, pill, composer: { area, above, text, bar, below }, live };
}

/** The one that is there, else a new one. */
function within<K extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  tag: K,
  name: string,
): HTMLElementTagNameMap[K] {
  const there = parent.querySelector<HTMLElementTagNameMap[K]>(`${tag}.${name}`);
  if (there !== null) return there;
  const made = element(tag, name);
  parent.append(made);
  return made;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
