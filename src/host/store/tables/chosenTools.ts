/** The tools of others that conversations have chosen: each choice is stored once, however many have made it. */
import { digestOf } from '../../../core/base/digest';
import { type OtherTool, readOtherTools } from '../../../core/record/chosenTool';
import type { Database } from '../file/database';
import { noConversation } from '../file/errors';
import { parseJson } from '../file/stored';

/** Keeps a choice; an empty one is none. Throws when there is no such conversation. */
export function setTools(db: Database, conversation: string, tools: readonly OtherTool[]): void {
  if (db.get('SELECT 1 FROM conversations WHERE id = ?', conversation) === undefined)
    throw noConversation(conversation);
  db.run('DELETE FROM conversationTools WHERE conversation = ?', conversation);
  if (tools.length > 0) {
    const json = JSON.stringify(tools);
    const digest = digestOf(json);
    db.run('INSERT INTO toolChoices (digest, tools) VALUES (?, ?) ON CONFLICT DO NOTHING', digest, json);
    db.run('INSERT INTO conversationTools (conversation, digest) VALUES (?, ?)', conversation, digest);
  }
  dropUnused(db);
}

/** Those of a conversation, as far as they can be read. */
export function toolsIn(db: Database, conversation: string): readonly OtherTool[] {
  const row = db.get<{ tools: string }>(
    'SELECT t.tools FROM conversationTools c JOIN toolChoices t ON t.digest = c.digest WHERE c.conversation = ?',
    conversation,
  );
  return row === undefined ? [] : readOtherTools(parseJson(row.tools));
}

/** Gives a conversation that was made of another one the same. */
export function copyTools(db: Database, from: string, to: string): void {
  db.run(
    `INSERT INTO conversationTools (conversation, digest) SELECT ?, digest FROM conversationTools WHERE conversation = ?
     ON CONFLICT DO NOTHING`,
    to,
    from,
  );
}

/** Part of the transaction that deletes the conversation. */
export function dropTools(db: Database, conversation: string): void {
  db.run('DELETE FROM conversationTools WHERE conversation = ?', conversation);
  dropUnused(db);
}

function dropUnused(db: Database): void {
  db.run(
    'DELETE FROM toolChoices WHERE NOT EXISTS (SELECT 1 FROM conversationTools c WHERE c.digest = toolChoices.digest)',
  );
}
