/** What is mentioned with `@`: found by a few letters, and put beside the draft when it is chosen. Nothing is read before. */
import { outputText } from '../../core/context/terminalOutput';
import { getChanges } from '../../core/tools/getChanges';
import { getDiagnostics } from '../../core/tools/getDiagnostics';
import { listDirectory } from '../../core/tools/listDirectory';
import { ToolError, type ToolPorts } from '../../core/tools/workspace';
import type { LocalizableMessage } from '../../shared/chat';
import type { Handlers } from '../../shared/intents';
import type { MentionKind, MentionList } from '../../shared/mentions/mentions';
import { mentionNames, refusals } from '../base/plainStrings';
import { Refused, refused } from '../base/refused';
import type { MentionSource } from '../workspace/mentions/mentions';
import type { ContextChoice } from './contextChoice';
import type { DraftAttachments } from './draft/attachments';
import { blockId } from './draft/draft';
import { outputLabel } from './draft/outputs';

/** ms for looking, and for reading what was chosen. */
const findMs = 5_000;
const addMs = 10_000;

/** They go with one message: never text, or none that can be followed. */
const attached = /\.(?:png|jpe?g|gif|webp|pdf)$/i;

const nothing: MentionList = { rows: [], total: 0, partial: false, beside: [] };

interface MentionParts {
  /** Missing where nothing can be mentioned. */
  readonly source: MentionSource | undefined;
  readonly tools: ToolPorts;
  readonly context: ContextChoice;
  readonly attachments: DraftAttachments;
  /** Attaches a file as it is. */
  readonly attachUri: (uri: string) => Promise<void>;
  /** In the language of the views. */
  readonly said: (message: LocalizableMessage) => string;
  /** Makes sure that the conversation is stored. */
  readonly create: () => Promise<unknown>;
}

/** The mentions of one conversation. A file is added to its context, all else is attached to the draft. */
export class Mentions {
  /** How what was mentioned goes away again: only what the mention has brought. */
  readonly #undo = new Map<string, () => Promise<void>>();

  constructor(private readonly parts: MentionParts) {}

  readonly handlers = {
    mentions: async ({ query }) => (await this.parts.source?.find(query, AbortSignal.timeout(findMs))) ?? nothing,
    mention: async ({ kind, id }) => {
      const undo = await this.#add(kind, id);
      if (undo !== null) this.#undo.set(`${kind} ${id}`, undo);
    },
    unmention: async ({ kind, id }) => {
      const undo = this.#undo.get(`${kind} ${id}`);
      this.#undo.delete(`${kind} ${id}`);
      await undo?.();
    },
  } satisfies Partial<Handlers<'chat'>>;

  /** Resolves to what takes it away again; null where it was there before. */
  async #add(kind: MentionKind, id: string): Promise<(() => Promise<void>) | null> {
    const signal = AbortSignal.timeout(addMs);
    switch (kind) {
      case 'file':
        return await this.#addFile(id, signal);
      case 'folder':
        return await this.#attach(`${id}/`, 'folder.txt', async () => {
          await this.#source.uriOf(id, signal);
          this.#source.chosen(id);
          return (await listDirectory.run({ path: id }, this.parts.tools, signal)).content;
        });
      case 'selection':
        return await this.#adding(async () => {
          const selection = await this.#source.selection(signal);
          await this.parts.create();
          await this.parts.attachments.add([{ type: 'selection', selection }]);
        });
      case 'problems':
        return await this.#attach(this.parts.said(mentionNames.problems()), 'problems.txt', async () => {
          return (await getDiagnostics.run({}, this.parts.tools, signal)).content;
        });
      case 'changes':
        return await this.#attach(this.parts.said(mentionNames.changes()), 'changes.txt', async () => {
          return (await getChanges.run({}, this.parts.tools, signal)).content;
        });
      case 'terminal': {
        const output = this.#source.terminal();
        if (output === null) throw refused(refusals.noTerminalOutput());
        return await this.#attach(outputLabel(output), 'terminal.txt', async () => outputText(output));
      }
      case 'symbol':
        throw refused(refusals.unknownIntent());
      default:
        return kind satisfies never;
    }
  }

  async #addFile(path: string, signal: AbortSignal): Promise<(() => Promise<void>) | null> {
    const { context, attachUri, create } = this.parts;
    const uri = await this.#source.uriOf(path, signal);
    this.#source.chosen(path);
    if (attached.test(path)) {
      await attachUri(uri);
      return null;
    }
    if (context.isAdded(uri)) return null;
    await create();
    try {
      await context.add(uri);
    } catch (error) {
      throw error instanceof Refused ? error : await this.#source.whyNot(uri, signal);
    }
    return () => context.takeBack(uri);
  }

  /** Attaches a text under a label. What holds a key is refused there, with its reason, as in any file. */
  async #attach(label: string, name: string, read: () => Promise<string>): Promise<(() => Promise<void>) | null> {
    const { attachments, create } = this.parts;
    const text = await read().catch((error: unknown) => {
      throw error instanceof ToolError ? refused(refusals.notReadable(label, error.message)) : error;
    });
    const file = { name, label, mediaType: 'text/plain', bytes: Buffer.from(text) };
    return await this.#adding(() => attachments.attach(file, create()));
  }

  /** What takes away again what is attached meanwhile; null for nothing. */
  async #adding(add: () => Promise<void>): Promise<(() => Promise<void>) | null> {
    const { attachments } = this.parts;
    const before = new Set(attachments.current.map(blockId));
    await add();
    const fresh = attachments.current.map(blockId).filter((id) => !before.has(id));
    return fresh.length === 0 ? null : async () => void (await Promise.all(fresh.map((id) => attachments.detach(id))));
  }

  get #source(): MentionSource {
    const { source } = this.parts;
    if (source === undefined) throw refused(refusals.unknownIntent());
    return source;
  }
}
