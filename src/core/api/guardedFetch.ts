/**
 * The `fetch` of every request of ours. A redirect is not followed, since the key, the headers and the conversation would
 * go with it (LESSONS L47); and no key comes back in what a server answers (keyEcho.ts).
 */
import { failureStrings } from '../base/strings';
import type { ApiAccess } from './access';
import { localFailure, TurnFailureError } from './failures';
import { secretFilter, secretsOf, withoutSecrets } from './keyEcho';

/** Bytes of an error's body that are read: more says nothing more. */
const maxErrorBytes = 64 * 1024;

/** Rejects with a TurnFailureError (`redirected`) where the server sends the request elsewhere. */
export function guardedFetch(fetch: typeof globalThis.fetch, access: ApiAccess): typeof globalThis.fetch {
  const secrets = secretsOf(access);
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    // A browser's fetch hides where it points; Node's shows it.
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      response.body?.cancel().catch(() => undefined);
      throw redirected(response, access, secrets);
    }
    const headers = new Headers(response.headers);
    for (const [name, value] of response.headers) {
      const clean = withoutSecrets(value, secrets);
      if (clean !== value) headers.set(name, clean);
    }
    const rest = { status: response.status, statusText: response.statusText, headers };
    if (response.body === null) return new Response(null, rest);
    if (!response.ok) return new Response(withoutSecrets(await beginningOf(response.body), secrets), rest);
    const filter = secretFilter(secrets);
    return new Response(filter === null ? response.body : response.body.pipeThrough(filter), rest);
  };
}

function redirected(response: Response, { baseUrl }: ApiAccess, secrets: readonly string[]): TurnFailureError {
  const location = response.headers.get('location') ?? '';
  const target = location !== '' && URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : null;
  // Only the place: what follows it may hold anything.
  const place = target === null ? null : withoutSecrets(`${target.origin}${target.pathname}`, secrets);
  const message = failureStrings.redirected(new URL(baseUrl).host, place);
  return new TurnFailureError({
    ...localFailure('redirected', message),
    status: response.status === 0 ? null : response.status,
  });
}

/** The text at the beginning of a body. A body that breaks off is what has come of it. */
async function beginningOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let size = 0;
  try {
    while (size < maxErrorBytes) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      const chunk = value.subarray(0, maxErrorBytes - size);
      size += chunk.length;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    return text;
  }
  reader.cancel().catch(() => undefined);
  return text + decoder.decode();
}
