/** Changes of files for tests and pictures of the panel. */

import type { ToolPart } from '../../src/shared/chat';
import type { EditedFile, Hunk, ProposedChange, ReviewHunk } from '../../src/shared/edits';
import { tool } from './chats';

/** A hunk of one changed line with its neighbours. */
export function hunk(at: number, more: Partial<Hunk> = {}): Hunk {
  const lines = ['   const before = 1;', '-  return retryLogin(2);', '+  return retryLogin(3);', ' }'];
  return { oldStart: at, newStart: at, lines, ...more };
}

/** The same as it is reviewed. */
export function reviewed(id: string, at: number, more: Partial<ReviewHunk> = {}): ReviewHunk {
  return { ...hunk(at), id, ...more };
}

/** A change that waits. */
export function change(path: string, more: Partial<ProposedChange> = {}): ProposedChange {
  return { kind: 'edit', path, added: 3, removed: 1, hunks: [hunk(41), hunk(70)], moreHunks: 0, ...more };
}

/** A call that asks for it. */
export function editing(key: string, proposed: ProposedChange, why: readonly 'runsCode'[] = []): ToolPart {
  return tool(key, {
    name: 'edit_file',
    status: 'asks',
    label: { text: 'Editing {0}', args: [proposed.path] },
    summary: null,
    output: null,
    input: '{}',
    approval: { kind: 'write', files: [{ path: proposed.path, why }], proposed, spans: ['once'] },
  });
}

/** A file that a turn has changed. */
export function edited(path: string, more: Partial<EditedFile> = {}): EditedFile {
  return { uri: `file:///w/${path}`, path, kind: 'edit', added: 3, removed: 1, open: 2, undone: false, ...more };
}
