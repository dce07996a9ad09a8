/** The usage view as an editor tab: at most one in a window. Its script asks, and gets sums of the store. */
import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports';
import type { Store, WorkspaceIdentity } from '../../core/record/store';
import { type Handlers, handle, type Intent, isAt } from '../../shared/intents';
import type { HostToUsage, UsageReport } from '../../shared/usage';
import { answerTo } from '../base/answers';
import { usageTabType } from '../base/commandIds';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { strings } from '../base/strings';
import { includedWorkspaces } from '../base/workspaceMatch';
import { fillPage, tabIcon } from './webviewPage';

interface UsageTabParts {
  readonly extensionUri: vscode.Uri;
  readonly store: Pick<Store, 'usageReport' | 'listWorkspaces'>;
  readonly identity: WorkspaceIdentity;
  readonly isDemo: () => Promise<boolean>;
  /** Shows a conversation in the side bar. */
  readonly openConversation: (id: string) => Promise<void>;
  readonly openSettings: () => Promise<void>;
  /** Calls back when sums may have changed. */
  readonly onDidChange: (callback: () => void) => () => void;
  readonly log: Log;
}

/** Conversations that are listed; the rest is one row. */
const listed = 20;

/** The one usage tab of this window. */
export class UsageTab {
  #panel: vscode.WebviewPanel | null = null;

  constructor(private readonly parts: UsageTabParts) {}

  /** Opens the tab, or brings it to the front. */
  show(): void {
    if (this.#panel !== null) {
      this.#panel.reveal();
      return;
    }
    const title = strings.usageTab();
    this.#fill(vscode.window.createWebviewPanel(usageTabType, title, vscode.ViewColumn.Active));
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #fill(panel: vscode.WebviewPanel): void {
    const { extensionUri, onDidChange, log } = this.parts;
    this.#panel = panel;
    panel.iconPath = tabIcon(extensionUri);
    const { webview } = panel;
    const post = (message: HostToUsage): void => {
      webview
        .postMessage(message)
        .then(undefined, (error: unknown) => log.error('The usage view took no message', error));
    };
    const received = webview.onDidReceiveMessage((message: unknown) => {
      answerTo(message, (intent) => this.#handle(intent), log)
        .then((answer) => (answer === null ? undefined : post(answer)))
        .catch((error: unknown) => log.error('The usage view could not be answered', error));
    });
    const unsubscribe = onDidChange(() => {
      if (panel.visible) post({ type: 'usageChanged' });
    });
    panel.onDidDispose(() => {
      received.dispose();
      unsubscribe();
      if (this.#panel === panel) this.#panel = null;
    });
    fillPage(webview, extensionUri, {
      script: 'usage.js',
      style: 'usage.css',
      title: panel.title,
      place: 'editor',
      isChat: false,
    });
  }

  #handle(intent: Intent): unknown {
    if (isAt('usage', intent)) return handle(this.#handlers, intent);
    throw refused(refusals.notOfTheUsageView());
  }

  readonly #handlers: Handlers<'usage'> = {
    usageEnvironment: async () => ({
      workspaceName: vscode.workspace.name ?? null,
      demo: await this.parts.isDemo(),
      words: vscode.l10n.bundle ?? {},
      locale: vscode.env.language,
    }),
    usageReport: ({ all, days }) => this.#report(all, days),
    usageConversation: ({ id }) => this.parts.openConversation(id),
    usageSettings: () => this.parts.openSettings(),
  };

  async #report(all: boolean, days: readonly number[]): Promise<UsageReport> {
    const { store, identity } = this.parts;
    const own = async (): Promise<readonly string[]> => [
      identity.key,
      ...includedWorkspaces(identity, await store.listWorkspaces()).map(({ key }) => key),
    ];
    return store.usageReport({ workspaces: all ? null : await own(), days, limit: listed });
  }
}
