/** The workspaces that conversations belong to. */
import type { KnownWorkspace, WorkspaceFingerprint, WorkspaceIdentity } from '../../../core/record/store';
import type { Database } from '../file/database';
import type { Moved } from '../file/protocol';
import { countListed } from './listing';

interface Row {
  readonly key: string;
  readonly name: string;
  readonly folders: string;
  readonly facts: string | null;
}

/** Adds the workspace, or keeps its name and folders as they are now; while its folders are not known, as they were. */
export function putWorkspace(db: Database, { key, name, folders }: WorkspaceIdentity): void {
  db.run(
    `INSERT INTO workspaces (key, name, folders) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET name = excluded.name,
       folders = CASE excluded.folders WHEN '[]' THEN folders ELSE excluded.folders END`,
    key,
    name,
    JSON.stringify(folders),
  );
}

/** Keeps what a workspace is known by. Nothing read is nothing known: what was noted before stays. */
export function noteWorkspace(db: Database, workspace: WorkspaceIdentity, facts: WorkspaceFingerprint): void {
  putWorkspace(db, workspace);
  if (facts.names.length === 0 && facts.remotes.length === 0) return;
  db.run('UPDATE workspaces SET facts = ? WHERE key = ?', JSON.stringify(facts), workspace.key);
}

/** Each with the number of its conversations that a list would show. */
export function listWorkspaces(db: Database): readonly KnownWorkspace[] {
  const counts = countListed(db);
  return db.all<Row>('SELECT key, name, folders, facts FROM workspaces ORDER BY key').map((row) => ({
    key: row.key,
    name: row.name,
    folders: JSON.parse(row.folders) as readonly string[],
    facts: row.facts === null ? null : (JSON.parse(row.facts) as WorkspaceFingerprint),
    conversations: counts.get(row.key) ?? 0,
  }));
}

/** Blank and deleted ones of a workspace go along. The old workspace stays known, so that they can be put back. */
export function moveConversations(db: Database, which: Moved, to: string): readonly string[] {
  const move = `UPDATE conversations SET workspace = ?`;
  const rows =
    'workspace' in which
      ? db.all<{ id: string }>(`${move} WHERE workspace = ? RETURNING id`, to, which.workspace)
      : db.all<{ id: string }>(
          `${move} WHERE id IN (SELECT value FROM json_each(?)) RETURNING id`,
          to,
          JSON.stringify(which.ids),
        );
  return rows.map(({ id }) => id);
}
