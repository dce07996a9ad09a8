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
  readonly composer: HTMLElement;
  /** The one polite live region. */
  readonly live: HTMLElement;
}

/** Builds them in place of what the container holds. */
export function buildLayout(container: HTMLElement): Layout {
  const root = element('div', 'panel');
  const header = element('header', 'panelHeader');
  const list = element('nav', 'conversations');
  list.hidden = true;
  const chat = element('div', 'chat');
  const transcript = element('main', 'transcript');
  transcript.tabIndex = 0;
  const column = element('div', 'column');
  const pill = element('div', 'pillPlace');
  const composer = element('footer', 'composerArea');
  const live = element('div', 'live');
  live.setAttribute('aria-live', 'polite');
  live.setAttribute('role', 'status');
  transcript.append(column);
  chat.append(transcript, pill, composer);
  root.append(header, list, chat, live);
  container.replaceChildren(root);
  return { root, header, list, transcript, column, pill, composer, live };
}

function element(tag: string, name: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
