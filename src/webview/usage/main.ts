/** The usage view's entry: asks the host for sums, and again when something was spent or a new day begins. */
import { render } from 'lit-html';
import type { HostToUsage, UsageToHost } from '../../shared/usage';
import { setLanguage } from '../words';
import { lastDays, untilTomorrow } from './days';
import { type UsageActions, type UsageState, usageView } from './view';

declare function acquireVsCodeApi(): {
  postMessage(message: UsageToHost): void;
  setState(state: unknown): void;
  getState(): unknown;
};

const dayCount = 30;
/** ms that timers of a browser can count. */
const longestTimer = 2 ** 31 - 1;

const place = document.querySelector<HTMLElement>('#app');
if (place !== null) start(place);

function start(app: HTMLElement): void {
  const api = acquireVsCodeApi();
  let state: UsageState | null = null;
  let request = 0;
  let tomorrow: ReturnType<typeof setTimeout> | undefined;
  let wanted: readonly number[] = [];

  const show = (next: UsageState): void => {
    state = next;
    render(usageView(next, actions), app);
  };
  const ask = (all: boolean): void => {
    const now = new Date();
    request += 1;
    wanted = lastDays(now, dayCount);
    api.postMessage({ type: 'askUsage', request, all, days: wanted });
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
    open: (id) => api.postMessage({ type: 'openConversation', id }),
    reload: again,
    openSettings: () => api.postMessage({ type: 'openSettings' }),
  };

  window.addEventListener('message', (event) => {
    const message = event.data as HostToUsage;
    switch (message.type) {
      case 'usageEnvironment': {
        const { environment } = message;
        setLanguage(environment.words, environment.locale);
        document.documentElement.lang = environment.locale;
        show(state === null ? first(environment, api.getState()) : { ...state, environment });
        again();
        return;
      }
      case 'usage':
        if (state !== null && message.request === request) {
          show({ ...state, days: wanted, report: message.report, failure: null });
        }
        return;
      case 'usageFailed':
        if (state !== null && message.request === request) show({ ...state, failure: message.reason });
        return;
      case 'usageChanged':
        again();
    }
  });
  // A day may have passed meanwhile.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') again();
  });
  api.postMessage({ type: 'ready' });
}

function first(environment: UsageState['environment'], kept: unknown): UsageState {
  const all = typeof kept === 'object' && kept !== null && 'all' in kept && kept.all === true;
  return { environment, all, days: [], report: null, failure: null };
}
