/** The settings below `prelude.`, checked: a value of another type or outside its list counts as not set. */
import * as vscode from 'vscode';
import { effortLevels } from '../core/models';
import type { ChatSettings } from '../core/ports';
import type { AutomaticContext } from './workspace/context';

const section = 'prelude';

const displays = ['summarized', 'omitted'] as const;
const automaticContexts: readonly AutomaticContext[] = ['openFiles', 'activeFile', 'none'];
const cacheTtls = ['auto', '5m', '1h'] as const;
const diagnoses = ['auto', 'on', 'off'] as const;
const explainTargets = ['current', 'new'] as const;
const defaultModel = 'claude-opus-4-8';
const defaultBaseUrl = 'https://api.anthropic.com';

/** Where requests go, as it is written in the settings: the address is checked when it is used. */
export interface AddressSettings {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the user chose for answers; read anew for each turn. */
export function readChatSettings(): ChatSettings {
  const settings = vscode.workspace.getConfiguration(section);
  const model = settings.get<unknown>('model');
  const maxTokens = settings.get<unknown>('maxTokens');
  return {
    model: typeof model === 'string' && model.trim() !== '' ? model.trim() : defaultModel,
    effort: oneOf(effortLevels, settings.get('effort'), 'high'),
    thinkingDisplay: oneOf(displays, settings.get('thinking.display'), 'summarized'),
    compactAutomatically: settings.get<unknown>('compact.automatic') === true,
    maxTokens: Number.isSafeInteger(maxTokens) && Number(maxTokens) > 0 ? Number(maxTokens) : null,
    cacheTtl: oneOf(cacheTtls, settings.get('cache.ttl'), 'auto'),
    warm: { start: settings.get('cache.warmStart') === true, keep: settings.get('cache.keepWarm') === true },
    diagnosis: oneOf(diagnoses, settings.get('cache.diagnostics'), 'auto'),
    spend: { perTurn: dollarsOf(settings.get('spend.perTurn')), perDay: dollarsOf(settings.get('spend.perDay')) },
  };
}

/** A limit in US dollars; null for none: 0, null and what is no number switch it off. */
function dollarsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

/** Makes a choice of the panel the user's own; where the open folder has its own value, that one is changed. */
export async function writeChatSetting(setting: 'model' | 'effort', value: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  const values = settings.inspect(setting);
  const here = vscode.workspace.isTrusted && values?.workspaceValue !== undefined;
  await settings.update(
    setting,
    value,
    here ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

/** Base URL and headers: those of this machine, never those of a folder, which would take the key elsewhere. */
export function readAddressSettings(): AddressSettings {
  const baseUrl = machineValue('baseUrl');
  return {
    baseUrl: typeof baseUrl === 'string' && baseUrl.trim() !== '' ? baseUrl.trim() : defaultBaseUrl,
    headers: usableHeaders(machineValue('headers')),
  };
}

export function readAutomaticContext(): AutomaticContext {
  return oneOf(automaticContexts, vscode.workspace.getConfiguration(section).get('context.automatic'), 'openFiles');
}

/** Where a question of a command goes when the open conversation is free. */
export function readExplainTarget(): 'current' | 'new' {
  return oneOf(explainTargets, vscode.workspace.getConfiguration(section).get('explain.target'), 'current');
}

/** The ripgrep that the user named; empty to look for VS Code's own. A folder cannot name a program to run. */
export function readRipgrepPath(): string {
  const path = machineValue('ripgrep.path');
  return typeof path === 'string' ? path.trim() : '';
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

function oneOf<T extends string>(allowed: readonly T[], value: unknown, fallback: T): T {
  return allowed.find((one) => one === value) ?? fallback;
}
