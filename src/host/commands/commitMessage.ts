/** Write Commit Message: asks in a chat of its own, and puts the answer into the box of Source Control. */
import * as vscode from 'vscode';
import type { UserBlock } from '../../core/record/record';
import { messages } from '../base/messages';
import { strings } from '../base/strings';
import { type CommitBox, commitBox } from '../workspace/git/vscodeGit';

/**
 * `ask` asks at once in a new chat, and resolves to the answer's text; to null where nothing was asked, or it came to no
 * end. `clicked`: the source control whose button it was; from the palette there is none.
 */
export async function writeCommitMessage(
  ask: (content: readonly UserBlock[]) => Promise<string | null>,
  clicked: unknown,
): Promise<void> {
  const root = (clicked as { readonly rootUri?: unknown } | null | undefined)?.rootUri;
  const box = await commitBox(root instanceof vscode.Uri ? root : null);
  if (box === null) return warn(strings.noRepository());
  if (!box.hasChanges) return warn(strings.nothingToCommit());
  const before = box.text;
  const answer = await ask([{ type: 'text', text: strings.commit() }]);
  const message = answer === null ? '' : commitMessageIn(answer);
  if (message !== '') await put(box, before, message);
}

/** What was typed while the answer was written is the user's. */
async function put(box: CommitBox, before: string, message: string): Promise<void> {
  const replace = strings.replaceMessage();
  if (box.text === before || (await messages.info(strings.messageChanged(), replace)) === replace) box.text = message;
}

/** The code block that was asked for; an answer without one is the message itself. */
export function commitMessageIn(answer: string): string {
  const block = /^ {0,3}(`{3,}|~{3,})[^\n]*\n(.*?)\n {0,3}\1[`~]*[ \t]*$/ms.exec(answer);
  return (block?.[2] ?? answer).trim();
}

function warn(message: string): void {
  messages.warn(message).then(undefined, () => undefined);
}
