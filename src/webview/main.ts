/** The panel's entry. When showing it fails, it says so and offers a way back: never a grey panel. */
import { Panel } from './panel';
import { connectHost, type HostApi } from './vscodeApi';
import { words } from './words';

const place = document.querySelector<HTMLElement>('#app');
if (place !== null) start(place, connectHost());

function start(app: HTMLElement, host: HostApi): void {
  // A place of its own: what a failed rendering left behind is thrown away with it.
  const root = document.createElement('div');
  root.className = 'root';
  app.replaceChildren(root);
  new Panel(root, host, (error) => {
    host.post({ type: 'viewFailed', message: describe(error) });
    showFailure(app, error, () => start(app, host));
  });
}

function showFailure(app: HTMLElement, error: unknown, reload: () => void): void {
  const card = document.createElement('main');
  card.className = 'viewFailed';
  card.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = `${words.viewFailed()} ${words.viewKept()}`;
  const reason = document.createElement('pre');
  reason.textContent = describe(error);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = words.reloadView();
  button.addEventListener('click', reload);
  card.append(text, reason, button);
  app.replaceChildren(card);
  button.focus();
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
