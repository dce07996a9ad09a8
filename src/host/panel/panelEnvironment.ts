/** What the panel knows that belongs to no conversation: fonts, language, who answers, and prompts to start with. */
import * as vscode from 'vscode';
import { Listeners } from '../../core/base/listeners';
import type { Log } from '../../core/base/ports';
import type { SpendLimits } from '../../core/base/settings';
import type { KeyState, ModelChoice, ModelListState, PanelEnvironment } from '../../shared/protocol';
import { localized } from '../base/strings';
import type { FolderFacts } from './suggestionFacts';
import { readFolderFacts, windowFacts } from './suggestionFacts';
import { demoSuggestions, readySuggestions } from './suggestions';
import type { EnvironmentSource } from './viewLink';

/** ms of quiet in the editors before the prompts are made anew. */
const settleMs = 400;

const sendKey = 'useCtrlEnterToSend';

/** What the panel shows of the settings by itself. */
const shownSettings: readonly string[] = [
  'chat.fontSize',
  'chat.fontFamily',
  'chat.editor.wordWrap',
  'prelude.spend',
  `prelude.${sendKey}`,
];

interface PanelEnvironmentParts {
  readonly keyState: () => Promise<KeyState>;
  readonly onDidChangeKey: (callback: () => void) => () => void;
  readonly models: () => { readonly models: readonly ModelChoice[]; readonly modelList: ModelListState };
  readonly onDidChangeModels: (callback: () => void) => () => void;
  /** Where requests go, and what does not go there. */
  readonly address: () => Promise<PanelEnvironment['address']>;
  readonly onDidChangeAddress: (callback: () => void) => () => void;
  /** Where turns pause. */
  readonly limits: () => SpendLimits;
  /** True when the list of conversations has a column of its own. */
  readonly column: () => Promise<boolean>;
  /** What an empty chat of this workspace offers to bring here. */
  readonly moved: () => Promise<PanelEnvironment['moved']>;
  readonly onDidChangeList: (callback: () => void) => () => void;
  readonly log: Log;
}

/** Reads the panel's environment, and tells when something of it has changed. */
export class PanelEnvironmentSource implements EnvironmentSource {
  readonly #changed = new Listeners();
  readonly #subscriptions: readonly vscode.Disposable[];
  #folder: FolderFacts = { symbol: null, landmarks: [] };
  #folderRequested = false;
  #timer: NodeJS.Timeout | null = null;
  #announced = '';

  constructor(private readonly parts: PanelEnvironmentParts) {
    const soon = (): void => this.#changeSoon();
    this.#subscriptions = [
      // The user waits for these.
      { dispose: parts.onDidChangeKey(() => this.#changeSoon(0)) },
      { dispose: parts.onDidChangeModels(() => this.#changeSoon(0)) },
      { dispose: parts.onDidChangeAddress(() => this.#changeSoon(0)) },
      { dispose: parts.onDidChangeList(() => this.#changeSoon(0)) },
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (shownSettings.some((name) => event.affectsConfiguration(name))) soon();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#folderRequested = false;
        soon();
      }),
      vscode.window.onDidChangeActiveTextEditor(soon),
      vscode.window.onDidChangeTextEditorSelection(soon),
      vscode.languages.onDidChangeDiagnostics(soon),
    ];
  }

  /** As it is now. The first time prompts from the folder may be missing: they follow as a change. */
  async current(): Promise<PanelEnvironment> {
    const environment = await this.#read();
    this.#announced = JSON.stringify(environment);
    return environment;
  }

  readonly onDidChange = this.#changed.add;

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#changed.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #read(): Promise<PanelEnvironment> {
    const key = await this.parts.keyState();
    const address = await this.parts.address();
    this.#askFolder();
    const facts = windowFacts(this.#folder);
    const suggestions = key.kind === 'demo' ? demoSuggestions(facts) : readySuggestions(facts);
    const chat = vscode.workspace.getConfiguration('chat');
    const size = chat.get<unknown>('fontSize');
    const family = chat.get<unknown>('fontFamily');
    return {
      key,
      ...this.parts.models(),
      ...(address === undefined ? {} : { address }),
      limits: this.parts.limits(),
      suggestions: suggestions.map(localized),
      column: await this.parts.column(),
      moved: await this.parts.moved(),
      ...(vscode.workspace.getConfiguration('prelude').get(sendKey) === true ? { sendsWithCtrl: true } : {}),
      fontSize: typeof size === 'number' && size > 0 ? size : null,
      fontFamily: typeof family === 'string' && family !== '' && family !== 'default' ? family : null,
      ...(chat.get<unknown>('editor.wordWrap') === 'on' ? { wrapsCode: true } : {}),
      workspaceName: facts.workspaceName,
      // English → text, of the bundle that VS Code loaded for its display language; none in English.
      words: vscode.l10n.bundle ?? {},
      locale: vscode.env.language,
    };
  }

  #askFolder(): void {
    if (this.#folderRequested) return;
    this.#folderRequested = true;
    readFolderFacts().then(
      (facts) => {
        this.#folder = facts;
        this.#changeSoon();
      },
      (error: unknown) => this.parts.log.error('The folder could not be looked through for prompts', error),
    );
  }

  #changeSoon(ms = settleMs): void {
    // Nobody looks: the next `current()` reads it all.
    if (this.#changed.isEmpty) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#tell().catch((error: unknown) => this.parts.log.error('The panel could not be brought up to date', error));
    }, ms);
  }

  async #tell(): Promise<void> {
    if (JSON.stringify(await this.#read()) === this.#announced) return;
    this.#changed.tell();
  }
}
