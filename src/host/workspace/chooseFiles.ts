/** Which open files go along: active first, then the most recently used, within a number and a budget of tokens. */
import type { ContextFile } from '../../core/record/record';

/** How many files go along, and of how many tokens. */
export interface FileBudget {
  readonly maxFiles: number;
  readonly maxTokens: number;
  /** Tokens of a text. */
  readonly estimate: (text: string) => number;
  /** Told of each candidate that is not chosen: `refused` where `read` gave null. */
  readonly passedOver?: (uri: string, why: 'refused' | 'tooLarge' | 'tooMany') => void;
}

/**
 * The URIs of open editors in the order in which they are considered: the active one, the most recently used, the
 * rest as their tabs stand. Each once.
 */
export function orderOpenFiles(
  tabs: readonly string[],
  active: string | null,
  recentlyUsed: readonly string[],
): readonly string[] {
  const open = new Set(tabs);
  const wanted = [...(active === null ? [] : [active]), ...recentlyUsed, ...tabs];
  return [...new Set(wanted.filter((uri) => open.has(uri)))];
}

/**
 * Reads candidates in their order and takes those that fit. A file that alone is too large is passed over, so that
 * one large file does not keep the others out. `read` gives null for what may not be sent.
 */
export async function chooseFiles(
  candidates: readonly string[],
  budget: FileBudget,
  read: (uri: string) => Promise<ContextFile | null>,
): Promise<readonly ContextFile[]> {
  const chosen: ContextFile[] = [];
  let tokens = 0;
  for (const uri of candidates) {
    if (chosen.length === budget.maxFiles) {
      if (budget.passedOver === undefined) break;
      budget.passedOver(uri, 'tooMany');
      continue;
    }
    const file = await read(uri);
    if (file === null) budget.passedOver?.(uri, 'refused');
    if (file === null || chosen.some(({ path }) => path === file.path)) continue;
    const cost = budget.estimate(file.text);
    if (tokens + cost > budget.maxTokens) {
      budget.passedOver?.(uri, 'tooLarge');
      continue;
    }
    tokens += cost;
    chosen.push(file);
  }
  return chosen;
}
