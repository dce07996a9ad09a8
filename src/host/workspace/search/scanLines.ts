/** Searches a root without ripgrep: file by file, as VS Code decodes them. */
import { decodeFile } from '../files/decode';
import { type Disk, diskOf, maxVirtualBytes } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root, WorkspaceFacts } from '../files/facts';
import { holdsKey } from '../files/judge';
import type { Locator } from '../ignore/locate';
import type { FileLines, RootLines, Search } from './fileLines';
import { JsScan } from './jsScan';
import { byPath } from './order';
import { timeoutMs } from './searchScope';
import { withLineFeeds } from './unsaved';
import { walk } from './walk';

/** Throws a ToolError for a query that JavaScript does not take, or that takes too long. */
export async function scanRoot(
  locator: Locator,
  root: Root,
  { query, line, scope, unsaved }: Search,
  signal: AbortSignal,
): Promise<RootLines> {
  const found = new Map<string, FileLines>();
  const disk = diskOf(root, locator.facts);
  const scan = new JsScan(line.inJavaScript());
  const until = Date.now() + timeoutMs;
  const perFile =
    query.output === 'files' ? 1 : query.output === 'counts' ? Number.MAX_SAFE_INTEGER : query.maxMatches + 1;
  let room = query.maxMatches;
  let cut = false;
  try {
    const paths = new Set(unsaved.keys());
    if (scope.only !== null) paths.add(scope.only);
    for await (const path of scope.only === null ? walk(disk, locator.visibility(root), signal) : []) {
      if (scope.included(path)) paths.add(path);
      if (Date.now() > until) break;
    }
    for (const path of [...paths].sort(byPath)) {
      cut = room < 0 || Date.now() > until;
      if (cut) break;
      const uri = locator.facts.uriOf(root, path);
      const text = unsaved.get(path) ?? (await textOf(locator.facts, disk, path, uri, signal));
      if (text === null || text === '') continue;
      const { lines, count } = await scan.scan(text, perFile, query.contextLines ?? 0, signal);
      if (count === 0) continue;
      // What holds a key is not shown, and makes room for others.
      const isKey = !locator.allows({ root, relative: path }, 'secret') && (await holdsKey(text, signal));
      found.set(path, { verdict: isKey ? 'key' : 'clean', lines, count });
      if (!isKey) room -= query.output === 'files' || query.output === 'counts' ? 1 : count;
    }
  } finally {
    scan.dispose();
  }
  return { paths: [...found.keys()], cut, note: null, linesOf: async () => found };
}

/** null for what is no text, and what may not be read, as ripgrep does. */
async function textOf(
  facts: WorkspaceFacts,
  disk: Disk,
  path: string,
  uri: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const bytes = (await disk.read(path, maxVirtualBytes, signal)) ?? new Uint8Array();
    const text = (await decodeFile(bytes, uri, facts.decoder))?.text ?? null;
    // ripgrep takes it for binary, wherever the NUL stands.
    return text === null || text.includes('\0') ? null : withLineFeeds(text);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DiskSilent) throw error;
    return null;
  }
}
