/** One answer: its parts in their order, what it ended with, and its footer. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Activity, AnswerItem, Part, TextPart } from '../../shared/chat';
import { isWork } from '../../shared/turn/work';
import { type CitedRun, citationNumbers, citedRuns, joinedText } from '../../shared/web/cited';
import { bounded, partFailed, plainPart, textWithin } from '../dom/bounded';
import { icon } from '../dom/icon';
import { failureText, type Notice, outcomeNotice } from '../l10n/failures';
import { clockTime, dollars, duration, listOf, modelName, spokenDollars, spokenDuration } from '../l10n/format';
import { strings } from '../l10n/strings';
import { transcriptStrings } from '../l10n/transcriptStrings';
import { citationMark } from '../markdown/citations';
import { renderBlocks } from '../markdown/render';
import { addressLines } from '../view/addressNotes';
import type { View } from '../view/view';
import { answerMarkdown, copiedAnswer, wordsOf } from './answerText';
import { blockCards, editCards, isOnCard } from './approval';
import { branchWalker } from './branches';
import { cacheMissLine } from './cacheMiss';
import { answerTarget, excludedNote, isExcluded, menuContext, moreButton, turnTarget } from './exclude';
import { contextLines, noticeLine, placeIn, spinner, thinkingLine, toolLine, withTime } from './lines';
import { noticeCard } from './notice';
import { costButton } from './usage';
import { turnWhen } from './when';
import { type ContextItem, type Work, workFold, workOf } from './work';

/**
 * One answer. `sent` is what went along with its question and stands in its fold, null while its lines are not folded;
 * `activity` is set while it is the one that runs; `last` when nothing comes after it.
 */
export function answerTurn(
  view: View,
  answer: AnswerItem,
  sent: readonly ContextItem[] | null,
  activity: Activity | null,
  last: boolean,
): TemplateResult {
  const running = answer.outcome === null;
  const numbers = citationNumbers(answer.parts);
  const model = answer.model === view.composer.modelId ? view.composer.modelName : modelName(answer.model);
  const notice =
    answer.outcome === null
      ? null
      : possible(view, answer, outcomeNotice(answer.outcome, model, hasArrived(answer), view.environment.address));
  const target = answerTarget(answer.id);
  const alone = isExcluded(view, target);
  const out = alone || isExcluded(view, turnTarget(answer.id));
  const label = out ? transcriptStrings.spokenOut(answerLabel(answer)) : answerLabel(answer);
  return html`<article
    class="turn answer ${running ? 'running' : ''} ${sent === null ? 'unfolded' : ''} ${last ? 'last' : ''} ${out ? 'excluded' : ''}"
    tabindex="-1" data-answer=${answer.id} aria-label=${label} aria-busy=${running ? 'true' : 'false'}
    data-vscode-context=${menuContext(view, target, answer.id)}
  >
    ${alone ? excludedNote(view, target, transcriptStrings.answerOut()) : nothing}
    ${repeat(runs(view, answer, sent), keyOf, (run) =>
      bounded(
        null,
        () => renderRun(view, answer, run, activity, numbers),
        () => plainPart(textWithin(run)),
      ),
    )}
    ${bounded(null, () => (running ? editCards(view, answer.id, answer.parts) : nothing), partFailed)}
    ${bounded(null, () => blockCards(view, answer), partFailed)}
    ${bounded(
      null,
      () => {
        if ((answer.edits?.length ?? 0) === 0) return nothing;
        return view.edits.parts?.end(view, answer) ?? (view.edits.failed ? partFailed() : nothing);
      },
      partFailed,
    )}
    ${bounded(
      null,
      () => (running ? nothing : answer.cacheMisses.map(cacheMissLine)),
      () => nothing,
    )}
    ${bounded(
      null,
      () => (notice === null ? nothing : noticeCard(view, notice, last)),
      () => plainPart(textWithin(answer.outcome)),
    )}
    ${bounded(
      null,
      () => addressLines(view, answer.id),
      () => nothing,
    )}
    ${bounded(
      null,
      () => (running ? statusLine(view, answer, activity, model) : footer(view, answer, last && !offersRetry(notice))),
      partFailed,
    )}
  </article>`;
}

function answerLabel(answer: AnswerItem): string {
  const parts = [strings.claude(), clockTime(answer.at)];
  if (answer.endedAt !== null) parts.push(spokenDuration(answer.endedAt - answer.at), spokenDollars(answer.usd));
  return listOf(parts);
}

/** Without Compact where there is nothing that could be summed up: the next step is the first. */
function possible(view: View, answer: AnswerItem, notice: Notice | null): Notice | null {
  if (notice?.primary !== 'compact') return notice;
  const { items, above } = view.chat;
  const since = items.findLastIndex((item) => item.type === 'compaction' && item.outcome?.kind === 'done');
  if (since === -1 && above.items > 0) return notice;
  const said = items.slice(since + 1).some((item) => item.type === 'answer' && hasArrived(item));
  if (said || hasArrived(answer)) return notice;
  const [primary = null, ...also] = notice.also;
  return { ...notice, primary, also };
}

/** Thinking alone is nothing that could be gone on with. */
export function hasArrived({ parts }: AnswerItem): boolean {
  return parts.some((part) => part.type === 'tool' || wordsOf(part) !== '');
}

/** Neighbouring texts that a citation cut are one run, as is the work of a finished turn; all else stands alone. */
type Run = Part | readonly TextPart[] | Work;

function runs(view: View, answer: AnswerItem, sent: readonly ContextItem[] | null): readonly Run[] {
  const cited = citedRuns(answer.parts);
  if (sent === null) return cited.filter((run) => isTexts(run) || run.type !== 'tool' || !isOnCard(view, run));
  const isFolded = (run: CitedRun): boolean => !isTexts(run) && isWork(run);
  const work = workOf(answer, sent);
  if (cited.length === 0) return work === null ? [] : [work];
  const first = sent.length > 0 ? 0 : cited.findIndex(isFolded);
  return cited.flatMap((run, at): readonly Run[] => {
    const here = at === first && work !== null ? [work] : [];
    return isFolded(run) ? here : [...here, run];
  });
}

function isTexts(run: Run): run is readonly TextPart[] {
  return Array.isArray(run);
}

/** What stays is the same element when the work beside it is folded: what is selected in it stays selected (L66). */
function keyOf(run: Run, at: number): unknown {
  return (isTexts(run) ? run[0]?.key : run.key) ?? at;
}

function renderRun(
  view: View,
  answer: AnswerItem,
  run: Run,
  activity: Activity | null,
  numbers: ReadonlyMap<string, number>,
): unknown {
  if (isTexts(run)) return citedText(view, answer, run, numbers);
  switch (run.type) {
    case 'work':
      return workFold(view, answer.id, run, numbers);
    case 'thinking':
      return thinkingLine(view, answer.id, run, activity?.kind === 'thinking' ? activity.since : null);
    case 'tool':
      return toolLine(view, answer.id, run, numbers);
    case 'context':
      return contextLines(view, `${answer.id}/${run.key}`, run.lines);
    case 'notice':
      return noticeLine(run.words);
    case 'text':
      return run.text.trim() === ''
        ? nothing
        : html`<div class="markdown" data-place=${placeIn(answer.id, run)}>${renderBlocks(view.streams.of(answer.id, run).blocks)}</div>`;
  }
}

/** Texts of one message, each with the numbers of what it cites. */
function citedText(
  view: View,
  answer: AnswerItem,
  run: readonly TextPart[],
  numbers: ReadonlyMap<string, number>,
): unknown {
  const [first] = run;
  const text = joinedText(run, numbers, citationMark);
  if (first === undefined || text.trim() === '') return nothing;
  const whole = { type: 'text', key: first.key, text, open: run.at(-1)?.open === true } as const;
  return html`<div class="markdown" data-place=${placeIn(answer.id, whole)}>${renderBlocks(view.streams.of(answer.id, whole).blocks)}</div>`;
}

/** What is going on, at the end of a running answer. Open thinking and running tools say it themselves. */
function statusLine(view: View, answer: AnswerItem, activity: Activity | null, model: string): TemplateResult {
  if (activity?.kind === 'retrying') return countdown(view, activity, model);
  const last = answer.parts.at(-1);
  const saidAbove =
    (last?.type === 'thinking' && last.open) ||
    (last?.type === 'tool' && ['running', 'preparing', 'asks'].includes(last.status));
  if (activity === null || saidAbove) return html`<div class="line status"></div>`;
  return html`<div class="line status">${spinner()}${withTime(activityText(activity), activity.since, view.now)}</div>`;
}

/** What goes on, in words. */
function activityText(activity: Exclude<Activity, { kind: 'retrying' }>): string {
  if (activity.kind === 'askingWeb') return strings.askingWeb(activity.tool);
  return {
    elsewhere: strings.elsewhere,
    waiting: strings.waiting,
    saving: strings.saving,
    thinking: strings.thinking,
    writing: strings.writing,
    tools: strings.runningTools,
  }[activity.kind]();
}

/** Waiting for the next attempt. */
export function countdown(
  view: View,
  activity: Extract<Activity, { kind: 'retrying' }>,
  model: string,
): TemplateResult {
  const seconds = Math.max(0, Math.ceil((activity.at - view.now) / 1000));
  return html`<div class="notice warning retrying">
    ${icon('watch')}
    <div class="noticeBody">
      <div class="noticeText">${strings.retryingIn(failureText(activity.failure, model), seconds, activity.attempt, activity.of)}</div>
      <div class="noticeButtons">
        <button class="button" type="button" data-step="retryNow" @click=${() => view.actions.here('retryNow')}>${strings.tryNow()}</button>
        <button class="linkButton" type="button" data-step="stop" @click=${() => view.actions.step('stop')}>${strings.stop()}</button>
      </div>
    </div>
  </div>`;
}

/** Said by the notice already: no second button for it. */
function offersRetry(notice: Notice | null): boolean {
  return notice !== null && [notice.primary, ...notice.also].includes('retry');
}

function footer(view: View, answer: AnswerItem, retry: boolean): TemplateResult {
  const took = answer.endedAt === null ? '' : duration(answer.endedAt - answer.at);
  const cost =
    view.environment.key.kind === 'demo' ? transcriptStrings.wouldCost(dollars(answer.usd)) : dollars(answer.usd);
  const label = strings.copyAnswer();
  return html`<div class="turnFooter">
    <button
      class="iconButton codicon codicon-copy" type="button" data-copy="answer" title=${label}
      aria-label=${label} ?disabled=${answerMarkdown(answer) === ''} @click=${() => view.actions.ask({ type: 'copy', text: copiedAnswer(answer) })}
    ></button>
    ${
      retry
        ? html`<button
      class="iconButton codicon codicon-refresh" type="button" data-step="retry" title=${strings.retryAnswer()}
      aria-label=${strings.retryAnswer()} @click=${() => view.actions.step('retry')}
    ></button>`
        : nothing
    }
    ${moreButton(view, answerTarget(answer.id), answer.id, answerLabel(answer))}
    ${branchWalker(view, `answer/${answer.id}`)}
    ${turnWhen(answer.endedAt ?? answer.at)}
    ${costButton(answer, html`${cost}${took === '' ? nothing : html`<span class="turnTime">${` ·\u00a0${took}`}</span>`}`)}
  </div>`;
}
