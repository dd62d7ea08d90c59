import { DatabaseFailure } from '../../target';

/** What a driver can do with its transaction. */
interface TransactionDriver {
  inTransaction(): boolean;
  /** Runs one statement and returns the server's command tag, e.g. `COMMIT`. */
  command(sql: string): Promise<string>;
}

/**
 * BEGIN, work, COMMIT; ROLLBACK when `work` rejects. A COMMIT that the server answers with ROLLBACK (the transaction had
 * failed before) and a transaction that `work` ended itself are failures.
 */
export async function runTransaction<T>(session: TransactionDriver, work: () => Promise<T>): Promise<T> {
  if (session.inTransaction()) throw new Error('A transaction is open already.');
  await session.command('BEGIN');
  let result: T;
  try {
    result = await work();
    if (!session.inTransaction()) {
      throw new DatabaseFailure({ sqlstate: '25P01', message: 'The statements ended the transaction themselves (COMMIT or ROLLBACK).' });
    }
  } catch (error) {
    // The error of the work is the one to tell; a lost connection has rolled back already.
    if (session.inTransaction()) await session.command('ROLLBACK').catch(() => undefined);
    throw error;
  }
  const tag = await session.command('COMMIT');
  if (tag === 'ROLLBACK') {
    throw new DatabaseFailure({ sqlstate: '25P02', message: 'The transaction failed and was rolled back instead of committed.' });
  }
  return result;
}
