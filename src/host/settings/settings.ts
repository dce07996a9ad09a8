/** The settings below `prelude.`, out of VS Code. */
import * as vscode from 'vscode';
import { Listeners } from '../../core/base/listeners';
import type { LocalizableMessage } from '../../shared/chat';
import { messages } from '../base/messages';
import { localized } from '../base/strings';
import { type Approves, type FolderWish, type ScopedValue, scopedValueOf } from './scopedSettings';

const section = 'prelude';

const defaultBaseUrl = 'https://api.anthropic.com';

/** Where requests go, as it is written in the settings: the address is checked when it is used. */
export interface AddressSettings {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Inspected = ReturnType<vscode.WorkspaceConfiguration['inspect']>;

/**
 * What VS Code says of each setting below `prelude.`: asked for once until a setting changes. One Send reads them a dozen
 * times, and VS Code puts each answer together anew.
 */
export class WindowSettings {
  private readonly inspected = new Map<string, Inspected>();
  private readonly changed = new Listeners();
  private readonly watching: vscode.Disposable;

  /** Make it before whoever reads settings when they change: VS Code tells in that order. */
  constructor() {
    this.watching = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(section)) return;
      this.inspected.clear();
      this.changed.tell();
    });
  }

  /** As it stands in each place. In Restricted Mode nothing of the folder holds. */
  readonly read = (setting: string): ScopedValue => scopedValueOf(this.inspect(setting), vscode.workspace.isTrusted);

  /** Base URL and headers: those of this machine, never those of a folder, which would take the key elsewhere. */
  readonly address = (): AddressSettings => {
    const baseUrl = this.machineValue('baseUrl');
    return {
      baseUrl: typeof baseUrl === 'string' && baseUrl.trim() !== '' ? baseUrl.trim() : defaultBaseUrl,
      headers: usableHeaders(this.machineValue('headers')),
    };
  };

  /**
   * Makes a choice of the panel the user's own. Where the folder's value holds, since the user agreed to it, that one is
   * changed, and the new one counts as agreed to.
   */
  async write(
    setting: 'model' | 'effort',
    value: string,
    folder: { readonly approves: Approves; readonly answer: (wish: FolderWish, agreed: boolean) => Promise<void> },
  ): Promise<void> {
    const theirs = this.read(setting).folder;
    const here = typeof theirs === 'string' && folder.approves(setting, theirs.trim());
    if (here) await folder.answer({ setting, value }, true);
    const { Workspace, Global } = vscode.ConfigurationTarget;
    try {
      await vscode.workspace.getConfiguration(section).update(setting, value, here ? Workspace : Global);
    } finally {
      // Whoever waited for this reads the new one, however late its event comes.
      this.inspected.delete(setting);
    }
  }

  /** Calls back when one of them changes. */
  readonly onDidChange = this.changed.add;

  dispose(): void {
    this.watching.dispose();
    this.changed.clear();
  }

  /** VS Code itself ignores a folder's value of a machine setting; asking for the user's own leaves no doubt. */
  private machineValue(setting: string): unknown {
    const values = this.inspect(setting);
    return values?.globalValue ?? values?.defaultValue;
  }

  private inspect(setting: string): Inspected {
    const known = this.inspected.get(setting);
    if (known !== undefined) return known;
    const values = vscode.workspace.getConfiguration(section).inspect(setting);
    this.inspected.set(setting, values);
    return values;
  }
}

/** Asks in a message that waits for no one; null when it was closed without an answer. */
export async function askInWindow(
  question: LocalizableMessage,
  yes: LocalizableMessage,
  no: LocalizableMessage,
): Promise<boolean | null> {
  const [text, agree, decline] = [question, yes, no].map(localized);
  const answer = await messages.info(text ?? '', agree ?? '', decline ?? '');
  return answer === undefined ? null : answer === agree;
}

/** Headers that `fetch` takes: a name it refuses would fail every request with words about code. */
function usableHeaders(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (header): header is [string, string] =>
        typeof header[1] === 'string' &&
        /^[!#$%&'*+.^_`|~\w-]+$/.test(header[0]) &&
        /^[\t\x20-\x7e\x80-\xff]*$/.test(header[1]),
    ),
  );
}
