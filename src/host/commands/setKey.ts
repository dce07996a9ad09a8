/** Set API Key: a box that hides what is typed, checks it with the API, and only then stores it. */

import * as vscode from 'vscode';
import type { ApiFetch } from '../../core/api/client';
import { failureOf } from '../../core/api/failures';
import { messages } from '../base/messages';
import { localized, strings } from '../base/strings';
import { checkKey, type KeyVerdict } from '../settings/keyCheck';
import type { Secrets } from '../settings/secrets';
import { refuseKey } from '../settings/secrets';

/** What asking for a key needs. */
export interface SetKeyParts {
  readonly secrets: Secrets;
  readonly fetch: ApiFetch;
  readonly openBilling: () => Promise<void>;
  readonly openSettings: () => Promise<void>;
}

/**
 * Stores a key that a script or a test gives. Rejects, with words for the user, when it cannot be one, when the API
 * refuses it or when what answers is not the API; nothing is stored then.
 */
export async function setGivenKey(given: string, parts: SetKeyParts): Promise<void> {
  const key = given.trim();
  const refusal = refuseKey(key);
  if (refusal !== null) throw new Error(localized(refusal));
  const verdict = await verdictOf(key, parts, new AbortController().signal);
  if (verdict.kind === 'refused' || verdict.kind === 'wrongAddress') throw new Error(localized(verdict.words));
  await parts.secrets.store(key);
}

/** Asks the user for a key and stores it once the API has taken it, or the user wants it stored all the same. */
export async function askForKey(parts: SetKeyParts): Promise<void> {
  const offer = parts.secrets.environmentKey();
  const take: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('terminal'),
    tooltip: offer === null ? '' : strings.useFoundKey(offer.lastFour),
  };
  const box = vscode.window.createInputBox();
  box.title = strings.setKeyTitle();
  box.prompt = strings.setKeyPrompt();
  box.placeholder = 'sk-ant-…';
  box.password = true;
  box.ignoreFocusOut = true;
  box.buttons = offer === null ? [] : [take];
  const leaving = new AbortController();
  const left = new Promise<void>((resolve) => {
    box.onDidHide(() => {
      leaving.abort();
      resolve();
    });
    box.onDidChangeValue((value) => {
      const refusal = value.trim() === '' ? null : refuseKey(value.trim());
      box.validationMessage = refusal === null ? undefined : localized(refusal);
    });
    box.onDidTriggerButton(() => {
      parts.secrets.decideOnEnvironmentKey(true).then(() => box.hide(), showError);
    });
    box.onDidAccept(() => {
      const key = box.value.trim();
      // Enter on nothing leaves the box; what cannot be a key is said already.
      if (key === '') box.hide();
      else if (refuseKey(key) === null) accept(key).catch(showError);
    });
    const accept = async (key: string): Promise<void> => {
      if (box.busy) return;
      box.busy = true;
      box.enabled = false;
      const verdict = await verdictOf(key, parts, leaving.signal);
      if (leaving.signal.aborted) return;
      box.busy = false;
      box.enabled = true;
      if (verdict.kind === 'refused') {
        box.validationMessage = localized(verdict.words);
        return;
      }
      box.hide();
      if (verdict.kind === 'good') await store(key, parts);
      else await decide(key, verdict, parts);
    };
    box.show();
  });
  await left;
  box.dispose();
}

/** The key could not be checked, or works only in part: the user decides. */
async function decide(key: string, verdict: Exclude<KeyVerdict, { kind: 'good' }>, parts: SetKeyParts): Promise<void> {
  const anyway = strings.storeAnyway();
  const settings = strings.openSettings();
  const billing = strings.openBilling();
  const actions = [
    anyway,
    ...(verdict.kind === 'wrongAddress' ? [settings] : []),
    ...(verdict.billing ? [billing] : []),
  ];
  const choice = await messages.warn(localized(verdict.words), ...actions);
  // Who goes to pay wants the key to be there when it works.
  if (choice === anyway || choice === billing) await store(key, parts);
  if (choice === settings) await parts.openSettings();
  if (choice === billing) await parts.openBilling();
}

async function store(key: string, { secrets }: SetKeyParts): Promise<void> {
  await secrets.store(key);
  vscode.window.setStatusBarMessage(strings.keyStored(), 5000);
}

async function verdictOf(key: string, { secrets, fetch }: SetKeyParts, signal: AbortSignal): Promise<KeyVerdict> {
  try {
    return await checkKey(secrets.accessWith(key), fetch, signal);
  } catch (error) {
    // The base URL of the settings may not be used at all: its own words say why.
    return { kind: 'wrongAddress', words: { text: failureOf(error).message }, billing: false };
  }
}

function showError(error: unknown): void {
  void messages.error(failureOf(error).message);
}
