/** What is said about an outcome that is not a plain end, and what to do about it. Those of failures are in shared/failure.ts. */
import type { Outcome } from '../../shared/chat';
import { failureRow, type NextStep, type TurnFailure } from '../../shared/failure';
import { type AddressState, fieldToOmit } from '../../shared/remedy';
import { percent, percentText } from './format';
import { t } from './language';
import { spendText } from './spend';

/** A block below an answer that did not end plainly, and its buttons. */
export interface Notice {
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
  /** The one primary button; null when there is nothing to do. */
  readonly primary: NextStep | null;
  readonly also: readonly NextStep[];
  /** The label of `mend`. */
  readonly mend?: string;
  /** Shown under Details. */
  readonly failure: TurnFailure | null;
}

/** The label of a button. `mend`: what that one does. */
export function stepLabel(step: NextStep, mend = ''): string {
  switch (step) {
    case 'mend':
      return mend;
    case 'retry':
      return t('Retry');
    case 'continue':
      return t('Continue');
    case 'stop':
      return t('Stop');
    case 'showUsage':
      return t('Show Usage');
    case 'restorePrompt':
      return t('Restore Prompt');
    case 'setKey':
      return t('Set API Key');
    case 'useEnvironmentKey':
      return t('Use Environment Key');
    case 'declineEnvironmentKey':
      return t('Not Now');
    case 'chooseModel':
      return t('Choose Model');
    case 'saveAsBranch':
      return t('Save as Branch');
    case 'copyAnswer':
      return t('Copy');
    case 'compact':
      return t('Compact');
    case 'manageExcluded':
      return t('Exclude…');
    case 'openSettings':
      return t('Open Settings');
    case 'openBilling':
      return t('Open Billing');
    case 'openStatus':
      return t('Service Status');
    case 'openLog':
      return t('Open Log');
    case 'newChat':
      return t('New Chat');
  }
}

/** How a turn ended, in words. */
export const outcomeTexts = {
  stopped: () => t('Stopped.'),
  interrupted: () => t('The answer was interrupted.'),
  interruptedEarly: () => t('The answer was interrupted before it started.'),
  maxTokens: () => t('The answer reached its length limit.'),
  contextWindow: (model: string) => t('The conversation fills the context window of {0}.', model),
  refusal: () => t('Claude declined to answer this.'),
  refusalFor: (why: string) => t('Claude declined to answer this. {0}', why),
  empty: () => t('Claude finished without an answer.'),
  pauseLimit: () => t('The answer paused too many times.'),
  stepLimit: (steps: number) => t('Paused after {0} steps.', steps),
  sameFailure: (tool: string, times: number) => t('Paused: {0} failed {1} times with the same input.', tool, times),
  unknown: (stopReason: string) => t('The answer ended with an unknown stop reason: {0}.', stopReason),
} as const;

/** What is said besides the failure itself. */
export const besideFailure = {
  kept: (text: string) => t('What arrived is kept. {0}', text),
  messageKept: (text: string) => t('Your message is kept. {0}', text),
  excess: (percent: string, model: string) => t('The conversation is {0} too long for {1}.', percent, model),
  server: () => t('The server'),
  shorter: (host: string, model: string) =>
    t('{0} limits answers of {1} to a shorter length than requested.', host, model),
  askForHalf: () => t('Request Half'),
  askForShorter: () => t('Request Shorter Answers'),
  fieldRefused: (host: string, field: string) => t('{0} doesn’t support {1}.', host, field),
  leaveOutField: (field: string) => t('Send Without {0}', field),
} as const;

/**
 * The notice for an outcome; null when it needs none. `arrived`: there is something of an answer to go on with; null where
 * what is kept is said beside it.
 */
export function outcomeNotice(
  outcome: Outcome,
  model: string,
  arrived: boolean | null = true,
  address: AddressState | undefined = undefined,
): Notice | null {
  switch (outcome.kind) {
    case 'done':
      return null;
    case 'stopped':
      return arrived
        ? info(outcomeTexts.stopped(), 'continue', ['restorePrompt'])
        : info(outcomeTexts.stopped(), 'restorePrompt', ['retry']);
    case 'interrupted':
      return arrived
        ? warning(besideFailure.kept(outcomeTexts.interrupted()), 'continue', ['retry'])
        : warning(arrived === null ? outcomeTexts.interrupted() : outcomeTexts.interruptedEarly(), 'retry', [
            'restorePrompt',
          ]);
    case 'maxTokens':
      return warning(outcomeTexts.maxTokens(), 'continue', []);
    case 'contextWindow':
      return warning(outcomeTexts.contextWindow(model), 'compact', ['manageExcluded', 'continue', 'newChat']);
    case 'refusal': {
      const why = outcome.explanation;
      return warning(why === null ? outcomeTexts.refusal() : outcomeTexts.refusalFor(why), 'restorePrompt', []);
    }
    case 'empty':
      // Sent unchanged it would end the same way (API-FACTS §4.4).
      return warning(outcomeTexts.empty(), 'continue', ['retry']);
    case 'pauseLimit':
      return warning(outcomeTexts.pauseLimit(), 'continue', []);
    case 'spendLimit':
      return warning(spendText(outcome), 'continue', ['stop']);
    case 'stepLimit':
      return warning(outcomeTexts.stepLimit(outcome.steps), 'continue', []);
    case 'sameFailure':
      return warning(outcomeTexts.sameFailure(outcome.tool, outcome.times), 'continue', []);
    case 'unknown':
      return warning(outcomeTexts.unknown(outcome.stopReason), 'continue', ['retry']);
    case 'failed':
      return failureNotice(outcome.failure, model, arrived, address);
  }
}

/** What went wrong, in words. Used by the countdown too. */
export function failureText({ code, message }: TurnFailure, model: string): string {
  return (code === 'promptTooLong' ? excessText(message, model) : null) ?? t(failureRow(code).text, model);
}

/** What is still fine comes first: what arrived in the turn, or else the message. What could not be saved says so itself. */
function beforeFailure({ code, partial }: TurnFailure, text: string, arrived: boolean | null): string {
  if (arrived === null || /^(?:store|overtaken)/.test(code)) return text;
  return partial || arrived ? besideFailure.kept(text) : besideFailure.messageKept(text);
}

/** "prompt is too long: 212000 tokens > 200000 maximum" as the share that is too much; null for other wordings. */
function excessText(message: string, model: string): string | null {
  const [, tokens, most] = /(\d+) tokens > (\d+)/.exec(message) ?? [];
  const excess = Number(tokens) - Number(most);
  return excess > 0 ? besideFailure.excess(percentText(percent(excess, Number(most))), model) : null;
}

/** What can be left out so that the request is taken: said, and offered. null where nothing known helps. */
function mending(
  { remedy }: TurnFailure,
  model: string,
  address: AddressState | undefined,
): { readonly text: string; readonly label: string } | null {
  if (remedy === undefined) return null;
  const host = address?.host ?? besideFailure.server();
  if (remedy.kind === 'maxTokens') {
    const text = besideFailure.shorter(host, model);
    if (remedy.tokens === null) return { text, label: besideFailure.askForHalf() };
    return { text, label: besideFailure.askForShorter() };
  }
  const isExcluded = (field: string): boolean =>
    address?.notes.some(({ what }) => what.kind === 'field' && what.field === field) === true;
  const field = fieldToOmit(remedy.fields, isExcluded);
  if (field === null) return null;
  return { text: besideFailure.fieldRefused(host, field), label: besideFailure.leaveOutField(field) };
}

function failureNotice(
  failure: TurnFailure,
  model: string,
  arrived: boolean | null,
  address: AddressState | undefined,
): Notice {
  const [first, ...rest] = failureRow(failure.code).steps;
  const mend = mending(failure, model, address);
  if (mend !== null) {
    const text = beforeFailure(failure, mend.text, arrived);
    return { tone: 'error', text, primary: 'mend', also: [first, ...rest], mend: mend.label, failure };
  }
  // What arrived can be gone on with.
  const resumes = failure.partial && first === 'retry';
  return {
    tone: 'error',
    text: beforeFailure(failure, failureText(failure, model), arrived),
    primary: resumes ? 'continue' : first,
    also: resumes ? ['retry', ...rest] : rest,
    failure,
  };
}

function info(text: string, primary: NextStep, also: readonly NextStep[]): Notice {
  return { tone: 'info', text, primary, also, failure: null };
}

function warning(text: string, primary: NextStep, also: readonly NextStep[]): Notice {
  return { tone: 'warning', text, primary, also, failure: null };
}
