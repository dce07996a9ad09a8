/** Rows and pages of the list of conversations. */
import type { ConversationRow, ConversationsPage } from '../../src/shared/protocol';
import { conversation } from './panelPage';

export function row(id: string, more: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id,
    title: `Title of ${id}`,
    // Half a minute from the next one: a busy machine takes its time.
    at: Date.now() - 150_000,
    state: 'idle',
    workspace: null,
    snippet: null,
    ...more,
  };
}

export const allRows = () => [
  row('a', { title: 'Login race', state: 'running' }),
  row('b', { title: 'Flaky test', state: 'needsYou', at: Date.now() - 5_400_000 }),
  row(conversation, { title: 'CSV export', workspace: 'bank', at: Date.UTC(2024, 4, 5) }),
];

/** What a screen reader says of an element. */
export function spokenOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const hidden of copy.querySelectorAll('[aria-hidden]')) hidden.remove();
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** A page as the host answers it. */
export function listPage(more: Partial<ConversationsPage> = {}): ConversationsPage {
  return { rows: allRows(), more: false, elsewhere: 0, current: conversation, offer: null, adopted: null, ...more };
}
