import type { Dialect } from '../../core/dialects';
import type { Database } from '../database';
import { postgresql } from '../postgresql/index';
import type { SqlNode } from '../postgresql/sql/statement';

/** A node of a parse tree of any product. */
export type AnyTree = SqlNode;

/** Every product whose migrations are checked and run. */
export const databases: readonly [Database<AnyTree>, ...Database<AnyTree>[]] = [postgresql];

/** The product of a dialect; undefined for a dialect that is only recognised. Without scripts there is no dialect: the first product. */
export function databaseOf(dialect: Dialect | undefined): Database<AnyTree> | undefined {
  return dialect === undefined ? databases[0] : databases.find((each) => each.dialect === dialect);
}
