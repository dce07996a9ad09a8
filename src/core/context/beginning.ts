/** How a new conversation begins with what an earlier one left in the cache: pure. */
import type { Memo } from '../base/memo';
import type { ContextChange, ContextFile } from '../record/record';
import { changesSince } from './context';
import type { ContextNow } from './editorContext';

/** The files of its snapshot, and what is told right behind that. */
export interface Beginning {
  readonly files: readonly ContextFile[];
  readonly changes: readonly ContextChange[];
}

/** `held`: the files that the cache holds, as they were then; the others follow. */
export function beginningOver(now: ContextNow, held: readonly ContextFile[], memo?: Memo): Beginning {
  const files = [...held, ...now.files.filter(({ uri }) => !held.some((file) => file.uri === uri))];
  const { project, selection } = now;
  const seen = { project: mapOf(project), files: mapOf(files), selection };
  return { files, changes: changesSince(seen, now, memo).filter(({ change }) => change !== 'selection') };
}

function mapOf(files: readonly ContextFile[]): ReadonlyMap<string, ContextFile> {
  return new Map(files.map((file) => [file.uri, file]));
}
