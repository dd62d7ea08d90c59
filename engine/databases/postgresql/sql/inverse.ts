import { alterTableCommands, asFields, asNode, asText, fields, fieldsOf, nameFromList, type QualifiedName, relationName } from './nodes';
import type { ParsedStatement, SqlNode } from './statement';

/**
 * The SQL that undoes a script, its statements in reverse, when each of them is one whose undoing follows from its text:
 * things that are created, added or renamed under a name. Undefined as soon as one statement needs to know what was there
 * before (a dropped column, a changed type, changed rows).
 */
export function inverseOf(statements: readonly ParsedStatement[]): string | undefined {
  const undone: string[] = [];
  for (const { node, kind } of statements) {
    if (kind !== 'sql' || !node) return undefined;
    const inverse = inverseOfNode(node);
    if (!inverse) return undefined;
    undone.unshift(...inverse);
  }
  return undone.length === 0 ? undefined : `${undone.join('\n')}\n`;
}

function inverseOfNode(node: SqlNode): string[] | undefined {
  if (fields(node)['if_not_exists'] === true) return undefined;
  if (node['CommentStmt'] || node['VariableSetStmt']) return [];
  return creation(node) ?? renaming(node) ?? alteration(node);
}

function creation(node: SqlNode): string[] | undefined {
  const table = fieldsOf(node, 'CreateStmt');
  if (table) return drop('TABLE', relationName(table['relation']));
  const index = fieldsOf(node, 'IndexStmt');
  if (index) {
    const name = asText(index['idxname']);
    const schema = relationName(index['relation'])?.schema;
    const concurrently = index['concurrent'] === true ? 'INDEX CONCURRENTLY' : 'INDEX';
    return name === undefined ? undefined : drop(concurrently, { name, ...(schema === undefined ? {} : { schema }) });
  }
  const view = fieldsOf(node, 'ViewStmt');
  if (view) return view['replace'] === true ? undefined : drop('VIEW', relationName(view['view']));
  const enumeration = fieldsOf(node, 'CreateEnumStmt');
  if (enumeration) return drop('TYPE', nameFromList(enumeration['typeName']));
  const sequence = fieldsOf(node, 'CreateSeqStmt');
  if (sequence) return drop('SEQUENCE', relationName(sequence['sequence']));
  const schema = asText(fieldsOf(node, 'CreateSchemaStmt')?.['schemaname']);
  if (schema !== undefined) return drop('SCHEMA', { name: schema });
  const extension = asText(fieldsOf(node, 'CreateExtensionStmt')?.['extname']);
  if (extension !== undefined) return drop('EXTENSION', { name: extension });
  return undefined;
}

function renaming(node: SqlNode): string[] | undefined {
  const rename = fieldsOf(node, 'RenameStmt');
  const table = rename && relationName(rename['relation']);
  const newName = asText(rename?.['newname']);
  if (!table || newName === undefined) return undefined;
  const column = asText(rename?.['subname']);
  if (rename?.['renameType'] === 'OBJECT_COLUMN' && column !== undefined) {
    return [`ALTER TABLE ${written(table)} RENAME COLUMN ${quoted(newName)} TO ${quoted(column)};`];
  }
  if (rename?.['renameType'] !== 'OBJECT_TABLE') return undefined;
  return [`ALTER TABLE ${written({ ...table, name: newName })} RENAME TO ${quoted(table.name)};`];
}

function alteration(node: SqlNode): string[] | undefined {
  const alter = fieldsOf(node, 'AlterTableStmt');
  const table = alter && alter['objtype'] === 'OBJECT_TABLE' ? relationName(alter['relation']) : undefined;
  if (!table) return undefined;
  const parts: string[] = [];
  for (const { subtype, name, def, fields: command } of alterTableCommands(node)) {
    if (command['missing_ok'] === true) return undefined;
    const definition = asNode(def);
    const column = asText(asFields(definition?.['ColumnDef'])?.['colname']);
    const constraint = asText(asFields(definition?.['Constraint'])?.['conname']);
    if (subtype === 'AT_AddColumn' && column !== undefined) parts.unshift(`DROP COLUMN ${quoted(column)}`);
    else if (subtype === 'AT_AddConstraint' && constraint !== undefined) parts.unshift(`DROP CONSTRAINT ${quoted(constraint)}`);
    else if (subtype === 'AT_SetNotNull' && name !== undefined) parts.unshift(`ALTER COLUMN ${quoted(name)} DROP NOT NULL`);
    else return undefined;
  }
  return parts.length === 0 ? undefined : [`ALTER TABLE ${written(table)} ${parts.join(', ')};`];
}

function drop(what: string, name: QualifiedName | undefined): string[] | undefined {
  return name && [`DROP ${what} ${written(name)};`];
}

function written({ schema, name }: QualifiedName): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** Quotes every name that is not plainly an identifier; quoting one more than needed does no harm. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Names that people do give to tables and columns although the grammar reserves them. */
const reserved = new Set([
  'user',
  'order',
  'group',
  'table',
  'column',
  'check',
  'references',
  'default',
  'end',
  'desc',
  'asc',
  'limit',
  'offset',
  'all',
  'any',
  'when',
  'then',
  'to',
  'from',
  'where',
  'select',
  'grant',
  'primary',
  'unique',
  'constraint',
]);
