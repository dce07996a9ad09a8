/** Code blocks of answers that the user applies to files: each has a card, and is an edit of its answer from then on. */
import { isOvertaken } from '../../../core/base/elsewhere';
import type { ToldEdit } from '../../../core/record/record';
import type { Store } from '../../../core/record/store';
import { filesAfter, lastEdits } from '../../../core/record/turnEdits';
import { namedFile } from '../../../core/tools/edits/blockNames';
import { blockApplied, replacementBetween } from '../../../core/tools/edits/codeBlock';
import type {
  AppliedChange,
  Change,
  Editing,
  EditingPort,
  PlannedChange,
  ProposedTexts,
} from '../../../core/tools/edits/editing';
import { editVersions, readableText, toldEdit } from '../../../core/tools/edits/versions';
import { ToolError } from '../../../core/tools/workspace';
import type { BlockEdit, BlockSource, WriteConcern } from '../../../shared/approval';
import type { Handlers, Intent } from '../../../shared/intents';
import { refusals } from '../../base/plainStrings';
import { busyElsewhere, goneOnElsewhere, refused } from '../../base/refused';
import { mayBeTold } from '../../workspace/edits/concerns';
import type { ControllerDeps } from './controllerDeps';
import { blockCall } from './healing';
import type { Screen } from './screen';
import type { Turns } from './turns';

type BlockDeps = Pick<ControllerDeps, 'ids' | 'log' | 'blockFiles' | 'owner'> & {
  readonly tools: { readonly edits?: EditingPort };
  readonly store: Pick<Store, 'fileVersion' | 'putFileVersion' | 'notePendingEdits'>;
};

/** A file that is meant, and what the block is without what names it. */
interface Target {
  readonly path: string;
  readonly source: BlockSource;
  /** The block says that there is to be such a file. */
  readonly mayBeNew: boolean;
}

/** A card that waits. `change` null: it cannot be told where the block belongs. */
interface Waiting {
  readonly answer: string;
  readonly target: Target;
  readonly text: string;
  readonly language: string;
  readonly card: BlockEdit;
  readonly change: Change | null;
  readonly texts: ProposedTexts | undefined;
}

/** One for each conversation. What waits is in no record: it is only asked. */
export class BlockEdits {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly conversation: string,
    private readonly deps: BlockDeps,
    private readonly turns: Pick<Turns, 'path' | 'atWork' | 'mayStart' | 'isRunning' | 'work'>,
    private readonly screen: Pick<Screen, 'emit'>,
  ) {}

  readonly handlers = {
    applyBlock: (intent) => this.begin(intent),
    moveBlock: async ({ key }) => {
      const { answer, text, language } = this.waitingAt(key);
      const path = await this.deps.blockFiles?.choose();
      if (path === undefined) return;
      await this.ask(key, answer, { path, source: 'chosen', mayBeNew: false }, text, language);
    },
    answerBlock: async ({ key, apply }) => {
      const waiting = this.waitingAt(key);
      if (apply) await this.apply(waiting);
      this.waiting.delete(key);
      this.show(waiting.answer);
    },
  } satisfies Partial<Handlers<'chat'>>;

  /** What the block of a card would change; null where there is none. */
  textsOf(key: string): ProposedTexts | null {
    return this.waiting.get(key)?.texts ?? null;
  }

  private waitingAt(key: string): Waiting {
    const waiting = this.waiting.get(key);
    if (waiting === undefined) throw refused(refusals.notAsking());
    return waiting;
  }

  private async begin({ answer, text: block, info, above }: Intent<'applyBlock'>): Promise<string> {
    if (!this.turns.path.some(({ id, kind }) => id === answer && kind === 'user'))
      throw refused(refusals.messageGone());
    const { named, text } = namedFile(info, block, above);
    if (text.trim() === '') throw refused(refusals.noBlock());
    const language = /^[^\s:]*/.exec(info)?.[0] ?? '';
    const target = await this.targetOf(named === null ? null : { path: named.path, inBlock: named.where === 'block' });
    if (target === null) throw refused(refusals.noBlockFile());
    // Of one block of an answer there is one card.
    const open = [...this.waiting].find(([, one]) => one.answer === answer && one.text === text);
    return await this.ask(open?.[0] ?? this.deps.ids.next(), answer, target, text, language);
  }

  /** Named by the block, mentioned above it, in the active editor, chosen: the first that there is. */
  private async targetOf(named: { readonly path: string; readonly inBlock: boolean } | null): Promise<Target | null> {
    const files = this.deps.blockFiles;
    if (named !== null) {
      const source = named.inBlock ? 'named' : 'mentioned';
      const found = (await files?.find(named.path)) ?? [];
      const [only] = found;
      if (only !== undefined && found.length === 1) return { path: only, source, mayBeNew: false };
      if (found.length === 0 && named.inBlock) return { path: named.path, source, mayBeNew: true };
    }
    const active = files?.active() ?? null;
    if (active !== null) return { path: active, source: 'active', mayBeNew: false };
    const path = await files?.choose();
    return path === undefined ? null : { path, source: 'chosen', mayBeNew: false };
  }

  /** Shows the card, under the key that it has or gets. */
  private async ask(key: string, answer: string, target: Target, text: string, language: string): Promise<string> {
    const { path, source } = target;
    const card = { key, path, source, why: [], proposed: null };
    const made = await this.planOf(target, text, language);
    if (made === null) {
      const unclear = { answer, target, text, language, card: { ...card, text }, change: null, texts: undefined };
      this.waiting.set(key, unclear);
    } else {
      const { change, plan } = made;
      const { proposed, texts } = plan;
      const why = plan.files.flatMap((file) => file.why);
      const shown = { ...card, path: proposed.path, why, proposed };
      this.waiting.set(key, { answer, target, text, language, card: shown, change, texts });
    }
    this.show(answer);
    return key;
  }

  /** What it would be now; null where the place of the block in the file is not certain. */
  private async planOf(
    target: Target,
    text: string,
    language: string,
  ): Promise<{ readonly change: Change; readonly plan: PlannedChange } | null> {
    const { signal } = new AbortController();
    const editing = this.editing(this.deps.ids.next());
    const change = await this.changeOf(editing, target, text, language, signal);
    if (change === null) return null;
    try {
      return { change, plan: await editing.plan(change, signal) };
    } catch (error) {
      throw asRefused(error);
    }
  }

  private async changeOf(
    editing: Editing,
    { path, mayBeNew }: Target,
    text: string,
    language: string,
    signal: AbortSignal,
  ): Promise<Change | null> {
    if (mayBeNew) return { kind: 'create', path, text: text.endsWith('\n') ? text : `${text}\n` };
    try {
      const file = await editing.text(path, signal);
      const bare = file.text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
      const outcome = blockApplied(bare, text, language);
      if (outcome.kind === 'same') throw refused(refusals.blockThere(file.path));
      if (outcome.kind === 'unclear') return null;
      return { kind: 'edit', path, replacements: [replacementBetween(bare, outcome.text)] };
    } catch (error) {
      throw asRefused(error);
    }
  }

  private editing(call: string): Editing {
    const { edits } = this.deps.tools;
    if (edits === undefined) throw refused(refusals.nothingWritten());
    return edits.of({ conversation: this.conversation, step: this.deps.ids.next(), call });
  }

  private async apply({ answer, target, text, language, change, card }: Waiting): Promise<void> {
    const { turns, conversation, deps } = this;
    if (change === null) throw refused(refusals.notAsking());
    for (let work = turns.atWork; work !== null; work = turns.atWork) await work;
    if (!turns.mayStart) throw turns.isRunning ? refused(refusals.waitForAnswer()) : busyElsewhere();
    const call = blockCall(answer, card.key);
    let failed: unknown = null;
    await turns.work(async ({ commit }, signal) => {
      const editing = this.editing(call);
      let [isBegun, isWritten] = [false, false];
      try {
        // Where the block belongs may be told otherwise by now, or the file has it already.
        const now = await this.changeOf(editing, target, text, language, signal);
        if (JSON.stringify(now) !== JSON.stringify(change)) {
          await this.ask(card.key, answer, target, text, language);
          throw refused(refusals.asksAnew(card.path));
        }
        // What is asked about is what was shown: another reason to ask is said first.
        const plan = await editing.plan(change, signal);
        if (plan.files.some(({ why }) => why.some((one) => !card.why.includes(one)))) {
          this.waiting.set(card.key, {
            ...this.waitingAt(card.key),
            card: { ...card, why: plan.files.flatMap(({ why }) => why) },
          });
          this.show(answer);
          throw refused(refusals.asksAnew(card.path));
        }
        isBegun = true;
        const applied = await editing.apply(change, signal);
        isWritten = true;
        const versions = editVersions(deps.store, conversation);
        const files = await filesAfter(lastEdits(turns.path, answer)?.files ?? [], applied.edits, versions, true);
        const told = await this.told(applied, card.why);
        await commit([{ kind: 'edits', turn: answer, files, applied: told, call }]);
      } catch (error) {
        failed = error;
        // What is or may be written stays noted: it is found out with the next opening.
        if (!isBegun || isWritten || (editing.unresolved?.() ?? []).length > 0) return;
        await deps.store.notePendingEdits(conversation, { call, edits: [] }, deps.owner).catch((reason: unknown) => {
          deps.log.warn(`a change that was not made is still noted: ${String(reason)}`);
        });
      }
    }, true);
    if (failed !== null) throw isOvertaken(failed) ? goneOnElsewhere() : asRefused(failed);
  }

  /** For the model, with the next message. Of a file that is not read without asking, that it was changed alone. */
  private async told({ edits }: AppliedChange, why: readonly WriteConcern[]): Promise<readonly ToldEdit[]> {
    const text = async (digest: string | null): Promise<string> => {
      const bytes = digest === null ? null : await this.deps.store.fileVersion(digest);
      return bytes === null ? '' : readableText(Buffer.from(bytes).toString('latin1'));
    };
    const told: ToldEdit[] = [];
    for (const { path, before, after } of edits)
      told.push(mayBeTold(why) ? toldEdit(path, await text(before), await text(after)) : { path, patch: '' });
    return told;
  }

  private show(answer: string): void {
    const blocks = [...this.waiting.values()].filter((one) => one.answer === answer).map(({ card }) => card);
    this.screen.emit([{ type: 'blocks', answer, blocks }]);
  }
}

function asRefused(error: unknown): unknown {
  return error instanceof ToolError ? refused(refusals.notWritten(error.message)) : error;
}
