/** Joins the parts of the extension host: constructor injection, no container. The entry of host.js. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { AddressBook } from '../core/api/addressBook';
import { ModelCatalog } from '../core/api/modelList';
import type { Log } from '../core/base/ports';
import { type ChatSettings, noLimits } from '../core/base/settings';
import { estimateTokens } from '../core/models/tokens';
import type { Store } from '../core/record/store';
import type { ModelChoice } from '../shared/protocol';
import { beside } from './base/beside';
import { createIds, systemClock } from './base/clock';
import type { CommandTable } from './base/commandIds';
import { createLog, loggedFetch } from './base/log';
import { createOwner, isOwnerAlive } from './base/owner';
import { describeError } from './base/redact';
import { localized } from './base/strings';
import { windowIdentity } from './base/windowIdentity';
import { addressLimitPick } from './commands/addressLimitPick';
import { createCommands } from './commands/commands';
import { putCommitMessage } from './commands/commitMessage';
import { excludedPick } from './commands/excludedPick';
import { managePermissions } from './commands/permissionsPick';
import { PromptFiles } from './commands/promptFiles';
import { slashBlocks } from './commands/slashCommands';
import { toolPick } from './commands/toolPick';
import { askForWeb } from './commands/webConsentPick';
import { ConversationList } from './history/conversationList';
import { exportAll, exportConversation } from './history/exportConversation';
import { exportPlaces } from './history/exportFiles';
import { createListActions } from './history/listActions';
import { SideBarChat } from './history/sideBarChat';
import { tellDamaged, tellVanished, tellWaiting } from './history/storeNotices';
import { createWindowMarks } from './history/windowMarks';
import { AttachedTexts } from './panel/attachedText';
import { ChatTabs } from './panel/chatTabs';
import { ChatView } from './panel/chatView';
import { FileVersions } from './panel/fileVersions';
import { keepHome } from './panel/home';
import { PanelEnvironmentSource } from './panel/panelEnvironment';
import { RequestDocuments } from './panel/requestDocuments';
import { Terminals } from './panel/terminals';
import { UsageTab } from './panel/usageTab';
import { createViewActions } from './panel/viewActions';
import { modelChoices } from './pricing/models';
import { useAccount } from './pricing/nextTurn';
import { Pauses } from './pricing/pauses';
import { TokenCalibrationStore } from './pricing/tokenCalibrationStore';
import { addressState, takeBackLimit } from './session/turns/mend';
import { showAddressLimits } from './settings/addressLimitsList';
import { ToolConsents } from './settings/consents';
import { storedConsent } from './settings/environmentConsent';
import { FolderSettings } from './settings/folderSettings';
import { automaticContextOf, chatSettingsOf, explainTargetOf, ownInstructionsOf } from './settings/scopedSettings';
import { Secrets } from './settings/secrets';
import { askInWindow, WindowSettings } from './settings/settings';
import { WorkspaceChoices } from './settings/workspaceChoices';
import { openStore } from './store/client';
import { createEditorContext } from './workspace/editorContext';
import { createBlockFiles } from './workspace/edits/blockFiles';
import { windowEditing } from './workspace/edits/windowEditing';
import { createChanges } from './workspace/git/changes';
import { vscodeGit } from './workspace/git/vscodeGit';
import { createLanguageServices } from './workspace/language/languageServices';
import { SymbolPlaces } from './workspace/language/symbolPlaces';
import { onDidChangeCode, vscodeLanguages } from './workspace/language/vscodeLanguages';
import { WorkspaceMentions } from './workspace/mentions/mentions';
import { windowMentions } from './workspace/mentions/windowMentions';
import { createOtherTools } from './workspace/otherTools';
import { pickedFiles } from './workspace/pickFiles';
import { unsavedCode } from './workspace/selectedCode';
import { vscodeFacts } from './workspace/vscodeFacts';
import { vscodeTools } from './workspace/vscodeTools';
import { createWorkspace } from './workspace/workspace';
import { areGone, readFingerprint } from './workspace/workspaceFacts';

/** The running extension, as extension.ts needs it. */
export interface Composed {
  readonly view: ChatView;
  readonly tabs: ChatTabs;
  readonly commands: CommandTable;
  /** Ends running turns as interrupted ones, and waits until all is stored. */
  dispose(): Promise<void>;
}

/** Rejects with a StoreError when the conversations cannot be opened: without them nothing would be kept. */
export async function compose(context: vscode.ExtensionContext, channel: vscode.LogOutputChannel): Promise<Composed> {
  const log = createLog(channel);
  const owner = createOwner();
  const opening = openStore({
    folder: context.globalStorageUri.fsPath,
    workerPath: context.asAbsolutePath('dist/storeWorker.js'),
    log,
    onNotice: () => tell(),
    onWaiting: () => tellWaiting(),
  });
  const tell = (): void => {
    opening
      .then((opened) => Promise.all([tellDamaged(opened, log), tellVanished(opened)]))
      .catch((error: unknown) => log.error('The notice could not be shown', error));
  };
  const store = await opening;
  // It may have been found while the last window was closing.
  tell();
  try {
    return await join(context, channel, { store, log, owner });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Opened {
  readonly store: Store;
  readonly log: Log;
  readonly owner: string;
}

async function join(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  { store, log, owner }: Opened,
): Promise<Composed> {
  const configuration = new WindowSettings();
  const secrets = new Secrets({
    storage: context.secrets,
    environment: process.env,
    consent: storedConsent(context.globalState),
    production: context.extensionMode === vscode.ExtensionMode.Production,
    address: configuration.address,
    log,
  });
  const facts = vscodeFacts({
    warn: (text) => log.warn(text),
    isInstruction: (uri, path) => editorContext.isInstruction(uri, path),
    onNoRipgrep: () => log.warn('No ripgrep was found: searching is slower.'),
  });
  const workspace = createWorkspace(facts);
  const editorContext = createEditorContext({
    workspace,
    automatic: () => automaticContextOf(configuration.read),
    own: () => ownInstructionsOf(configuration.read),
    estimate: estimateTokens,
  });
  // VS Code's own, which knows its proxy settings.
  const fetch = loggedFetch(globalThis.fetch, log);
  const here = windowIdentity();
  const folderSettings = new FolderSettings({
    store,
    log,
    workspace: here.key,
    read: configuration.read,
    settings: () => settings(),
    modelOf: (id) => models.of(id),
    ask: askInWindow,
    onDidChange: () => {
      refresh();
      reload();
    },
  });
  const settings = (): ChatSettings => chatSettingsOf(configuration.read, folderSettings.approves);
  await folderSettings.load();
  const models = new ModelCatalog({
    store,
    api: secrets,
    clock: systemClock,
    log,
    fetch,
    chosen: () => settings().model,
  });
  const addresses = new AddressBook(store, log);
  const tokens = new TokenCalibrationStore(store, log, secrets);
  const unread = (error: unknown): void => log.warn(`Started without what was learnt before: ${describeError(error)}`);
  await Promise.all([beside(() => models.load(), undefined, unread), beside(() => tokens.load(), undefined, unread)]);
  const choices = new WorkspaceChoices({ store, log, workspace: here.key });
  const isAlive = (other: string): boolean => isOwnerAlive(owner, other);
  const consents = new ToolConsents({ store, clock: systemClock, log, workspace: here.key });
  const documents = new RequestDocuments();
  const editing = windowEditing(facts, store, owner);
  const versions = new FileVersions(store);
  const symbols = new SymbolPlaces(vscodeLanguages, workspace);
  const mentions = new WorkspaceMentions(workspace, {
    isRemote: vscode.env.remoteName !== undefined,
    recent: editorContext.recent,
    beside: () => windowMentions(editorContext.selection(), terminals.left[0] ?? null),
    symbols: (query) => symbols.like(query),
    unsaved: (uri) => unsavedCode(vscode.Uri.parse(uri, true)),
    selection: editorContext.selected,
    terminal: (id) => terminals.left.find((one) => one.id === id)?.output ?? null,
  });
  const conversations = new SideBarChat({
    store,
    api: secrets,
    addresses,
    clock: systemClock,
    log,
    ids: createIds(),
    context: editorContext,
    tools: {
      workspace,
      languages: createLanguageServices(vscodeLanguages, workspace),
      changes: createChanges(vscodeGit, workspace),
      others: createOtherTools(vscodeTools, new Set()),
      edits: editing,
    },
    consents,
    situation: () => ({
      trusted: vscode.workspace.isTrusted,
      hasFolder: here.folders.length > 0,
    }),
    settings,
    models,
    tokens,
    pauses: new Pauses({ store, clock: systemClock, log }),
    showRequest: (conversation, facts) => documents.show(conversation, facts),
    openBranch: async (id) => {
      await conversations.open(id);
    },
    putCommitMessage,
    files: pickedFiles,
    mentions,
    filesNow: editing.filesNow,
    restoring: editing.restoring,
    blockFiles: createBlockFiles(workspace),
    slash: slashBlocks,
    reviewEditor: versions,
    said: localized,
    exclusionPicker: excludedPick,
    toolPicker: toolPick,
    askForWeb,
    choices,
    identity: here,
    fetch,
    owner,
    isAlive,
  });
  const list = new ConversationList({
    store,
    chats: conversations.chats,
    identity: here,
    clock: systemClock,
    log,
    owner,
    isAlive,
    facts: () => readFingerprint(here.folders),
    areGone,
    home: vscode.Uri.file(homedir()).toString(),
    shownMark: (id, mark) => marks.shown(id, mark),
  });
  const marks = createWindowMarks({ store, conversations, list, view: () => view, tabs: () => tabs, isAlive, log });
  list.start().catch((error: unknown) => log.error('What was deleted could not be erased', error));
  const offered = (): readonly ModelChoice[] =>
    modelChoices(models.listed, models.of(settings().model), systemClock.now());
  const environment = new PanelEnvironmentSource({
    keyState: () => secrets.state(),
    onDidChangeKey: (callback) => secrets.onDidChange(callback),
    models: () => ({ models: offered(), modelList: models.state }),
    onDidChangeModels: (callback) => models.onDidChange(callback),
    address: () => addressState({ api: secrets, addresses, models }),
    onDidChangeAddress: (callback) => addresses.onDidChange(callback),
    limits: () => settings().spend ?? noLimits,
    column: () => list.hasColumn(),
    moved: () => list.emptyOffer(),
    onDidChangeList: (callback) => list.onDidChange(callback),
    log,
  });

  const refresh = (): void => conversations.refreshComposers();
  // Another address or key: another list, and another cache. Nothing is asked for it.
  const useNow = (): void =>
    void useAccount({ api: secrets, tokens }).catch((error: unknown) => log.warn(`No key: ${describeError(error)}`));
  const reload = (): void => {
    useNow();
    void models.load();
  };
  useNow();
  const subscriptions = [
    vscode.workspace.onDidChangeWorkspaceFolders(() => list.changed()),
    editorContext.onDidChange(refresh),
    {
      dispose: configuration.onDidChange(() => {
        secrets.addressChanged();
        void folderSettings.check();
      }),
    },
    vscode.workspace.onDidGrantWorkspaceTrust(() => void folderSettings.check()),
    { dispose: secrets.onDidChange(reload) },
    { dispose: models.onDidChange(refresh) },
    onDidChangeCode(() => symbols.changed()),
  ];
  void folderSettings.check();

  const limits = {
    state: () => addressState({ api: secrets, addresses, models }),
    takeBack: (key: string) => takeBackLimit(key, { api: secrets, addresses }),
  };
  const texts = new AttachedTexts(store);
  const terminals = new Terminals((id, output) => {
    conversations.chats
      .get(id)
      .then((chat) => chat?.offerOutput(output))
      .catch((error: unknown) => log.warn(`The output of a command could not be offered: ${describeError(error)}`));
  });
  const actions = createViewActions({
    run: (id) => commands[id](),
    secrets,
    models,
    writeSetting: (setting, value) => configuration.write(setting, value, folderSettings),
    store,
    symbols,
    files: workspace,
    typedIn: () => editorContext.typedIn(),
    prompts: new PromptFiles(workspace),
    openText: (id, label) => texts.open(id, label),
    exportConversation: (id) => exportConversation(id, store, exportPlaces),
    takeBackLimit: limits.takeBack,
    terminals,
  });
  const page = {
    extensionUri: context.extensionUri,
    environment,
    actions,
    log,
    list: createListActions({
      list,
      openTab: (id) => tabs.open(id),
      leave: async (id) => {
        await tabs.close(id);
        await conversations.leave(id);
      },
    }),
  };
  const moveHome = await keepHome(store, context.globalState);
  const view = new ChatView({ ...page, sessions: conversations, waiting: marks, moveHome });
  const tabs = new ChatTabs({ ...page, chats: conversations.chats, onUse: () => view.leave() });
  const usage = new UsageTab({
    extensionUri: context.extensionUri,
    store,
    identity: here,
    isDemo: async () => (await secrets.state()).kind === 'demo',
    openConversation: async (id) => {
      await conversations.open(id);
      await view.focus();
    },
    openSettings: async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'prelude.spend');
    },
    onDidChange: (callback) => list.onDidChange(callback),
    log,
  });
  const commands = createCommands({
    extensionId: context.extension.id,
    channel,
    secrets,
    sessions: conversations,
    view: () => view,
    tabs: () => tabs,
    fetch,
    showUsage: () => usage.show(),
    reviewed: () => versions.place,
    explainTarget: () => explainTargetOf(configuration.read),
    lastOutput: () => terminals.left[0]?.id ?? null,
    log,
    actions,
    openBilling: () => actions.act('openBilling'),
    exportAll: async () => exportAll(await list.workspaces(), store, exportPlaces),
    models: () => ({ ...settings(), models: offered() }),
    managePermissions: () => managePermissions({ consents, titleOf: (id) => conversations.chats.titleOf(id) }),
    showAddressLimits: () => showAddressLimits({ ...limits, window: addressLimitPick }),
  });

  return {
    view,
    tabs,
    commands,
    async dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      // Before the views go and the turns end as interrupted ones: nobody is told of that.
      marks.dispose();
      view.dispose();
      tabs.dispose();
      usage.dispose();
      list.dispose();
      environment.dispose();
      texts.dispose();
      terminals.dispose();
      mentions.dispose();
      editorContext.dispose();
      await conversations.dispose();
      secrets.dispose();
      configuration.dispose();
      documents.dispose();
      versions.dispose();
      await store.close();
    },
  };
}
