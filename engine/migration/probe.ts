import { quotedIdentifier } from '../sql/quoting';
import {
  alterTableCommands,
  asNodes,
  asText,
  fields as fieldsOfNode,
  fieldsOf,
  nameFromList,
  nodeType,
  relationName,
  type Fields,
  type QualifiedName,
} from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { TargetSession } from '../targets/target';

/** What a probe of the catalog found out about a statement of which nobody knows whether it took effect. */
export type ProbeResult =
  /** It took effect wholly. */
  | { readonly state: 'done'; readonly evidence: string }
  /** It took no effect, or running it again is harmless. */
  | { readonly state: 'not-done'; readonly evidence: string }
  /** It left something half made: `repair` removes or completes it; `again` tells whether the statement is to be run after that. */
  | { readonly state: 'half'; readonly evidence: string; readonly repair: string; readonly again: boolean }
  /** The catalog cannot tell. */
  | { readonly state: 'unknown'; readonly evidence: string };

/**
 * Looks in the catalog for the effect of one statement.
 * @param statement as parsed; a statement that does not parse is `unknown`
 */
export async function probe(session: TargetSession, statement: ParsedStatement): Promise<ProbeResult> {
  const { node } = statement;
  if (!node) return unknown('The statement could not be read.');
  const fields = fieldsOfNode(node);
  switch (nodeType(node)) {
    case 'IndexStmt':
      return probeIndex(session, fields);
    case 'DropStmt':
      return probeDrop(session, fields);
    case 'CreateStmt':
      return probeRelation(session, relationName(fields.relation), 'present');
    case 'ViewStmt':
      return fields.replace === true ? repeatable() : probeRelation(session, relationName(fields.view), 'present');
    case 'AlterTableStmt':
      return probeAlterTable(session, node);
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
      return unknown('The catalog does not show whether such a statement took effect.');
  }
}

async function probeIndex(session: TargetSession, fields: Fields): Promise<ProbeResult> {
  const table = relationName(fields.relation);
  if (typeof fields.idxname !== 'string' || !table) return unknown('The index has no name of its own, so it cannot be looked up.');
  const rows = await session.query(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid, i.indisready as ready
     from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = to_regclass($1) and c.relname = $2`,
    [qualified(table), fields.idxname],
  );
  const index = rows[0];
  if (!index) return { state: 'not-done', evidence: `There is no index ${fields.idxname}.` };
  if (index.valid === true && index.ready === true)
    return { state: 'done', evidence: `The index ${String(index.name)} is there and valid.` };
  return {
    state: 'half',
    evidence: `The index ${String(index.name)} is there but INVALID: its build was interrupted.`,
    repair: `drop index concurrently ${String(index.name)}`,
    again: true,
  };
}

/** A killed REINDEX CONCURRENTLY leaves an invalid copy behind, which nobody else removes. */
async function probeReindex(session: TargetSession, fields: Fields): Promise<ProbeResult> {
  const relation = relationName(fields.relation);
  if (!relation) return repeatable();
  const [copy] = await session.query(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
       and (i.indrelid = to_regclass($1) or i.indrelid = (select indrelid from pg_catalog.pg_index where indexrelid = to_regclass($1)))
     limit 1`,
    [qualified(relation)],
  );
  if (!copy) return repeatable();
  const name = String(copy.name);
  return { state: 'half', evidence: `The invalid copy ${name} was left behind.`, repair: `drop index concurrently ${name}`, again: true };
}

async function probeDrop(session: TargetSession, fields: Fields): Promise<ProbeResult> {
  const relations: ReadonlySet<unknown> = new Set(['OBJECT_INDEX', 'OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE']);
  if (!relations.has(fields.removeType)) return unknown('The catalog was not asked about such an object.');
  const names = asNodes(fields.objects).map(nameFromList);
  for (const name of names) {
    if (name === undefined) return unknown('The name of the dropped object could not be read.');
    const result = await probeRelation(session, name, 'absent');
    if (result.state !== 'done') return result;
  }
  return { state: 'done', evidence: 'What was to be dropped is not there.' };
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

async function probeAlterTable(session: TargetSession, node: SqlNode): Promise<ProbeResult> {
  const table = relationName(fieldsOfNode(node).relation);
  const [command, second] = alterTableCommands(node);
  if (!table || !command || second) return unknown('The statement changes several things at once.');
  const { name } = command;
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const column = asText(fieldsOf(command.def, 'ColumnDef')?.colname);
      return column === undefined ? unknown('The column has no name.') : probeColumn(session, table, column, 'present');
    }
    case 'AT_DropColumn':
      return name === undefined ? unknown('The column has no name.') : probeColumn(session, table, name, 'absent');
    case 'AT_AddConstraint': {
      const constraint = asText(fieldsOf(command.def, 'Constraint')?.conname);
      return constraint === undefined
        ? unknown('The constraint has no name of its own.')
        : probeConstraint(session, table, constraint, 'present');
    }
    case 'AT_ValidateConstraint':
      return name === undefined ? unknown('The constraint has no name.') : probeConstraint(session, table, name, 'validated');
    case 'AT_DropConstraint':
      return name === undefined ? unknown('The constraint has no name.') : probeConstraint(session, table, name, 'absent');
    case 'AT_DetachPartition':
      return probeDetach(session, table, relationName(fieldsOf(command.def, 'PartitionCmd')?.name));
    default:
      return unknown('The catalog was not asked about such a change of a table.');
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

async function probeDetach(session: TargetSession, table: QualifiedName, partition: QualifiedName | undefined): Promise<ProbeResult> {
  if (!partition) return unknown('The partition could not be read.');
  const rows = await session.query(
    `select inhdetachpending as pending from pg_catalog.pg_inherits where inhrelid = to_regclass($1) and inhparent = to_regclass($2)`,
    [qualified(partition), qualified(table)],
  );
  const row = rows[0];
  if (!row) return { state: 'done', evidence: `${qualified(partition)} is detached.` };
  if (row.pending !== true) return { state: 'not-done', evidence: `${qualified(partition)} is attached.` };
  return {
    state: 'half',
    evidence: `${qualified(partition)} is half detached.`,
    repair: `alter table ${qualified(table)} detach partition ${qualified(partition)} finalize`,
    again: false,
  };
}

async function probeRename(session: TargetSession, fields: Fields): Promise<ProbeResult> {
  const relation = relationName(fields.relation);
  const newName = String(fields.newname);
  if (!relation) return unknown('The renamed object could not be read.');
  if (fields.renameType === 'OBJECT_COLUMN') return probeColumn(session, relation, newName, 'present');
  if (fields.renameType === 'OBJECT_TABLE') return probeRelation(session, { schema: relation.schema, name: newName }, 'present');
  return unknown('The catalog was not asked about such a renaming.');
}

function told(present: boolean, expected: 'present' | 'absent', name: string): ProbeResult {
  const evidence = present ? `${name} is there.` : `${name} is not there.`;
  return { state: present === (expected === 'present') ? 'done' : 'not-done', evidence };
}

function repeatable(): ProbeResult {
  return { state: 'not-done', evidence: 'Running the statement again does no harm.' };
}

function unknown(evidence: string): ProbeResult {
  return { state: 'unknown', evidence };
}

function qualified(relation: QualifiedName): string {
  return relation.schema === undefined
    ? quotedIdentifier(relation.name)
    : `${quotedIdentifier(relation.schema)}.${quotedIdentifier(relation.name)}`;
}
