/** A whole conversation as Markdown, as the user would keep or pass it on. */
import type { AnswerItem, ChatState, Item, LocalizableMessage, Outcome, UserItem } from '../../shared/chat';
import type { EditedFile, EditKind } from '../../shared/edits';
import { closed } from '../../shared/markdown/closed';
import { filled } from '../../shared/phrase';
import { citationNumbers, citedRuns, joinedText, writtenCitation } from '../../shared/web/cited';
import { coreStrings, markdownStrings } from '../base/strings';

/** The text of something that was sent along, and the language of its fence; null for what is no text, or is gone. */
export type SentText = (
  item: UserItem,
  index: number,
) => Promise<{ readonly text: string; readonly language: string } | null>;

/** Words in the user's language. */
export type InWords = (message: LocalizableMessage) => string;

const english: InWords = ({ text, args = [] }) => filled(text, args);

/** Title, questions with all that was sent along as text, and answers as the model wrote them. Empty for an empty conversation. */
export async function chatMarkdown(
  state: ChatState,
  sent: SentText = async () => null,
  words?: InWords,
): Promise<string> {
  let markdown = '';
  for await (const part of markdownParts(state, sent, words)) markdown += part;
  return markdown;
}

/** The same piece by piece. */
export async function* markdownParts(
  { items, title }: ChatState,
  sent: SentText,
  words: InWords = english,
): AsyncGenerator<string> {
  let before = oneLine(title) === '' ? '' : `# ${oneLine(title)}\n\n`;
  for (const item of items) {
    const said =
      item.type === 'user' && item.auto === undefined
        ? await questionMarkdown(item, sent, words)
        : itemMarkdown(item, words);
    if (said.length === 0) continue;
    yield `${before}${said.map(closed).join('\n\n')}`;
    before = '\n\n';
  }
  if (before === '\n\n') yield '\n';
}

async function questionMarkdown(item: UserItem, sent: SentText, words: InWords): Promise<readonly string[]> {
  const names: string[] = [];
  const texts: string[] = [];
  for (const [index, { label }] of item.attachments.entries()) {
    const name = inCode(label);
    const found = await sent(item, index);
    if (found === null) names.push(name);
    else texts.push(name, fenced(found.text, found.language));
  }
  const said = item.text.trim();
  const head = `## ${words(markdownStrings.you())}`;
  return [head, ...(names.length === 0 ? [] : [names.join(' ')]), ...texts, ...(said === '' ? [] : [said])];
}

/** In a fence that nothing in the text closes. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([marks]) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function itemMarkdown(item: Item, words: InWords): readonly string[] {
  switch (item.type) {
    // What a button said.
    case 'user':
      return [];
    case 'answer': {
      const parts = answerMarkdown(item, words);
      const note = item.outcome === null ? undefined : outcomeNotes[item.outcome.kind]?.();
      const all = [
        ...parts,
        ...editsMarkdown(item.edits ?? [], words),
        ...(note === undefined ? [] : [`*${words(note)}*`]),
      ];
      return all.length === 0 ? [] : ['## Claude', ...all];
    }
    case 'context':
      return item.lines.some(({ change }) => change === 'unreadable') ? [unreadableMarkdown(words)] : [];
    // What it stands for is here in full.
    case 'compaction':
      return [];
  }
}

/** The files that were changed, with what of that was not undone. */
function editsMarkdown(edits: readonly EditedFile[], words: InWords): readonly string[] {
  if (edits.length === 0) return [];
  const files = edits.map(({ path, kind, to, added, removed, undone, open }) => {
    const isGone = undone && open === 0 && added === 0 && removed === 0;
    const what = editNotes[kind](inCode(path), inCode(to ?? ''));
    return `- ${words(isGone ? markdownStrings.undone(what) : markdownStrings.counted(what, added, removed))}`;
  });
  return [files.join('\n')];
}

const editNotes: Readonly<Record<EditKind, (path: string, to: string) => LocalizableMessage>> = {
  edit: coreStrings.edited,
  create: coreStrings.created,
  rename: coreStrings.renamed,
  delete: coreStrings.deleted,
};

/** What stands where something is missing. */
export function unreadableMarkdown(words: InWords = english): string {
  return `*${words(markdownStrings.unreadable())}*`;
}

function inCode(path: string): string {
  return `\`${oneLine(path).replaceAll('`', 'ˋ')}\``;
}

function answerMarkdown({ parts }: AnswerItem, words: InWords): readonly string[] {
  const numbers = citationNumbers(parts);
  return citedRuns(parts).flatMap((part) => {
    if (!('type' in part)) return [joinedText(part, numbers, writtenCitation).trim()];
    if (part.type === 'context')
      return part.lines.some(({ change }) => change === 'unreadable') ? [unreadableMarkdown(words)] : [];
    return part.type === 'text' && part.text.trim() !== '' ? [part.text.trim()] : [];
  });
}

/** Said where an answer is not what the model wanted to say. */
const outcomeNotes: Readonly<Partial<Record<Outcome['kind'], () => LocalizableMessage>>> = {
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
