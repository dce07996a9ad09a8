/**
 * The API key, and with it where requests go. It is read from SecretStorage for each turn and handed to the request;
 * it goes to no log, no store and no webview (L33).
 */
import type * as vscode from 'vscode';
import type { Api, ApiAccess } from '../../core/api/access';
import { localFailure, TurnFailureError } from '../../core/api/failures';
import { Listeners } from '../../core/base/listeners';
import type { Log } from '../../core/base/ports';
import type { LocalizableMessage } from '../../shared/chat';
import type { EnvironmentKey, KeyState } from '../../shared/protocol';
import { keyStrings } from '../base/plainStrings';
import { isLoopbackAddress, normalizeBaseUrl } from './baseUrl';
import type { AddressSettings } from './settings';

const secretName = 'prelude.apiKey';
/** Any key would do: the stand-in on loopback asks for one as the API does. */
const demoKey = 'sk-demo';
/** It needs no naming where the environment's key is offered. */
const usualHost = 'api.anthropic.com';

/** What the user said of the environment's key, by the host that it goes to; asked once for each on this machine. */
export interface EnvironmentConsent {
  /** null while the user has not said anything of this host. */
  get(host: string): boolean | null;
  set(use: boolean, host: string): Promise<void>;
}

/** What keys are read from and kept in. */
export interface SecretsParts {
  readonly storage: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly consent: EnvironmentConsent;
  /** True in an installed extension: there the shell's environment decides nothing by itself. */
  readonly production: boolean;
  readonly address: () => AddressSettings;
  readonly log: Log;
}

/** Who answers, before the key itself is asked for. */
type Source =
  | { readonly kind: 'demo'; readonly baseUrl: string }
  | { readonly kind: 'stored'; readonly key: string }
  | { readonly kind: 'environment'; readonly key: string }
  | { readonly kind: 'missing' };

/** The API key of VS Code's SecretStorage, or of the environment where the user agreed to it, and its address. */
export class Secrets implements Api {
  readonly #changed = new Listeners();
  readonly #subscription: vscode.Disposable;
  /** The host of the offer that the user saw last: it is what an answer is about. */
  #offered: string | null = null;

  constructor(private readonly parts: SecretsParts) {
    // VS Code tells every window, this one included.
    this.#subscription = parts.storage.onDidChange((event) => {
      if (event.key === secretName) this.#changed.tell();
    });
    const demo = parts.environment['PRELUDE_DEMO_URL'];
    if (demo !== undefined && demo !== '' && this.#demoUrl() === null) {
      parts.log.warn('PRELUDE_DEMO_URL is ignored: it works in development only, with an address of this machine.');
    }
  }

  /** Order: the demo, the stored key, the environment's. null when there is no key. Throws TurnFailureError. */
  async access(): Promise<ApiAccess | null> {
    const source = await this.#source();
    switch (source.kind) {
      case 'missing':
        return null;
      case 'demo':
        return { apiKey: demoKey, baseUrl: normalizeBaseUrl(source.baseUrl), headers: {} };
      case 'environment': {
        const own = this.parts.environment['ANTHROPIC_BASE_URL']?.trim();
        // The settings' headers belong to the settings' address.
        if (own !== undefined && own !== '') return { apiKey: source.key, baseUrl: normalizeBaseUrl(own), headers: {} };
        return this.accessWith(source.key);
      }
      case 'stored':
        return this.accessWith(source.key);
    }
  }

  /** What the panel may know. Never throws: an unreadable secret storage reads as a missing key and is logged. */
  async state(): Promise<KeyState> {
    try {
      const source = await this.#source();
      if (source.kind === 'environment') return { kind: 'environment', lastFour: source.key.slice(-4) };
      if (source.kind !== 'missing') return { kind: source.kind };
      const offer = this.parts.consent.get(this.#environmentHost()) === null ? this.environmentKey() : null;
      return { kind: 'missing', ...(offer === null ? {} : { offer }) };
    } catch (error) {
      this.parts.log.error('The state of the API key could not be read', error);
      return { kind: 'missing' };
    }
  }

  /** Stores the key for all windows. Call `refuseKey` first. */
  async store(key: string): Promise<void> {
    await this.parts.storage.store(secretName, key);
    this.parts.log.info('An API key was stored.');
  }

  /** No key is used any more: the stored one is removed, and the environment's is left alone. */
  async clear(): Promise<void> {
    const { consent, storage, log } = this.parts;
    this.#offered = null;
    if (consent.get(this.#environmentHost()) === true) await this.decideOnEnvironmentKey(false);
    await storage.delete(secretName);
    log.info('The stored API key was removed.');
  }

  /** The key that the environment holds, as far as the panel may know; null when there is none that could be one. */
  environmentKey(): EnvironmentKey | null {
    const key = this.#foundKey();
    if (key === null || refuseKey(key) !== null) return null;
    const host = this.#environmentHost();
    this.#offered = host;
    return { lastFour: key.slice(-4), host: host === usualHost ? null : host };
  }

  /** The user's answer to the offer of the environment's key, for the host that it named. A stored key goes before it. */
  async decideOnEnvironmentKey(use: boolean): Promise<void> {
    await this.parts.consent.set(use, this.#offered ?? this.#environmentHost());
    this.parts.log.info(use ? 'The key of the environment is used.' : 'The key of the environment is not used.');
    this.#changed.tell();
  }

  /** Calls back when the stored key changed, in whichever window. */
  readonly onDidChange = this.#changed.add;

  /** Requests may go elsewhere by now: what was said of a key may no longer hold. */
  addressChanged(): void {
    this.#changed.tell();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.clear();
  }

  async #source(): Promise<Source> {
    const demo = this.#demoUrl();
    if (demo !== null) return { kind: 'demo', baseUrl: demo };
    const stored = await this.#stored();
    if (stored !== null) return { kind: 'stored', key: stored };
    const key = this.#environmentKey();
    return key === null ? { kind: 'missing' } : { kind: 'environment', key };
  }

  async #stored(): Promise<string | null> {
    try {
      const key = await this.parts.storage.get(secretName);
      return key === undefined || key === '' ? null : key;
    } catch (error) {
      const message =
        'VS Code could not read the API key from its secret storage. Restarting VS Code may help; else set the key anew.';
      throw new TurnFailureError(localFailure('internal', message), { cause: error });
    }
  }

  #demoUrl(): string | null {
    const url = this.parts.environment['PRELUDE_DEMO_URL']?.trim();
    return !this.parts.production && url !== undefined && isLoopbackAddress(url) ? url : null;
  }

  /** The environment's key, once the user wants it used; in development a variable may say so. */
  #environmentKey(): string | null {
    const { environment, production, consent } = this.parts;
    const wanted =
      consent.get(this.#environmentHost()) === true ||
      (!production && environment['PRELUDE_USE_ENVIRONMENT_KEY'] === '1');
    return wanted ? this.#foundKey() : null;
  }

  /** Where the environment's key would go: to the address that the environment names for it, else to the settings'. */
  #environmentHost(): string {
    const own = this.parts.environment['ANTHROPIC_BASE_URL']?.trim() ?? '';
    const address = own === '' ? this.parts.address().baseUrl : own;
    return URL.canParse(address) ? new URL(address).host : address;
  }

  #foundKey(): string | null {
    const key = this.parts.environment['ANTHROPIC_API_KEY']?.trim();
    return key === undefined || key === '' ? null : key;
  }

  /** Where a key goes that is the user's own, or not stored yet. Throws a TurnFailureError (`badAddress`). */
  accessWith(apiKey: string): ApiAccess {
    const { baseUrl, headers } = this.parts.address();
    return { apiKey, baseUrl: normalizeBaseUrl(baseUrl), headers };
  }
}

/**
 * Why this cannot be an API key, in words; null when it may be one. Gateways have keys of any look, so only what no
 * server would take is refused. `key` is trimmed.
 */
export function refuseKey(key: string): LocalizableMessage | null {
  if (key === '') return keyStrings.empty();
  if (/\s/.test(key)) return keyStrings.spaces();
  if (!/^[\x21-\x7e]+$/.test(key)) return keyStrings.characters();
  if (/^["'`]|["'`]$/.test(key)) return keyStrings.quoted();
  if (/^https?:/i.test(key)) return keyStrings.address();
  if (key.includes('*') || key.includes('...')) return keyStrings.shortened();
  if (key.startsWith('sk-ant-admin')) return keyStrings.admin();
  if (key.startsWith('sk-ant-oat')) return keyStrings.login();
  if (key.length < 6) return keyStrings.tooShort();
  return null;
}
