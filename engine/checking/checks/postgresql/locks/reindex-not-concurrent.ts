import { listedBriefly } from '../../../../core/wording';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, isConcurrent } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, failsInShadow, headOf } from '../support/evidence';
import { fix, headerHint, leavingTransaction } from '../support/fixes';
import { workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';
import { firstFitting } from '../../support/headline';

/** REINDEX ... CONCURRENTLY exists from this major version on. */
const firstWithConcurrently = 12;

export const check: Check = {
  id: 'reindex-not-concurrent',
  hazards: ['P3'],
  severity: 'warning',
  summary: 'Rebuilds an index in a way that blocks writes to its table and most reads.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const reindex = fieldsOf(node, 'ReindexStmt');
    if (!node || !reindex || isConcurrent(node)) return;
    const caused = workCausedBy(context, 'reindex');
    if (caused) {
      yield workFinding(context, caused.works, { details: readers, advice: advice(context), fixes: fixes(context) });
      return;
    }
    const draft = withoutLocks(context, reindex.kind ?? '');
    if (draft) yield draft;
  },
};

const readers =
  'Most reads wait too: REINDEX locks each index that it rebuilds (ACCESS EXCLUSIVE), and planning a query opens every index of its tables.';

function advice(context: StatementContext): string {
  return context.project.minimum >= firstWithConcurrently
    ? `Use REINDEX ... CONCURRENTLY, in a migration of its own that runs outside a transaction${headerHint(context)}.`
    : 'Build a second index with CREATE INDEX CONCURRENTLY, drop the old one with DROP INDEX CONCURRENTLY and rename the new one. REINDEX CONCURRENTLY needs PostgreSQL 12.';
}

/**
 * REINDEX that runs outside of transactions (SCHEMA, DATABASE, partitioned tables): its locks cannot be seen, the indexes that
 * it rebuilt can. A single index that could not be rebuilt is judged by the syntax.
 */
function withoutLocks(context: StatementContext, kind: string): FindingDraft | undefined {
  const { observation, statement } = context;
  if (failsInShadow(context) || kind === 'REINDEX_OBJECT_SYSTEM') return undefined;
  const name = fieldsOf(statement.node, 'ReindexStmt')?.relation?.relname;
  // A table that was made up for the script has none of the indexes that the real one has.
  const isAssumed =
    name === undefined ? !context.project.completeHistory : context.migration.assumed.some(({ object }) => object.endsWith(`.${name}`));
  const ran = observation !== undefined && !observation.error && !isAssumed;
  if (ran && (observation.locksKnown || observation.rewrites.length === 0)) return undefined;
  const rebuilt = ran ? observation.rewrites.map(displayName) : [];
  const [all, some] = ran ? [listedBriefly(rebuilt), listedBriefly(rebuilt, 1)] : [name ?? 'every index', 'the index'];
  return {
    range: headOf(statement),
    message: firstFitting([`Blocks writes while REINDEX rebuilds ${all} (SHARE)`, `Blocks writes while REINDEX rebuilds ${some} (SHARE)`]),
    details: readers,
    advice: advice(context),
    verified: ran,
    fixes: fixes(context),
  };
}

function fixes(context: StatementContext): Fix[] {
  const { project, statement } = context;
  const around = leavingTransaction(context);
  const kind = /^reindex\s*(?:\([^)]*\)\s*)?(?:index|table|schema|database)\b/i.exec(statement.text)?.[0];
  if (!around || kind === undefined || project.minimum < firstWithConcurrently) return [];
  const at = statement.start + kind.length;
  return [fix(context, 'Rebuild CONCURRENTLY', [...around, { range: { start: at, end: at }, newText: ' CONCURRENTLY' }])];
}
