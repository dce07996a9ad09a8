/** What the model asks for: calls of the tools that write, made of the texts that it believes to be there. */
import { type Reply, reply } from '../../fakeClaude/script';
import type { Call } from './acts';
import { tagsIn } from './texts';

/** Calls of a turn, and what they may take away. */
export interface Asked {
  readonly replies: readonly Reply[];
  /** Names of lines that a call replaces or deletes. */
  readonly taken: ReadonlySet<string>;
  /** Files that a call deletes, under each name that they have had, whatever is in them by then. */
  readonly deleted: ReadonlySet<string>;
}

/** `texts`: the files as they are, by name; what the calls would leave is told to itself only. */
export function asked(
  steps: readonly (readonly Call[])[],
  texts: ReadonlyMap<string, string>,
  next: { line(): string; file(): string },
): Asked {
  const believed = new Map([...texts].map(([name, text]) => [name, text.replace(/\r\n?/g, '\n')]));
  const taken = new Set<string>();
  const deleted = new Set<string>();
  const names = new Map<string, string>();
  const replies = steps.map((calls) => {
    let made = reply.text('I change it.');
    for (const call of calls) {
      const use = toolUse(call, believed, { taken, deleted, names }, next);
      if (use !== null) made = made.toolUse(...use);
    }
    return made;
  });
  return { replies: [...replies, reply.text('Done.')], taken, deleted };
}

/** What calls take away; `names`: the one that a file had before it was renamed. */
interface Going {
  readonly taken: Set<string>;
  readonly deleted: Set<string>;
  readonly names: Map<string, string>;
}

function toolUse(
  call: Call,
  believed: Map<string, string>,
  { taken, deleted, names: former }: Going,
  next: { line(): string; file(): string },
): readonly [string, object] | null {
  const names = [...believed.keys()].sort();
  const name = names[call.file % Math.max(1, names.length)];
  if (call.do === 'create') {
    const path = next.file();
    const content = Array.from({ length: 1 + (call.file % 4) }, () => `${next.line()} new\n`).join('');
    believed.set(path, content);
    return ['create_file', { path, content }];
  }
  if (name === undefined) return null;
  const text = believed.get(name) ?? '';
  if (call.do === 'remove') {
    believed.delete(name);
    for (let one: string | undefined = name; one !== undefined; one = former.get(one)) deleted.add(one);
    for (const one of tagsIn(text)) taken.add(one);
    return ['delete_file', { path: name }];
  }
  if (call.do === 'rename') {
    const to = next.file();
    believed.delete(name);
    believed.set(to, text);
    former.set(to, name);
    return ['rename_file', { path: name, new_path: to }];
  }
  const edits: { old_text: string; new_text: string }[] = [];
  let now = text;
  for (const { at, take, put, behind } of call.spots) {
    const lines = now.split('\n');
    const anchors = lines.flatMap((line, index) => (tagsIn(line).length > 0 ? [index] : []));
    const first = anchors[at % Math.max(1, anchors.length)];
    if (first === undefined) continue;
    const old = lines.slice(first, behind ? first + 1 : first + take);
    const fresh = Array.from({ length: put }, () => `${next.line()} caf\u00e9${at % 3 === 0 ? '  ' : ''}`);
    const own = behind ? [...old, ...fresh] : fresh;
    // A line goes with its line end.
    const isWhole = own.length === 0 && first + old.length < lines.length;
    const oldText = old.join('\n') + (isWhole ? '\n' : '');
    const newText = own.join('\n');
    if (oldText === newText || oldText === '' || now.split(oldText).length !== 2) continue;
    for (const one of tagsIn(oldText)) if (!newText.includes(one)) taken.add(one);
    edits.push({ old_text: oldText, new_text: newText });
    now = now.replace(oldText, () => newText);
  }
  if (edits.length === 0) return null;
  believed.set(name, now);
  return ['edit_file', { path: name, edits }];
}
