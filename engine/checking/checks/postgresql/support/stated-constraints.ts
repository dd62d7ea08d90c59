import type { Constraint } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import { constraintsIn, elementsOf } from './column-definitions';
import { relationOf } from './evidence';
import { type Token, tokensOf } from './statement-tokens';

/** A constraint that CREATE TABLE or ALTER TABLE states. */
export interface StatedConstraint {
  readonly table: RelationName;
  /** Without schema. */
  readonly tableName: string;
  readonly constraint: Constraint;
  /** The column in whose definition it stands. */
  readonly ofColumn: string | undefined;
  /** The table's columns that it names: its keys, or the column in whose definition it stands. */
  readonly columns: readonly string[];
  readonly how: 'create' | 'alter';
}

/** The constraints that the statement states for a lasting table, in the order of the text; none for any other statement. */
export function statedConstraints(node: SqlNode | undefined): StatedConstraint[] {
  const create = fieldsOf(node, 'CreateStmt');
  const relation = (create ?? fieldsOf(node, 'AlterTableStmt'))?.relation;
  if (!relation || relation.relpersistence === 't') return [];
  const base = { table: relationOf(relation), tableName: relation.relname ?? '', how: create ? 'create' : 'alter' } as const;
  return elementsOf(node).flatMap((element) => {
    const ofColumn = fieldsOf(element, 'ColumnDef')?.colname;
    return constraintsIn(element).map((constraint) => ({
      ...base,
      constraint,
      ofColumn,
      columns: ofColumn === undefined ? nameParts(constraint.keys ?? constraint.fk_attrs) : [ofColumn],
    }));
  });
}

/** The tokens of a constraint from its location to the comma or parenthesis that ends it. */
export function tokensOfConstraint(statement: ParsedStatement, { location }: Constraint): readonly Token[] {
  if (location === undefined) return [];
  const start = statement.offsetOf(location);
  const tokens = tokensOf(statement);
  const first = tokens.findIndex((token) => token.start >= start);
  const depth = tokens[first]?.depth ?? 0;
  const length = tokens.slice(first).findIndex((token) => token.depth < depth || (token.depth === depth && token.text === ','));
  return first < 0 ? [] : tokens.slice(first, length < 0 ? undefined : first + length);
}

/** Where words stand one after another among tokens of one depth, e.g. `['on', 'delete']`. */
export function wordsAmong(tokens: readonly Token[], words: readonly string[]): TextRange | undefined {
  const at = tokens.findIndex((_, index) =>
    words.every((word, offset) => tokens[index + offset]?.kind === 'word' && tokens[index + offset]?.text.toLowerCase() === word),
  );
  const [first, last] = [tokens[at], tokens[at + words.length - 1]];
  return first && last && { start: first.start, end: last.end };
}
