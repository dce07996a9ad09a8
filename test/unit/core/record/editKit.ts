/** Turns that change files, for tests of the record. */
import { createHash } from 'node:crypto';
import type { FileEdit } from '../../../../src/core/record/record';
import { editVersions } from '../../../../src/core/tools/edits/versions';
import { PathMaker, toolUse } from '../prompt/paths';

/** The versions of files, as the store has them. */
export class Kept {
  readonly bytes = new Map<string, Uint8Array>();

  put(content: string): string {
    const bytes = Buffer.from(content, 'latin1');
    const digest = createHash('sha256').update(bytes).digest('hex');
    this.bytes.set(digest, bytes);
    return digest;
  }

  readonly versions = editVersions(
    {
      fileVersion: async (digest) => this.bytes.get(digest) ?? null,
      putFileVersion: async (_, bytes) => this.put(Buffer.from(bytes).toString('latin1')),
    },
    'c',
  );

  edit(path: string, before: string | null, after: string | null, more: Partial<FileEdit> = {}): FileEdit {
    const [from, to] = [before === null ? null : this.put(before), after === null ? null : this.put(after)];
    const kind = before === null ? 'create' : after === null ? 'delete' : 'edit';
    return { uri: uriOf(path), path, kind, before: from, after: to, unsaved: false, added: 1, removed: 1, ...more };
  }

  rename(path: string, to: string, content: string): FileEdit {
    return this.edit(path, content, content, { kind: 'rename', to: { uri: uriOf(to), path: to } });
  }
}

export function uriOf(path: string): string {
  return `file:///work/${path}`;
}

export function result(maker: PathMaker, call: string, edits: readonly FileEdit[]): void {
  const label = { text: 'Edited' };
  maker.add({
    ...{ kind: 'toolResult', toolUseId: call, content: 'Edited.', edits },
    ...{ isError: false, cancelled: false, label, summary: null },
  });
}

/** A turn whose calls did these. */
export function turnOf(...edits: readonly FileEdit[]): { readonly maker: PathMaker; readonly turn: string } {
  const maker = new PathMaker().snapshot().user('Change it.');
  const turn = maker.last();
  for (const [index, edit] of edits.entries()) {
    maker.assistant([toolUse(`toolu_${index}`)]);
    result(maker, `toolu_${index}`, [edit]);
  }
  return { maker, turn };
}
