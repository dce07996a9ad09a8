/** The user's messages of a conversation, as VS Code's own quick pick: the way to any of them. */
import * as vscode from 'vscode';
import type { UserItem } from '../../shared/chat';
import { messages } from '../base/messages';
import { strings } from '../base/strings';

/** Characters of a message that can be read and looked for. */
const longest = 300;

/** The id of the message that the user picks; null for none. */
export async function pickTurn(questions: readonly UserItem[]): Promise<string | null> {
  if (questions.length === 0) {
    messages.info(strings.noMessages()).then(undefined, () => undefined);
    return null;
  }
  const rows = questions.map(({ id, at, text, attachments }) => ({
    label: oneLine(text) || attachments.map(({ label }) => label).join(', '),
    description: timeText(at),
    id,
  }));
  const picked = await vscode.window.showQuickPick(rows.toReversed(), {
    title: strings.goToTurn(),
    placeHolder: strings.selectMessage(),
    matchOnDescription: true,
  });
  return picked?.id ?? null;
}

/** What looks like an icon of VS Code's is none. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return (line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line).replaceAll('$(', String.raw`\$(`);
}

/** The hour today, the day before that. */
function timeText(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return isToday
    ? date.toLocaleTimeString(vscode.env.language, time)
    : date.toLocaleString(vscode.env.language, { day: 'numeric', month: 'short', ...time });
}
