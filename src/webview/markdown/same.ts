/** Whether two tokens are shown alike. */

type Bag = Readonly<Record<string, unknown>>;

/**
 * Compares what is rendered of two tokens, all the way down. Not their sources: those of what is in an item or a quote
 * depend on where its lines end. Whether an item is loose is said by its list.
 */
export function shownAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((one, at) => shownAlike(one, b[at]));
  return fieldsAlike(a as Bag, b as Bag);
}

function fieldsAlike(a: Bag, b: Bag): boolean {
  if (kindOf(a) !== kindOf(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (name) => name === 'type' || isSource(a, name) || shownAlike(a[name], b[name]),
  );
}

/** The text of a tight item is a paragraph once the list is loose. */
function kindOf({ type, tokens }: Bag): unknown {
  return type === 'text' && tokens !== undefined ? 'paragraph' : type;
}

function isSource(token: Bag, name: string): boolean {
  switch (name) {
    case 'raw':
    case 'escaped':
      return true;
    case 'text':
      return token['tokens'] !== undefined;
    case 'loose':
      return token['type'] === 'list_item';
    default:
      return false;
  }
}
