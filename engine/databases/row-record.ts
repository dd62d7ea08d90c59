/** The rows of a target at one moment, in short: what a rollback is compared with. */
export interface RowRecord {
  /** The most rows of one table that were read. */
  readonly limit: number;
  /** By qualified name. */
  readonly tables: Readonly<Record<string, RecordedTable>>;
  /** Tables that were not read: no permission, locked, without a primary key and too large, or no time left. */
  readonly unread: readonly string[];
}

export interface RecordedTable {
  /** How many rows were read. With as many as the limit, the table may have more: they are the first ones by the primary key. */
  readonly rows: number;
  /** A hash of the values of each column, bound to the row by its primary key. Empty for a table without rows. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Rows of a table that a script changes. */
export interface ScriptWrite {
  /** Written as in `RowRecord.tables`; absent when the script does not state it. */
  readonly schema?: string;
  readonly table: string;
  /** Undefined when whole rows are added or removed. */
  readonly columns?: readonly string[];
}
