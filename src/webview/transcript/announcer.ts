/** What a screen reader hears of a turn: events, never tokens. One polite live region. */
import type { ChatEvent, ChatState } from '../../shared/chat';
import { approvalStrings, spokenTitle } from '../l10n/approvalStrings';
import { failureText, outcomeNotice } from '../l10n/failures';
import { modelName, sentences } from '../l10n/format';
import { localize } from '../l10n/language';
import { strings } from '../l10n/strings';
import { transcriptStrings } from '../l10n/transcriptStrings';
import { hasArrived } from './answer';
import { answerMarkdown } from './answerText';

/** Tools are told at most this often. */
const toolPauseMs = 3000;

/** Writes into the live region what a screen reader is to say. */
export class Announcer {
  #lastTool = 0;
  #lastRetry = 0;
  /** How many messages waited when that was last told. */
  #queued = 0;
  readonly #said = new Set<string>();

  constructor(private readonly region: HTMLElement) {}

  /** Tells what happened; `state` is the one after these events. */
  tell(events: readonly ChatEvent[], state: ChatState, now: number): void {
    for (const event of events) {
      const text = this.#words(event, state, now);
      if (text !== null) this.announce(text);
    }
  }

  /** A message was taken and waits, with so many others. */
  queued(count: number): void {
    if (count > this.#queued) this.announce(strings.announceQueued());
    this.#queued = count;
  }

  /** Not again under the same name. */
  once(name: string, text: string): void {
    if (!this.#said.has(name)) this.announce(text);
    this.#said.add(name);
  }

  announce(text: string): void {
    this.region.textContent = text;
  }

  #words(event: ChatEvent, state: ChatState, now: number): string | null {
    switch (event.type) {
      case 'answerStarted':
        return strings.announceAnswering();
      case 'tool': {
        if (event.approval !== undefined) return approvalStrings.announce(spokenTitle(event.approval));
        if (event.status !== 'running' || now - this.#lastTool < toolPauseMs) return null;
        this.#lastTool = now;
        return localize(event.label);
      }
      case 'activity': {
        const { activity } = event;
        if (activity?.kind !== 'retrying' || activity.at === this.#lastRetry) return null;
        this.#lastRetry = activity.at;
        const seconds = Math.max(0, Math.ceil((activity.at - now) / 1000));
        return sentences([failureText(activity.failure, ''), strings.announceRetrying(seconds)]);
      }
      case 'answerEnded': {
        const answer = state.items.findLast((item) => item.type === 'answer' && item.id === event.answer);
        if (answer?.type !== 'answer') return null;
        const notice = outcomeNotice(event.outcome, modelName(answer.model), hasArrived(answer));
        if (notice !== null) return notice.text;
        return strings.announceFinished(answerMarkdown(answer).split(/\s+/).filter(Boolean).length);
      }
      case 'compaction': {
        const { outcome } = event.item;
        if (outcome === null)
          return event.item.summary === '' ? transcriptStrings.compacting(modelName(event.item.model)) : null;
        return outcome.kind === 'done'
          ? transcriptStrings.announceCompacted()
          : transcriptStrings.announceNotCompacted();
      }
      case 'excluded':
        return event.out ? transcriptStrings.announceOut() : transcriptStrings.announceBack();
      case 'item':
      case 'partStarted':
      case 'delta':
      case 'partEnded':
      case 'partRemoved':
      case 'cited':
      case 'usage':
      case 'edits':
      case 'blocks':
      case 'attachmentsRefused':
      case 'warmed':
      case 'branches':
      case 'items':
      case 'summaryDelta':
      case 'title':
        return null;
      default:
        event satisfies never;
        return null;
    }
  }
}
