/** The panel's entry. When showing it fails, it says so and offers a way back: never a grey panel. */
import type { HostToView } from '../shared/protocol';
import { onlyOnce, undoInText } from './dom/keys';
import { describe } from './dom/partFailures';
import { sentences } from './l10n/format';
import { strings } from './l10n/strings';
import { Panel } from './panel';
import { connectHost, type HostApi } from './view/vscodeApi';

export * from './common';

const container = document.querySelector<HTMLElement>('#app');
if (container !== null) start(container, connectHost());
for (const first of [undoInText, onlyOnce]) document.addEventListener('keydown', first, { capture: true });
// Loaded when something is selected for the first time: without it a copy is as the browser makes it.
document.addEventListener('selectionchange', () => void copyAsMarkdown(), { once: true });

async function copyAsMarkdown(): Promise<void> {
  const loaded = await import('./dom/copyMarkdown').catch(() => null);
  if (loaded !== null) document.addEventListener('copy', loaded.copySelection);
}

function start(app: HTMLElement, host: HostApi): void {
  // A place of its own: what a failed rendering left behind is thrown away with it. The first is in the document.
  let root = app.querySelector<HTMLElement>(':scope > .root');
  if (root === null) {
    root = document.createElement('div');
    root.className = 'root';
    app.replaceChildren(root);
  }
  new Panel(root, host, (error, conversation) => {
    // Nobody waits for the answer.
    host.post({ ask: 0, intent: { type: 'viewFailed', message: describe(error) } });
    const again = new AbortController();
    const reload = (): void => {
      again.abort();
      start(app, host);
    };
    showFailure(app, error, reload);
    // It is about one conversation: when another one is shown, it leaves.
    window.addEventListener(
      'message',
      ({ data }: MessageEvent<HostToView>) => {
        const shown = data?.type === 'snapshot' || data?.type === 'unopened';
        if (shown && data.conversation !== conversation) reload();
      },
      { signal: again.signal },
    );
  });
}

function showFailure(app: HTMLElement, error: unknown, reload: () => void): void {
  const card = document.createElement('main');
  card.className = 'viewFailed';
  card.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = sentences([strings.viewFailed(), strings.viewKept()]);
  const reason = document.createElement('pre');
  reason.textContent = describe(error);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = strings.reloadView();
  button.addEventListener('click', reload);
  card.append(text, reason, button);
  app.replaceChildren(card);
  button.focus();
}
