import { listed, listedBriefly } from '../../../../core/wording';
import type { Severity } from '../../../../core/finding';
import { lockModes, type LockMode, type ObservedLock, type RelationName } from '../../../../databases/observation';
import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import { walk } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import { expectedWork } from './expected-work';
import type { FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import { displayName, failsInShadow, headOf, type HeldLock, lockEvidence, locksInForce, relationOf, tablesBornInUnit } from './evidence';
import { firstFitting } from '../../support/headline';

/** What a statement does to one table that was there before the deployment unit, while others have to wait. */
export interface TableWork {
  readonly table: RelationName;
  readonly mode: LockMode;
  /** `none` for a lock that is taken for an instant only. */
  readonly work: 'rewrite' | 'scan' | 'none';
  /** The statement of the transaction that took the lock; the statement itself most of the time. */
  readonly since: ParsedStatement;
  /** False when it follows from the syntax alone. */
  readonly verified: boolean;
}

/** The weakest lock that makes writers wait: SHARE conflicts with the ROW EXCLUSIVE that every write takes. */
const weakestBlockingLock: LockMode = 'Share';

/** PostgreSQL's names, as its documentation has them. */
export const lockTitles: Readonly<Record<LockMode, string>> = {
  AccessShare: 'ACCESS SHARE',
  RowShare: 'ROW SHARE',
  RowExclusive: 'ROW EXCLUSIVE',
  ShareUpdateExclusive: 'SHARE UPDATE EXCLUSIVE',
  Share: 'SHARE',
  ShareRowExclusive: 'SHARE ROW EXCLUSIVE',
  Exclusive: 'EXCLUSIVE',
  AccessExclusive: 'ACCESS EXCLUSIVE',
};

/** True for locks that make writes wait. */
export function blocksWrites(mode: LockMode): boolean {
  return isAtLeast(mode, weakestBlockingLock);
}

export function isAtLeast(mode: LockMode, other: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf(other);
}

/**
 * Every table that others have to wait for, as the shadow saw it, or by the syntax where it could not see: the strongest
 * lock in force during the statement and the work done under it. Tables born in the deployment unit are left out: they are
 * not in use yet. Empty for a statement that fails.
 */
export function tableWork(context: StatementContext): TableWork[] {
  const born = tablesBornInUnit(context.migration, context.project);
  const observation = lockEvidence(context);
  if (!observation) {
    const { node } = context.statement;
    if (!node || failsInShadow(context)) return [];
    return expectedWork(node)
      .filter(({ table }) => !born.has(table))
      .map((work) => ({ ...work, since: context.statement, verified: false }));
  }
  const named = context.inside && context.statement.node && tablesNamed(context.statement.node);
  const assumed = new Set(context.migration.assumed.map(({ object }) => object));
  return [...strongestLocks(context)]
    .filter(({ table, mode }) => !born.has(table) && blocksWrites(mode) && (!named || named.has(table)))
    .map(({ table, mode, since }) => ({
      table,
      mode,
      work: observation.rewrites.includes(table) ? 'rewrite' : observation.scans.includes(table) ? 'scan' : 'none',
      since: since === context.inside ? context.statement : since,
      verified: !assumed.has(`table ${table}`) && (!context.inside || isOnlyOneNaming(table, context.inside)),
    }));
}

/** What a block did to a table is certainly the doing of a statement inside only when no other one in the block names the table. */
function isOnlyOneNaming(table: RelationName, block: ParsedStatement): boolean {
  return (bodyOf(block)?.statements ?? []).filter(({ node }) => node && tablesNamed(node).has(table)).length === 1;
}

/** The tables that the statement names, which of those that its DO block worked on it can answer for. */
function tablesNamed(node: SqlNode): Set<RelationName> {
  const names = new Set<RelationName>();
  walk(node, (type, inner) => {
    if (type === 'RangeVar') names.add(relationOf(inner));
  });
  return names;
}

/** The strongest lock per table that blocks writes while the statement runs; tables that the migration itself creates are left out. */
export function blockingLocks(context: StatementContext): HeldLock[] {
  return [...strongestLocks(context)].filter(({ mode }) => blocksWrites(mode));
}

/** The strongest lock in force per table that existed before the migration. Indexes are locked along with their tables. */
function strongestLocks(context: StatementContext): Iterable<HeldLock> {
  const strongest = new Map<RelationName, HeldLock>();
  for (const lock of locksInForce(context)) {
    // A sequence is one row.
    if (!lock.existedBefore || /^[iIS]$/.test(lock.relationKind) || keepsOffNobody(lock)) continue;
    const known = strongest.get(lock.table);
    if (!known || (isAtLeast(lock.mode, known.mode) && lock.mode !== known.mode)) strongest.set(lock.table, lock);
  }
  return strongest.values();
}

/** True for the lock of REFRESH ... CONCURRENTLY, which lets queries through: nothing but REFRESH writes a materialized view. */
export function keepsOffNobody({ relationKind, mode }: ObservedLock): boolean {
  return relationKind === 'm' && mode === 'Exclusive';
}

/** What a statement blocks and by what, split into a headline and what else there is to say. */
export interface WorkText {
  readonly message: string;
  readonly details?: string;
}

/**
 * The consequence of work under a lock: which access to which tables is blocked, by what work and which lock, and how large the tables
 * are as far as that is known. `Blocks writes to orders and customers: ALTER TABLE scans the tables (SHARE ROW EXCLUSIVE)`.
 */
export function describeWork(context: StatementContext, works: readonly TableWork[]): WorkText {
  const groups = new Map<string, TableWork[]>();
  for (const work of works) {
    const key = `${work.mode} ${work.work} ${work.since.start}`;
    groups.set(key, [...(groups.get(key) ?? []), work]);
  }
  const [gravest = [], ...others] = [...groups.values()].sort((a, b) => weightOf(b) - weightOf(a));
  const details = [...others.map((group) => `${consequence(context, group, listed)}.`), ...sizes(context, works)].join(' ');
  return { message: headline(context, gravest), details: details || undefined };
}

/** `writes to`, or `reads and writes of` where the lock keeps readers out too. */
export function blockedBy(mode: LockMode): string {
  return mode === 'AccessExclusive' ? 'reads and writes of' : 'writes to';
}

/** With the mode of the lock and all tables where there is room for them. */
function headline(context: StatementContext, group: readonly TableWork[]): string {
  const one = group.length === 1;
  const pronoun = one ? 'it' : 'them';
  return firstFitting([
    consequence(context, group, listedBriefly),
    consequence(context, group, listedBriefly, pronoun),
    consequence(context, group, listedBriefly, pronoun, ''),
    consequence(context, group, (names) => listedBriefly(names, 1), pronoun, ''),
  ]);
}

function consequence(
  context: StatementContext,
  group: readonly TableWork[],
  list: (names: readonly string[]) => string,
  object = group.length === 1 ? 'the table' : 'the tables',
  lock = lockText(context.statement, group),
): string {
  const [first] = group;
  if (!first) return '';
  const command = commandOf(context.statement);
  const tables = list(group.map(({ table }) => displayName(table)));
  const why = {
    rewrite: `${command} rewrites ${object}${lock}`,
    scan: `${command} scans ${object}${lock}`,
    none: `${command} takes ${lockTitles[first.mode]}`,
  }[first.work];
  return `Blocks ${blockedBy(first.mode)} ${tables}: ${why}`;
}

/** The lock that blocks: the statement's own, or the one that an earlier statement of the transaction took. */
function lockText(statement: ParsedStatement, [first]: readonly TableWork[]): string {
  if (!first) return '';
  return first.since === statement ? ` (${lockTitles[first.mode]})` : ` under the lock of ${commandOf(first.since)}`;
}

function sizes(context: StatementContext, works: readonly TableWork[]): string[] {
  const known = works.flatMap(({ table }) => {
    const size = context.project.statistics?.tables.get(table);
    return size ? `${displayName(table)} has ${size.rows.toLocaleString('en')} rows` : [];
  });
  return known.length > 0 ? [`${listed(known)}.`] : [];
}

/** Rows up to which a scan or rewrite is too short to notice, and from which it is an outage. */
const smallTable = 10_000;
const largeTable = 1_000_000;

/** The severity by the sizes of the tables, where the repository has them; otherwise the one that is given. */
export function severityBySize(context: StatementContext, tables: readonly RelationName[], unknown: Severity): Severity {
  const sizes = tables.map((table) => context.project.statistics?.tables.get(table)?.rows);
  if (sizes.some((rows) => rows !== undefined && rows >= largeTable)) return 'error';
  return sizes.length > 0 && sizes.every((rows) => rows !== undefined && rows < smallTable) ? 'hint' : unknown;
}

/**
 * How a finding about tables is reported beside others of its file: where all sizes are known, per table; otherwise once for its check,
 * and as a warning only where no graver finding is about the tables whose sizes are not known.
 */
export function onceUnlessSized(
  { project }: StatementContext,
  tables: readonly RelationName[],
  weight: number,
): Pick<FindingDraft, 'cause' | 'unsized'> {
  const unknown = tables.filter((table) => !project.statistics?.tables.has(table));
  return unknown.length === 0 ? { cause: String(tables) } : { cause: '', unsized: { tables: unknown, weight } };
}

function weightOf(works: readonly TableWork[]): number {
  return Math.max(
    ...works.map(({ work, mode }) => (work === 'rewrite' ? 4 : work === 'scan' ? 2 : 0) + (mode === 'AccessExclusive' ? 1 : 0)),
  );
}

/**
 * A finding on the statement for work under a lock that blocks others, with the place where the lock was taken when that was earlier.
 * Given details stand before those of the work.
 */
export function workFinding(context: StatementContext, works: readonly TableWork[], more: Partial<FindingDraft> = {}): FindingDraft {
  const earlier = works.find(({ since }) => since !== context.statement)?.since;
  const tables = works.map(({ table }) => table);
  const { message, details: ofWork } = describeWork(context, works);
  const details = [more.details, ofWork].filter(Boolean).join(' ');
  const taken = 'Takes the lock, which the transaction holds until it ends.';
  return {
    range: headOf(context.statement),
    severity: severityBySize(context, tables, 'warning'),
    ...onceUnlessSized(context, tables, weightOf(works)),
    message,
    verified: works.every((work) => work.verified),
    related: earlier && [{ file: context.script.script.file, range: headOf(earlier), message: taken }],
    ...more,
    details: details || undefined,
  };
}
