import type { ViewToHost } from '../shared/protocol';

/** What the view keeps over a reload: only what is being looked at, and the draft as a safety net. */
export interface KeptState {
  readonly conversation: string;
  readonly draft: string;
  /** True while the host has not been told this draft. */
  readonly untold: boolean;
  /** Pixels from the top; null when the view follows the tail. */
  readonly scrollTop: number | null;
  /** How many of the last items are shown. */
  readonly shown: number;
  /** The open folds: without them the same scroll position would show another place. */
  readonly folds: readonly string[];
}

export interface HostApi {
  post(message: ViewToHost): void;
  keep(state: KeptState): void;
  kept(): KeptState | null;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/** VS Code's side of the panel. May be called once per page. */
export function connectHost(): HostApi {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    keep: (state) => api.setState(state),
    kept: () => readKept(api.getState()),
  };
}

function readKept(value: unknown): KeptState | null {
  if (typeof value !== 'object' || value === null) return null;
  const kept = value as Partial<Record<keyof KeptState, unknown>>;
  if (typeof kept.conversation !== 'string' || typeof kept.draft !== 'string') return null;
  return {
    conversation: kept.conversation,
    draft: kept.draft,
    untold: kept.untold === true,
    scrollTop: typeof kept.scrollTop === 'number' ? kept.scrollTop : null,
    shown: typeof kept.shown === 'number' ? kept.shown : 0,
    folds: Array.isArray(kept.folds) ? kept.folds.filter((key) => typeof key === 'string') : [],
  };
}
