import type { RangeVar } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { ObservedLock, RelationName, RenamedRelation, StatementObservation } from '../../../../databases/observation';
import {
  type AlterTableCommand,
  alterTableCommands,
  createdRelation,
  fieldsOf,
  type QualifiedName,
  relationName,
} from '../../../../databases/postgresql/sql/nodes';
import { transactionControl } from '../../../../databases/postgresql/sql/transaction-control';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { restsOnGuess } from './guessed';
import { isAboutDatabases, meansMissingHistory } from './missing-history';
import { statementContexts } from '../../../context/statement-contexts';

/** The statement's first line: enough to find it, little enough to read past it. */
export function headOf(statement: ParsedStatement): TextRange {
  const lineEnd = statement.text.search(/\s*[\r\n]/);
  return { start: statement.start, end: lineEnd < 0 ? statement.end : statement.start + lineEnd };
}

/** What the shadow saw, when it is enough to judge locks by: the statement ran and its locks could be seen. */
export function lockEvidence(context: StatementContext): StatementObservation | undefined {
  const { observation } = context;
  return observation && !observation.error && observation.locksKnown ? observation : undefined;
}

/** True when the shadow ran the statement and it failed for a reason of its own. */
export function failsInShadow(context: StatementContext): boolean {
  const error = context.observation?.error;
  if (error === undefined || error.gaveUp !== undefined || isAboutDatabases(error) || restsOnGuess(context, error)) return false;
  return context.project.completeHistory || !meansMissingHistory(error);
}

/** A lock that is in force during a statement, and the statement that took it. */
export interface HeldLock extends ObservedLock {
  readonly since: ParsedStatement;
}

/** The locks of a transaction in the order in which they are taken, and how many of them are in force during a statement. */
interface LocksSoFar {
  readonly locks: readonly HeldLock[];
  readonly count: number;
}

const heldCache = new WeakMap<MigrationContext, readonly LocksSoFar[]>();

/**
 * Every lock in force while the statement runs, with the statement that took it first: its own and those of earlier statements
 * of the same transaction, because PostgreSQL keeps locks until the transaction ends.
 */
export function locksInForce({ migration, project, index }: StatementContext): readonly HeldLock[] {
  const cached = heldCache.get(migration);
  const held = cached ?? locksByStatement(migration, project);
  if (!cached) heldCache.set(migration, held);
  return held[index]?.locks.slice(0, held[index].count) ?? [];
}

function locksByStatement(migration: MigrationContext, project: ProjectContext): LocksSoFar[] {
  let locks: HeldLock[] = [];
  let known = new Set<string>();
  return [...statementContexts(migration, project)].map(({ statement, observation }) => {
    const control = statement.node && transactionControl(statement.node);
    const endsTransaction = control === 'commit' || control === 'rollback';
    if (endsTransaction || observation?.inTransaction !== true) [locks, known] = [[], new Set()];
    for (const lock of observation && !observation.error ? observation.locks : []) {
      if (!known.has(keyOf(lock))) locks.push({ ...lock, since: statement });
      known.add(keyOf(lock));
    }
    const held = { locks, count: locks.length };
    const nameAfter = namesAfter(statement, observation);
    if (nameAfter) {
      locks = locks.map((lock) => ({ ...lock, relation: nameAfter(lock.relation), table: nameAfter(lock.table) }));
      known = new Set(locks.map(keyOf));
    }
    return held;
  });
}

function keyOf({ mode, relation }: ObservedLock): string {
  return `${mode} ${relation}`;
}

/** What relations are called once the statement has run; undefined for one that renames nothing or fails. */
export function namesAfter(
  { node }: ParsedStatement,
  observation: StatementObservation | undefined,
): ((relation: RelationName) => RelationName) | undefined {
  if (observation?.error) return undefined;
  const renamed = observation ? (observation.renamed ?? []) : renamedByText(node);
  if (renamed.length === 0) return undefined;
  const names = new Map(renamed.map(({ from, to }) => [from, to]));
  return (relation) => names.get(relation) ?? relation;
}

function renamedByText(node: ParsedStatement['node']): RenamedRelation[] {
  const rename = fieldsOf(node, 'RenameStmt');
  const move = fieldsOf(node, 'AlterObjectSchemaStmt');
  const from = relationOf(rename?.relation ?? move?.relation);
  const [schema = '', name = ''] = from.split('.');
  const next = rename?.newname;
  const target = move?.newschema;
  if (rename?.renameType === 'OBJECT_TABLE' && next !== undefined) return [{ from, to: `${schema}.${next}` }];
  return move?.objectType === 'OBJECT_TABLE' && target !== undefined ? [{ from, to: `${target}.${name}` }] : [];
}

const bornCache = new WeakMap<MigrationContext, ReadonlySet<RelationName>>();
const bornColumnsCache = new WeakMap<MigrationContext, ReadonlySet<string>>();

/**
 * Tables and materialized views that are created in the same deployment unit as the migration (its release, or the migration itself where there
 * is no release) up to and including it: nobody can be using them yet.
 */
export function tablesBornInUnit(migration: MigrationContext, project: ProjectContext): ReadonlySet<RelationName> {
  const cached = bornCache.get(migration);
  if (cached) return cached;
  const born = new Set<RelationName>();
  for (const member of project.chain) {
    if (isSameUnit(member, migration)) {
      for (const statement of member.observation?.statements ?? []) {
        for (const change of statement.changes) {
          const name = /^(?:table|materialized view) (.+)$/.exec(change.object)?.[1];
          if (change.kind === 'created' && name !== undefined) born.add(name);
        }
      }
      for (const name of createdByText(member)) born.add(name);
      for (const name of temporaryTables(member)) born.add(name);
    }
    if (member === migration) break;
  }
  bornCache.set(migration, born);
  return born;
}

function createdByText(migration: MigrationContext): string[] {
  if (migration.observation) return [];
  return createdIn(migration).map(relationOf);
}

/** Temporary tables, as statements without a schema name them. */
function temporaryTables(migration: MigrationContext): string[] {
  return createdIn(migration)
    .filter(({ relpersistence }) => relpersistence === 't')
    .map(relationOf);
}

function createdIn({ up }: MigrationContext): RangeVar[] {
  return up.statements.flatMap(({ node }) => createdRelation(node) ?? []);
}

/** Columns that are added in the same deployment unit up to and including the migration, as `schema.table.column`. */
export function columnsBornInUnit(migration: MigrationContext, project: ProjectContext): ReadonlySet<string> {
  const cached = bornColumnsCache.get(migration);
  if (cached) return cached;
  const born = new Set<string>();
  for (const member of project.chain) {
    if (isSameUnit(member, migration)) {
      for (const { node } of member.up.statements) {
        const table = relationOf(fieldsOf(node, 'AlterTableStmt')?.relation);
        for (const { subtype, def } of alterTableCommands(node)) {
          if (subtype === 'AT_AddColumn') born.add(`${table}.${fieldsOf(def, 'ColumnDef')?.colname}`);
        }
      }
    }
    if (member === migration) break;
  }
  bornColumnsCache.set(migration, born);
  return born;
}

/** True for migrations that are deployed together: the same one, or two of one release. */
export function isSameUnit(one: MigrationContext, other: MigrationContext): boolean {
  return one === other || (one.release !== undefined && one.release === other.release);
}

/** True when releases before the migration's own may be using the table: it is not born in the deployment unit. */
export function isInUse(context: StatementContext, table: RelationName): boolean {
  return !tablesBornInUnit(context.migration, context.project).has(table);
}

/**
 * The table that an ALTER TABLE changes while clients use it, and what it does; undefined for any other statement, for tables
 * born in the deployment unit and for a statement that fails.
 */
export function alteredTableInUse(context: StatementContext): { table: RelationName; commands: readonly AlterTableCommand[] } | undefined {
  const { node } = context.statement;
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (!node || alter?.objtype !== 'OBJECT_TABLE' || context.observation?.error) return undefined;
  const table = relationOf(alter.relation);
  return isInUse(context, table) ? { table, commands: alterTableCommands(node) } : undefined;
}

/** False when the manifest says that no earlier release runs beside a newer one, so that nobody can meet a change half-way. */
export function earlierReleasesRun({ project }: StatementContext): boolean {
  return project.manifest?.manifest?.window !== 0;
}

/** The qualified name in a RangeVar of the parse tree; an unqualified one is taken to be in `public`. */
export function relationOf(rangeVar: RangeVar | SqlNode | undefined): RelationName {
  return qualifiedName(relationName(rangeVar) ?? { name: '' });
}

/** The qualified name of a table; an unqualified one is taken to be in `public`. */
export function qualifiedName({ schema = 'public', name }: QualifiedName): RelationName {
  return `${schema}.${name}`;
}

/** `public.` is left away where people would not write it. */
export function displayName(relation: RelationName): string {
  return relation.startsWith('public.') ? relation.slice('public.'.length) : relation;
}
