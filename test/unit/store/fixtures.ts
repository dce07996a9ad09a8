/** Conversations and entries to store. */

import type { OtherTool } from '../../../src/core/record/chosenTool';
import type { AssistantEntry, Entry, FileEdit, ToolResultEntry, UserEntry } from '../../../src/core/record/record';
import type { ConversationMeta, WorkspaceIdentity } from '../../../src/core/record/store';
import { noUsage } from '../../../src/shared/tokenUsage';

/** The environment variable that tells faultyWorker.ts which fault to have. */
export const faultVariable = 'PRELUDE_TEST_FAULT';

export const home: WorkspaceIdentity = { key: 'home', name: 'home', folders: ['file:///home'] };
export const other: WorkspaceIdentity = { key: 'other', name: 'other', folders: ['file:///other', 'file:///more'] };

export function meta(id: string, change: Partial<ConversationMeta> = {}): ConversationMeta {
  return { id, workspace: 'home', title: `title of ${id}`, createdAt: 1, updatedAt: 1, head: null, ...change };
}

export function user(id: string, parent: string | null, text: string, at = 1000): UserEntry {
  return { id, parent, at, kind: 'user', content: [{ type: 'text', text }], model: 'claude-opus-4-8' };
}

/** A tool of an MCP server, as a conversation has chosen it. */
export function chosenTool(id: string, description = `Does ${id}.`): OtherTool {
  const input_schema = { type: 'object', properties: { of: { type: 'string' } } } as const;
  const source = { kind: 'mcp', id: 'notes', name: 'notes' } as const;
  return { id, source, title: id, digest: `digest of ${id}`, definition: { name: id, description, input_schema } };
}

export function assistant(id: string, parent: string, text: string, at = 1000): AssistantEntry {
  return {
    id,
    parent,
    at,
    kind: 'assistant',
    content: [
      { type: 'thinking', thinking: 'hidden thought', signature: 'c2ln' },
      { type: 'text', text, citations: null },
    ],
    stopReason: 'end_turn',
    partial: null,
    refusal: null,
    usage: noUsage,
    usd: null,
    model: 'claude-opus-4-8',
    messageId: 'msg_1',
    requestId: null,
    durations: [12, null],
  };
}

/** A conversation of `count` user entries, one the child of the other. */
export function chain(prefix: string, count: number, text: (index: number) => string): readonly Entry[] {
  return Array.from({ length: count }, (_, index) =>
    user(`${prefix}${index}`, index === 0 ? null : `${prefix}${index - 1}`, text(index), 1000 + index),
  );
}

/** One line of a.ts became another. */
export function edited(before: string | null, after: string | null): FileEdit {
  return { uri: 'file:///home/a.ts', path: 'a.ts', kind: 'edit', before, after, unsaved: false, added: 1, removed: 1 };
}

/** What a call of edit_file gave back. */
export function editResult(id: string, parent: string, call: string, edits: readonly FileEdit[]): ToolResultEntry {
  return {
    ...{ id, parent, at: 1000, kind: 'toolResult', toolUseId: call, content: 'Edited a.ts.', edits },
    ...{ isError: false, cancelled: false, label: { text: 'Edited a.ts' }, summary: null },
  };
}
