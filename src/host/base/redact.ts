/** The last gate before the log: callers keep secrets out of messages, this keeps them out all the same (L33). */

const secrets: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]+/g,
  /\b(?:x-api-key|authorization|proxy-authorization|cookie)["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?[^\s"',}]+/gi,
  // User and password in an address.
  /(?<=\/\/)[^\s/@]+:[^\s/@]+(?=@)/g,
];

/** The text without API keys, credential headers and passwords in addresses. */
export function redact(text: string): string {
  return secrets.reduce((rest, pattern) => rest.replace(pattern, '[removed]'), text);
}

/**
 * An error for the log: its stack, or its name and message, then its causes. Never its other fields: SDK errors carry
 * headers and bodies there.
 */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  let current = error;
  for (let depth = 0; depth < 4 && current !== undefined && current !== null; depth += 1) {
    const text = current instanceof Error ? (current.stack ?? `${current.name}: ${current.message}`) : String(current);
    lines.push(depth === 0 ? text : `caused by ${text}`);
    current = current instanceof Error ? current.cause : undefined;
  }
  return redact(lines.join('\n'));
}
