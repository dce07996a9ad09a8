/** The whole host over the stand-in for `vscode`, with webviews that have no page. */
import { join } from 'node:path';
import type { Composed } from '../../../src/host/compose';
import type { HostToView } from '../../../src/shared/protocol';
import { createStub, installStub, type StubConfiguration } from '../vscodeStub';

/** What it was told, and what it says. */
export class FakeWebview {
  readonly told: HostToView[] = [];
  html = '';
  options = {};
  readonly cspSource = 'stub:';
  #listener: (message: unknown) => void = () => undefined;

  readonly asWebviewUri = (uri: unknown): unknown => uri;
  readonly postMessage = async (message: HostToView): Promise<boolean> => {
    this.told.push(message);
    return true;
  };
  readonly onDidReceiveMessage = (listener: (message: unknown) => void): object => {
    this.#listener = listener;
    return { dispose: () => undefined };
  };

  say(intent: object, ask = 1): void {
    this.#listener({ ask, intent });
  }
}

/** An editor tab. The one that is made last is active and in sight, until a test says otherwise. */
export class FakePanel {
  readonly webview = new FakeWebview();
  title = '';
  iconPath: unknown;
  visible = true;
  active = true;
  revealed = 0;
  readonly #changed = new Set<() => void>();
  readonly #closed = new Set<() => void>();

  readonly reveal = (): void => {
    this.revealed += 1;
  };
  readonly onDidChangeViewState = (listener: () => void): object => listenIn(this.#changed, listener);
  readonly onDidDispose = (listener: () => void): object => listenIn(this.#closed, listener);

  /** The user looks at it, or elsewhere. */
  show(state: { readonly visible: boolean; readonly active: boolean }): void {
    Object.assign(this, state);
    for (const listener of [...this.#changed]) listener();
  }

  dispose(): void {
    for (const listener of [...this.#closed]) listener();
  }
}

function listenIn(listeners: Set<() => void>, listener: () => void): object {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}

interface WholeHost {
  readonly host: Composed;
  /** The tabs that were opened, in their order. */
  readonly panels: readonly FakePanel[];
  /** The commands of VS Code's own that were run. */
  readonly ran: readonly string[];
  /** What they were given. */
  readonly given: readonly (readonly [command: string, ...args: readonly unknown[]])[];
  /** What the conditions of keys and menus were told. */
  readonly contexts: ReadonlyMap<unknown, unknown>;
  /** What the module `vscode` has in `window`. */
  readonly window: Record<string, unknown>;
  /** What it has in `workspace`. */
  readonly workspace: Record<string, unknown>;
  /** What it has in `extensions`. */
  readonly extensions: Record<string, unknown>;
  readonly configuration: StubConfiguration;
  /** What the log was told that is no fault. */
  readonly logged: readonly string[];
  /** The URI of a file, as VS Code gives it to commands. */
  fileUri(path: string): unknown;
  /** In the editor that is active. */
  moveCursor(): void;
  /** `require('vscode')` is what it was. */
  restore(): void;
}

/** The host with a key, over one folder. */
export async function openWholeHost(
  url: string,
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<WholeHost> {
  const { module, context, configuration, moveCursor, logged } = createStub({
    folder,
    storage: join(folder, 'storage'),
    settings: { 'prelude.baseUrl': url, ...settings },
    secrets: new Map([['prelude.apiKey', 'sk-ant-test']]),
  });
  const panels: FakePanel[] = [];
  const ran: string[] = [];
  const given: [string, ...unknown[]][] = [];
  const contexts = new Map<unknown, unknown>();
  const { window, workspace, commands, extensions } = module as Record<
    'window' | 'workspace' | 'commands' | 'extensions',
    Record<string, unknown>
  >;
  window['createWebviewPanel'] = () => {
    for (const other of panels) other.show({ visible: other.visible, active: false });
    panels.push(new FakePanel());
    return panels.at(-1);
  };
  commands['executeCommand'] = async (command: string, ...args: readonly unknown[]) => {
    ran.push(command);
    given.push([command, ...args]);
    if (command === 'setContext') contexts.set(args[0], args[1]);
  };
  const restore = installStub(module);
  const { compose } = await import('../../../src/host/compose');
  const { createLogChannel } = await import('../../../src/host/base/log');
  const host = await compose(context as never, createLogChannel());
  const { file } = (module as { readonly Uri: { file(path: string): unknown } }).Uri;
  return {
    host,
    panels,
    ran,
    given,
    contexts,
    window,
    workspace,
    extensions,
    configuration,
    moveCursor,
    logged,
    fileUri: file,
    restore,
  };
}

/** The chat in the side bar, in sight. */
export function showSideBar(host: Composed): FakeWebview {
  const webview = new FakeWebview();
  const nothing = (): object => ({ dispose: () => undefined });
  const view = { webview, visible: true, onDidChangeVisibility: nothing, onDidDispose: nothing };
  host.view.resolveWebviewView(view as never);
  return webview;
}
