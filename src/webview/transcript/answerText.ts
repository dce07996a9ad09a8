/** What an answer says, as the model wrote it. */
import type { AnswerItem, Part } from '../../shared/chat';
import { closed } from '../../shared/markdown/closed';
import { citationNumbers, citedRuns, joinedText, writtenCitation } from '../../shared/web/cited';

/** Its texts, each as it is drawn: what work stands between are two. */
function writtenRuns({ parts }: AnswerItem): readonly string[] {
  const numbers = citationNumbers(parts);
  return citedRuns(parts)
    .map((run) => ('type' in run ? wordsOf(run) : joinedText(run, numbers, writtenCitation).trim()))
    .filter((text) => text !== '');
}

/** All that it says. */
export function answerMarkdown(answer: AnswerItem): string {
  return writtenRuns(answer).join('\n\n');
}

/**
 * The same to be copied: the source as it is written (L65, L67). A text that others follow ends the block that it leaves
 * open, as it does where it is drawn: else it would take them into itself.
 */
export function copiedAnswer(answer: AnswerItem): string {
  const texts = writtenRuns(answer);
  return texts.map((text, at) => (at < texts.length - 1 ? closed(text) : text)).join('\n\n');
}

/** What a part says; nothing where that is no text: the part is then shown as what can be read of it. */
export function wordsOf(part: Part): string {
  return part.type === 'text' && typeof part.text === 'string' ? part.text.trim() : '';
}
