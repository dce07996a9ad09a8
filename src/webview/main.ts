/** The panel's entry. When showing it fails, it says so and offers a way back: never a grey panel. */
import { html, render } from 'lit-html';
import type { HostToView } from '../shared/protocol';
import { icon } from './dom/icon';
import { onlyOnce, undoInText } from './dom/keys';
import { describe } from './dom/partFailures';
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
  // A place of its own: nothing of what failed is in it.
  render(
    html`<div class="notice error" role="alert">${icon('error')}<div class="noticeBody">
      <h1 class="noticeText">${strings.viewFailed()}</h1>
      <div class="noticeButtons"><button class="button" type="button" @click=${reload}>${strings.reloadView()}</button></div>
      <pre>${describe(error)}</pre>
    </div></div>`,
    card,
  );
  app.replaceChildren(card);
  card.querySelector('button')?.focus();
}
