/**
 * A connection to the SQLite file: its prepared statements and its transactions. A limit is written `LIMIT (SELECT ?)`:
 * SQLite plans a statement by the number that stands in its limit, and so prepares one with `LIMIT ?` anew at each call.
 */
import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Which file a path leads to, so that it can be told when another one has taken its place. */
export type FileIdentity = string;

/** null when there is no file. */
export function identityOf(file: string): FileIdentity | null {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
}

/** A connection that keeps its prepared statements. Everything throws the errors of `node:sqlite`. */
export class Database {
  readonly #statements = new Map<string, StatementSync>();
  #open = true;

  constructor(private readonly raw: DatabaseSync) {}

  /** Runs SQL that takes no parameters and answers nothing. */
  exec(sql: string): void {
    this.raw.exec(sql);
  }

  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** The number of rows that changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Everything that `work` does, or nothing. A write takes its lock at the start, so it cannot fail half-way on it. */
  transaction<Result>(mode: 'read' | 'write', work: () => Result): Result {
    this.run(mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      try {
        this.exec('ROLLBACK');
      } catch {
        // SQLite has already rolled back, as it does when the disk is full.
      }
      throw error;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    this.raw.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.raw.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Holds this thread up for some ms; only the store's worker comes here. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
