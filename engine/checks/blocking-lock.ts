import type { Fix } from '../core/finding';
import { lockModes, type LockMode, type RelationName, type StatementObservation } from '../shadow/observation';
import type { Check, FindingDraft, StatementContext } from './check';
import { displayName, failsInShadow, headOf, type HeldLock, lockEvidence, locksInForce, tablesBornInUnit } from './evidence';
import { type AlterTableCommand, alterTableCommands, fieldsOf } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import { type ExpectedWork, expectedWork } from './expected-work';

/** The weakest lock that makes writers wait: SHARE conflicts with the ROW EXCLUSIVE that every write takes. */
const weakestBlockingLock: LockMode = 'Share';

/** PostgreSQL's names, as its documentation and pg_locks readers know them. */
const lockTitles: Record<LockMode, string> = {
  AccessShare: 'ACCESS SHARE',
  RowShare: 'ROW SHARE',
  RowExclusive: 'ROW EXCLUSIVE',
  ShareUpdateExclusive: 'SHARE UPDATE EXCLUSIVE',
  Share: 'SHARE',
  ShareRowExclusive: 'SHARE ROW EXCLUSIVE',
  Exclusive: 'EXCLUSIVE',
  AccessExclusive: 'ACCESS EXCLUSIVE',
};

export const check: Check = {
  id: 'blocking-lock',
  hazards: ['P1', 'P3', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P12', 'P13', 'P14', 'P15', 'P16', 'P21', 'P22', 'P25', 'P33', 'P34'],
  group: 'locks',
  severity: 'warning',
  summary: 'A statement rewrites or scans a table that is in use while reads or writes of it have to wait.',
  *statement(context) {
    const evidence = lockEvidence(context);
    if (evidence) yield* observed(context, evidence);
    else if (!failsInShadow(context)) yield* expected(context);
  },
};

function* observed(context: StatementContext, observation: StatementObservation): Iterable<FindingDraft> {
  if (observation.rewrites.length === 0 && observation.scans.length === 0) return;
  const born = tablesBornInUnit(context.migration, context.project);
  for (const { table, mode, since } of strongestLocks(context)) {
    if (born.has(table) || !blocks(mode)) continue;
    const rewritten = observation.rewrites.includes(table);
    const scanned = observation.scans.includes(table);
    if (!rewritten && !scanned) continue;
    const found = draft(context, { table, mode, work: rewritten ? 'rewrite' : 'scan' }, true);
    yield since === context.statement ? found : { ...found, ...keptSince(context, since) };
  }
}

function* expected(context: StatementContext): Iterable<FindingDraft> {
  const { node } = context.statement;
  if (!node) return;
  const born = tablesBornInUnit(context.migration, context.project);
  for (const work of expectedWork(node)) if (!born.has(work.table)) yield draft(context, work, false);
}

/** The strongest lock in force per table that existed before the migration. Indexes are locked along with their tables. */
function strongestLocks(context: StatementContext): Iterable<HeldLock> {
  const strongest = new Map<RelationName, HeldLock>();
  for (const lock of locksInForce(context)) {
    if (!lock.existedBefore || lock.relationKind === 'i' || lock.relationKind === 'I') continue;
    const known = strongest.get(lock.table);
    if (!known || lockModes.indexOf(lock.mode) > lockModes.indexOf(known.mode)) strongest.set(lock.table, lock);
  }
  return strongest.values();
}

/** Where an earlier statement of the transaction took the lock, and what to do about that. */
function keptSince({ script }: StatementContext, since: ParsedStatement): Pick<FindingDraft, 'related' | 'fixes'> {
  const message = 'The lock is taken here and kept until the transaction ends: move one of the two statements to a migration of its own.';
  return { related: [{ file: script.script.file, range: headOf(since), message }], fixes: [] };
}

function blocks(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf(weakestBlockingLock);
}

function draft(context: StatementContext, { table, mode, work }: ExpectedWork, verified: boolean): FindingDraft {
  const what = mode === 'AccessExclusive' ? 'Reads and writes' : 'Writes';
  const why = work === 'rewrite' ? 'every row is rewritten' : 'the whole table is read';
  const advice = adviceFor(context);
  const doubt = verified ? '' : ' This is judged by the syntax alone.';
  return {
    range: headOf(context.statement),
    message: `${what} of ${displayName(table)} wait while ${why} (${lockTitles[mode]} lock).${advice ? ` ${advice}` : ''}${doubt}`,
    verified,
    fixes: fixesFor(context),
  };
}

function adviceFor({ statement, project }: StatementContext): string {
  const node = statement.node;
  if (node?.['IndexStmt']) {
    const header = project.directory?.runner.noTransaction;
    return `Build it with CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction${header ? ` (${header})` : ''}.`;
  }
  const commands = node ? alterTableCommands(node) : [];
  if (commands.some(isValidatedConstraint)) return 'Add the constraint NOT VALID and VALIDATE it in a later migration.';
  if (commands.some((command) => command.subtype === 'AT_SetNotNull'))
    return 'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later migration, then set NOT NULL, which needs no scan any more.';
  if (commands.some((command) => command.subtype === 'AT_AlterColumnType'))
    return 'Add a column of the new type, fill it in batches, switch over and drop the old one in a later release.';
  if (commands.some((command) => command.subtype === 'AT_AddConstraint'))
    return 'Build a unique index CONCURRENTLY first and add the constraint USING INDEX.';
  if (commands.some((command) => command.subtype === 'AT_AddColumn'))
    return 'Add the column without the default, set the default for new rows, and fill old rows in batches.';
  return '';
}

function isValidatedConstraint(command: AlterTableCommand): boolean {
  if (command.subtype !== 'AT_AddConstraint') return false;
  const constraint = fieldsOf(command.def, 'Constraint');
  return (
    (constraint?.['contype'] === 'CONSTR_CHECK' || constraint?.['contype'] === 'CONSTR_FOREIGN') && constraint['skip_validation'] !== true
  );
}

function fixesFor({ statement, script }: StatementContext): Fix[] {
  const file = script.script.file;
  const commands = statement.node ? alterTableCommands(statement.node) : [];
  const only = commands[0];
  if (commands.length === 1 && only && isValidatedConstraint(only)) {
    const at = { start: statement.end, end: statement.end };
    return [
      { title: 'Add NOT VALID, to validate in a later migration', preferred: true, edits: [{ file, range: at, newText: ' NOT VALID' }] },
    ];
  }
  const index = fieldsOf(statement.node, 'IndexStmt');
  const runsAlone = script.script.transaction === 'none' && script.statements.filter(({ kind }) => kind === 'sql').length === 1;
  if (index && index['concurrent'] !== true && runsAlone) {
    const keyword = /^create\s+(unique\s+)?index/i.exec(statement.text)?.[0];
    if (keyword) {
      const at = statement.start + keyword.length;
      return [
        {
          title: 'Build the index CONCURRENTLY',
          preferred: true,
          edits: [{ file, range: { start: at, end: at }, newText: ' CONCURRENTLY' }],
        },
      ];
    }
  }
  return [];
}
