/** A whole conversation as Markdown, as the user would keep or pass it on. */
import type { AnswerItem, Attachment, ChatState, Item, Outcome } from '../../shared/chat';
import type { EditedFile } from '../../shared/edits';
import { citationNumbers, citedRuns, joinedText, writtenCitation } from '../../shared/web/cited';
import { markdownStrings } from '../base/strings';

/** Title, questions with what was attached, and answers as the model wrote them. Empty for an empty conversation. */
export function chatMarkdown(state: ChatState): string {
  const turns = state.items.flatMap(itemMarkdown);
  if (turns.length === 0) return '';
  const title = oneLine(state.title);
  return `${[...(title === '' ? [] : [`# ${title}`]), ...turns].join('\n\n')}\n`;
}

function itemMarkdown(item: Item): readonly string[] {
  switch (item.type) {
    case 'user':
      if (item.auto !== undefined) return [];
      return [
        '## You',
        ...attachmentsMarkdown(item.attachments),
        ...(item.text.trim() === '' ? [] : [item.text.trim()]),
      ];
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

function attachmentsMarkdown(attachments: readonly Attachment[]): readonly string[] {
  return attachments.length === 0 ? [] : [attachments.map(({ label }) => `\`${oneLine(label)}\``).join(' ')];
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
