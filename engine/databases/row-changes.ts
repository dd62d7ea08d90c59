import type { TargetSession } from './target';

/** A change of the rows of one table along a key, in batches. Expressions are SQL of the product. */
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
  /** Rows of a page at most. */
  readonly batch: number;
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
  /** The keys of the next page, locked: after `last`, up to `upper`. */
  nextPage(upper: string, last: string | null): Promise<readonly string[]>;
  /** Sets the new values in rows. @returns the keys of the rows that were changed */
  change(keys: readonly string[]): Promise<readonly string[]>;
  /** Sets the values that undo the change. @param keyList as the journal keeps it @returns the number of rows */
  undo(keyList: string): Promise<number>;
}
