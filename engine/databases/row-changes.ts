import type { TargetSession } from './target';

/** A change of the rows of one table along a key, in pages. Expressions are SQL of the product. */
export interface RowTransform {
  /** As the manifest writes it: `table` or `schema.table`. */
  readonly table: string;
  /** The column along which pages are cut. */
  readonly key: string;
  /** New values of columns. */
  readonly set: Readonly<Record<string, string>>;
  /** Which rows; all of them without it. */
  readonly where?: string | undefined;
  /** Values that undo the change. */
  readonly undo?: Readonly<Record<string, string>> | undefined;
}

/** How a product changes rows. */
export interface RowTransforms {
  /** The statement that changes all rows at once, as a migration could have it. */
  statement(transform: RowTransform): string;
  /** @returns undefined when the key is no column of the table in the target */
  open(session: TargetSession, transform: RowTransform): Promise<RowChanges | undefined>;
}

/** The rows of one transform. Keys are texts as the server writes them. */
export interface RowChanges {
  /** Null for a table without rows. */
  largestKey(): Promise<string | null>;
  /** Rows up to a key for which the condition holds. */
  count(upper: string): Promise<number>;
  /** Has the server look at the table where it knows nothing of a column, as after a load: it would plan for a table of any content. */
  takeMissingStatistics(): Promise<void>;
  /** The last key of the page of so many rows after `last`; `upper` where fewer are left before it. */
  endOfPage(upper: string, last: string | null, rows: number): Promise<string>;
  /** Sets the new values in the rows after `last`, up to `end`, for which the condition holds. @returns their keys */
  change(last: string | null, end: string): Promise<readonly string[]>;
  /** Sets the values that undo the change. @param keyList as the journal keeps it @returns the number of rows */
  undo(keyList: string): Promise<number>;
}
