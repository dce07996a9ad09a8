/** The EditingPort over a window's folders and editors. Knows VS Code only through its facts. */
import { orAborted } from '../../../core/base/orAborted';
import type { FilesNow } from '../../../core/record/pendingEdits';
import type { FileEdit } from '../../../core/record/record';
import { carried } from '../../../core/tools/edits/carry';
import type { Change, Editing, EditingPort } from '../../../core/tools/edits/editing';
import type { Restoring } from '../../../core/tools/edits/restoring';
import { ToolError } from '../../../core/tools/workspace';
import type { WriteConcern } from '../../../shared/approval';
import type { WorkspaceFacts } from '../files/facts';
import { Ignores } from '../ignore/ignoreFiles';
import { Locator } from '../ignore/locate';
import { applied } from './applying';
import { contentOf } from './content';
import type { EditFacts, EditStore } from './facts';
import { filesNowOf } from './filesNow';
import type { ProblemWatch } from './newProblems';
import { existingPlace } from './places';
import { type Draft, type Look, planned } from './planning';
import { createRestoring } from './restoring';
import { filesOf, MaybeWritten } from './writing';

/** Steps of which planned changes are kept, the latest; and unsaved texts. */
const maxSteps = 10;
const maxTexts = 100;

/** The calls of a step that were planned and are not made. */
interface PlannedStep {
  readonly calls: readonly PlannedCall[];
  /** What they would leave; null: it is to be made anew. */
  readonly draft: Draft | null;
}

interface PlannedCall {
  readonly call: string;
  readonly change: Change;
  readonly why: ReadonlyMap<string, readonly WriteConcern[]>;
}

/** An unsaved text: what was on disk then, and what that is with our changes in it. */
interface Unsaved {
  readonly saved: string | null;
  readonly ours: string;
}

/** What the port is made of. */
export interface EditingParts {
  readonly facts: WorkspaceFacts;
  readonly edits: EditFacts;
  readonly store: EditStore;
  readonly problems: ProblemWatch;
}

/** Changes files for calls, and puts them back for the user. */
export interface HostEditing extends EditingPort {
  readonly restoring: Restoring;
  /** How files are that were being changed when a window was gone: they are read, in Restricted Mode, too. */
  readonly filesNow: FilesNow;
}

/** Changes files for the calls of conversations, one after the other. */
export function createEditing({ facts, edits, store, problems }: EditingParts): HostEditing {
  const ignores = new Ignores(facts);
  const ground = { facts, edits, files: filesOf(facts, edits) };
  /** By step, in the order in which they were planned; those that are made are gone from it. */
  const steps = new Map<string, PlannedStep>();
  const unsaved = new Map<string, Unsaved>();
  let writing: Promise<unknown> = Promise.resolve();

  const savedText = (uri: string, saved: string | null): string | null => {
    const known = unsaved.get(uri);
    return known !== undefined && known.saved === saved ? known.ours : saved;
  };
  const look = (signal: AbortSignal): Look => ({
    ground,
    locator: new Locator(facts, ignores, signal),
    savedText,
    signal,
  });
  const changedUnsaved = (uri: string, saved: string | null, before: string, after: string): void => {
    const ours = carried(savedText(uri, saved) ?? before, before, after).base;
    unsaved.delete(uri);
    unsaved.set(uri, { saved, ours });
    dropOldest(unsaved, maxTexts);
  };
  const assertTrusted = (): void => {
    if (edits.isTrusted()) return;
    throw new ToolError('The workspace is in Restricted Mode, in which nothing is written. Tell the user.');
  };

  /** One change at a time, whoever makes it. */
  const inTurn = async <T>(make: () => Promise<T>): Promise<T> => {
    const work = writing.then(make);
    writing = work.catch(() => undefined);
    return await work;
  };
  const locator = (): Locator => look(new AbortController().signal).locator;
  const restoring = createRestoring(ground, () => {
    assertTrusted();
    return locator();
  });

  return {
    filesNow: filesNowOf(ground, locator),
    restoring: {
      now: async (uri) => await restoring.now(uri),
      mayTell: async (...args) => await restoring.mayTell(...args),
      put: async (...args) => await inTurn(async () => await restoring.put(...args)),
      move: async (...args) => await inTurn(async () => await restoring.move(...args)),
    },
    of: ({ conversation, step, call }): Editing => {
      const key = JSON.stringify([conversation, step]);
      const others = (): readonly PlannedCall[] => (steps.get(key)?.calls ?? []).filter((one) => one.call !== call);
      let unresolved: readonly FileEdit[] = [];
      return {
        unresolved: () => unresolved,
        text: async (path, signal) => {
          const { ground, locator } = look(signal);
          const place = await existingPlace(locator, path);
          return { path: place.path, text: (await contentOf(ground, place, signal)).text };
        },
        plan: async (change, signal) => {
          assertTrusted();
          const work = async () => {
            const step = steps.get(key);
            const isFirst = step?.calls.every((one) => one.call !== call) === true;
            const draft: Draft = new Map(isFirst ? step?.draft : null);
            // What cannot be made any more is not in the way of the others.
            if (!isFirst || step?.draft === null) {
              for (const one of others()) await planned(look(signal), one.change, draft).catch(ifRefused);
            }
            return { plan: await planned(look(signal), change, draft), draft };
          };
          const { plan, draft } = await orAborted(work(), signal);
          const why = new Map(plan.files.map((file) => [file.uri, file.why]));
          steps.set(key, { calls: [...others(), { call, change, why }], draft });
          dropOldest(steps, maxSteps);
          return plan;
        },
        apply: async (change, signal) => {
          assertTrusted();
          const own = steps.get(key)?.calls.find((one) => one.call === call);
          const allowed = (uri: string): readonly WriteConcern[] => own?.why.get(uri) ?? [];
          const noting: EditStore = {
            ...store,
            notePendingEdits: async (...args) => {
              await store.notePendingEdits(...args);
              unresolved = args[1].edits;
            },
          };
          const work = inTurn(async () => {
            signal.throwIfAborted();
            const shared = { store: noting, conversation, call, allowed, changedUnsaved, problems };
            try {
              const done = await applied({ ...look(signal), ...shared }, change);
              unresolved = [];
              return done;
            } catch (error) {
              if (!(error instanceof MaybeWritten)) unresolved = [];
              throw error;
            }
          });
          try {
            // What is being written is waited for: only it can say whether it was.
            return await work;
          } finally {
            steps.set(key, { calls: others(), draft: null });
          }
        },
      };
    },
  };
}

function ifRefused(error: unknown): void {
  if (!(error instanceof ToolError)) throw error;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
