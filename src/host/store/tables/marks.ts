/** What has come to its end in a conversation while nobody looked: until it is seen, in whichever window. */
import type { Lease } from '../../../core/record/leases';
import type { Mark } from '../../../core/record/store';
import type { Database } from '../file/database';

/**
 * Part of the transaction that makes it so; null takes it away. `seen`: where it stands now somebody has seen it, so that
 * no other window marks it for that. Nothing for a conversation that is deleted.
 */
export function setMark(db: Database, conversation: string, mark: Mark | 'seen' | null): void {
  if (mark === null) {
    db.run('DELETE FROM marks WHERE conversation = ?', conversation);
    return;
  }
  const sql = 'SELECT head FROM conversations WHERE id = ? AND deletedAt IS NULL';
  const known = db.get<{ head: string | null }>(sql, conversation);
  if (known === undefined) return;
  const seen = `seen ${known.head}`;
  db.run(
    `INSERT INTO marks (conversation, mark) VALUES (?, ?)
     ON CONFLICT (conversation) DO UPDATE SET mark = excluded.mark WHERE marks.mark <> ?`,
    conversation,
    mark === 'seen' ? seen : mark,
    seen,
  );
}

/** null for none, and for one that this version does not know. */
export function markOf(db: Database, conversation: string): Mark | null {
  const mark = rowOf(db, conversation)?.mark;
  return mark === 'unread' || mark === 'needsYou' ? mark : null;
}

/** True also where somebody has seen it. */
export function isMarked(db: Database, conversation: string): boolean {
  return rowOf(db, conversation) !== undefined;
}

function rowOf(db: Database, conversation: string): { readonly mark: string } | undefined {
  return db.get('SELECT mark FROM marks WHERE conversation = ?', conversation);
}

/** Those that wait for the user, in some workspaces. */
export function needingYou(db: Database, workspaces: readonly string[]): readonly string[] {
  const sql = `SELECT c.id, c.workspace FROM marks m JOIN conversations c ON c.id = m.conversation
    WHERE m.mark = 'needsYou' AND c.deletedAt IS NULL`;
  const rows = db.all<{ id: string; workspace: string }>(sql);
  return rows.filter(({ workspace }) => workspaces.includes(workspace)).map(({ id }) => id);
}

/** The leases under which the last turn has not ended: who has one drives it, or is gone. */
export function openTurns(db: Database): readonly Lease[] {
  const sql = `SELECT l.conversation, l.owner, l.expiresAt, c.head FROM leases l
    JOIN conversations c ON c.id = l.conversation WHERE c.deletedAt IS NULL`;
  return db
    .all<Lease & { readonly head: string | null }>(sql)
    .flatMap(({ head, ...lease }) => (head !== null && isOpenAt(db, head) ? [lease] : []));
}

/** Whether what stands last before it, itself included, is of a turn and not its end. */
function isOpenAt(db: Database, head: string): boolean {
  const sql = `WITH RECURSIVE up (id, parent, kind) AS (
      SELECT id, parent, kind FROM entries WHERE id = ?
      UNION SELECT e.id, e.parent, e.kind FROM up JOIN entries e ON e.id = up.parent
        WHERE up.kind NOT IN ('user', 'assistant', 'end'))
    SELECT 1 FROM up WHERE kind IN ('user', 'assistant')`;
  return db.get(sql, head) !== undefined;
}
