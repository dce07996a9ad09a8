/** The usage view's entry: asks the host for sums, and again when something was spent or a new day begins. */
import { render } from 'lit-html';
import type { HostToUsage } from '../../shared/usage';
import { localize, setLanguage } from '../l10n/language';
import { Asks } from '../view/asks';
import { lastDays, untilTomorrow } from './days';
import { type UsageActions, type UsageState, usageView } from './view';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

const dayCount = 30;
/** ms that timers of a browser can count. */
const longestTimer = 2 ** 31 - 1;

const container = document.querySelector<HTMLElement>('#app');
if (container !== null) start(container);

function start(app: HTMLElement): void {
  const api = acquireVsCodeApi();
  let state: UsageState | null = null;
  let tomorrow: ReturnType<typeof setTimeout> | undefined;
  let wanted: readonly number[] = [];

  const asks = new Asks(
    (question) => api.postMessage(question),
    (reason) => {
      if (state !== null) show({ ...state, problem: localize(reason) });
    },
    () => null,
  );
  const show = (next: UsageState): void => {
    state = next;
    render(usageView(next, actions), app);
  };
  const ask = (all: boolean): void => {
    const now = new Date();
    const days = lastDays(now, dayCount);
    wanted = days;
    asks.ask({ type: 'usageReport', all, days }).then((answer) => {
      // Another question has been asked since.
      if (state === null || wanted !== days) return;
      if (answer.ok) show({ ...state, days, report: answer.value, failure: null });
      else show({ ...state, failure: localize(answer.reason) });
    });
    clearTimeout(tomorrow);
    tomorrow = setTimeout(() => again(), Math.min(untilTomorrow(now) + 1000, longestTimer));
  };
  const again = (): void => {
    if (state !== null) ask(state.all);
  };
  const actions: UsageActions = {
    show: (all) => {
      if (state === null || state.all === all) return;
      api.setState({ all });
      // What is shown stays until its successor is there.
      show({ ...state, all });
      ask(all);
    },
    open: (id) => void asks.tell({ type: 'usageConversation', id }),
    reload: again,
    openSettings: () => void asks.tell({ type: 'usageSettings' }),
  };

  window.addEventListener('message', (event) => {
    const message = event.data as HostToUsage;
    if (message.type === 'answer') asks.take(message);
    else again();
  });
  // A day may have passed meanwhile.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') again();
  });
  asks.ask({ type: 'usageEnvironment' }).then((answer) => {
    const environment = answer.ok ? answer.value : bareEnvironment;
    setLanguage(environment.words, environment.locale);
    document.documentElement.lang = environment.locale;
    show(state === null ? first(environment, api.getState()) : { ...state, environment });
    again();
  });
}

/** What the view is shown with when the host cannot say more. */
const bareEnvironment: UsageState['environment'] = { workspaceName: null, demo: false, words: {}, locale: 'en' };

function first(environment: UsageState['environment'], kept: unknown): UsageState {
  const all = typeof kept === 'object' && kept !== null && 'all' in kept && kept.all === true;
  return { environment, all, days: [], report: null, failure: null, problem: null };
}
