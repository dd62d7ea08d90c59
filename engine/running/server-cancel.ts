import type { AnyTarget } from './open-target';
import type { TargetSession } from '../databases/target';

/**
 * Asks the server to stop the statement that is at work on the session when the signal is aborted. An embedded database runs
 * in this process and cannot be asked; there a run stops after its statement.
 * @returns a function that ends the watch
 */
export async function cancelOnAbort(target: AnyTarget, session: TargetSession, signal: AbortSignal | undefined): Promise<() => void> {
  if (!signal || target.driver !== 'postgresql') return () => undefined;
  const [row] = await session.query('select pg_backend_pid() as process');
  const cancel = async (): Promise<void> => {
    const other = await target.open();
    await other.query('select pg_cancel_backend($1)', [row?.process]).finally(() => other.close());
  };
  // When the server cannot be reached a second time, the run stops after its statement.
  const listener = (): void => void cancel().catch(() => undefined);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
