/** A whole conversation as Markdown, as the user would keep or pass it on. */
import type { AnswerItem, ChatState, Item, Outcome, UserItem } from '../../shared/chat';
import type { EditedFile } from '../../shared/edits';
import { closed } from '../../shared/markdown/closed';
import { citationNumbers, citedRuns, joinedText, writtenCitation } from '../../shared/web/cited';
import { markdownStrings } from '../base/strings';

/** The text of something that was sent along, and the language of its fence; null for what is no text, or is gone. */
export type SentText = (
  item: UserItem,
  index: number,
) => Promise<{ readonly text: string; readonly language: string } | null>;

/** Title, questions with all that was sent along as text, and answers as the model wrote them. Empty for an empty conversation. */
export async function chatMarkdown(state: ChatState, sent: SentText = async () => null): Promise<string> {
  let markdown = '';
  for await (const part of markdownParts(state, sent)) markdown += part;
  return markdown;
}

/** The same piece by piece. */
export async function* markdownParts({ items, title }: ChatState, sent: SentText): AsyncGenerator<string> {
  let before = oneLine(title) === '' ? '' : `# ${oneLine(title)}\n\n`;
  for (const item of items) {
    const said =
      item.type === 'user' && item.auto === undefined ? await questionMarkdown(item, sent) : itemMarkdown(item);
    if (said.length === 0) continue;
    yield `${before}${said.map(closed).join('\n\n')}`;
    before = '\n\n';
  }
  if (before === '\n\n') yield '\n';
}

async function questionMarkdown(item: UserItem, sent: SentText): Promise<readonly string[]> {
  const names: string[] = [];
  const texts: string[] = [];
  for (const [index, { label }] of item.attachments.entries()) {
    const name = inCode(label);
    const found = await sent(item, index);
    if (found === null) names.push(name);
    else texts.push(name, fenced(found.text, found.language));
  }
  const words = item.text.trim();
  return ['## You', ...(names.length === 0 ? [] : [names.join(' ')]), ...texts, ...(words === '' ? [] : [words])];
}

/** In a fence that nothing in the text closes. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([marks]) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function itemMarkdown(item: Item): readonly string[] {
  switch (item.type) {
    // What a button said.
    case 'user':
      return [];
    case 'answer': {
      const parts = answerMarkdown(item);
      const note = item.outcome === null ? '' : (outcomeNotes[item.outcome.kind]?.() ?? '');
      const all = [...parts, ...editsMarkdown(item.edits ?? []), ...(note === '' ? [] : [`*${note}*`])];
      return all.length === 0 ? [] : ['## Claude', ...all];
    }
    case 'context':
      return item.lines.some(({ change }) => change === 'unreadable') ? [markdownStrings.unreadable()] : [];
    // What it stands for is here in full.
    case 'compaction':
      return [];
  }
}

/** The files that were changed, with what of that was not undone. */
function editsMarkdown(edits: readonly EditedFile[]): readonly string[] {
  if (edits.length === 0) return [];
  const files = edits.map(({ path, kind, to, added, removed, undone, open }) => {
    const name = to === undefined ? inCode(path) : `${inCode(path)} → ${inCode(to)}`;
    const isGone = undone && open === 0 && added === 0 && removed === 0;
    return `- ${markdownStrings[kind]()} ${name}${isGone ? `, ${markdownStrings.undone()}` : ` (+${added} −${removed})`}`;
  });
  return [files.join('\n')];
}

function inCode(path: string): string {
  return `\`${oneLine(path).replaceAll('`', 'ˋ')}\``;
}

function answerMarkdown({ parts }: AnswerItem): readonly string[] {
  const numbers = citationNumbers(parts);
  return citedRuns(parts).flatMap((part) => {
    if (!('type' in part)) return [joinedText(part, numbers, writtenCitation).trim()];
    if (part.type === 'context')
      return part.lines.some(({ change }) => change === 'unreadable') ? [markdownStrings.unreadable()] : [];
    return part.type === 'text' && part.text.trim() !== '' ? [part.text.trim()] : [];
  });
}

/** Said where an answer is not what the model wanted to say. */
const outcomeNotes: Readonly<Partial<Record<Outcome['kind'], () => string>>> = {
  stopped: markdownStrings.stopped,
  interrupted: markdownStrings.interrupted,
  maxTokens: markdownStrings.cutOff,
  contextWindow: markdownStrings.cutOff,
  refusal: markdownStrings.refused,
  failed: markdownStrings.failed,
};

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
