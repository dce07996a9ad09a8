/** What the webview has of VS Code: messages out, and state that outlives a reload. */

import type { PostedIntent } from '../../shared/intents';
import { type KeptMention, mentionKinds } from '../../shared/mentions/mentions';
import type { Editing } from '../dom/inlineEditor';

/** What is being looked at in a conversation. */
export interface KeptView {
  readonly conversation: string;
  /** Pixels from the top; null when the view follows the tail. */
  readonly scrollTop: number | null;
  /** The key of the first item that is shown; null for as many as are shown at first. */
  readonly first: string | null;
  /** The open folds: without them the same scroll position would show another place. */
  readonly folds: readonly string[];
  /** Words that are being written anew where they stand; null when none are. */
  readonly editing: Editing | null;
  /** Those of other messages, begun before, and of reasons. */
  readonly begun: readonly Editing[];
  /** What is mentioned in the draft. Missing: nothing. */
  readonly mentions?: readonly KeptMention[];
}

/** What is kept over a reload: words on their way are the user's until the host has taken them. */
export interface KeptDraft {
  readonly draft: string;
  /** True while the host has not been told it. */
  readonly untold: boolean;
  /** The words on their way, with which the draft begins; else empty. */
  readonly sent: string;
}

/** What the view keeps over a reload: only what is being looked at, and the draft as a safety net. */
export interface KeptState extends KeptView, KeptDraft {
  /** Those that were shown before this one, the latest first. */
  readonly others: readonly KeptView[];
  /** What was typed before any conversation was shown; else empty. */
  readonly early: string;
  /** Long texts that were pasted, which the host has not answered. Missing: none. */
  readonly pastes?: readonly string[];
  /** Whether long lines of code wrap. Missing or null: the user has not chosen. */
  readonly wraps?: boolean | null;
}

/** VS Code's API for webviews, with types. */
export interface HostApi {
  post(question: PostedIntent): void;
  keep(state: KeptState): void;
  kept(): KeptState | null;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown, transfer: readonly ArrayBufferLike[]): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/** VS Code's side of the panel. May be called once per page. */
export function connectHost(): HostApi {
  const api = acquireVsCodeApi();
  return {
    post: (question) => {
      // Bytes are moved, not copied.
      const bytes = Object.values(question.intent).filter((value) => value instanceof Uint8Array);
      api.postMessage(
        question,
        bytes.map(({ buffer }) => buffer),
      );
    },
    keep: (state) => api.setState(state),
    kept: () => readKept(api.getState()),
  };
}

function readKept(value: unknown): KeptState | null {
  const view = readView(value);
  if (view === null) return null;
  const kept = value as Partial<Record<keyof KeptState, unknown>>;
  if (typeof kept.draft !== 'string') return null;
  return {
    ...view,
    draft: kept.draft,
    untold: kept.untold === true,
    sent: readText(kept.sent) ?? '',
    others: readAll(kept.others, readView),
    early: readText(kept.early) ?? '',
    pastes: readAll(kept.pastes, readText),
    wraps: typeof kept.wraps === 'boolean' ? kept.wraps : null,
  };
}

/** Of a list, what can be read. */
function readAll<One>(value: unknown, read: (one: unknown) => One | null): readonly One[] {
  return Array.isArray(value) ? value.map(read).filter((one) => one !== null) : [];
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function readMention(value: unknown): KeptMention | null {
  const { words, kind, id, brought } = (value ?? {}) as Partial<Record<keyof KeptMention, unknown>>;
  const known = mentionKinds.find((one) => one === kind);
  if (typeof words !== 'string' || words === '' || typeof id !== 'string' || known === undefined) return null;
  return { words, kind: known, id, brought: readAll(brought, readText) };
}

function readView(value: unknown): KeptView | null {
  if (typeof value !== 'object' || value === null) return null;
  const view = value as Partial<Record<keyof KeptView, unknown>>;
  if (typeof view.conversation !== 'string') return null;
  return {
    conversation: view.conversation,
    scrollTop: typeof view.scrollTop === 'number' ? view.scrollTop : null,
    first: readText(view.first),
    folds: readAll(view.folds, readText),
    editing: readEditing(view.editing),
    begun: readAll(view.begun, readEditing),
    mentions: readAll(view.mentions, readMention),
  };
}

function readEditing(value: unknown): Editing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, id, text, mentions } = value as Partial<Record<keyof Editing, unknown>>;
  const known = kind === 'message' || kind === 'queued' || kind === 'reason';
  if (!known || typeof id !== 'string' || typeof text !== 'string') return null;
  return { kind, id, text, mentions: readAll(mentions, readMention) };
}
