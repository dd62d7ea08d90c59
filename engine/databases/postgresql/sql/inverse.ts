import type { RenameStmt } from '@pgsql/types';
import { alterTableCommands, fieldsOf, nameFromList, nodeEntry, type QualifiedName, relationName } from './nodes';
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
  const [type, inner] = nodeEntry(node);
  if ('if_not_exists' in inner && inner.if_not_exists === true) return undefined;
  switch (type) {
    case 'CommentStmt':
    case 'VariableSetStmt':
      return [];
    case 'CreateStmt':
      return drop('TABLE', relationName(inner.relation));
    case 'IndexStmt': {
      const { idxname: name, concurrent } = inner;
      const kind = concurrent === true ? 'INDEX CONCURRENTLY' : 'INDEX';
      return name === undefined ? undefined : drop(kind, { name, schema: relationName(inner.relation)?.schema });
    }
    case 'ViewStmt':
      return inner.replace === true ? undefined : drop('VIEW', relationName(inner.view));
    case 'CreateEnumStmt':
      return drop('TYPE', nameFromList(inner.typeName));
    case 'CreateSeqStmt':
      return drop('SEQUENCE', relationName(inner.sequence));
    case 'CreateSchemaStmt':
      return inner.schemaname === undefined ? undefined : drop('SCHEMA', { name: inner.schemaname });
    case 'CreateExtensionStmt':
      return inner.extname === undefined ? undefined : drop('EXTENSION', { name: inner.extname });
    case 'RenameStmt':
      return renaming(inner);
    case 'AlterTableStmt':
      return inner.objtype === 'OBJECT_TABLE' ? alteration(node, relationName(inner.relation)) : undefined;
    default:
      return undefined;
  }
}

function renaming({ renameType, relation, subname: column, newname: newName }: RenameStmt): string[] | undefined {
  const table = relationName(relation);
  if (!table || newName === undefined) return undefined;
  if (renameType === 'OBJECT_COLUMN' && column !== undefined) {
    return [`ALTER TABLE ${written(table)} RENAME COLUMN ${quoted(newName)} TO ${quoted(column)};`];
  }
  if (renameType !== 'OBJECT_TABLE') return undefined;
  return [`ALTER TABLE ${written({ ...table, name: newName })} RENAME TO ${quoted(table.name)};`];
}

function alteration(node: SqlNode, table: QualifiedName | undefined): string[] | undefined {
  if (!table) return undefined;
  const parts: string[] = [];
  for (const { subtype, name, def, fields } of alterTableCommands(node)) {
    if (fields.missing_ok === true) return undefined;
    const column = fieldsOf(def, 'ColumnDef')?.colname;
    const constraint = fieldsOf(def, 'Constraint')?.conname;
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
