/** Who may drive the turns of a conversation, write what belongs to them, and which of their calls wait for the user. */
import type { Approval } from '../../shared/approval';
import type { LocalizableMessage } from '../../shared/chat';
import { isObject } from '../base/doorValues';

/** Who drives a turn right now. A lease that is not renewed expires. */
export interface Lease {
  readonly conversation: string;
  readonly owner: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** Who deletes a conversation, and when: it is refused while another owner holds the lease. */
export interface Deletion {
  readonly owner: string;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Who writes what belongs to a turn. It is checked in the transaction of the write: what another window has taken, or
 * gone on with, is not written to (`overtaken`); a lease that ran out and that nobody took is renewed.
 */
export interface Claim {
  readonly owner: string;
  /** ms since the epoch until which the lease is renewed. */
  readonly expiresAt: number;
  /** The head as this writer knows it. */
  readonly head: string | null;
}

/** A call of a tool that waits for the user's answer in the window that has the lease: what other windows show of it. */
export interface AskingCall {
  /** Of its part. */
  readonly key: string;
  readonly label: LocalizableMessage;
  readonly approval: Approval;
}

/** Characters of JSON in which calls that ask are kept: beyond that nothing is shown of what each would change. */
const maxAsking = 256 * 1024;

/** JSON of calls that ask; null for none. */
export function askingJson(calls: readonly AskingCall[]): string | null {
  if (calls.length === 0) return null;
  const json = JSON.stringify(calls);
  if (json.length <= maxAsking) return json;
  return JSON.stringify(calls, (name, value: unknown) => (name === 'proposed' ? null : value));
}

/** What `askingJson` made; none of what is nothing of the kind. */
export function readAsking(value: unknown): readonly AskingCall[] {
  return Array.isArray(value) ? value.filter(isAskingCall) : [];
}

function isAskingCall(value: unknown): value is AskingCall {
  if (!isObject(value) || !isObject(value['label']) || !isObject(value['approval'])) return false;
  const { key, label, approval } = value;
  if (typeof key !== 'string' || typeof label['text'] !== 'string' || !Array.isArray(approval['spans'])) return false;
  const { kind, files, tool, proposed } = approval;
  if (kind === 'read' || kind === 'write') return Array.isArray(files) && files.every(isFile) && isProposed(proposed);
  return (kind === 'other' || kind === 'web') && typeof tool === 'string';
}

function isFile(value: unknown): boolean {
  return isObject(value) && typeof value['path'] === 'string' && Array.isArray(value['why']);
}

function isProposed(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && Array.isArray(value['hunks']));
}
