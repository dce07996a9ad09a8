/** Where the API is, and with which key. */

/** How to reach the API. Both are always given to the SDK explicitly: the shell's environment must not leak in. */
export interface ApiAccess {
  readonly apiKey: string;
  /** Without a trailing slash and without /v1. HTTPS, or HTTP on loopback. */
  readonly baseUrl: string;
  /** Extra request headers from the settings. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What requests need: where they go, and the key. */
export interface Api {
  /** null when there is no key. Throws a TurnFailureError (`badAddress`) when the base URL may not be used. */
  access(): Promise<ApiAccess | null>;
}

/** True for Anthropic's own address. */
export function isOfficial(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && new URL(baseUrl).host === 'api.anthropic.com';
}
