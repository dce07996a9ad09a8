/** Commands about the code in front of the user: they ask at once, or put something beside the draft. */
import * as vscode from 'vscode';
import { errorName } from '../../core/base/errors';
import type { Log } from '../../core/base/ports';
import { selectionLabel } from '../../core/context/selection';
import type { ContextSelection, UserBlock } from '../../core/record/record';
import { tools } from '../../core/tools/all';
import { editFile } from '../../core/tools/editFile';
import { isSecretPath } from '../../core/tools/secrets/secretFiles';
import type { UserItem } from '../../shared/chat';
import { withCellIn } from '../../shared/contextLine';
import type { KeyState } from '../../shared/protocol';
import type { CommandId, CommandTable } from '../base/commandIds';
import { messages } from '../base/messages';
import { refusals } from '../base/plainStrings';
import { localized, strings } from '../base/strings';
import type { ChatSession } from '../panel/viewLink';
import type { ExplainTarget } from '../settings/scopedSettings';
import { notebookOf } from '../workspace/selected/cursors';
import { cellCode, type Refusal, type SelectedCode, selectedCode, unsavedCode } from '../workspace/selectedCode';
import { type AskedSession, askAtOnce, type Question, type QuestionTarget } from './askAtOnce';
import { writeCommitMessage } from './commitMessage';
import { said } from './said';
import type { ShownConversation } from './windowCommands';

/** What commands do with a conversation. */
export interface CommandSession extends ChatSession, ShownConversation, AskedSession {
  /** As Markdown. */
  markdown(): Promise<string>;
  readonly questions: readonly UserItem[];
  addFile(uri: string): Promise<void>;
  attachUri(uri: string): Promise<void>;
  attachSelection(selection: ContextSelection): Promise<void>;
}

/** A chat tab, or the side bar: where a question is asked, and where code and files go. */
export interface CommandTarget extends QuestionTarget<CommandSession> {
  /** The conversation that it shows. */
  current(): Promise<CommandSession>;
}

interface EditorCommandParts {
  /** The conversation that is meant; `context` is what VS Code gave the command. */
  readonly shown: (context: unknown) => Promise<Pick<CommandSession, 'markdown'>>;
  readonly keyState: () => Promise<KeyState>;
  readonly setKey: () => Promise<unknown>;
  readonly tabInSight: () => CommandTarget | null;
  readonly sideBar: CommandTarget;
  /** Shows the side bar and leaves the focus where it is. */
  readonly reveal: () => Promise<void>;
  /** The id of what the last command in a terminal has left. */
  readonly lastOutput: () => string | null;
  readonly target: () => ExplainTarget;
  readonly log: Log;
}

type Ids = Extract<
  CommandId,
  | 'prelude.explainSelection'
  | 'prelude.explainSelectionInNewChat'
  | 'prelude.fixSelection'
  | 'prelude.addSelection'
  | 'prelude.addCell'
  | 'prelude.addFile'
  | 'prelude.addTerminalOutput'
  | 'prelude.writeCommitMessage'
  | 'prelude.copyChat'
>;

/** Never text: images and PDFs go with one message as attachments, not with the conversation as context. */
const attachments = /\.(?:png|jpe?g|gif|webp|pdf)$/i;

/** The commands about the editor: Explain, Fix, Add Selection, Add File, Copy Chat. */
export function createEditorCommands(parts: EditorCommandParts): Pick<CommandTable, Ids> {
  return {
    'prelude.explainSelection': (uri, range) => ask(parts, explainText, parts.target(), uri, range),
    'prelude.explainSelectionInNewChat': (uri, range) => ask(parts, explainText, 'new', uri, range),
    'prelude.fixSelection': (uri, range) => ask(parts, fixText, parts.target(), uri, range),

    'prelude.addSelection': async () => addCode(parts, await selectedCode()),

    'prelude.addCell': async (cell) => addCode(parts, isCell(cell) ? await cellCode(cell) : await selectedCode()),

    'prelude.addFile': async (clicked, chosen) => {
      const uris = urisOf(clicked, chosen);
      if (uris.length === 0) return showRefusal('noEditor');
      const { target, reveal } = targetInSight(parts);
      const session = await target.current();
      for (const uri of uris) await addFile(session, uri, parts.log);
      await reveal();
    },

    'prelude.addTerminalOutput': async () => {
      const last = parts.lastOutput();
      if (last === null) return showWarning(localized(refusals.noTerminalOutput()));
      const { target, reveal } = targetInSight(parts);
      const session = await target.current();
      await reveal();
      await said(
        session.handle({ type: 'mention', conversation: session.conversation, kind: 'terminal', id: last, edit: null }),
      );
    },

    'prelude.writeCommitMessage': (clicked) =>
      writeCommitMessage(
        (content, commit) => askInSight(parts, { which: 'new', content, file: null, commit }),
        clicked,
      ),

    'prelude.copyChat': async (context) => {
      const markdown = await (await parts.shown(context)).markdown();
      if (markdown === '') {
        await messages.info(strings.nothingToCopy());
        return;
      }
      await vscode.env.clipboard.writeText(markdown);
      vscode.window.setStatusBarMessage(strings.chatCopied(), 5000);
    },
  };
}

/** The chat tab in sight, else the side bar, which `reveal` shows; a tab is in sight already. */
function targetInSight({ tabInSight, sideBar, reveal }: EditorCommandParts): {
  readonly target: CommandTarget;
  readonly reveal: () => Promise<void>;
} {
  const tab = tabInSight();
  return tab === null ? { target: sideBar, reveal } : { target: tab, reveal: async () => undefined };
}

async function addCode(parts: EditorCommandParts, code: SelectedCode | Refusal): Promise<void> {
  if (typeof code === 'string') return showRefusal(code);
  const { target, reveal } = targetInSight(parts);
  await (await target.current()).attachSelection(code.selection);
  await reveal();
}

/** What the toolbar of a cell gives. */
function isCell(given: unknown): given is vscode.NotebookCell {
  return typeof given === 'object' && given !== null && 'notebook' in given && 'document' in given;
}

/** `pointedAt`: the problems are what was pressed on. */
type QuestionText = (label: string, problems: readonly string[], pointedAt: boolean) => string;

/** Sends a question about the code at once. The draft stays as it is, and so does the focus. */
async function ask(
  parts: EditorCommandParts,
  words: QuestionText,
  which: ExplainTarget,
  uri: unknown,
  range: unknown,
): Promise<void> {
  const given = uri instanceof vscode.Uri && range instanceof vscode.Range ? { uri, range } : undefined;
  const code = await selectedCode(given);
  if (typeof code === 'string') return showRefusal(code);
  const { selection, problems } = code;
  const content: readonly UserBlock[] = [
    { type: 'selection', selection },
    { type: 'text', text: words(placeOf(selection), problems, given !== undefined) },
  ];
  await askInSight(parts, { which, content, file: selection.uri });
}

function askInSight(parts: EditorCommandParts, question: Question): Promise<void> {
  return askAtOnce(targetInSight(parts), question, parts);
}

function placeOf(selection: ContextSelection): string {
  return withCellIn(selectionLabel(selection), strings.cell);
}

/** The problems are named where they are what was pressed on. */
export function explainText(label: string, problems: readonly string[], pointedAt = false): string {
  return withProblems(strings.explain(label), pointedAt ? problems : []);
}

/** Where Claude can edit files it is asked to: the answer is a change to review, not code to copy. */
export function fixText(label: string, problems: readonly string[]): string {
  const canEdit = vscode.workspace.isTrusted && tools.includes(editFile);
  return withProblems(canEdit ? strings.fixInFile(label) : strings.fix(label), problems);
}

function withProblems(words: string, problems: readonly string[]): string {
  if (problems.length === 0) return words;
  const list = problems.map((problem) => `- ${problem}`).join('\n');
  return `${words}\n\n${strings.editorReports()}\n${list}`;
}

/**
 * The explorer gives what was clicked and all that is selected; a tab gives its file; the toolbar of a notebook its
 * editor; the palette gives nothing. A cell stands for its notebook.
 */
function urisOf(clicked: unknown, chosen: unknown): readonly vscode.Uri[] {
  return givenUris(clicked, chosen).map((uri) => notebookOf(uri) ?? uri);
}

function givenUris(clicked: unknown, chosen: unknown): readonly vscode.Uri[] {
  const all = Array.isArray(chosen) ? chosen.filter((one) => one instanceof vscode.Uri) : [];
  if (all.length > 0) return all;
  if (clicked instanceof vscode.Uri) return [clicked];
  const notebook = (clicked as { readonly notebookEditor?: { readonly notebookUri?: unknown } } | null | undefined)
    ?.notebookEditor?.notebookUri;
  if (notebook instanceof vscode.Uri) return [notebook];
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const holdsFile =
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook;
  if (holdsFile) return [input.uri];
  const active = vscode.window.activeTextEditor?.document.uri;
  return active === undefined ? [] : [active];
}

async function addFile(session: CommandSession, uri: vscode.Uri, log: Log): Promise<void> {
  const name = uri.path.split('/').at(-1) ?? uri.path;
  try {
    const code = await unsavedCode(uri);
    if (code !== null) {
      if (typeof code === 'string')
        await showWarning(code === 'nothing' ? strings.isEmpty(name) : strings.secretSelected());
      else await session.attachSelection(code.selection);
    } else if (isSecretPath(uri.path)) {
      await showWarning(strings.mayHoldSecrets(name));
    } else if (attachments.test(uri.path)) await session.attachUri(uri.toString());
    else if (vscode.workspace.getWorkspaceFolder(uri) === undefined) {
      // What is outside the workspace cannot be followed as context: its text goes with one message.
      await session.attachUri(uri.toString());
    } else await session.addFile(uri.toString());
  } catch (error) {
    log.warn(`a file could not be added: ${errorName(error)}`);
    await showWarning(strings.notAdded(name));
  }
}

/** Why there is no code to ask about, in words. */
export const refusalMessages: Readonly<Record<Refusal, () => string>> = {
  noEditor: strings.noEditor,
  nothing: strings.nothingSelected,
  secret: strings.secretSelected,
};

const showRefusal = (refusal: Refusal): Promise<void> => showWarning(refusalMessages[refusal]());

/** Waits for nobody to close it. */
async function showWarning(message: string): Promise<void> {
  messages.warn(message).then(undefined, () => undefined);
}
