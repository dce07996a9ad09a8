/** The keys of the list: Up and Down go from row to row, Left and Right along a row's buttons, / searches, Delete deletes. */

/** Moves the focus. Returns the id of the row that is to be deleted; null for every other key. */
export function listKey(event: KeyboardEvent, list: HTMLElement): string | null {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return null;
  const row = target.closest<HTMLElement>('.listRow');
  if (target.matches('.listSearch')) {
    if (key === 'ArrowDown') moveTo(event, list.querySelector<HTMLElement>('.rowOpen'));
    return null;
  }
  if (row === null || target instanceof HTMLInputElement) return null;
  const next = nextOf(key, row, target, list);
  if (next !== null) moveTo(event, next);
  else if (key === '/') moveTo(event, list.querySelector<HTMLElement>('.listSearch'));
  else if (key === 'Delete') {
    event.preventDefault();
    return row.dataset['id'] ?? null;
  }
  return null;
}

function moveTo(event: KeyboardEvent, element: HTMLElement | null): void {
  event.preventDefault();
  element?.focus();
}

function nextOf(key: string, row: HTMLElement, target: HTMLElement, list: HTMLElement): HTMLElement | null {
  const buttons = [...row.querySelectorAll<HTMLElement>('button')];
  const rows = [...list.querySelectorAll<HTMLElement>('.rowOpen')];
  const at = rows.findIndex((one) => row.contains(one));
  switch (key) {
    case 'ArrowDown':
      return rows[at + 1] ?? null;
    case 'ArrowUp':
      return rows[at - 1] ?? list.querySelector<HTMLElement>('.listSearch');
    case 'Home':
      return rows[0] ?? null;
    case 'End':
      return rows.at(-1) ?? null;
    case 'ArrowRight':
      return buttons[buttons.indexOf(target) + 1] ?? null;
    case 'ArrowLeft':
      return buttons[buttons.indexOf(target) - 1] ?? null;
    default:
      return null;
  }
}
