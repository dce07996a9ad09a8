/** What goes with a conversation's draft besides its words: taken in, checked, kept, given to Send. */
import { messageOf } from '../../../core/base/errors';
import type { Log } from '../../../core/base/ports';
import type { Model } from '../../../core/models/models';
import {
  attachmentOf,
  blockTokens,
  examine,
  mediaOf,
  pastedText,
  refusalOf,
  unseenBy,
} from '../../../core/prompt/attachments';
import { type Entry, isPasted, type UserBlock } from '../../../core/record/record';
import type { Store } from '../../../core/record/store';
import { isSecretPath } from '../../../core/tools/secrets/secretFiles';
import type { LocalizableMessage } from '../../../shared/chat';
import { imageAddress } from '../../../shared/images/imageAddress';
import type { DraftAttachment } from '../../../shared/protocol';
import { refusals } from '../../base/plainStrings';
import { Refused } from '../../base/refused';
import type { IncomingFile } from '../../workspace/fileSource';
import { bytesHoldKey } from '../../workspace/files/judge';
import { blockId, type DraftBlock, sentBlock } from './draft';

/** A mark at the beginning of a text is one of its characters. */
export const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** What the next request is made of so far. */
interface DraftRequest {
  readonly path: readonly Entry[];
  readonly model: Model;
  /** All its tokens, what is attached included. They take an estimate: only what is attached waits for it. */
  tokens(): number;
}

interface AttachmentsHost {
  next(): DraftRequest;
  /** Another part of the list goes with the next message: show it. */
  show(): void;
  /** The list is another one: store it and show it. */
  changed(): Promise<void>;
  refused(name: string, reason: LocalizableMessage): void;
}

const maxName = 120;

/** The attachments of one draft: checked, stored as blobs, and bounded in number and size. */
export class DraftAttachments {
  private blocks: readonly DraftBlock[] = [];
  /** Those of a message that is not in the record yet. */
  private readonly leaving = new Set<DraftBlock>();
  private waiting = 0;
  private intake: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: { readonly store: Store; readonly log: Log },
    private readonly owner: AttachmentsHost,
  ) {}

  /** Takes over what is stored. */
  load(blocks: readonly DraftBlock[]): void {
    this.blocks = blocks;
  }

  /** What goes with messages that are not there any more, by their ids, goes with the draft. */
  adopt(edits: ReadonlySet<string>): void {
    this.blocks = this.blocks.map((one) => (one.edit === undefined || edits.has(one.edit) ? one : sentBlock(one)));
  }

  /** Everything that must outlive a crash. */
  get all(): readonly DraftBlock[] {
    return this.blocks;
  }

  /** What goes with the next message. */
  get current(): readonly DraftBlock[] {
    return this.of(undefined);
  }

  /** The same, or what goes with a message that is being written anew. */
  of(edit: string | undefined): readonly DraftBlock[] {
    return this.there.filter((block) => block.edit === edit);
  }

  /** Those of messages that are being written anew, too. */
  private get there(): readonly DraftBlock[] {
    return this.blocks.filter((block) => !this.leaving.has(block));
  }

  /** True while something is being taken in: Send waits for `settled`. */
  get isTakingIn(): boolean {
    return this.waiting > 0;
  }

  settled(): Promise<void> {
    return this.intake;
  }

  /** As the panel shows them. `factor`: of the model's tokens. */
  shown(model: Model, factor: number): readonly DraftAttachment[] {
    return this.current.map((block) => shownOf(block, model, factor));
  }

  /** Those that go with messages which are being written anew. */
  shownEdited(model: Model, factor: number): readonly DraftAttachment[] {
    return this.there.flatMap((block) =>
      block.edit === undefined ? [] : [{ ...shownOf(block, model, factor), edit: block.edit }],
    );
  }

  /**
   * Takes a file in once `ready`, after those before it. What cannot be sent is refused with words. `edit`: the message
   * that is being written anew and that it goes with. Resolves to the id of what is there now and was not before.
   */
  attach(file: IncomingFile, ready: Promise<unknown>, edit?: string): Promise<readonly string[]> {
    const name = file.label?.slice(0, maxName).toWellFormed() ?? shortName(file.name);
    return this.enqueue(name, ready, async () => {
      if (isSecretPath(file.name) || (file.target !== undefined && isSecretPath(file.target)))
        throw new Refused(refusals.secretFile(name));
      const found = examine(name, file.mediaType, file.bytes);
      if (found.kind !== 'taken') throw new Refused(found.reason);
      // A picture holds no text; of a PDF what is not compressed is looked at.
      if (found.block.type === 'document' && (await bytesHoldKey(file.bytes)))
        throw new Refused(refusals.holdsKey(name));
      this.check({ ...found.block, blob: '' });
      const blob = await this.deps.store.putBlob(file.bytes);
      return await this.add([{ ...found.block, blob, ...into(edit) }]);
    });
  }

  /** Takes in a long text that was pasted. Rejects with why it was not: then it is nowhere. */
  attachPasted(text: string, ready: Promise<unknown>, edit: string | null): Promise<void> {
    return this.inTurn(async () => {
      await ready;
      const bytes = Buffer.from(text);
      const block = pastedText(text, bytes.length);
      this.check({ ...block, blob: '' });
      const blob = await this.deps.store.putBlob(bytes);
      const pasted = { ...block, blob, ...into(edit) };
      await this.add([pasted]).catch((error: unknown) => {
        // It goes into the words again: it stands once.
        this.blocks = this.blocks.filter((one) => one !== pasted);
        this.owner.show();
        throw error;
      });
    });
  }

  /** The words of one. */
  async pastedText(id: string): Promise<string> {
    const block = this.current.find((one) => isPasted(one) && blockId(one) === id);
    const bytes = block === undefined ? null : await this.deps.store.getBlob(id);
    if (bytes === null) throw new Refused(refusals.textGone());
    return utf8.decode(bytes);
  }

  /** Attaches an address: the API fetches the image itself. */
  attachUrl(address: string, ready: Promise<unknown>, edit: string | null): Promise<unknown> {
    return this.enqueue(address, ready, async () => {
      const url = imageAddress(address);
      if (url === null) {
        throw new Refused(refusals.imageAddress());
      }
      const block: DraftBlock = { type: 'imageUrl', url, ...into(edit) };
      this.check(block);
      return await this.add([block]);
    });
  }

  /** Adds blocks that are sound and stored, those that are there already left out: the ids of the others. */
  async add(blocks: readonly DraftBlock[]): Promise<readonly string[]> {
    const fresh = this.freshOf(blocks);
    if (fresh.length === 0) return [];
    this.blocks = [...this.blocks, ...fresh];
    await this.owner.changed();
    return fresh.map(blockId);
  }

  /** What must outlive a crash when these are added. */
  allWith(blocks: readonly DraftBlock[]): readonly DraftBlock[] {
    return [...this.blocks, ...this.freshOf(blocks)];
  }

  private freshOf(blocks: readonly DraftBlock[]): readonly DraftBlock[] {
    const known = this.there;
    return blocks.filter((block) => !known.some((one) => one.edit === block.edit && blockId(one) === blockId(block)));
  }

  /** One of the draft, or of a message that is being written anew; `id` null: all of that, with what is on its way. */
  async detach(id: string | null, edit?: string): Promise<void> {
    if (id === null) await this.intake;
    const left = this.blocks.filter(
      (block) => this.leaving.has(block) || block.edit !== edit || (id !== null && blockId(block) !== id),
    );
    if (left.length === this.blocks.length) return;
    this.blocks = left;
    await this.owner.changed();
  }

  /**
   * Gives what is attached to a message. It stays stored until `sent` says that the message is in the record, or
   * `returned` that it is not. null when the request would be refused; the reason has been said.
   */
  takeForSend(): readonly DraftBlock[] | null {
    const taken = this.current;
    const { path, model, tokens } = this.owner.next();
    // Since it was attached another model may have been picked.
    const reason =
      taken.length === 0
        ? unseenBy(model, mediaOf(path, model), [])
        : refusalOf(mediaOf(path, model), taken, model, tokens() - sumTokens(taken, model));
    if (reason !== null) {
      this.owner.refused('', reason);
      return null;
    }
    for (const block of taken) this.leaving.add(block);
    if (taken.length > 0) this.owner.show();
    return taken;
  }

  /** Gives what goes with a message that was written anew; `sent` or `toDraft` follows. */
  takeForEdit(edit: string): readonly DraftBlock[] {
    const taken = this.of(edit);
    for (const block of taken) this.leaving.add(block);
    return taken;
  }

  /** What they were to go with is not sent: they go with the draft. */
  async toDraft(blocks: readonly DraftBlock[]): Promise<void> {
    if (blocks.length === 0) return;
    for (const block of blocks) this.leaving.delete(block);
    this.blocks = this.blocks.map((block) => (blocks.includes(block) ? sentBlock(block) : block));
    await this.owner.changed();
  }

  /**
   * True when the model that is picked now can take these blocks and what the conversation holds; else the reason has
   * been said.
   */
  canBeSeen(blocks: readonly UserBlock[]): boolean {
    const { path, model } = this.owner.next();
    const reason = unseenBy(model, mediaOf(path, model), blocks);
    if (reason !== null) this.owner.refused('', reason);
    return reason === null;
  }

  async sent(blocks: readonly DraftBlock[]): Promise<void> {
    if (blocks.length === 0) return;
    for (const block of blocks) this.leaving.delete(block);
    this.blocks = this.blocks.filter((block) => !blocks.includes(block));
    await this.owner.changed();
  }

  async returned(blocks: readonly DraftBlock[]): Promise<void> {
    if (blocks.length === 0) return;
    for (const block of blocks) this.leaving.delete(block);
    await this.owner.changed();
  }

  private check(block: DraftBlock): void {
    const { path, model, tokens } = this.owner.next();
    const reason = refusalOf([...mediaOf(path, model), ...this.current], [block], model, tokens());
    if (reason !== null) throw new Refused(reason);
  }

  private enqueue(
    name: string,
    ready: Promise<unknown>,
    take: () => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    return this.inTurn(() =>
      ready.then(take).catch((error: unknown) => {
        if (error instanceof Refused) this.owner.refused(name, error.reason);
        else {
          this.deps.log.error('an attachment could not be stored', error);
          const why = messageOf(error);
          this.owner.refused(name, refusals.notStorable(name, why));
        }
        return [];
      }),
    );
  }

  /** After what was attached before it. */
  private inTurn<T>(take: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const done = this.intake.then(take).finally(() => {
      this.waiting -= 1;
    });
    this.intake = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

/** Which message that is being written anew it goes with, if any. */
function into(edit: string | null | undefined): { readonly edit?: string } {
  return edit == null ? {} : { edit };
}

/** Named without its folders, and cut where it is very long; its ending stays. */
function shortName(given: string): string {
  const name = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1).toWellFormed();
  return name.length <= maxName ? name : `${name.slice(0, maxName - 12)}…${name.slice(-11)}`;
}

function sumTokens(blocks: readonly DraftBlock[], model: Model): number {
  return blocks.reduce((sum, block) => sum + blockTokens(block, model), 0);
}

function shownOf(block: DraftBlock, model: Model, factor: number): DraftAttachment {
  const bytes = 'bytes' in block && block.bytes !== undefined ? { bytes: block.bytes } : {};
  return { ...attachmentOf(block), id: blockId(block), tokens: blockTokens(block, model, factor), ...bytes };
}
