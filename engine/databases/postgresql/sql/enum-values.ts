import { fieldsOf, walk } from './nodes';
import type { ParsedStatement } from './statement';

/** The value that an ALTER TYPE ... ADD VALUE adds; undefined for any other statement. */
export function addedEnumValue({ node }: Pick<ParsedStatement, 'node'>): string | undefined {
  const alter = fieldsOf(node, 'AlterEnumStmt');
  return alter?.oldVal === undefined ? alter?.newVal : undefined;
}

/** Whether a text constant of the statement is the value, another change of an enum apart. */
export function hasConstant({ node }: Pick<ParsedStatement, 'node'>, value: string): boolean {
  let found = false;
  if (node && !fieldsOf(node, 'AlterEnumStmt')) {
    walk(node, (type, inner) => {
      if (type === 'A_Const') found ||= inner.sval?.sval === value;
    });
  }
  return found;
}
