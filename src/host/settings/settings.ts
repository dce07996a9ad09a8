/** The settings below `prelude.`, out of VS Code. */
import * as vscode from 'vscode';
import type { LocalizableMessage } from '../../shared/chat';
import { localized } from '../base/strings';
import { type Approves, type FolderWish, type ScopedValue, scopedValueOf } from './scopedSettings';

const section = 'prelude';

const defaultBaseUrl = 'https://api.anthropic.com';

/** Where requests go, as it is written in the settings: the address is checked when it is used. */
export interface AddressSettings {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As it stands in each place. In Restricted Mode nothing of the folder holds. */
export function readScoped(setting: string): ScopedValue {
  return scopedValueOf(vscode.workspace.getConfiguration(section).inspect(setting), vscode.workspace.isTrusted);
}

/**
 * Makes a choice of the panel the user's own. Where the folder's value holds, since the user agreed to it, that one is
 * changed, and the new one counts as agreed to.
 */
export async function writeChatSetting(
  setting: 'model' | 'effort',
  value: string,
  folder: { readonly approves: Approves; readonly answer: (wish: FolderWish, agreed: boolean) => Promise<void> },
): Promise<void> {
  const theirs = readScoped(setting).folder;
  const here = typeof theirs === 'string' && folder.approves(setting, theirs.trim());
  if (here) await folder.answer({ setting, value }, true);
  const { Workspace, Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration(section).update(setting, value, here ? Workspace : Global);
}

/** Base URL and headers: those of this machine, never those of a folder, which would take the key elsewhere. */
export function readAddressSettings(): AddressSettings {
  const baseUrl = machineValue('baseUrl');
  return {
    baseUrl: typeof baseUrl === 'string' && baseUrl.trim() !== '' ? baseUrl.trim() : defaultBaseUrl,
    headers: usableHeaders(machineValue('headers')),
  };
}

/** Asks in a message that waits for no one; null when it was closed without an answer. */
export async function askInWindow(
  question: LocalizableMessage,
  yes: LocalizableMessage,
  no: LocalizableMessage,
): Promise<boolean | null> {
  const [text, agree, decline] = [question, yes, no].map(localized);
  const answer = await vscode.window.showInformationMessage(text ?? '', agree ?? '', decline ?? '');
  return answer === undefined ? null : answer === agree;
}

/** Calls back when a setting below `prelude.` changes. */
export function onDidChangeSettings(callback: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) callback();
  });
}

/** VS Code itself ignores a folder's value of a machine setting; asking for the user's own leaves no doubt. */
function machineValue(setting: string): unknown {
  const values = vscode.workspace.getConfiguration(section).inspect<unknown>(setting);
  return values?.globalValue ?? values?.defaultValue;
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
