/**
 * The input of a call as JSON, to be shown, measured and compared; `…` for what cannot be written so. A stored one may be
 * nested deeper than the stack is (what a server sends is not: doorValues.ts), or not be there at all.
 */
export function inputJson(input: unknown): string {
  try {
    return JSON.stringify(input) ?? '…';
  } catch {
    return '…';
  }
}
