/** The transcript is one stop: arrows go from turn to turn, and to a turn's branches; Tab from a turn into it, else past them all. */
import { isChord } from './keys';
import type { Layout } from './layout';

/** `reveal` brings a turn into sight. */
export function moveByKey(event: KeyboardEvent, frame: Layout, reveal: (turn: HTMLElement) => void): void {
  const { transcript: box } = frame;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return;
  if (isChord(event)) return;
  const onBox = target === box;
  if (event.key === 'Tab' && onBox && !event.shiftKey) {
    const next = firstBelow(frame);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  } else if (event.key === 'Tab' && event.shiftKey && target === firstBelow(frame)) {
    event.preventDefault();
    box.focus();
  } else if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && target.matches('.turn, [data-walk]')) {
    const by = event.key === 'ArrowLeft' ? 'previous' : 'next';
    const button = target.closest('.turn')?.querySelector<HTMLElement>(`[data-walk="${by}"]`) ?? null;
    if (button === null) return;
    event.preventDefault();
    button.click();
  } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && (onBox || target.matches('.turn'))) {
    const turns = [...box.querySelectorAll<HTMLElement>('article.turn')];
    const at = onBox ? turns.length : turns.indexOf(target);
    const next = turns[at + (event.key === 'ArrowUp' ? -1 : 1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    reveal(next);
  }
}

/** What Tab comes to first below the transcript. */
function firstBelow({ pill, composer }: Layout): HTMLElement | undefined {
  return [pill, composer.area]
    .flatMap((place) => [...place.querySelectorAll<HTMLElement>('button:enabled, textarea, [tabindex]')])
    .find((one) => one.tabIndex === 0 && one.checkVisibility());
}
