/** What is mentioned with `@`: found by a few letters, and put beside the draft when it is chosen. Nothing is read before. */
import { attachmentStrings } from '../../core/base/strings';
import { outputText } from '../../core/context/terminalOutput';
import type { ContextSelection } from '../../core/record/record';
import { getChanges } from '../../core/tools/getChanges';
import { getDiagnostics } from '../../core/tools/getDiagnostics';
import type { OutlineSymbol } from '../../core/tools/language/languageServices';
import { listDirectory } from '../../core/tools/listDirectory';
import { ToolError, type ToolPorts } from '../../core/tools/workspace';
import type { LocalizableMessage } from '../../shared/chat';
import type { Handlers } from '../../shared/intents';
import type { Brought, MentionKind, MentionList } from '../../shared/mentions/mentions';
import { absences, mentionNames, refusals } from '../base/plainStrings';
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

/** Bytes of a symbol's lines, and lines of one whose end is not known. */
const maxSymbolBytes = 48 * 1024;
const linesBehind = 30;

const nothing: MentionList = { rows: [], total: 0, partial: false, beside: [], more: false };

interface MentionParts {
  /** Missing where nothing can be mentioned. */
  readonly source: MentionSource | undefined;
  readonly tools: ToolPorts;
  readonly context: ContextChoice;
  readonly attachments: DraftAttachments;
  /** Attaches a file as it is. */
  readonly attachUri: (uri: string, edit?: string) => Promise<readonly string[]>;
  /** In the language of the views. */
  readonly said: (message: LocalizableMessage) => string;
  /** Makes sure that the conversation is stored. */
  readonly create: () => Promise<unknown>;
}

type Lines = Pick<OutlineSymbol, 'name' | 'startLine' | 'endLine'>;

/** The last word of a name, which some services write with what it stands in, or takes. */
function wordOf(name: string): string {
  return /[\p{L}\p{N}_$]+(?=[^\p{L}\p{N}_$]*$)/u.exec(name.replace(/(?<=.)\(.*$/s, ''))?.[0] ?? name;
}

/**
 * The lines of the symbol of a name that was defined on a line: the most of those that now begin nearest to it. Where none
 * is told, the lines around it.
 */
export function symbolLines(symbols: readonly Lines[], line: number, name: string): Omit<Lines, 'name'> {
  const height = (one: Lines): number => one.endLine - one.startLine;
  const off = (one: Lines): number => Math.abs(one.startLine - line);
  const named = symbols.filter((one) => wordOf(one.name) === wordOf(name));
  const around = symbols.filter(({ startLine, endLine }) => startLine <= line && line <= endLine);
  return (
    named.toSorted((a, b) => off(a) - off(b) || height(b) - height(a))[0] ??
    around.toSorted((a, b) => height(a) - height(b))[0] ?? { startLine: line, endLine: line + linesBehind }
  );
}

function blocks(ids: readonly string[]): Brought {
  return ids.map((id) => `block:${id}`);
}

/** The mentions of one conversation. A file is added to its context, all else is attached to the draft. */
export class Mentions {
  readonly #brought = new Map<string, Brought>();
  /** One after the other, so that what is taken back was brought before. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(private readonly parts: MentionParts) {}

  readonly handlers = {
    attachFile: ({ uri, edit }) => this.#inTurn(() => this.#dropped(uri, edit ?? undefined)),
    mentions: async ({ query }) => (await this.parts.source?.find(query, AbortSignal.timeout(findMs))) ?? nothing,
    mention: ({ kind, id, edit }) =>
      this.#inTurn(async () => {
        const key = `${kind} ${id} ${edit ?? ''}`;
        const added = await this.#add(kind, id, edit ?? undefined);
        const brought = added.length > 0 ? added : (this.#brought.get(key) ?? []);
        this.#brought.set(key, brought);
        return brought;
      }),
    // Since it was mentioned the window may have been loaded anew.
    unmention: ({ kind, id, edit, brought }) =>
      this.#inTurn(async () => {
        const key = `${kind} ${id} ${edit ?? ''}`;
        const known = this.#brought.get(key) ?? brought;
        this.#brought.delete(key);
        for (const one of known) await this.#takeAway(one, edit ?? undefined);
      }),
  } satisfies Partial<Handlers<'chat'>>;

  /**
   * The message leaves: what it has mentioned is its own from then on. Resolves when all of that is beside it, or was
   * refused; null while there is nothing to wait for.
   */
  leave(): Promise<void> | null {
    if (this.#waiting > 0) return this.#turn.then(() => this.#brought.clear());
    this.#brought.clear();
    return null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const done = this.#turn.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #takeAway(one: string, edit: string | undefined): Promise<void> {
    const { attachments, context } = this.parts;
    const at = one.indexOf(':');
    const [how, what] = [one.slice(0, at), one.slice(at + 1)];
    if (how === 'block') await attachments.detach(what, edit);
    else if (how === 'image') {
      const image = attachments
        .of(edit)
        .findLast(({ type, ...block }) => type === 'image' && 'name' in block && block.name === what);
      if (image !== undefined) await attachments.detach(blockId(image), edit);
    } else await context.takeBack(what, how === 'removed');
  }

  /** Resolves to what goes with it again; nothing where that was there before. */
  async #add(kind: MentionKind, id: string, edit?: string): Promise<Brought> {
    const signal = AbortSignal.timeout(addMs);
    switch (kind) {
      case 'file':
        return await this.#addFile(id, edit, signal);
      case 'folder':
        return await this.#attach(`${id}/`, 'folder.txt', edit, async () => {
          await this.#source.uriOf(id, signal);
          const { content } = await listDirectory.run({ path: id }, this.parts.tools, signal);
          this.#source.chosen('folder', id);
          return content;
        });
      case 'selection':
        return await this.#attachLines(await this.#source.selection(signal), edit);
      case 'problems':
        return await this.#attach(this.parts.said(mentionNames.problems()), 'problems.txt', edit, async () => {
          return (await getDiagnostics.run({}, this.parts.tools, signal)).content;
        });
      case 'changes':
        return await this.#attach(this.parts.said(mentionNames.changes()), 'changes.txt', edit, async () => {
          return (await getChanges.run({}, this.parts.tools, signal)).content;
        });
      case 'terminal': {
        const output = this.#source.terminal(id);
        if (output === null) throw refused(refusals.noTerminalOutput());
        return await this.#attach(outputLabel(output), 'terminal.txt', edit, async () => outputText(output));
      }
      case 'symbol':
        return await this.#attachLines(await this.#symbol(id, signal), edit);
      default:
        return kind satisfies never;
    }
  }

  async #addFile(path: string, edit: string | undefined, signal: AbortSignal): Promise<Brought> {
    const { context, attachUri, attachments, create } = this.parts;
    const uri = await this.#source.uriOf(path, signal);
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (attached.test(path)) {
      const ids = await attachUri(uri, edit);
      this.#source.chosen('file', path);
      if (ids.length > 0) return blocks(ids);
      // An image comes back from the panel, scaled: it is known by its name. One that was there before stays.
      return attachments.of(edit).some((one) => one.type === 'image' && one.name === name) ? [] : [`image:${name}`];
    }
    await create();
    try {
      if (edit !== undefined) {
        const { text } = await context.read(uri);
        this.#source.chosen('file', path);
        return await this.#attach(path, name, edit, async () => text);
      }
      const before = await context.add(uri);
      this.#source.chosen('file', path);
      return before === 'added' ? [] : [`${before === 'removed' ? 'removed' : 'file'}:${uri}`];
    } catch (error) {
      throw error instanceof Refused ? error : await this.#source.whyNot(uri, signal);
    }
  }

  /**
   * Of the workspace it is included as if it were mentioned, a tab with what is not saved; all else is attached, and all
   * that goes with a message which is being written anew.
   */
  async #dropped(named: string, edit: string | undefined): Promise<void> {
    const { source } = this.parts;
    const uri = source?.here(named) ?? named;
    // A tab with a selection names its lines: the file is what is dragged.
    const bare = uri.replace(/^(?!vscode-)(.*?)#.*$/s, '$1');
    const found = await source?.at(bare, AbortSignal.timeout(addMs));
    if (found != null && edit === undefined) await this.#add(found.kind, found.path);
    else if (found != null) await this.parts.attachUri(bare, edit);
    else {
      const code = (await source?.unsaved(uri)) ?? null;
      if (code === 'secret') throw refused(absences.secret());
      if (code === null) await this.parts.attachUri(uri, edit);
      else if (typeof code === 'object') await this.#attachLines(code.selection, edit);
      else throw refused(attachmentStrings.empty(uri.slice(uri.search(/[^/:]*$/))));
    }
  }

  /** The lines of a symbol, as its file has them now. */
  async #symbol(id: string, signal: AbortSignal): Promise<ContextSelection> {
    const { languages, workspace } = this.parts.tools;
    const [, encoded = '', path = '', line = ''] = /^([^/]*)\/(.*)#(\d+)$/s.exec(id) ?? [];
    const name = decodeURIComponent(encoded);
    await this.#source.uriOf(path, signal);
    // Where no service tells how far it goes, the lines behind its name do.
    const { items } = await languages.outline(path, signal).catch(() => ({ items: [] }));
    const { startLine, endLine } = symbolLines(items, Number(line), name);
    const read = await workspace
      .readLines(path, startLine, endLine - startLine + 1, maxSymbolBytes, signal)
      .catch((error: unknown) => {
        throw error instanceof ToolError ? refused(refusals.notReadable(path, error.message)) : error;
      });
    const { file, lines } = read;
    // The lines of something else are none of it.
    if (!lines.some((text) => text.includes(wordOf(name)))) throw refused(refusals.symbolGone(name));
    const last = read.startLine + lines.length - 1;
    return { uri: file.uri, path: file.path, startLine: read.startLine, endLine: last, text: lines.join('\n') };
  }

  async #attachLines(selection: ContextSelection, edit?: string): Promise<Brought> {
    await this.parts.create();
    return blocks(
      await this.parts.attachments.add([{ type: 'selection', selection, ...(edit === undefined ? {} : { edit }) }]),
    );
  }

  /** Attaches a text under a label. What holds a key is refused there, with its reason, as in any file. */
  async #attach(label: string, name: string, edit: string | undefined, read: () => Promise<string>): Promise<Brought> {
    const { attachments, create } = this.parts;
    const text = await read().catch((error: unknown) => {
      throw error instanceof ToolError ? refused(refusals.notReadable(label, error.message)) : error;
    });
    const file = { name, label, mediaType: 'text/plain', bytes: Buffer.from(text) };
    return blocks(await attachments.attach(file, create(), edit));
  }

  get #source(): MentionSource {
    const { source } = this.parts;
    if (source === undefined) throw refused(refusals.unknownIntent());
    return source;
  }
}
