import { listed } from '../core/wording';
import type { RelationName } from '../shadow/observation';
import type { Check, FindingDraft } from './check';
import { displayName, headOf, namesAfter } from './support/evidence';
import { type LockingStatement, type LockingTransaction, lockingTransactions, type TableLock } from './support/table-locks';

export const check: Check = {
  id: 'wide-lock-window',
  hazards: ['P35'],
  group: 'locks',
  severity: 'info',
  summary: 'One transaction locks several tables in use against reads and writes.',
  *migration(migration, project) {
    for (const transaction of lockingTransactions(migration, project)) {
      const draft = widening(transaction);
      if (draft) yield draft;
    }
  },
};

function widening(transaction: LockingTransaction): FindingDraft | undefined {
  const takers = firstTakers(transaction);
  const [first, second] = takers;
  if (!first || !second) return undefined;
  const tables = listed(takers.flatMap(({ locks }) => locks.map(({ table }) => displayName(table))));
  const verified = takers.every(({ locks }) => locks.every((lock) => lock.verified));
  const doubt = verified ? '' : ' This is judged without the tables at hand.';
  return {
    range: headOf(second.statement.context.statement),
    message: `Reads and writes of ${tables} all wait until this one transaction ends, and a client that uses these tables in another order can deadlock with it. The lock on the first table is kept while the others are waited for. Change each table in a migration of its own.${doubt}`,
    verified,
    related: [first, ...takers.slice(2)].map(({ statement, locks }) => ({
      file: statement.context.script.script.file,
      range: headOf(statement.context.statement),
      message: `${listed(locks.map(({ table }) => displayName(table)))} ${locks.length > 1 ? 'are' : 'is'} locked here until the transaction ends.`,
    })),
  };
}

interface Taker {
  readonly statement: LockingStatement;
  /** The tables that no statement before it had locked. */
  readonly locks: readonly TableLock[];
}

/** The statements that lock tables against reads and writes, each with those that are locked by it first. */
export function firstTakers({ statements }: LockingTransaction): Taker[] {
  let locked = new Set<RelationName>();
  return statements.flatMap((statement) => {
    const locks = statement.locks.filter(({ mode, table }) => mode === 'AccessExclusive' && !locked.has(table));
    for (const { table } of locks) locked.add(table);
    const nameAfter = namesAfter(statement.context.statement, statement.context.observation);
    if (nameAfter) locked = new Set([...locked].map(nameAfter));
    return locks.length > 0 ? { statement, locks } : [];
  });
}
