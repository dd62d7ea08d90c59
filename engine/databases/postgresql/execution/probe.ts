import type { DropStmt, IndexStmt, ObjectType, ReindexStmt, RenameStmt } from '@pgsql/types';
import { quotedIdentifier } from '../sql/quoting';
import { alterTableCommands, fieldsOf, fieldsOfEach, nameFromList, nodeEntry, relationName, type QualifiedName } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { ProbeResult } from '../../execution';
import type { Row, TargetSession } from '../../target';

/**
 * Looks in the catalog for the effect of one statement.
 * @param statement as parsed; a statement that does not parse is `unknown`
 * @param interrupted true when the statement was sent before and failed or was interrupted
 */
export async function probe(session: TargetSession, statement: ParsedStatement, interrupted = false): Promise<ProbeResult> {
  const { node } = statement;
  if (!node) return unknown('The statement could not be read.');
  const [type, fields] = nodeEntry(node);
  switch (type) {
    case 'IndexStmt':
      return probeIndex(session, fields, interrupted);
    case 'DropStmt':
      return probeDrop(session, fields);
    case 'CreateStmt':
      return probeRelation(session, relationName(fields.relation), 'present');
    case 'ViewStmt':
      return fields.replace === true ? repeatable() : probeRelation(session, relationName(fields.view), 'present');
    case 'AlterTableStmt':
      return probeAlterTable(session, relationName(fields.relation), node);
    case 'RenameStmt':
      return probeRename(session, fields);
    case 'CreatedbStmt':
      return probeName(session, 'pg_catalog.pg_database', 'datname', String(fields.dbname), 'present');
    case 'DropdbStmt':
      return probeName(session, 'pg_catalog.pg_database', 'datname', String(fields.dbname), 'absent');
    case 'ReindexStmt':
      return probeReindex(session, fields);
    case 'VacuumStmt':
    case 'AlterSystemStmt':
    case 'ClusterStmt':
    case 'CheckPointStmt':
    case 'RefreshMatViewStmt':
    case 'VariableSetStmt':
    case 'CommentStmt':
    case 'GrantStmt':
    case 'CreateFunctionStmt':
      return repeatable();
    default:
      return unknown('The catalog does not show whether this kind of statement took effect.');
  }
}

async function probeIndex(session: TargetSession, fields: IndexStmt, interrupted: boolean): Promise<ProbeResult> {
  const table = relationName(fields.relation);
  const name = fields.idxname;
  if (!table) return unknown('The table of the index could not be read.');
  if (name === undefined && !interrupted) return unknown('The statement does not name the index, so the index cannot be looked up.');
  const [index] = await session.query<IndexRow>(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid and i.indisready as valid
     from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = to_regclass($1) and ${name === undefined ? unnamedIndex : 'c.relname = $2'}
     limit 1`,
    name === undefined ? [qualified(table), columnsOf(fields), fields.unique === true] : [qualified(table), name],
  );
  if (!index) {
    return name === undefined
      ? unknown('The statement does not name the index, and the table has no matching invalid index.')
      : { state: 'not-done', evidence: `There is no index ${name}.` };
  }
  if (index.valid) return { state: 'done', evidence: `The index ${index.name} exists and is valid.` };
  return {
    state: 'half',
    evidence: `The index ${index.name} is INVALID: its build failed or was interrupted.`,
    resuming: 'Resuming drops and rebuilds it.',
    resumed: `The invalid index ${index.name} was dropped and rebuilt.`,
    repair: [`drop index concurrently ${index.name}`],
    again: true,
  };
}

interface IndexRow extends Row {
  readonly name: string;
  readonly valid: boolean;
}

/** The invalid index with the columns $2 that is unique or not as $3 says: what CREATE INDEX without a name left. */
const unnamedIndex = `not i.indisvalid and c.relname !~ '_cc(new|old)[0-9]*$' and i.indisunique = $3::boolean and $2 = (
  select to_json(array_agg(coalesce(a.attname::text, '') order by k.position))::text
  from unnest(i.indkey) with ordinality k (attnum, position)
    left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and a.attnum <> 0)`;

/** The columns of CREATE INDEX as a list in JSON, with an empty name for each expression. */
function columnsOf(fields: IndexStmt): string {
  const elements = [...fieldsOfEach(fields.indexParams, 'IndexElem'), ...fieldsOfEach(fields.indexIncludingParams, 'IndexElem')];
  return JSON.stringify(elements.map((element) => element.name ?? ''));
}

/** An interrupted REINDEX CONCURRENTLY leaves an invalid copy of each index behind, which the server never removes. */
async function probeReindex(session: TargetSession, fields: ReindexStmt): Promise<ProbeResult> {
  const relation = relationName(fields.relation);
  const schema = fields.kind === 'REINDEX_OBJECT_SCHEMA' ? fields.name : undefined;
  const [which, parameters] = relation
    ? ['t.oid in (select * from named)', [qualified(relation)]]
    : schema !== undefined
      ? ['t.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = $1)', [schema]]
      : ['$1 = $1', ['']];
  const copies = await session.query<{ name: string }>(
    `with tree as (select to_regclass($1)::oid as oid union select relid from pg_catalog.pg_partition_tree(to_regclass($1))),
       named as (select oid from tree union select indrelid from pg_catalog.pg_index where indexrelid in (select oid from tree))
     select format('%I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_class t
       join pg_catalog.pg_index i on i.indrelid in (t.oid, t.reltoastrelid)
       join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and t.relkind in ('r', 'm') and ${which}
     order by name`,
    parameters,
  );
  if (copies.length === 0) return repeatable();
  const names = copies.map((copy) => copy.name);
  const [noun, were] = names.length === 1 ? ['index', 'was'] : ['indexes', 'were'];
  return {
    state: 'half',
    evidence: `REINDEX left the invalid ${noun} ${names.join(', ')} behind.`,
    resuming: `Resuming drops ${names.length === 1 ? 'it' : 'them'} and repeats the REINDEX.`,
    resumed: `The invalid ${noun} ${names.join(', ')} ${were} dropped.`,
    repair: names.map((name) => `drop index concurrently ${name}`),
    again: true,
  };
}

async function probeDrop(session: TargetSession, fields: DropStmt): Promise<ProbeResult> {
  const relations: ReadonlySet<ObjectType | undefined> = new Set([
    'OBJECT_INDEX',
    'OBJECT_TABLE',
    'OBJECT_VIEW',
    'OBJECT_MATVIEW',
    'OBJECT_SEQUENCE',
  ]);
  if (!relations.has(fields.removeType)) return unknown('This kind of object is not looked up in the catalog.');
  const names = (fields.objects ?? []).map(nameFromList);
  for (const name of names) {
    if (name === undefined) return unknown('The name of the dropped object could not be read.');
    const result = await probeRelation(session, name, 'absent');
    if (result.state !== 'done') return result;
  }
  return { state: 'done', evidence: 'The object to drop does not exist.' };
}

async function probeRelation(
  session: TargetSession,
  relation: QualifiedName | undefined,
  expected: 'present' | 'absent',
): Promise<ProbeResult> {
  if (!relation) return unknown('The name could not be read.');
  const name = qualified(relation);
  const [row] = await session.query('select to_regclass($1) is not null as present', [name]);
  return told(row?.present === true, expected, name);
}

async function probeName(
  session: TargetSession,
  catalog: string,
  column: string,
  name: string,
  expected: 'present' | 'absent',
): Promise<ProbeResult> {
  const rows = await session.query(`select 1 from ${catalog} where ${column} = $1`, [name]);
  return told(rows.length > 0, expected, name);
}

async function probeAlterTable(session: TargetSession, table: QualifiedName | undefined, node: SqlNode): Promise<ProbeResult> {
  const [command, second] = alterTableCommands(node);
  if (!table || !command || second) return unknown('The statement changes several objects.');
  const { name } = command;
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const column = fieldsOf(command.def, 'ColumnDef')?.colname;
      return column === undefined ? unknown('The column has no name.') : probeColumn(session, table, column, 'present');
    }
    case 'AT_DropColumn':
      return name === undefined ? unknown('The column has no name.') : probeColumn(session, table, name, 'absent');
    case 'AT_AddConstraint': {
      const constraint = fieldsOf(command.def, 'Constraint')?.conname;
      return constraint === undefined
        ? unknown('The statement does not name the constraint.')
        : probeConstraint(session, table, constraint, 'present');
    }
    case 'AT_ValidateConstraint':
      return name === undefined ? unknown('The constraint has no name.') : probeConstraint(session, table, name, 'validated');
    case 'AT_DropConstraint':
      return name === undefined ? unknown('The constraint has no name.') : probeConstraint(session, table, name, 'absent');
    case 'AT_AttachPartition':
    case 'AT_DetachPartition': {
      const partition = relationName(fieldsOf(command.def, 'PartitionCmd')?.name);
      return probePartition(session, table, partition, command.subtype === 'AT_AttachPartition');
    }
    default:
      return unknown('This kind of table change is not looked up in the catalog.');
  }
}

async function probeColumn(
  session: TargetSession,
  table: QualifiedName,
  column: string,
  expected: 'present' | 'absent',
): Promise<ProbeResult> {
  const rows = await session.query(
    `select 1 from pg_catalog.pg_attribute where attrelid = to_regclass($1) and attname = $2 and attnum > 0 and not attisdropped`,
    [qualified(table), column],
  );
  return told(rows.length > 0, expected, `${qualified(table)}.${column}`);
}

async function probeConstraint(
  session: TargetSession,
  table: QualifiedName,
  constraint: string,
  expected: 'present' | 'absent' | 'validated',
): Promise<ProbeResult> {
  const rows = await session.query(
    `select convalidated as validated from pg_catalog.pg_constraint where conrelid = to_regclass($1) and conname = $2`,
    [qualified(table), constraint],
  );
  if (expected !== 'validated') return told(rows.length > 0, expected, constraint);
  const validated = rows[0]?.validated === true;
  return validated
    ? { state: 'done', evidence: `The constraint ${constraint} is validated.` }
    : { state: 'not-done', evidence: `The constraint ${constraint} is not validated.` };
}

async function probePartition(
  session: TargetSession,
  table: QualifiedName,
  partition: QualifiedName | undefined,
  attaches: boolean,
): Promise<ProbeResult> {
  if (!partition) return unknown('The partition could not be read.');
  const [parent, child] = [qualified(table), qualified(partition)];
  const [row] = await session.query<{ pending: boolean | null }>(
    `select (to_jsonb(i) ->> 'inhdetachpending')::boolean as pending
     from pg_catalog.pg_inherits i where inhrelid = to_regclass($1) and inhparent = to_regclass($2)`,
    [child, parent],
  );
  if (!row) return { state: attaches ? 'not-done' : 'done', evidence: `${child} is detached.` };
  if (row.pending !== true) return { state: attaches ? 'done' : 'not-done', evidence: `${child} is attached.` };
  return {
    state: 'half',
    evidence: `DETACH PARTITION left the detachment of ${child} from ${parent} pending.`,
    resuming: 'Resuming finalizes the detachment.',
    resumed: `The pending detachment of ${child} was finalized.`,
    repair: [`alter table ${parent} detach partition ${child} finalize`],
    again: attaches,
  };
}

async function probeRename(session: TargetSession, fields: RenameStmt): Promise<ProbeResult> {
  const relation = relationName(fields.relation);
  const newName = String(fields.newname);
  if (!relation) return unknown('The renamed object could not be read.');
  if (fields.renameType === 'OBJECT_COLUMN') return probeColumn(session, relation, newName, 'present');
  if (fields.renameType === 'OBJECT_TABLE') return probeRelation(session, { schema: relation.schema, name: newName }, 'present');
  return unknown('This kind of rename is not looked up in the catalog.');
}

function told(present: boolean, expected: 'present' | 'absent', name: string): ProbeResult {
  const evidence = present ? `${name} exists.` : `${name} does not exist.`;
  return { state: present === (expected === 'present') ? 'done' : 'not-done', evidence };
}

function repeatable(): ProbeResult {
  return { state: 'not-done', evidence: 'Running the statement again is safe.' };
}

function unknown(evidence: string): ProbeResult {
  return { state: 'unknown', evidence };
}

function qualified(relation: QualifiedName): string {
  return relation.schema === undefined
    ? quotedIdentifier(relation.name)
    : `${quotedIdentifier(relation.schema)}.${quotedIdentifier(relation.name)}`;
}
