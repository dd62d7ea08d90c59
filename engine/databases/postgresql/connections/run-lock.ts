import type { Clock } from '../../../core/host';
import { ProblemError } from '../../../core/problem';
import { applicationName } from './postgresql-address';
import type { LockHolder, LockOptions, TargetSession } from '../../target';

/** The bytes of `mem8_upg`: the key of the advisory lock that every run on a database holds. */
const lockKey = '7882826811669049447';
const lockFilter =
  "l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())" +
  ` AND (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey}`;
const lockPollMs = 200;
/** How often it is told that a lock is waited for. */
const reportMs = 1000;

const closed = 'a connection that has just closed';

/** The lock of a run on a server: an advisory lock of the session. The session's name tells others who holds it. */
export class RunLock {
  #taken: { holder: string } | undefined;

  constructor(
    private readonly session: Pick<TargetSession, 'query'>,
    private readonly description: string,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `lock-held`, naming the holder, `cancelled` */
  async take(options: LockOptions): Promise<{ release(): Promise<void> }> {
    const { clock } = this;
    const begun = clock.now().getTime();
    let reported = begun - reportMs;
    if (this.#taken) throw this.#held(`this process (${this.#taken.holder})`);
    while (!(await this.#tryLock())) {
      const now = clock.now().getTime();
      const holder = now >= begun + options.waitMs || now >= reported + reportMs ? await this.holder() : undefined;
      if (now >= begun + options.waitMs) throw this.#held(holder?.text ?? closed, holder?.process);
      if (holder) options.onWait?.(holder.text, now - begun);
      if (holder) reported = now;
      try {
        await clock.sleep(lockPollMs, options.signal);
      } catch {
        throw new ProblemError({
          code: 'cancelled',
          message: `Waiting for the lock on ${this.description} was cancelled.`,
          remedy: 'Run it again when you are ready.',
        });
      }
    }
    this.#taken = { holder: options.holder };
    await this.#nameConnection(connectionName(options.holder));
    return { release: () => this.#release() };
  }

  async takeAgain(): Promise<void> {
    if (!this.#taken) return;
    if (await this.#tryLock()) return this.#nameConnection(connectionName(this.#taken.holder));
    this.#taken = undefined;
    throw new ProblemError({
      code: 'lock-lost',
      message: `Another run took the lock on ${this.description} while this run was disconnected: ${(await this.holder())?.text ?? closed}.`,
      remedy: 'Wait until the other run has finished, then start again.',
    });
  }

  async #tryLock(): Promise<boolean> {
    const [row] = await this.session.query<{ taken: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${lockKey}) AS taken`);
    return row?.taken === true;
  }

  async #release(): Promise<void> {
    this.#taken = undefined;
    const [row] = await this.session.query<{ released: boolean }>(`SELECT pg_catalog.pg_advisory_unlock(${lockKey}) AS released`);
    await this.#nameConnection(applicationName);
    if (row?.released) return;
    throw new ProblemError({
      code: 'lock-lost',
      message: `The lock on ${this.description} was lost before this run released it.`,
      remedy: "Make sure that no script calls pg_advisory_unlock_all or DISCARD ALL, and check the target's status.",
    });
  }

  #held(holder: string, process?: number): ProblemError {
    const end = process === undefined ? '' : ` If it hangs, terminate its connection: SELECT pg_terminate_backend(${process});`;
    return new ProblemError({
      code: 'lock-held',
      message: `Another run holds the lock on ${this.description}: ${holder}.`,
      remedy: `Wait until it has finished, or run the command with --wait.${end}`,
    });
  }

  /** As `TargetSession.lockHolder`. */
  async holder(): Promise<(LockHolder & { readonly process: number }) | undefined> {
    const [row] = await this.session.query<{ pid: number; name: string | null; address: string | null; login: string | null }>(
      'SELECT l.pid, a.application_name AS name, host(a.client_addr) AS address, a.usename::text AS login' +
        ` FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE ${lockFilter} AND l.pid <> pg_catalog.pg_backend_pid()`,
    );
    if (!row) return undefined;
    const from = row.address ? ` from ${row.address}` : '';
    return {
      text: `${row.name || 'an unnamed program'}, connection ${row.pid} of ${row.login ?? 'an unknown login'}${from}`,
      process: row.pid,
      isOf: (holder) => connectionName(holder) === row.name,
    };
  }

  async #nameConnection(name: string): Promise<void> {
    await this.session.query("SELECT pg_catalog.set_config('application_name', $1, false)", [name]);
  }
}

/** The name of the connection that holds the lock, in the length and the characters that every server keeps. */
function connectionName(holder: string): string {
  const name = holder.startsWith(`${applicationName} `) ? holder : `${applicationName}: ${holder}`;
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 63);
}
