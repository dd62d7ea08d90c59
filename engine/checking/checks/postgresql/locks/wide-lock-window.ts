import { listed, listedBriefly } from '../../../../core/wording';
import type { RelationName } from '../../../../databases/observation';
import type { Check, FindingDraft } from '../../check';
import { displayName, headOf, namesAfter } from '../support/evidence';
import { type LockingStatement, type LockingTransaction, lockingTransactions, type TableLock } from '../support/table-locks';
import { firstFitting } from '../../support/headline';

export const check: Check = {
  id: 'wide-lock-window',
  hazards: ['P35'],
  severity: 'info',
  summary: 'Locks several tables in use against reads and writes in one transaction.',
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
  const tables = takers.flatMap(({ locks }) => locks.map(({ table }) => displayName(table)));
  const blocked = (names: string) => `Blocks reads and writes of ${names} until the transaction ends`;
  return {
    range: headOf(second.statement.context.statement),
    message: firstFitting([blocked(listedBriefly(tables)), blocked(listedBriefly(tables, 1))]),
    details: `${tables.length > 3 ? `Locked tables: ${listed(tables)}. ` : ''}The first lock is held while the transaction waits for the others, and a client that uses the tables in another order can deadlock with it.`,
    advice: 'Change each table in a migration of its own.',
    verified: takers.every(({ locks }) => locks.every((lock) => lock.verified)),
    related: [first, ...takers.slice(2)].map(({ statement, locks }) => ({
      file: statement.context.script.script.file,
      range: headOf(statement.context.statement),
      message: `Locks ${listed(locks.map(({ table }) => displayName(table)))} until the transaction ends.`,
    })),
  };
}

interface Taker {
  readonly statement: LockingStatement;
  /** The tables that no statement before it had locked. */
  readonly locks: readonly TableLock[];
}

/** The statements that lock tables against reads and writes, each with those that are locked by it first. */
function firstTakers({ statements }: LockingTransaction): Taker[] {
  let locked = new Set<RelationName>();
  return statements.flatMap((statement) => {
    const locks = statement.locks.filter(({ mode, table }) => mode === 'AccessExclusive' && !locked.has(table));
    for (const { table } of locks) locked.add(table);
    const nameAfter = namesAfter(statement.context.statement, statement.context.observation);
    if (nameAfter) locked = new Set([...locked].map(nameAfter));
    return locks.length > 0 ? { statement, locks } : [];
  });
}
