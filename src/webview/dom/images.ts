/** Images of the conversation: small ones where they come into view, and a large one on a click. */
import type { Answer, ImageData } from '../../shared/protocol';
import { localize } from '../l10n/language';
import { strings } from '../l10n/strings';
import { fromBase64 } from './base64';

/** Pixels of a small one's longer side, for dense screens. */
const smallSide = 240;
/** Small ones that are kept. */
const maxKept = 200;

type Small = { readonly kind: 'url'; readonly url: string } | { readonly kind: 'missing' };

/** Asks for an image when it comes into view, and shows it large on a click. */
export class Images {
  readonly #small = new Map<string, Small>();
  readonly #waiting = new Map<string, Set<HTMLImageElement>>();
  readonly #watcher: IntersectionObserver;
  #large: { readonly id: string; readonly dialog: HTMLDialogElement; readonly image: HTMLImageElement } | null = null;

  /** `load` asks the host for the bytes. */
  constructor(
    private readonly load: (id: string) => Promise<Answer<ImageData | null>>,
    signal: AbortSignal,
  ) {
    this.#watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && target instanceof HTMLImageElement) this.#wanted(target);
      }
    });
    signal.addEventListener('abort', () => {
      this.#watcher.disconnect();
      for (const small of this.#small.values()) if (small.kind === 'url') URL.revokeObjectURL(small.url);
      this.#large?.dialog.remove();
    });
  }

  /** Shows an image in an element once that is in view. May be called with every rendering. */
  show(element: Element | undefined, id: string): void {
    if (!(element instanceof HTMLImageElement)) return;
    if (element.dataset['blob'] === id && element.hasAttribute('src')) return;
    element.dataset['blob'] = id;
    const known = this.#small.get(id);
    if (known === undefined) this.#watcher.observe(element);
    else put(element, known);
  }

  /** Opens an image large, over everything; Esc or a click closes it and gives the focus back. */
  open(id: string, label: string): void {
    this.#large?.dialog.close();
    const dialog = document.createElement('dialog');
    dialog.className = 'largeImage';
    dialog.setAttribute('aria-label', label);
    const image = document.createElement('img');
    image.alt = label;
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'iconButton codicon codicon-close';
    close.title = strings.closeImage();
    close.setAttribute('aria-label', strings.closeImage());
    dialog.append(image, close);
    dialog.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      URL.revokeObjectURL(image.src);
      dialog.remove();
      if (this.#large?.dialog === dialog) this.#large = null;
    });
    document.body.append(dialog);
    dialog.showModal();
    this.#large = { id, dialog, image };
    void this.#ask(id);
  }

  /** One that could not be read says why in its place, and is asked for again when it is shown again. */
  async #ask(id: string): Promise<void> {
    const answer = await this.load(id);
    const blob = answer.ok && answer.value !== null ? blobOf(answer.value.data, answer.value.mediaType) : null;
    const large = this.#large;
    if (large?.id === id && !large.image.hasAttribute('src')) {
      if (!answer.ok) large.image.alt = localize(answer.reason);
      else if (blob === null) large.dialog.close();
      else large.image.src = URL.createObjectURL(blob);
    }
    const elements = this.#waiting.get(id);
    if (elements === undefined) return;
    const small: Small = blob === null ? { kind: 'missing' } : await shrunk(blob);
    this.#waiting.delete(id);
    if (!answer.ok) {
      for (const element of elements) putFailure(element, localize(answer.reason));
      return;
    }
    this.#keep(id, small);
    for (const element of elements) put(element, small);
  }

  #wanted(element: HTMLImageElement): void {
    this.#watcher.unobserve(element);
    const id = element.dataset['blob'];
    if (id === undefined) return;
    const known = this.#small.get(id);
    if (known !== undefined) {
      put(element, known);
      return;
    }
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.#waiting.set(id, new Set([element]));
      void this.#ask(id);
    } else waiting.add(element);
  }

  #keep(id: string, small: Small): void {
    this.#small.set(id, small);
    const [first] = this.#small;
    if (this.#small.size <= maxKept || first === undefined) return;
    // Elements that show it keep it; one that comes back is loaded again.
    this.#small.delete(first[0]);
    if (first[1].kind === 'url') URL.revokeObjectURL(first[1].url);
  }
}

/** null for bytes that cannot be read. */
function blobOf(data: string, mediaType: string): Blob | null {
  try {
    return new Blob([fromBase64(data)], { type: mediaType });
  } catch {
    return null;
  }
}

function put(element: HTMLImageElement, small: Small): void {
  if (small.kind === 'url') element.src = small.url;
  else {
    element.removeAttribute('src');
    element.title = strings.imageMissing();
  }
}

function putFailure(element: HTMLImageElement, why: string): void {
  element.removeAttribute('src');
  element.title = why;
}

async function shrunk(blob: Blob): Promise<Small> {
  try {
    const { smallOf } = await import('./imageResize');
    return { kind: 'url', url: URL.createObjectURL(await smallOf(blob, smallSide)) };
  } catch {
    return { kind: 'missing' };
  }
}
