/** Write Commit Message: asks in a chat of its own, and puts the answer into the box of Source Control. */
import * as vscode from 'vscode';
import type { CommitBoxAsked, UserBlock } from '../../core/record/record';
import { messages } from '../base/messages';
import { strings } from '../base/strings';
import { commitBox } from '../workspace/git/vscodeGit';

/**
 * `ask` asks in a new chat, at once where it is not dear. `clicked`: the source control whose button it was; from the
 * palette there is none.
 */
export async function writeCommitMessage(
  ask: (content: readonly UserBlock[], commit: CommitBoxAsked) => Promise<void>,
  clicked: unknown,
): Promise<void> {
  const root = (clicked as { readonly rootUri?: unknown } | null | undefined)?.rootUri;
  const box = await commitBox(root instanceof vscode.Uri ? root.toString() : null);
  if (box === null) return warn(strings.noRepository());
  if (!box.hasChanges) return warn(strings.nothingToCommit());
  await ask([{ type: 'text', text: strings.commit() }], { repository: box.repository, before: box.text });
}

/** Puts the message of an answer into the box that it was asked for. What was typed there meanwhile is the user's. */
export async function putCommitMessage({ repository, before }: CommitBoxAsked, answer: string): Promise<void> {
  const message = commitMessageIn(answer);
  if (message === '') return;
  const box = await commitBox(repository);
  if (box?.repository !== repository) return warn(strings.noRepository());
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
