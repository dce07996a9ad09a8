/** A whole chat without VS Code: real controllers over the real store, a workspace in memory, the fake API over HTTP. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiAccess } from '../../../src/core/api/access';
import { AddressBook } from '../../../src/core/api/addressBook';
import { ModelCatalog, type Models } from '../../../src/core/api/modelList';
import type { Clock, Log } from '../../../src/core/base/ports';
import type { ChatSettings } from '../../../src/core/base/settings';
import type { ContextNow, EditorContext } from '../../../src/core/context/editorContext';
import { type Model, modelOf } from '../../../src/core/models/models';
import type { ContextFile, ContextSelection } from '../../../src/core/record/record';
import type { Store } from '../../../src/core/record/store';
import type { Consents } from '../../../src/core/tools/consent';
import type { OtherTools } from '../../../src/core/tools/ports/otherTools';
import { type FileLines, type SearchOutcome, ToolError, type Workspace } from '../../../src/core/tools/workspace';
import { createIds, systemClock } from '../../../src/host/base/clock';
import { SideBarChat } from '../../../src/host/history/sideBarChat';
import { Pauses } from '../../../src/host/pricing/pauses';
import { TokenCalibrationStore } from '../../../src/host/pricing/tokenCalibrationStore';
import type { ChatController } from '../../../src/host/session/controller';
import type { ControllerDeps, ExclusionPicker, ToolPicker } from '../../../src/host/session/turns/controllerDeps';
import { ToolConsents } from '../../../src/host/settings/consents';
import { WorkspaceChoices } from '../../../src/host/settings/workspaceChoices';
import { type OpenOptions, openStore } from '../../../src/host/store/client';
import type { HostEditing } from '../../../src/host/workspace/edits/editing';
import type { FileSource } from '../../../src/host/workspace/fileSource';
import { fits } from '../../../src/shared/change';
import { type ChatState, emptyChat } from '../../../src/shared/chat';
import { type ComposerState, type EarlierItems, type HostToView, ownInstructions } from '../../../src/shared/protocol';
import { reduce } from '../../../src/shared/reduce';
import { itemKey } from '../../../src/shared/tail';
import { repoRoot } from '../../vscode/paths';
import { inThread } from '../store/threads';
import { noPorts } from '../tools/fakeLanguages';

/** Files and editors as a test moves them. */
export class FakeEditors implements EditorContext, Workspace {
  readonly files = new Map<string, string>();
  open: string[] = [];
  /** Instructions of the project. */
  project: string[] = [];
  /** The user's own instructions. */
  own = '';
  selected: { readonly path: string; readonly startLine: number; readonly endLine: number } | null = null;
  /** The file that one looks at; undefined where all that is open goes along as a whole. */
  active: string | null | undefined = undefined;

  roots(): readonly { readonly name: string; readonly uri: string }[] {
    return [{ name: 'work', uri: 'file:///work' }];
  }

  async current(): Promise<ContextNow> {
    const read = (paths: readonly string[]): ContextFile[] => paths.flatMap((path) => this.file(path));
    const files = read(this.open.filter((path) => !this.project.includes(path)));
    const own = this.own === '' ? [] : [{ ...ownInstructions, text: this.own }];
    const whole = files.filter(({ path }) => path === this.active).map(({ uri }) => uri);
    return {
      project: [...own, ...read(this.project)],
      files,
      selection: this.selection(),
      ...(this.active === undefined ? {} : { whole }),
    };
  }

  async readAdded(uris: readonly string[]): Promise<readonly (ContextFile | null)[]> {
    return this.read(uris);
  }

  async read(uris: readonly string[]): Promise<readonly (ContextFile | null)[]> {
    return uris.map((uri) => this.file(uri.replace('file:///work/', ''))[0] ?? null);
  }

  async readLines(path: string, startLine: number, maxLines: number): Promise<FileLines> {
    const [file] = this.file(path);
    if (file === undefined) throw new ToolError(`There is no file ${path}.`);
    const lines = file.text.split('\n');
    return {
      file,
      lines: lines.slice(startLine - 1, startLine - 1 + maxLines),
      startLine,
      totalLines: lines.length,
      unsaved: false,
    };
  }

  async listDirectory(path: string): ReturnType<Workspace['listDirectory']> {
    return { path, entries: [...this.files.keys()].map((name) => ({ name, kind: 'file', size: 1 })) };
  }

  async findFiles(): ReturnType<Workspace['findFiles']> {
    return { paths: [...this.files.keys()], truncated: false };
  }

  async searchText({ query }: { readonly query: string }): Promise<SearchOutcome> {
    const matches = [...this.files].flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) => (line.includes(query) ? [{ path, line: index + 1, text: line }] : [])),
    );
    return { matches, files: new Set(matches.map((match) => match.path)).size, truncated: false };
  }

  private file(path: string): ContextFile[] {
    const text = this.files.get(path);
    return text === undefined ? [] : [{ uri: `file:///work/${path}`, path, text }];
  }

  private selection(): ContextSelection | null {
    if (this.selected === null) return null;
    const [file] = this.file(this.selected.path);
    if (file === undefined) return null;
    const { startLine, endLine } = this.selected;
    const text = file.text
      .split('\n')
      .slice(startLine - 1, endLine)
      .join('\n');
    return text === '' ? null : { uri: file.uri, path: file.path, startLine, endLine, text };
  }
}

/** Waits are a hundred times shorter, so that countdowns do not hold up a test. */
export const quickClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
  every: (ms, callback) => systemClock.every(Math.max(5, ms / 100), callback),
};

/** What the panel would show: the same reduce over what the host posts. */
export class FakeView {
  state: ChatState;
  draft = '';
  composer: ComposerState | null = null;
  private seq = 0;
  /** A snapshot has been asked for: what comes before it is not for this state. */
  private waits = false;
  gaps = 0;
  messages: HostToView[] = [];
  /** Ends what it is told, as when the panel is hidden or its page has died. */
  readonly detach: () => void;

  /** `shares`: what is told stays the host's own object, which saves a copy where nobody writes into it. */
  constructor(
    readonly controller: ChatController,
    private readonly shares = false,
  ) {
    this.state = emptyChat(controller.conversation);
    this.detach = controller.attach((message) => this.take(message));
  }

  /** All of the conversation: what stands above is asked for, as when one scrolls to its beginning. */
  async whole(): Promise<ChatState> {
    const { conversation } = this.controller;
    for (let [first] = this.state.items; this.state.above.items > 0; [first] = this.state.items) {
      const asked = { type: 'earlier', conversation, before: itemKey(first), to: null } as const;
      const answer = await this.controller.handle(asked);
      assert.ok(answer.ok && answer.value !== null, 'earlier turns are not there');
      const { items, above } = answer.value as EarlierItems;
      assert.ok(items.length > 0 && above.items + items.length === this.state.above.items, 'a gap above');
      this.state = { ...this.state, items: [...items, ...this.state.items], above };
    }
    return this.state;
  }

  private take(sent: HostToView): void {
    // As over the wire: nothing is shared.
    const message = this.shares ? sent : (JSON.parse(JSON.stringify(sent)) as HostToView);
    this.messages.push(message);
    if (message.type === 'snapshot') {
      this.waits = false;
      this.state = message.state;
      this.seq = message.seq;
      this.draft = message.draft;
      this.composer = message.composer;
    } else if (message.type === 'events') {
      if (this.waits) return;
      if (message.seq !== this.seq + 1) this.gaps += 1;
      this.seq = message.seq + message.events.length - 1;
      for (const event of message.events) {
        if (event.type === 'items' && !fits(this.state, event)) {
          this.waits = true;
          this.controller.handle({ type: 'resync', conversation: this.controller.conversation });
          return;
        }
        this.state = reduce(this.state, event);
      }
    } else if (message.type === 'setDraft') {
      // As the composer puts it.
      const typed = message.instead === true ? '' : this.draft.trimEnd();
      this.draft = typed === '' ? message.text : `${typed}\n\n${message.text}`;
    } else if (message.type === 'composer') {
      this.composer = message.composer;
    }
  }
}

/** As at Anthropic's own address: what goes there goes to the fake at `url` in its place. */
export function asOfficial(url: string, send: typeof fetch = fetch): Pick<ChatOptions, 'access' | 'fetch'> {
  const baseUrl = 'https://api.anthropic.com';
  return {
    access: () => ({ apiKey: 'sk-test', baseUrl, headers: {} }),
    fetch: (to, init) => send(String(to).replace(baseUrl, url), init),
  };
}

const noFiles: FileSource = {
  pick: async () => [],
  read: async (uri) => {
    throw new Error(`there is no ${uri}`);
  },
  tell: () => undefined,
};

export interface Chat {
  readonly editors: FakeEditors;
  readonly store: Store;
  /** The store without what `wrap` put around it. */
  readonly opened: Store;
  readonly conversations: SideBarChat;
  readonly addresses: AddressBook;
  readonly catalog: ModelCatalog;
  readonly errors: readonly string[];
}

export interface ChatOptions {
  readonly url: string;
  readonly folder: string;
  readonly editors: FakeEditors;
  readonly model?: string;
  /** Read anew for each turn, like the user's settings. */
  readonly settings?: () => Partial<ChatSettings>;
  readonly access?: () => ApiAccess | null;
  /** True: the API is asked for its models, as in VS Code. */
  readonly liveModels?: boolean;
  readonly owner?: string;
  readonly isAlive?: (owner: string) => boolean;
  readonly clock?: Clock;
  readonly fetch?: typeof globalThis.fetch;
  readonly files?: FileSource;
  readonly mentions?: ControllerDeps['mentions'];
  readonly showRequest?: ControllerDeps['showRequest'];
  readonly leaveOut?: ExclusionPicker;
  readonly consents?: Consents;
  readonly toolPicker?: ToolPicker;
  readonly askForWeb?: ControllerDeps['askForWeb'];
  readonly slash?: ControllerDeps['slash'];
  /** Tools of others that VS Code holds. */
  readonly others?: OtherTools;
  /** What the API's list says of models, other than the table. */
  readonly modelFacts?: (id: string) => Partial<Model>;
  /** What the API lists for the key; nothing where it was not asked. */
  readonly available?: readonly string[];
  /** What changes files; without it nothing can be written. */
  readonly editing?: (store: Store) => HostEditing;
  /** Wraps the store, to let it fail. */
  readonly wrap?: (store: Store) => Store;
  readonly startWorker?: OpenOptions['startWorker'];
}

/** An extension host's worth of chat on a store folder. Open it again on the same folder to act a reload. */
export async function openChat(options: ChatOptions): Promise<Chat> {
  const errors: string[] = [];
  // What stands beside a message is given up after a moment of real time, which a busy machine uses up.
  const keep = (message: string): unknown => message.includes('it took longer than') || errors.push(message);
  const log: Log = {
    info: () => undefined,
    warn: (message) => keep(message),
    error: (message, error) => keep(`${message}: ${error instanceof Error ? error.stack : String(error)}`),
  };
  const workerPath = join(repoRoot(), 'dist', 'storeWorker.js');
  const { folder, startWorker = inThread(workerPath) } = options;
  const opened = await openStore({ folder, workerPath, log, startWorker });
  const store = options.wrap?.(opened) ?? opened;
  const model = options.model ?? 'claude-opus-4-8';
  const settings = (): ChatSettings => ({
    model,
    effort: 'high',
    thinkingDisplay: 'summarized',
    maxTokens: null,
    ...options.settings?.(),
  });
  const clock = options.clock ?? quickClock;
  const access = options.access ?? (() => ({ apiKey: 'sk-test', baseUrl: options.url, headers: {} }));
  const api = { access: async () => access() };
  const catalog = new ModelCatalog({
    store,
    api,
    clock,
    log,
    fetch: options.fetch ?? globalThis.fetch,
    chosen: () => settings().model,
  });
  const addresses = new AddressBook(store, log);
  const tokens = new TokenCalibrationStore(store, log, api);
  await Promise.all([catalog.load(), tokens.load()]);
  const editing = options.editing?.(store);
  const deps: ControllerDeps = {
    store,
    api,
    addresses,
    clock,
    log,
    ids: createIds(),
    context: options.editors,
    tools: {
      workspace: options.editors,
      ...noPorts,
      ...(options.others === undefined ? {} : { others: options.others }),
      ...(editing === undefined ? {} : { edits: editing }),
    },
    ...(editing === undefined ? {} : { restoring: editing.restoring, filesNow: editing.filesNow }),
    consents: options.consents ?? new ToolConsents({ store, clock, log, workspace: 'work' }),
    situation: () => ({ trusted: true, hasFolder: true, reviewAtEnd: false }),
    settings,
    models: options.liveModels === true ? catalog : knownModels(options.modelFacts, options.available),
    tokens,
    pauses: new Pauses({ store, clock, log }),
    showRequest: options.showRequest ?? (async () => undefined),
    files: options.files ?? noFiles,
    ...(options.mentions === undefined ? {} : { mentions: options.mentions }),
    toolPicker: options.toolPicker ?? { choose: async () => undefined, startServer: async () => undefined },
    ...(options.slash === undefined ? {} : { slash: options.slash }),
    ...(options.askForWeb === undefined ? {} : { askForWeb: options.askForWeb }),
    exclusionPicker: options.leaveOut ?? { choose: async () => undefined },
    choices: new WorkspaceChoices({ store, log, workspace: 'work' }),
    identity: { key: 'work', name: 'work', folders: ['file:///work'] },
    fetch: options.fetch ?? globalThis.fetch,
    owner: options.owner ?? 'host-1',
    isAlive: options.isAlive ?? (() => true),
  };
  return {
    editors: options.editors,
    store,
    opened,
    addresses,
    conversations: new SideBarChat(deps),
    catalog,
    errors,
  };
}

/** What the table says, and nothing else. */
export const tableModels: Models = { of: modelOf, answered: () => undefined };

function knownModels(facts: ChatOptions['modelFacts'], available: ChatOptions['available'] = []): Models {
  const of = (id: string): Model =>
    facts === undefined ? tableModels.of(id) : { ...tableModels.of(id), ...facts(id) };
  return { ...tableModels, of, available: available.map(of) };
}

/** Ends an extension host as a reload does. */
export async function closeChat(chat: Chat): Promise<void> {
  await chat.conversations.dispose();
  await chat.store.close();
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): void }> {
  const path = await mkdtemp(join(tmpdir(), 'prelude-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves when `check` holds; rejects with what it was waiting for after `ms`. */
export async function until(what: string, check: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!check()) {
    if (Date.now() > end) assert.fail(`waited ${ms} ms for ${what}`);
    await delay(2);
  }
}

/** Sends and waits until the turn has ended. */
export async function ask(view: FakeView, text: string): Promise<void> {
  view.controller.handle({ type: 'send', conversation: view.controller.conversation, text });
  await until('the turn to end', () => !view.controller.isRunning);
}
