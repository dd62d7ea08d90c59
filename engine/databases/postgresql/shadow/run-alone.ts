import { databaseError } from './database-error';
import { textInTransaction } from './imitation';
import type { ReplayStatement, StatementObservation } from '../../observation';
import { readsDeletedRows, readsRows } from './reads-rows';
import { quiet, settingsOf, type ScriptTransaction } from './script-transaction';
import { changedBy, noRemoval } from './seeding/seed-rows';
import type { Wire } from './wire';
import { retryWithoutRows, rowsMayBeAtFault } from './without-rows';

/**
 * Runs a statement that is a transaction of its own.
 * @param show called before that transaction ends
 */
export async function runAlone(
  transaction: ScriptTransaction,
  index: number,
  statement: ReplayStatement,
  show: () => Promise<void>,
): Promise<StatementObservation> {
  const { context, options } = transaction;
  const { wire } = context;
  const { observer, seeds } = options;
  if (observer && transaction.lostRows) await seeds?.ensure(wire);
  transaction.lostRows = false;
  await transaction.open('BEGIN');
  transaction.statements.push([index, statement]);
  if (readsRows(statement.text)) await observer?.beforePlanned();
  const imitated = options.end === 'rollback' ? await textInTransaction(wire, statement) : statement.text;
  const sent = { ...statement, text: imitated };
  const startOver = async (): Promise<void> => {
    await wire.query('ROLLBACK', false);
    await wire.rows('BEGIN');
    await context.settings.apply(wire);
    await observer?.begin();
  };
  const supplied = await transaction.withSettings(await transaction.send(index, sent), async () => {
    await startOver();
    return transaction.send(index, sent);
  });
  const first = supplied.result;
  let result = first;
  if (seeds && transaction.rowsMayMatter(first, statement)) {
    const retried = await retryWithoutRows(seeds, statement.text, noRemoval, first, async (removal) => {
      await startOver();
      if (!(await seeds.remove(wire, removal))) return undefined;
      await observer?.afterOurs(changedBy(removal));
      observer?.oursEnded(true);
      transaction.removed = removal;
      return transaction.send(index, sent);
    });
    result = retried.result;
    if (result.error && readsDeletedRows(statement.text) && rowsMayBeAtFault(result.error, statement.text)) {
      await wire.query('ROLLBACK', false);
      await transaction.removeAllForGood();
      await startOver();
      result = await transaction.send(index, sent);
    }
  }
  if (result.error && result.status !== 'I') await wire.rows('ROLLBACK');
  if (result.error && needsAutocommit.has(result.error.sqlstate)) return autocommit(transaction, index, statement);
  if (result.error || result.status === 'I') return quiet(false, transaction.errorOf(result, statement, supplied.names));
  const used = observer ? await context.settings.usedIn(wire, statement.text) : [];
  const seen = (await observer?.afterStatement(false, sent.text)) ?? quiet(false);
  const shown = imitated === statement.text ? seen : { ...seen, locks: [], scans: [], rewrites: [], locksKnown: false };
  const observation = { ...shown, ...settingsOf([...supplied.names, ...used]) };
  transaction.observations[index] = first.error
    ? { ...observation, ...transaction.rowsErrorOf(first, statement, seeds?.present ? transaction.removed : undefined) }
    : observation;
  await show();
  const ended = await transaction.end(options.end);
  const amended = transaction.observations.pop() ?? observation;
  if (!ended.error) return amended;
  if (options.end === 'commit') await observer?.resynchronise();
  return { ...amended, error: context.explain(databaseError(ended.error, '')) };
}

/** For a statement that runs in no transaction block. */
async function autocommit(transaction: ScriptTransaction, index: number, statement: ReplayStatement): Promise<StatementObservation> {
  const { context, options } = transaction;
  const { wire } = context;
  const { seeds, observer } = options;
  const first = await transaction.send(index, statement);
  let result = first;
  if (result.status !== 'I') await wire.rows('ROLLBACK');
  if (seeds && transaction.rowsMayMatter(first, statement)) {
    const retried = await retryWithoutRows(seeds, statement.text, noRemoval, first, async (removal) => {
      await dropInvalidIndexes(wire, changedBy(removal));
      await wire.rows('BEGIN');
      await seeds.remove(wire, removal);
      await wire.rows('COMMIT');
      seeds.committed(removal);
      transaction.lostRows = true;
      const next = await transaction.send(index, statement);
      if (next.status !== 'I') await wire.rows('ROLLBACK');
      return next;
    });
    result = retried.result;
  }
  seeds?.touchedAnything();
  transaction.committed = true;
  options.onCommit?.();
  const observation = (await observer?.afterAutocommit()) ?? quiet(false);
  const rowsError = !result.error && first.error ? transaction.rowsErrorOf(first, statement) : {};
  return { ...observation, ...transaction.errorOf(result, statement), ...rowsError, locksKnown: false };
}

/** A failed CREATE INDEX or REINDEX CONCURRENTLY leaves an index behind that would be in the way of the next attempt. */
async function dropInvalidIndexes(wire: Wire, tables: readonly number[]): Promise<void> {
  const rows = await wire.rows(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND i.indrelid IN (${tables.join(',')}) AND c.relkind = 'i'`,
  );
  for (const [name] of rows) await wire.rows(`DROP INDEX ${name}`);
}

/** SQLSTATEs of statements that run only outside a transaction block: active_sql_transaction, invalid_transaction_termination. */
const needsAutocommit: ReadonlySet<string> = new Set(['25001', '2D000']);
