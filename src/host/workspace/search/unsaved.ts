/** The texts of unsaved editors, which are searched in place of what is on disk. */
import type { Root } from '../files/facts';
import { isSecret, type Locator } from '../ignore/locate';
import { isNamedFile } from '../ignore/patternPlaces';

/** Those of a root that may be searched, by path; lines end in LF. */
export async function unsavedTexts(
  locator: Locator,
  root: Root,
  included: (path: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const document of locator.facts.openDocuments()) {
    if (!document.dirty) continue;
    if (root.judgedAs !== undefined) {
      const path = pathBelow(root.uri, document.uri);
      if (path === null || !included(path)) continue;
      if (isNamedFile(locator, root, path) || (await locator.visibility(root).isVisible(path, false))) {
        texts.set(path, withLineFeeds(document.text()));
      }
      continue;
    }
    const located = await locator.locateUri(document.uri);
    if (located?.root !== root || !included(located.relative)) continue;
    if (isSecret(located) || isSecret(located.requested) || !(await locator.isVisible(located, false))) continue;
    texts.set(located.relative, withLineFeeds(document.text()));
  }
  return texts;
}

function pathBelow(folder: string, uri: string): string | null {
  const base = `${folder.replace(/\/$/, '')}/`;
  if (!uri.startsWith(base)) return null;
  try {
    const path = decodeURIComponent(uri.slice(base.length));
    return path.split('/').includes('..') || path.includes('\0') ? null : path;
  } catch {
    return null;
  }
}

/** A text with the line ends of an editor, each as LF. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}
