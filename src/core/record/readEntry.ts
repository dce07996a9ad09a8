/**
 * The door through which stored entries come back: what is no entry any more, because bytes have changed on the disk,
 * becomes one that says so in its place, and the rest of the conversation is as it was.
 */
import { isObject, type JsonObject } from '../base/doorValues';
import type { ContextChange, Entry, FileEdit, UnreadableEntry, UserBlock } from './record';

/** Where an entry stands, as it is stored beside its text. */
interface EntryPlace {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** The entry in a stored text. `json` is null where it is known not to be what was stored. Never throws. */
export function readEntry(json: string | null, place: EntryPlace): Entry {
  if (json !== null) {
    try {
      const value: unknown = JSON.parse(json);
      if (isObject(value) && value['id'] === place.id && value['kind'] === place.kind && isEntry(value))
        return value as unknown as Entry;
    } catch {
      // It has changed on the disk.
    }
  }
  return unreadable(place);
}

/** What stands in the place of an entry that cannot be read. */
export function unreadable({ id, parent, kind, at }: EntryPlace): UnreadableEntry {
  return { kind: 'unreadable', id, parent, at: Number.isFinite(at) ? at : 0, was: kind };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function areTexts(value: JsonObject, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function areFiles(value: unknown): boolean {
  return isList(value) && value.every((file) => isObject(file) && areTexts(file, 'uri', 'path', 'text'));
}

function isSelection(value: unknown): boolean {
  return value === null || (isObject(value) && areTexts(value, 'uri', 'path', 'text'));
}

/** As much of each kind's shape as whoever shows or sends it stands on. A kind of a later version passes. */
export function isEntry(value: JsonObject): boolean {
  const { content } = value;
  if (!Number.isFinite(value['at'])) return false;
  const kind = value['kind'] as Entry['kind'];
  switch (kind) {
    case 'user':
      return isList(content) && content.every(isUserBlock) && areTexts(value, 'model');
    case 'assistant':
      return (
        isList(content) &&
        content.every((block) => isObject(block) && areTexts(block, 'type')) &&
        isList(value['durations']) &&
        isObject(value['usage']) &&
        areTexts(value, 'model')
      );
    case 'toolResult':
      return (
        areTexts(value, 'toolUseId', 'content') &&
        isObject(value['label']) &&
        (value['media'] === undefined || (isList(value['media']) && value['media'].every(isMedia))) &&
        (value['edits'] === undefined || areFileEdits(value['edits']))
      );
    case 'edits':
      return (
        areTexts(value, 'turn') &&
        isList(value['files']) &&
        value['files'].every(isTurnFile) &&
        ['undone', 'applied'].every((name) => value[name] === undefined || areToldEdits(value[name])) &&
        (value['call'] === undefined || areTexts(value, 'call'))
      );
    case 'snapshot':
      return areFiles(value['project']) && areFiles(value['files']) && isSelection(value['selection']);
    case 'change':
      return isList(value['changes']) && value['changes'].every(isChange);
    case 'end':
      return isObject(value['outcome']) && areTexts(value['outcome'], 'kind');
    case 'leaveOut':
      return isObject(value['target']) && areTexts(value['target'], 'what', 'entry');
    case 'compaction':
      return areTexts(value, 'summary', 'model') && isObject(value['outcome']) && isObject(value['usage']);
    case 'notice':
      return isList(value['words']) && value['words'].every((word) => isObject(word) && areTexts(word, 'text'));
    case 'warmUp':
      return isObject(value['usage']);
    case 'unreadable':
      return areTexts(value, 'was');
    default:
      kind satisfies never;
      return areTexts(value, 'kind');
  }
}

function areToldEdits(value: unknown): boolean {
  return isList(value) && value.every((one) => isObject(one) && areTexts(one, 'path', 'patch'));
}

/** True for what a call did to files. */
export function areFileEdits(value: unknown): value is readonly FileEdit[] {
  return isList(value) && value.every(isFileEdit);
}

function isFileEdit(edit: unknown): boolean {
  if (!isObject(edit) || !isEdited(edit) || !isDigest(edit['before']) || !isDigest(edit['after'])) return false;
  const { to } = edit;
  return to === undefined || (isObject(to) && areTexts(to, 'uri', 'path'));
}

function isTurnFile(file: unknown): boolean {
  if (!isObject(file) || !isEdited(file) || !isDigest(file['base']) || !isDigest(file['current'])) return false;
  return (
    Number.isFinite(file['open']) && ['to', 'from'].every((name) => file[name] === undefined || areTexts(file, name))
  );
}

function isEdited(value: JsonObject): boolean {
  return areTexts(value, 'uri', 'path', 'kind') && Number.isFinite(value['added']) && Number.isFinite(value['removed']);
}

function isDigest(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isMedia(block: unknown): boolean {
  return isObject(block) && (block['type'] === 'image' || block['type'] === 'document') && isUserBlock(block);
}

function isUserBlock(block: unknown): boolean {
  if (!isObject(block)) return false;
  const kind = block['type'] as UserBlock['type'];
  switch (kind) {
    case 'text':
      return areTexts(block, 'text');
    case 'image':
    case 'document':
      return areTexts(block, 'blob', 'name', 'mediaType');
    case 'imageUrl':
      return areTexts(block, 'url');
    case 'selection':
      return isSelection(block['selection']) && block['selection'] !== null;
    default:
      kind satisfies never;
      return areTexts(block, 'type');
  }
}

function isChange(change: unknown): boolean {
  if (!isObject(change)) return false;
  const kind = change['change'] as ContextChange['change'];
  switch (kind) {
    case 'modified':
      return areTexts(change, 'uri', 'path', 'patch');
    case 'rewritten':
    case 'added':
      return areTexts(change, 'uri', 'path', 'text');
    case 'removed':
      return areTexts(change, 'uri', 'path');
    case 'named': {
      const { files } = change;
      return Array.isArray(files) && files.every((file) => isObject(file) && areTexts(file, 'uri', 'path'));
    }
    case 'undone':
    case 'applied':
      return areTexts(change, 'path', 'patch');
    case 'selection':
      return isSelection(change['selection']);
    default:
      kind satisfies never;
      return false;
  }
}
