/** Files in a map that the tools change, for tests of what is above them: as the host does it, without a disk. */
import { createHash } from 'node:crypto';
import type { FileEdit } from '../../../../src/core/record/record';
import type {
  AppliedChange,
  Change,
  Editing,
  EditingPort,
  PlannedChange,
} from '../../../../src/core/tools/edits/editing';
import { changedCounts, proposedHunks } from '../../../../src/core/tools/edits/hunks';
import { changedLines, lineDiff } from '../../../../src/core/tools/edits/lineChanges';
import { refusalWords } from '../../../../src/core/tools/edits/refusals';
import { replaced } from '../../../../src/core/tools/edits/replacing';
import { ToolError } from '../../../../src/core/tools/workspace';
import type { WriteConcern } from '../../../../src/shared/approval';

interface Options {
  /** Why a file is asked about each time; missing: never. */
  readonly why?: (path: string) => readonly WriteConcern[];
  /** What saving makes of a text; missing: nothing else. */
  readonly formatted?: (path: string, text: string) => string;
  /** New problems after a change; missing: none. */
  readonly problems?: (path: string, text: string) => readonly string[] | null;
}

/** One of the files before and after a change; null is no file. */
interface Outcome {
  readonly path: string;
  readonly to: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** A workspace of texts by their paths. */
export class MemoryEditing implements EditingPort {
  /** What was there, by its digest. */
  readonly kept = new Map<string, string>();
  /** The changes that were made, in their order. */
  readonly made: Change[] = [];
  /** What the calls of a step would come to, by the step. */
  private readonly planned = new Map<string, Map<string, string | null>>();

  constructor(
    readonly files: Map<string, string>,
    private readonly options: Options = {},
  ) {}

  of({ step }: { readonly step: string }): Editing {
    const planned = this.planned.get(step) ?? new Map<string, string | null>();
    this.planned.set(step, planned);
    return {
      text: async (path) => {
        const text = this.text(path);
        if (text === null) throw new ToolError(`There is no ${path}.`);
        return { path, text };
      },
      plan: async (change) => {
        const outcome = outcomeOf(change, (path) => planned.get(path) ?? (planned.has(path) ? null : this.text(path)));
        for (const [path, text] of textsOf(outcome)) planned.set(path, text);
        return this.plannedChange(change, outcome);
      },
      apply: async (change) => {
        const outcome = outcomeOf(change, (path) => this.text(path));
        for (const [path] of textsOf(outcome)) planned.delete(path);
        return this.applied(change, outcome);
      },
    };
  }

  private text(path: string): string | null {
    return this.files.get(path) ?? null;
  }

  private plannedChange({ kind }: Change, { path, to, before, after }: Outcome): PlannedChange {
    const paths = to === null ? [path] : [path, to];
    const shown = kind === 'rename' ? { added: 0, removed: 0, hunks: [], moreHunks: 0 } : null;
    return {
      files: paths.map((one) => ({ uri: uriOf(one), path: one, why: this.options.why?.(one) ?? [] })),
      proposed: {
        ...{ kind, path },
        ...(to === null ? {} : { to }),
        ...(shown ?? proposedHunks(before ?? '', after ?? '')),
      },
    };
  }

  private applied(change: Change, { path, to, before, after }: Outcome): AppliedChange {
    const { formatted, problems } = this.options;
    const saved = after === null ? null : (formatted?.(to ?? path, after) ?? after);
    this.made.push(change);
    this.files.delete(path);
    if (saved !== null) this.files.set(to ?? path, saved);
    const isRename = change.kind === 'rename';
    const counts = isRename ? { added: 0, removed: 0 } : changedCounts(before ?? '', saved ?? '');
    const edit: FileEdit = {
      ...{ uri: uriOf(path), path, kind: change.kind },
      ...(to === null ? {} : { to: { uri: uriOf(to), path: to } }),
      ...{ before: this.keep(before), after: this.keep(saved), unsaved: false, ...counts },
    };
    return {
      ...{ edits: [edit], ...counts },
      lines: isRename || saved === null ? null : changedLines(lineDiff(before ?? '', saved)),
      notes: saved === after ? [] : ['Saving formatted the file.'],
      problems: saved === null || isRename ? null : problems === undefined ? [] : problems(path, saved),
    };
  }

  private keep(text: string | null): string | null {
    if (text === null) return null;
    const digest = createHash('sha256').update(text).digest('hex');
    this.kept.set(digest, text);
    return digest;
  }
}

function uriOf(path: string): string {
  return `file:///project/${path}`;
}

function textsOf({ path, to, after }: Outcome): readonly (readonly [path: string, text: string | null])[] {
  return to === null
    ? [[path, after]]
    : [
        [path, null],
        [to, after],
      ];
}

function outcomeOf(change: Change, textOf: (path: string) => string | null): Outcome {
  const { path } = change;
  const before = textOf(path);
  if (change.kind === 'create') {
    if (before !== null) throw new ToolError(`${path} exists already: edit_file changes it.`);
    return { path, to: null, before, after: change.text };
  }
  if (before === null) throw new ToolError(`There is no file ${path}.`);
  switch (change.kind) {
    case 'delete':
      return { path, to: null, before, after: null };
    case 'rename':
      if (textOf(change.to) !== null) throw new ToolError(`${change.to} exists already.`);
      return { path, to: change.to, before, after: before };
    case 'edit': {
      const result = replaced(before, change.replacements);
      if (!result.done) throw new ToolError(refusalWords(result.refusal, path, change.replacements.length));
      return { path, to: null, before, after: result.text };
    }
  }
}
