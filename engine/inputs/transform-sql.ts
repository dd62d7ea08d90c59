import type { Transform } from './manifest/schema';
import { quotedIdentifier } from '../databases/postgresql/sql/quoting';

/** The table of a transform, qualified and quoted. */
export function transformedTable({ table }: Transform): string {
  const parts = table.split('.');
  return (parts.length === 1 ? ['public', ...parts] : parts).map((part) => quotedIdentifier(part.replace(/^"(.*)"$/, '$1'))).join('.');
}

/** Columns with the expressions of their new values, as UPDATE has them after SET. */
export function assignments(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .map(([column, expression]) => `${quotedIdentifier(column)} = (${expression})`)
    .join(', ');
}

/** The statement that changes all rows of a transform at once. */
export function transformStatement(transform: Transform): string {
  const condition = transform.where === undefined ? '' : ` WHERE (${transform.where})`;
  return `UPDATE ${transformedTable(transform)} SET ${assignments(transform.set)}${condition};`;
}
