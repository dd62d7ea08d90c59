import type { AlterEnumStmt, AlterTableStmt, AlterTableType, DropStmt, IndexStmt, ObjectType, RangeVar, RenameStmt } from '@pgsql/types';
import {
  type AlterTableCommand,
  alterTableCommands,
  fieldsOf,
  type NameHolder,
  nameParts,
  nodeEntry,
  type NodeType,
  nodeType,
  relationName,
} from './nodes';
import type { ParsedStatement, SqlNode } from './statement';

/** Longest label that is cut from the statement's own text. */
const maxTextLabel = 60;

/**
 * A short name of a statement for people: `CREATE INDEX memories_at_idx ON memories`, `ALTER TABLE users DROP COLUMN email`.
 * Names stand without quotes. Statements without such a name give the beginning of their text on one line.
 */
export function statementLabel(statement: ParsedStatement): string {
  if (statement.kind === 'copy-data') return 'rows of COPY';
  const label = statement.node && labelOf(statement.node);
  return label || beginning(statement.text);
}

const commands: { readonly [Type in NodeType | '']?: string } = {
  VacuumStmt: 'VACUUM FULL',
  ClusterStmt: 'CLUSTER',
  LockStmt: 'LOCK TABLE',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
  ReindexStmt: 'REINDEX',
  DoStmt: 'DO',
  CallStmt: 'CALL',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  TruncateStmt: 'TRUNCATE',
  AlterDomainStmt: 'ALTER DOMAIN',
  AlterPolicyStmt: 'ALTER POLICY',
};

/** The command of a statement without names: `CREATE INDEX`, `SET NOT NULL`; `ALTER TABLE` where it has several commands. */
export function commandOf(statement: ParsedStatement): string {
  const { node, text } = statement;
  const known = node && commands[nodeType(node)];
  if (known !== undefined) return known;
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (node && alter) {
    const [only, ...others] = alterTableCommands(node);
    return (others.length === 0 && only && commandWords[only.subtype]) || `ALTER ${objectKind(alter.objtype)}`;
  }
  const label = node && labelOf(node);
  return /^[A-Z]+(?: (?!ON )[A-Z]+)*(?= |$)/.exec(label ?? '')?.[0] ?? /^\w+/.exec(text)?.[0]?.toUpperCase() ?? 'The statement';
}

function labelOf(node: SqlNode): string | undefined {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateStmt':
      return `CREATE TABLE ${relation(inner.relation)}`;
    case 'CreateForeignTableStmt':
      return `CREATE FOREIGN TABLE ${relation(inner.base?.relation)}`;
    case 'CreateTableAsStmt': {
      const kind = inner.objtype === 'OBJECT_MATVIEW' ? 'MATERIALIZED VIEW' : 'TABLE';
      return `CREATE ${kind} ${relation(inner.into?.rel)}`;
    }
    case 'ViewStmt':
      return `CREATE VIEW ${relation(inner.view)}`;
    case 'IndexStmt':
      return indexLabel(inner);
    case 'CreateSeqStmt':
      return `CREATE SEQUENCE ${relation(inner.sequence)}`;
    case 'AlterSeqStmt':
      return `ALTER SEQUENCE ${relation(inner.sequence)}`;
    case 'CreateFunctionStmt':
      return `CREATE ${inner.is_procedure === true ? 'PROCEDURE' : 'FUNCTION'} ${dotted(inner.funcname)}`;
    case 'CreateTrigStmt':
      return `CREATE TRIGGER ${inner.trigname} ON ${relation(inner.relation)}`;
    case 'CreatePolicyStmt':
      return `CREATE POLICY ${inner.policy_name} ON ${relation(inner.table)}`;
    case 'RuleStmt':
      return `CREATE RULE ${inner.rulename} ON ${relation(inner.relation)}`;
    case 'CreateEnumStmt':
    case 'CreateRangeStmt':
      return `CREATE TYPE ${dotted(inner.typeName)}`;
    case 'CompositeTypeStmt':
      return `CREATE TYPE ${relation(inner.typevar)}`;
    case 'AlterEnumStmt':
      return enumLabel(inner);
    case 'CreateDomainStmt':
      return `CREATE DOMAIN ${dotted(inner.domainname)}`;
    case 'CreateSchemaStmt':
      return `CREATE SCHEMA ${inner.schemaname ?? 'AUTHORIZATION'}`;
    case 'CreateExtensionStmt':
      return `CREATE EXTENSION ${inner.extname}`;
    case 'AlterTableStmt':
      return alterTableLabel(node, inner);
    case 'RenameStmt':
      return renameLabel(inner);
    case 'DropStmt':
      return dropLabel(inner);
    case 'TruncateStmt':
      return `TRUNCATE ${inner.relations?.map(relation).join(', ')}`;
    case 'InsertStmt':
      return `INSERT INTO ${relation(inner.relation)}`;
    case 'UpdateStmt':
      return `UPDATE ${relation(inner.relation)}`;
    case 'DeleteStmt':
      return `DELETE FROM ${relation(inner.relation)}`;
    case 'MergeStmt':
      return `MERGE INTO ${relation(inner.relation)}`;
    case 'CommentStmt':
      return inner.object === undefined ? undefined : `COMMENT ON ${objectKind(inner.objtype)} ${dotted(inner.object)}`;
    default:
      return undefined;
  }
}

function indexLabel(inner: IndexStmt): string {
  const words = ['CREATE', inner.unique === true ? 'UNIQUE INDEX' : 'INDEX', inner.concurrent === true ? 'CONCURRENTLY' : ''];
  return [...words, inner.idxname ?? '', 'ON', relation(inner.relation)].filter((word) => word !== '').join(' ');
}

function enumLabel(inner: AlterEnumStmt): string {
  const action = inner.oldVal === undefined ? 'ADD' : 'RENAME';
  return `ALTER TYPE ${dotted(inner.typeName)} ${action} VALUE ${inner.oldVal ?? inner.newVal}`;
}

const commandWords: { readonly [Subtype in AlterTableType]?: string } = {
  AT_AddColumn: 'ADD COLUMN',
  AT_DropColumn: 'DROP COLUMN',
  AT_AlterColumnType: 'ALTER COLUMN TYPE',
  AT_SetNotNull: 'SET NOT NULL',
  AT_DropNotNull: 'DROP NOT NULL',
  AT_ColumnDefault: 'DEFAULT',
  AT_AddConstraint: 'ADD CONSTRAINT',
  AT_DropConstraint: 'DROP CONSTRAINT',
  AT_ValidateConstraint: 'VALIDATE CONSTRAINT',
  AT_AttachPartition: 'ATTACH PARTITION',
  AT_DetachPartition: 'DETACH PARTITION',
  AT_EnableRowSecurity: 'ENABLE ROW LEVEL SECURITY',
  AT_DisableRowSecurity: 'DISABLE ROW LEVEL SECURITY',
  AT_ForceRowSecurity: 'FORCE ROW LEVEL SECURITY',
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_SetTableSpace: 'SET TABLESPACE',
  AT_ChangeOwner: 'OWNER TO',
};

function alterTableLabel(node: SqlNode, inner: AlterTableStmt): string | undefined {
  const [first, ...others] = alterTableCommands(node);
  const kind = objectKind(inner.objtype);
  const head = `ALTER ${kind} ${relation(inner.relation)}`;
  const action = first && commandLabel(first);
  if (action === undefined && others.length === 0) return undefined;
  const of = kind === 'TYPE' ? action?.replace('COLUMN', 'ATTRIBUTE') : action;
  return [head, of, others.length > 0 ? `and ${others.length} more` : undefined].filter(Boolean).join(' ');
}

function commandLabel(command: AlterTableCommand): string | undefined {
  const { subtype, name, def } = command;
  const words = commandWords[subtype];
  if (words === undefined) return undefined;
  switch (subtype) {
    case 'AT_AlterColumnType':
      return `ALTER COLUMN ${name} TYPE`;
    case 'AT_SetNotNull':
    case 'AT_DropNotNull':
      return `ALTER COLUMN ${name} ${words}`;
    case 'AT_ColumnDefault':
      return `ALTER COLUMN ${name} ${def ? 'SET' : 'DROP'} DEFAULT`;
    case 'AT_AddColumn':
      return join(words, fieldsOf(def, 'ColumnDef')?.colname);
    case 'AT_AddConstraint':
      return join(words, fieldsOf(def, 'Constraint')?.conname);
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      return join(words, relation(fieldsOf(def, 'PartitionCmd')?.name));
    case 'AT_ChangeOwner':
      return join(words, command.fields.newowner?.rolename);
    default:
      return join(words, name);
  }
}

function renameLabel(inner: RenameStmt): string | undefined {
  const newName = inner.newname;
  const kind = inner.renameType;
  const on = inner.relation === undefined ? undefined : relation(inner.relation);
  if (kind === 'OBJECT_COLUMN' || kind === 'OBJECT_TABCONSTRAINT') {
    const part = kind === 'OBJECT_COLUMN' ? 'COLUMN' : 'CONSTRAINT';
    const of = kind === 'OBJECT_COLUMN' ? objectKind(inner.relationType) : 'TABLE';
    return `ALTER ${of} ${on} RENAME ${part} ${inner.subname} TO ${newName}`;
  }
  if (kind === 'OBJECT_TRIGGER' || kind === 'OBJECT_POLICY' || kind === 'OBJECT_RULE') {
    return `ALTER ${objectKind(kind)} ${inner.subname} ON ${on} RENAME TO ${newName}`;
  }
  const name = on ?? (dotted(inner.object) || inner.subname);
  return name ? `ALTER ${objectKind(kind)} ${name} RENAME TO ${newName}` : undefined;
}

function dropLabel(inner: DropStmt): string {
  const kind = objectKind(inner.removeType);
  const concurrently = inner.concurrent === true ? ' CONCURRENTLY' : '';
  const names = inner.objects?.map((object) => {
    const parts = nameParts(object);
    const isOfTable = kind === 'TRIGGER' || kind === 'POLICY' || kind === 'RULE';
    return isOfTable ? `${parts.at(-1)} ON ${parts.slice(0, -1).join('.')}` : parts.join('.');
  });
  return `DROP ${kind}${concurrently} ${names?.join(', ')}`;
}

const unusualKinds: { readonly [Kind in ObjectType]?: string } = {
  OBJECT_MATVIEW: 'MATERIALIZED VIEW',
  OBJECT_TABCONSTRAINT: 'CONSTRAINT',
  OBJECT_DOMCONSTRAINT: 'CONSTRAINT',
  OBJECT_ATTRIBUTE: 'ATTRIBUTE',
  OBJECT_FDW: 'FOREIGN DATA WRAPPER',
  OBJECT_FOREIGN_SERVER: 'SERVER',
  OBJECT_STATISTIC_EXT: 'STATISTICS',
  OBJECT_TSCONFIGURATION: 'TEXT SEARCH CONFIGURATION',
  OBJECT_TSDICTIONARY: 'TEXT SEARCH DICTIONARY',
  OBJECT_TSPARSER: 'TEXT SEARCH PARSER',
  OBJECT_TSTEMPLATE: 'TEXT SEARCH TEMPLATE',
  OBJECT_OPCLASS: 'OPERATOR CLASS',
  OBJECT_OPFAMILY: 'OPERATOR FAMILY',
};

/** `OBJECT_FOREIGN_TABLE` as in SQL: `FOREIGN TABLE`. */
function objectKind(kind: ObjectType | undefined): string {
  return kind === undefined ? '' : (unusualKinds[kind] ?? kind.replace('OBJECT_', '').replaceAll('_', ' '));
}

function relation(rangeVar: RangeVar | SqlNode | undefined): string {
  const name = relationName(rangeVar);
  return name === undefined ? '' : name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
}

function dotted(holder: NameHolder): string {
  return nameParts(holder).join('.');
}

function join(words: string, name: string | undefined): string {
  return name ? `${words} ${name}` : words;
}

function beginning(text: string): string {
  const line = text
    .slice(0, 4 * maxTextLabel)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= maxTextLabel) return line;
  const cut = line.slice(0, maxTextLabel - 1);
  return `${cut.slice(0, /[\ud800-\udbff]$/.test(cut) ? -1 : undefined).trimEnd()}…`;
}
