import type { ScriptWrite } from '../../row-record';
import { alterTableCommands, fieldsOf, type QualifiedName, relationName } from '../sql/nodes';
import { identifier } from '../sql/quoting';
import { rowWrites } from '../sql/row-writes';
import type { ParsedStatement } from '../sql/statement';

/** What a statement changes of rows, by DML and by converting a column. */
export function scriptWrites(statement: ParsedStatement): ScriptWrite[] {
  const writes = rowWrites(statement).map(({ table, columns }) => ({ ...quoted(table), columns }));
  const table = relationName(fieldsOf(statement.node, 'AlterTableStmt')?.relation);
  const converted = alterTableCommands(statement.node).flatMap(({ subtype, name }) =>
    subtype === 'AT_AlterColumnType' && name !== undefined ? name : [],
  );
  return table && converted.length > 0 ? [...writes, { ...quoted(table), columns: converted }] : writes;
}

function quoted({ schema, name }: QualifiedName): Pick<ScriptWrite, 'schema' | 'table'> {
  return { schema: schema === undefined ? undefined : identifier(schema), table: identifier(name) };
}
