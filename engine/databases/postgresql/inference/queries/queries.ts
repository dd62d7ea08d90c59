import type { SqlNode } from '../../sql/statement';
import type { AssumedColumn } from '../assumed-schema';
import type { LiveSchema, LiveTable } from '../live-schema';
import type { Value } from './values';

/** A relation as an expression names it; of a subquery, a function or a common table expression nothing more is known. */
export interface NamedTable {
  readonly alias: string;
  readonly table: LiveTable | undefined;
}

/** The relations that an expression can name, innermost first. */
export interface Scope {
  readonly tables: NamedTable[];
  readonly common: ReadonlySet<string>;
  /** Names that stand for results and not for columns. */
  readonly results: Set<string>;
  readonly parent: Scope | undefined;
}

/** Where queries and their parts tell what they need. */
export interface Queries {
  readonly schema: LiveSchema;
  /** Tables of which one takes the rows of another as they are, by INSERT INTO a SELECT * FROM b. */
  readonly copied: { readonly from: LiveTable; readonly to: LiveTable }[];
  /** A whole query of any kind; the values of its result columns. */
  query(node: SqlNode | undefined, parent?: Scope): Value[];
  /** An expression that is a condition. */
  condition(node: SqlNode | undefined, scope: Scope): void;
  /** An expression of any kind. */
  value(node: SqlNode | undefined, scope: Scope): Value;
  /** Takes note that a column has, or can be compared with, a type. */
  hint(column: AssumedColumn, type: string, weight: number): void;
  /** Two values that are compared, or one that is assigned to the other. */
  relate(left: Value, right: Value): void;
}
