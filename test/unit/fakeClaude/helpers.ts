import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { type FakeClaude, type FakeOptions, startFakeClaude } from '../../fakeClaude/server';

/** Runs `act` with a fake and a real client of it, and closes the fake. */
export async function withFake(
  act: (fake: FakeClaude, client: Anthropic) => Promise<void>,
  options: FakeOptions = {},
): Promise<void> {
  const fake = await startFakeClaude(options);
  try {
    await act(fake, clientOf(fake));
  } finally {
    await fake.close();
  }
}

/** The official client, without retries and untouched by the environment. */
export function clientOf(fake: FakeClaude, apiKey = 'sk-test'): Anthropic {
  return new Anthropic({ apiKey, baseURL: fake.url, maxRetries: 0, logLevel: 'off' });
}

/** A small valid request. */
export const hello = {
  model: 'claude-opus-4-8',
  max_tokens: 4_000,
  messages: [{ role: 'user', content: 'Hello there' }],
} as const satisfies Anthropic.MessageCreateParamsNonStreaming;

/** Posts any body, as no typed client would. */
export async function post(
  fake: FakeClaude,
  body: unknown,
  options: { readonly path?: string; readonly headers?: Record<string, string>; readonly version?: string } = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const response = await fetch(`${fake.url}${options.path ?? '/v1/messages'}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': options.version ?? '2026-10-21',
      authorization: 'Bearer sk-test',
      ...options.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The `error.message` of an error envelope. */
export function errorText(text: string): string {
  return (JSON.parse(text) as { error: { message: string } }).error.message;
}

/** Waits until something holds. */
export async function until(holds: () => boolean, timeout = 3_000): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!holds()) {
    if (performance.now() > deadline) assert.fail(`not within ${timeout} ms: ${String(holds)}`);
    await delay(5);
  }
}

/** The folder of recorded streams beside the repository, where it is present. */
export function recordedFolder(): string | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, 'package.json'))) continue;
    const found = join(folder, '..', 'shared', 'recorded');
    return existsSync(found) ? found : undefined;
  }
  return undefined;
}
