/**
 * The settings of the user and of the open folder, made one. A folder comes from others as often as not: it may narrow
 * what is sent and spent, and never widen it; what only costs more or less is asked about (LESSONS L61). A value of
 * another type, or outside its list, counts as not set.
 */

import { type ChatSettings, effortLevels } from '../../core/base/settings';
import { defaultModelId } from '../../core/models/models';

/** One setting as it stands in each place; undefined where it does not. */
export interface ScopedValue {
  /** The user's own, else the default. */
  readonly user: unknown;
  /** The folder's or the workspace file's; undefined in Restricted Mode. */
  readonly folder: unknown;
}

/** What VS Code's `inspect` says of a setting. */
interface InspectedSetting {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** The two values that count. A `null` that the user has set stays one: it switches a limit off. */
export function scopedValueOf(inspected: InspectedSetting | undefined, trusted: boolean): ScopedValue {
  if (inspected === undefined) return { user: undefined, folder: undefined };
  const { defaultValue, globalValue, workspaceValue, workspaceFolderValue } = inspected;
  return {
    user: globalValue === undefined ? defaultValue : globalValue,
    folder: trusted ? (workspaceFolderValue ?? workspaceValue) : undefined,
  };
}

/** Reads a setting below `prelude.`. */
export type ReadScoped = (setting: string) => ScopedValue;

/** Settings of a folder that the user is asked about. */
const consentSettings = ['model', 'effort', 'maxTokens'] as const;
/** A setting of a folder that holds only once the user agreed to it. */
export type ConsentSetting = (typeof consentSettings)[number];

/** Whether the user agreed to this value of the folder's. */
export type Approves = (setting: ConsentSetting, value: string | number) => boolean;

/** The setting `prelude.context.automatic`. */
export type AutomaticContext = 'openFiles' | 'activeFile' | 'none';
/** Each list begins with what sends and costs least, and ends with what does most. */
const automaticContexts: readonly AutomaticContext[] = ['none', 'activeFile', 'openFiles'];
const cacheTtls = ['5m', 'auto', '1h'] as const;

const displays = ['summarized', 'omitted'] as const;
const explainTargets = ['auto', 'current', 'new'] as const;
/** The setting `prelude.explain.target`. */
export type ExplainTarget = (typeof explainTargets)[number];

/** What holds for answers; read anew for each turn. `approves`: what of the folder's the user agreed to. */
export function chatSettingsOf(read: ReadScoped, approves: Approves): ChatSettings {
  const chosen = <T extends string | number | null>(
    setting: ConsentSetting,
    own: T,
    parse: (value: unknown) => T,
  ): T => {
    const folder = parse(read(setting).folder);
    return folder !== null && folder !== own && approves(setting, folder) ? folder : own;
  };
  return {
    model: chosen('model', modelOf(read('model').user) ?? defaultModelId, modelOf) ?? defaultModelId,
    effort: chosen('effort', effortOf(read('effort').user) ?? 'high', effortOf) ?? 'high',
    maxTokens: chosen('maxTokens', tokensOf(read('maxTokens').user), tokensOf),
    thinkingDisplay: anyOf(displays, read('thinking.display'), 'summarized'),
    cacheTtl: least(cacheTtls, read('cache.ttl'), 'auto'),
    spend: { perTurn: lowerLimit(read('spend.perTurn')), perDay: lowerLimit(read('spend.perDay')) },
  };
}

/** Of the user's value and the folder's, the one that sends less. */
export function automaticContextOf(read: ReadScoped): AutomaticContext {
  return least(automaticContexts, read('context.automatic'), 'openFiles');
}

/** What the user asks of every answer: a folder has no say in it. */
export function ownInstructionsOf(read: ReadScoped): string {
  const { user } = read('instructions');
  return typeof user === 'string' ? user : '';
}

/** Where a question of a command goes when the open conversation is free. */
export function explainTargetOf(read: ReadScoped): ExplainTarget {
  return anyOf(explainTargets, read('explain.target'), 'auto');
}

/** A folder's value that the user would have to agree to. */
export interface FolderWish {
  readonly setting: ConsentSetting;
  readonly value: string | number;
}

/** What the folder sets otherwise than the user does, of what is asked about. */
export function folderWishes(read: ReadScoped): readonly FolderWish[] {
  const own = chatSettingsOf(read, () => false);
  const parse = { model: modelOf, effort: effortOf, maxTokens: tokensOf };
  return consentSettings.flatMap((setting) => {
    const value = parse[setting](read(setting).folder);
    return value === null || value === own[setting] ? [] : [{ setting, value }];
  });
}

function modelOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function effortOf(value: unknown): ChatSettings['effort'] | null {
  return effortLevels.find((level) => level === value) ?? null;
}

function tokensOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;
}

/** A setting that neither sends nor costs: the folder's before the user's. */
function anyOf<T extends string>(allowed: readonly T[], { user, folder }: ScopedValue, fallback: T): T {
  return allowed.find((one) => one === folder) ?? allowed.find((one) => one === user) ?? fallback;
}

/** The one that stands earlier in the list. */
function least<T extends string>(ordered: readonly T[], { user, folder }: ScopedValue, fallback: T): T {
  const own = ordered.find((one) => one === user) ?? fallback;
  const other = ordered.find((one) => one === folder);
  return other !== undefined && ordered.indexOf(other) < ordered.indexOf(own) ? other : own;
}

/** A limit in US dollars; null for none: 0, null and what is no number switch it off, the user's alone. */
function lowerLimit({ user, folder }: ScopedValue): number | null {
  const limits = [user, folder].filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0,
  );
  return limits.length === 0 ? null : Math.min(...limits);
}
