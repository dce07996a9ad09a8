/**
 * Turns names in code into links, where the host says that the workspace defines them: in place and by attributes alone, so
 * that nothing moves. Loaded when the first answer with code is on screen.
 */
import type { Intent } from '../../shared/intents';
import { type Answer, maxSymbols } from '../../shared/protocol';
import { strings } from '../l10n/strings';

/** ms; what was not found may be there by then: a service has read the project, somebody has written it. */
const unknownMs = 30_000;
/** Names that are remembered. */
const maxKnown = 2_000;

/** One or two names, with what calls them: "login", "Cart.add()", "Cart#add", "std::sort". */
const form = /^(?:[\p{L}_$][\p{L}\p{N}_$]*(?:\.|::|->|#)){0,4}[\p{L}_$][\p{L}\p{N}_$]{2,}(?:\([^()\n]{0,60}\))?$/u;
const maxLength = 100;

interface SymbolAsks {
  ask(intent: Intent<'definedSymbols'>): Promise<Answer<readonly string[]>>;
}

/** The name in a piece of code, without what calls it; null for what is none. */
export function symbolIn(code: string): string | null {
  const text = code.trim();
  return text.length <= maxLength && form.test(text) ? text.replace(/\(.*$/, '') : null;
}

/** Looks at the finished answers in the part of a box that is seen. */
export function createSymbolLinks(box: HTMLElement, asks: SymbolAsks): { look(): void } {
  /** When it was asked for, and whether it is there. */
  const known = new Map<string, { readonly at: number; readonly defined: boolean }>();
  let asking = false;

  const look = (): void => {
    const wanted = new Set<string>();
    for (const code of codeInSight(box)) {
      const name = symbolIn(code.textContent ?? '');
      const one = name === null ? undefined : known.get(name);
      mark(code, one?.defined === true ? name : null);
      if (name === null || one?.defined === true) continue;
      if (one === undefined || Date.now() - one.at > unknownMs) wanted.add(name);
    }
    if (wanted.size > 0) void askFor([...wanted].slice(0, maxSymbols));
  };

  const askFor = async (names: readonly string[]): Promise<void> => {
    if (asking) return;
    asking = true;
    const answer = await asks.ask({ type: 'definedSymbols', names });
    asking = false;
    // What could not be asked for is no link: nothing is said of it.
    const defined = new Set(answer.ok ? answer.value : []);
    for (const name of names) known.set(name, { at: Date.now(), defined: defined.has(name) });
    for (const name of [...known.keys()].slice(0, Math.max(0, known.size - maxKnown))) known.delete(name);
    look();
  };

  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLElement) || !event.target.matches('code[data-symbol]'))
      return;
    event.preventDefault();
    event.target.click();
  });
  return { look };
}

/** The code of finished answers that is on screen; what is a block or a link already is none. */
function codeInSight(box: HTMLElement): readonly HTMLElement[] {
  const { top, bottom } = box.getBoundingClientRect();
  const isSeen = (element: Element): boolean => {
    const rect = element.getBoundingClientRect();
    return rect.bottom > top && rect.top < bottom;
  };
  return [...box.querySelectorAll('.answer:not(.running)')]
    .filter(isSeen)
    .flatMap((answer) => [...answer.querySelectorAll<HTMLElement>('.markdown code')])
    .filter((code) => code.closest('a, pre') === null && isSeen(code));
}

function mark(code: HTMLElement, name: string | null): void {
  if ((code.dataset['symbol'] ?? null) === name) return;
  if (name === null) {
    for (const attribute of ['data-symbol', 'role', 'tabindex', 'title']) code.removeAttribute(attribute);
    return;
  }
  code.dataset['symbol'] = name;
  code.role = 'link';
  code.tabIndex = 0;
  code.title = strings.openSymbol(name);
}
