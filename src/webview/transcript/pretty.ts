/** Spaces that may be added to indent a JSON text: they grow with its depth times its length. */
const maxIndent = 200_000;

/** JSON with a line for each value. Shown as it is: what is none (it may still stream), and what is nested too deep. */
export function pretty(json: string): string {
  if (!isIndentable(json)) return json;
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

/** Linear, and no stack. */
function isIndentable(json: string): boolean {
  let depth = 0;
  let spaces = 0;
  let quoted = false;
  for (let at = 0; at < json.length && spaces <= maxIndent; at += 1) {
    const code = json.charCodeAt(at);
    if (quoted) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) quoted = false;
      continue;
    }
    if (code === 0x22) quoted = true;
    else if (code === 0x2c) spaces += 2 * depth;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      spaces += 2 * depth;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      spaces += 2 * depth;
    }
  }
  return spaces <= maxIndent;
}
