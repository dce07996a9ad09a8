/** What the panel may have VS Code do. Each is bounded: places in code, links of three kinds, text. */
import * as vscode from 'vscode';
import type { ModelCatalog } from '../../core/api/modelList';
import { effortLevels } from '../../core/base/settings';
import type { Store } from '../../core/record/store';
import type { PromptFile, PromptText } from '../../shared/mentions/prompts';
import type { CommandId } from '../base/commandIds';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { blobForView } from '../pricing/blobs';
import type { Secrets } from '../settings/secrets';
import type { SymbolPlaces } from '../workspace/language/symbolPlaces';
import { newFile } from './newFile';
import { filesThere, type NamedFiles, openFile, openSource, openSymbol } from './openPlaces';
import type { Terminals } from './terminals';
import type { NoticeAction, ViewActions } from './viewLink';

const billingPage = 'https://platform.claude.com/settings/billing';
const statusPage = 'https://status.claude.com/';
const linkSchemes: readonly string[] = ['http:', 'https:', 'mailto:'];

interface ViewActionParts {
  /** Runs one of Prelude's own commands. */
  readonly run: (command: CommandId) => Promise<unknown>;
  readonly secrets: Pick<Secrets, 'decideOnEnvironmentKey'>;
  readonly models: Pick<ModelCatalog, 'ask'>;
  readonly takeBackLimit: (key: string) => Promise<void>;
  readonly writeSetting: (setting: 'model' | 'effort', value: string) => Promise<void>;
  readonly store: Store;
  /** Where code is put. */
  readonly typedIn: () => vscode.TextEditor | 'none' | 'several';
  readonly terminals: Pick<Terminals, 'insert'>;
  readonly prompts: { list(): Promise<readonly PromptFile[]>; text(id: string, args: string): Promise<PromptText> };
  readonly symbols: Pick<SymbolPlaces, 'defined' | 'of'>;
  readonly files: NamedFiles;
  readonly openText: (id: string, label: string) => Promise<void>;
  readonly exportConversation: (id: string) => Promise<void>;
}

/** The handlers of the intents that VS Code itself carries out. */
export function createViewActions(parts: ViewActionParts): ViewActions {
  const { run, secrets, models, writeSetting, store } = parts;
  const openLink = async (url: string): Promise<void> => {
    if (!URL.canParse(url) || !linkSchemes.includes(new URL(url).protocol)) {
      throw refused(refusals.linkScheme());
    }
    // As it is written: of a Uri VS Code would make "/" of "%2F". Its types know the Uri alone.
    await vscode.env.openExternal(url as unknown as vscode.Uri);
  };

  const acts: Readonly<Record<NoticeAction, () => Promise<unknown>>> = {
    useEnvironmentKey: () => secrets.decideOnEnvironmentKey(true),
    declineEnvironmentKey: () => secrets.decideOnEnvironmentKey(false),
    setKey: () => run('prelude.setApiKey'),
    openSettings: () => run('prelude.openSettings'),
    showUsage: () => run('prelude.showUsage'),
    openLog: () => run('prelude.openLog'),
    openBilling: () => openLink(billingPage),
    openStatus: () => openLink(statusPage),
  };

  return {
    openLink: ({ url }) => openLink(url),
    openText: ({ id, label }) => parts.openText(id, label),
    exportConversation: ({ id }) => parts.exportConversation(id),
    openFile: ({ path, ...place }) => openFile(path, place, parts.files),
    openSource,
    linkable: async ({ names, files }) => {
      const [defined, there] = await Promise.all([parts.symbols.defined(names), filesThere(files, parts.files)]);
      return { names: defined, files: there };
    },
    openSymbol: ({ name }) => openSymbol(name, parts.symbols),
    insert: ({ text }) => insert(text, parts.typedIn()),
    newFile: ({ text, language }) => newFile(text, language),
    insertInTerminal: ({ text, conversation }) => parts.terminals.insert(text, conversation),
    copy: ({ text }) => vscode.env.clipboard.writeText(text),
    loadBlob: ({ id }) => blobForView(id, store),
    promptFiles: () => parts.prompts.list(),
    promptText: ({ id, args }) => parts.prompts.text(id, args),
    askModels: () => models.ask(),
    setModel: ({ model }) => writeSetting('model', model),
    takeBackLimit: ({ key }) => parts.takeBackLimit(key),
    setEffort: ({ effort }) => {
      if (!effortLevels.some((level) => level === effort)) throw refused(refusals.noSuchEffort(effort));
      return writeSetting('effort', effort);
    },

    act: async (action) => void (await acts[action]()),
  };
}

/** Puts text at the cursor of an editor, in place of what is selected there: one undo step. */
async function insert(text: string, editor: vscode.TextEditor | 'none' | 'several'): Promise<void> {
  if (editor === 'none') throw refused(refusals.noEditor());
  if (editor === 'several') throw refused(refusals.whichEditor());
  const done = await editor.edit((builder) => {
    for (const selection of editor.selections) builder.replace(selection, text);
  });
  if (!done) {
    throw refused(refusals.readOnlyEditor());
  }
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
}
