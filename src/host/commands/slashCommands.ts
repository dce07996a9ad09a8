/** What a message asks that begins with a command: of the code in front of the user, as the command of that name does. */
import * as vscode from 'vscode';
import { selectionLabel } from '../../core/context/selection';
import type { UserBlock } from '../../core/record/record';
import type { Slashed } from '../../shared/slashCommands';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { strings } from '../base/strings';
import { type Refusal, selectedCode } from '../workspace/selectedCode';
import { explainText, fixText, refusalMessages } from './editorCommands';

/** The blocks of the message. Throws a Refused where there is nothing that it could be about. */
export async function slashBlocks({ command, rest }: Slashed): Promise<readonly UserBlock[]> {
  switch (command) {
    case 'fix':
      return about(await codeToFix(), fixText, rest);
    case 'explain':
      return about(await selectedCode(), explainText, rest);
    case 'tests':
      return about(await selectedCode(), strings.tests, rest);
    case 'commit':
      return [{ type: 'text', text: together(strings.commit(), rest) }];
    case 'compact':
      // Alone it is no message (session/draftSender.ts).
      throw refused(refusals.compactAlone());
    default:
      return command satisfies never;
  }
}

function about(
  code: Awaited<ReturnType<typeof selectedCode>>,
  words: (label: string, problems: readonly string[]) => string,
  rest: string,
): readonly UserBlock[] {
  if (typeof code === 'string') throw refused({ text: refusalMessages[code]() });
  const { selection, problems } = code;
  return [
    { type: 'selection', selection },
    { type: 'text', text: together(words(selectionLabel(selection), problems), rest) },
  ];
}

function together(words: string, rest: string): string {
  return rest === '' ? words : `${words}\n\n${rest}`;
}

/** What is selected; else the lines of the active editor that have problems. */
async function codeToFix(): Promise<Exclude<Awaited<ReturnType<typeof selectedCode>>, Refusal> | Refusal> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  const isSelected = editor?.selections.some(({ isEmpty }) => !isEmpty) === true;
  if (editor === undefined || editor === vscode.window.activeTextEditor) {
    if (editor === undefined || isSelected) return await selectedCode();
  } else if (isSelected) return await selectedCode({ uri: editor.document.uri, range: editor.selection });
  const { uri } = editor.document;
  const ranges = vscode.languages
    .getDiagnostics(uri)
    .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
    .map(({ range }) => range);
  const [first, ...others] = ranges;
  if (first === undefined) throw refused(refusals.nothingToFix());
  return await selectedCode({ uri, range: others.reduce((all, range) => all.union(range), first) });
}
