import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What keeps VS Code quiet and alike in every run: no welcome, tips, updates, experiments, telemetry or other chats. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.accessibilitySupport': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // As on the desktop; in a browser VS Code would save by itself.
  'files.autoSave': 'off',
  'git.autofetch': false,
  'git.openRepositoryInParentFolders': 'never',
  // It looks through all processes of the machine every other second.
  'remote.autoForwardPorts': false,
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.commandCenter': false,
  'window.confirmBeforeClose': 'never',
  'window.newWindowDimensions': 'default',
  'window.titleBarStyle': 'custom',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** The settings of a file as VS Code writes it (JSON that may have comments); none if it is not there. */
export function readSettings(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  const source = readFileSync(file, 'utf8');
  try {
    return JSON.parse(source) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} is not plain JSON: ${String(error)}`);
  }
}

/** Writes settings over those that the file has; what VS Code or a user changed there before stays. */
export function mergeSettings(file: string, ...layers: readonly Readonly<Record<string, unknown>>[]): void {
  const merged = Object.assign({}, ...layers) as Record<string, unknown>;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(merged, undefined, 2)}\n`);
}
