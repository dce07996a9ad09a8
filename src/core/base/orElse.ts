/**
 * What serves in the place of an estimate that fails: nothing that is only shown, or only counted, stands in the way of
 * sending, storing or opening (LESSONS L38).
 */

/** Computes, or gives what serves in its place. `failed` is told why. */
export function orElse<T>(compute: () => T, otherwise: () => T, failed: (error: unknown) => void = () => undefined): T {
  try {
    return compute();
  } catch (error) {
    failed(error);
    return otherwise();
  }
}

/** Tokens of a request by its bytes alone: half of them, which is more than any text comes to. */
export function roughTokens(json: string): number {
  let bytes = json.length;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code >= 0x80) bytes += code >= 0x800 ? 2 : 1;
  }
  return Math.ceil(bytes / 2);
}
