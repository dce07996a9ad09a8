/**
 * What a finished turn did, in one fold, wherever it stood between the texts: what went along and changed, its thinking, its
 * calls. Nothing of it is drawn until it is opened. What failed is no part of it, and what was found stands below it.
 */
import { html, nothing } from 'lit-html';
import type { AnswerItem, Item, Part, ThinkingPart, ToolPart } from '../../shared/chat';
import type { ContextLine } from '../../shared/contextLine';
import { citedThing, type Source } from '../../shared/web/sources';
import { bounded, plainPart, textWithin } from '../dom/bounded';
import { workText } from '../l10n/transcriptStrings';
import type { View } from '../view/view';
import { isExcluded, resultTarget } from './exclude';
import { contextLines, fold, thinkingLine, toolLine } from './lines';
import { sourceList } from './sources';

/** What went along with a message, or changed before it. */
export type ContextItem = Extract<Item, { type: 'context' }>;

type ContextPart = Extract<Part, { type: 'context' }>;

interface Lines {
  readonly type: 'lines';
  /** What their fold is known by. */
  readonly owner: string;
  readonly lines: readonly ContextLine[];
}

type Step = ThinkingPart | ToolPart | Lines;

/** What stands in the fold of an answer, in the order in which it came. */
export interface Work {
  readonly type: 'work';
  readonly key: 'work';
  readonly steps: readonly Step[];
}

/** Shorter thoughts are not shown alone. */
const shortThoughtMs = 2000;

/** True for a part that stands in the fold once its turn has finished. */
export function isWork(part: Part): part is ThinkingPart | ToolPart | ContextPart {
  switch (part.type) {
    case 'thinking':
      return true;
    case 'tool':
      return part.status !== 'failed';
    case 'context':
      return isQuiet(part.lines);
    default:
      return false;
  }
}

/** True for what stands in the fold of the answer that it went along for. */
export function isSentWork({ lines }: ContextItem): boolean {
  return isQuiet(lines);
}

/** What could not be read, and what cost something by itself, is said where it is; what has no lines fails there alone. */
function isQuiet(lines: readonly ContextLine[]): boolean {
  if (!Array.isArray(lines)) return false;
  return lines.every((line: ContextLine | null) => line !== null && !['unreadable', 'warmed'].includes(line.change));
}

/** `sent` is what went along with the question. null where nothing is worth a line. */
export function workOf({ id, parts }: AnswerItem, sent: readonly ContextItem[]): Work | null {
  const steps = [
    ...sent.map((item): Lines => ({ type: 'lines', owner: item.id, lines: item.lines })),
    ...parts
      .filter(isWork)
      .map(
        (part): Step =>
          part.type === 'context' ? { type: 'lines', owner: `${id}/${part.key}`, lines: part.lines } : part,
      ),
  ];
  const thoughts = steps.filter((step) => step.type === 'thinking');
  const isThoughtAlone = thoughts.length === steps.length;
  if (isThoughtAlone && (thoughtFor(thoughts) ?? shortThoughtMs) < shortThoughtMs) return null;
  return { type: 'work', key: 'work', steps };
}

/** Of all together; null where that is not known of one. */
function thoughtFor(thoughts: readonly ThinkingPart[]): number | null {
  let all = 0;
  for (const { durationMs } of thoughts) {
    if (durationMs === null) return null;
    all += durationMs;
  }
  return all;
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
  const ms = thoughtFor(thoughts);
  return workText({
    thoughtMs: thoughts.length === 0 || (ms ?? shortThoughtMs) < shortThoughtMs ? 0 : ms,
    tools,
    cancelled: calls.filter(({ status }) => status !== 'done').length,
    excluded: calls.filter(({ key }) => isExcluded(view, resultTarget(key))).length,
    context: steps.flatMap((step) => (step.type === 'lines' ? step.lines : [])),
  });
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
