/**
 * What a finished turn did, in one fold, wherever it stood between the texts: what went along and changed, its thinking, its
 * calls. Nothing of it is drawn until it is opened. What failed is no part of it, and what was found stands below it.
 */
import { html, nothing } from 'lit-html';
import type { AnswerItem, Item, ThinkingPart, ToolPart } from '../../shared/chat';
import type { ContextLine } from '../../shared/contextLine';
import { isShort, isWork, isWorthALine, resultTarget, thoughtFor } from '../../shared/turn/work';
import { citedThing, type Source } from '../../shared/web/sources';
import { bounded, plainPart, textWithin } from '../dom/bounded';
import { workText } from '../l10n/transcriptStrings';
import type { View } from '../view/view';
import { isExcluded } from './exclude';
import { contextLines, fold, thinkingLine, toolLine } from './lines';
import { sourceList } from './sources';

/** What went along with a message, or changed before it. */
export type ContextItem = Extract<Item, { type: 'context' }>;

interface Lines {
  readonly type: 'lines';
  /** What their fold is known by. */
  readonly owner: string;
  readonly lines: readonly ContextLine[];
}

const readTool = 'read_file';

type Step = ThinkingPart | ToolPart | Lines;

/** What stands in the fold of an answer, in the order in which it came. */
export interface Work {
  readonly type: 'work';
  readonly key: 'work';
  readonly steps: readonly Step[];
}

/** `sent` is what went along with the question. null where nothing is worth a line. */
export function workOf({ id, parts }: AnswerItem, sent: readonly ContextItem[]): Work | null {
  const work = parts.filter(isWork);
  if (!isWorthALine(work, sent.length > 0)) return null;
  const steps = [
    ...sent.map((item): Lines => ({ type: 'lines', owner: item.id, lines: item.lines })),
    ...work.map(
      (part): Step =>
        part.type === 'context' ? { type: 'lines', owner: `${id}/${part.key}`, lines: part.lines } : part,
    ),
  ];
  return { type: 'work', key: 'work', steps };
}

/** The lines that a fold takes away, as they stand in a running answer. */
const looseLines = ':scope > :is(.fold:not(.failed), .contextLine, .quietLine:not(.noticeLine))';

/**
 * True for a finished answer whose lines stay where they are: it was drawn running, and one of them is open, focused or
 * selected; until the next turn in any case (L66). The document knows it best.
 */
export function isHeld(id: string, isLast: boolean): boolean {
  for (const article of document.getElementsByClassName('unfolded')) {
    if (article.getAttribute('data-answer') !== id) continue;
    const wasHeld = !article.classList.contains('running');
    return (wasHeld && isLast) || linesOf(article).some(isLookedAt);
  }
  return false;
}

function linesOf(article: Element): readonly Element[] {
  const lines = [...article.querySelectorAll(looseLines)];
  for (
    let one = article.previousElementSibling;
    one?.matches('.contextTurn') === true;
    one = one.previousElementSibling
  ) {
    lines.push(one);
  }
  return lines;
}

function isLookedAt(line: Element): boolean {
  const selection = document.getSelection();
  const isSelected = selection?.isCollapsed === false && selection.containsNode(line, true);
  return isSelected || line.contains(document.activeElement) || line.querySelector('[aria-expanded="true"]') !== null;
}

/** One line, or all lines in one fold. */
export function workFold(view: View, answer: string, { steps }: Work, numbers: ReadonlyMap<string, number>): unknown {
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return stepLine(view, answer, only, numbers);
  const key = `${answer}/work`;
  const text = sentence(view, steps);
  return html`<div class="work">
    ${fold(view, key, html`<span class="lineWords" title=${text}>${text}</span>`, () =>
      steps.map((step) =>
        bounded(
          null,
          () => stepLine(view, answer, step, numbers),
          () => plainPart(textWithin(step)),
        ),
      ),
    )}
    ${view.folds.isOpen(key) ? nothing : sourcesOf(view, answer, steps, numbers)}
  </div>`;
}

function stepLine(view: View, answer: string, step: Step, numbers: ReadonlyMap<string, number>): unknown {
  switch (step.type) {
    case 'thinking':
      return thinkingLine(view, answer, step, null);
    case 'tool':
      return toolLine(view, answer, step, numbers);
    case 'lines':
      return contextLines(view, step.owner, step.lines);
  }
}

function sentence(view: View, steps: readonly Step[]): string {
  const calls = steps.filter((step) => step.type === 'tool');
  const thoughts = steps.filter((step) => step.type === 'thinking');
  const tools = new Map<string, number>();
  for (const { name, status } of calls) if (status === 'done') tools.set(name, (tools.get(name) ?? 0) + 1);
  const read = new Set(calls.filter(({ name, status }) => name === readTool && status === 'done').flatMap(filesOf));
  if (read.size > 0) tools.set(readTool, read.size);
  return workText({
    thoughtMs: isShort(thoughts) ? 0 : thoughtFor(thoughts),
    tools,
    cancelled: calls.filter(({ status }) => status !== 'done').length,
    excluded: calls.filter(({ key }) => isExcluded(view, resultTarget(key))).length,
    context: steps.flatMap((step) => (step.type === 'lines' ? step.lines : [])),
  });
}

/** The files that a call has read; where its input does not say so, the call stands for one. */
function filesOf({ key, input }: ToolPart): readonly unknown[] {
  try {
    const { path, files = [] } = JSON.parse(input);
    return [...(path === undefined ? [] : [path]), ...files.map((file: { path: unknown }) => file.path)];
  } catch {
    return [key];
  }
}

/** The pages that were found, each once. */
function sourcesOf(view: View, answer: string, steps: readonly Step[], numbers: ReadonlyMap<string, number>): unknown {
  const found = new Map<string, Source>();
  for (const step of steps) {
    if (step.type !== 'tool') continue;
    for (const source of step.sources ?? []) {
      const thing = citedThing({ ...source, text: '' });
      if (!found.has(thing)) found.set(thing, source);
    }
  }
  const key = `${answer}/sources`;
  return sourceList([...found.values()], view.folds.isOpen(key), numbers, () => view.folds.toggle(key));
}
