import type { Clock } from '../../../core/host';
import { listedBriefly } from '../../../core/wording';
import type { LockWait, TargetSession } from '../../target';

/** A statement that takes less time is not looked at. */
const firstLookMs = 500;
const lookMs = 1000;
/** How long the end of a watch waits for its connection to close. */
const closeMs = 1000;

interface WatchOptions {
  /** The server process of the session that is watched. */
  readonly process: number;
  readonly clock: Clock;
  /** Opens the connection to look from. */
  open(signal: AbortSignal): Promise<Pick<TargetSession, 'query' | 'close'>>;
}

/** As `Target.watchWaits`. Where no second connection can be opened, nothing is reported. */
export function watchLockWaits({ process, clock, open }: WatchOptions, report: (wait: LockWait | undefined) => void): () => Promise<void> {
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    await clock.sleep(firstLookMs, stop.signal);
    const session = await open(stop.signal);
    try {
      for (;;) {
        const wait = await lockWait(session, process);
        stop.signal.throwIfAborted();
        report(wait);
        await clock.sleep(lookMs, stop.signal);
      }
    } finally {
      await session.close();
    }
  };
  const ended = watch().catch(() => undefined);
  return async () => {
    stop.abort();
    const late = new AbortController();
    // A network that lost the connection does not hold up the run.
    await Promise.race([ended, clock.sleep(closeMs, late.signal).catch(() => undefined)]);
    late.abort();
  };
}

interface Blocked {
  readonly mode: string;
  readonly kind: string;
  readonly relation: string | null;
  readonly process: number;
  readonly login: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly query_start: string | null;
}

/** What a server process waits for at this moment, and which sessions hold it or stand before it in the queue. */
export async function lockWait(session: Pick<TargetSession, 'query'>, process: number): Promise<LockWait | undefined> {
  const rows = (await session.query(
    `select l.mode, l.locktype as kind, l.relation::pg_catalog.regclass::text as relation, b.process, a.usename::text as login, a.state,
       coalesce(nullif(a.application_name, ''), nullif(a.backend_type, 'client backend')) as application,
       to_char(a.query_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as query_start
     from pg_catalog.pg_locks l
     cross join lateral (select distinct pg_catalog.unnest(pg_catalog.pg_blocking_pids(l.pid)) as process) b
     left join pg_catalog.pg_stat_activity a on a.pid = b.process
     where l.pid = $1::text::integer and not l.granted
     order by a.xact_start, b.process`,
    [String(process)],
  )) as unknown as Blocked[];
  const [first] = rows;
  if (!first) return undefined;
  return { what: `${waitedFor(first)}, blocked by ${listedBriefly(rows.map(blocker), 3)}`, remedy: howToEnd(rows) };
}

function waitedFor({ mode, kind, relation }: Blocked): string {
  if (relation !== null) return `the ${mode.replace(/Lock$/, '')} lock on ${relation}`;
  if (kind === 'virtualxid') return 'earlier transactions to end';
  return kind === 'transactionid' ? 'another transaction to end' : `a lock of the kind ${kind}`;
}

function blocker({ process, login, application, state, query_start: start }: Blocked): string {
  if (process === 0) return 'a prepared transaction';
  const facts = [
    `application ${application ?? 'unnamed'}`,
    login === null ? undefined : `user ${login}`,
    state === 'active' || state === null ? undefined : state,
    start === null ? undefined : `query started ${start}`,
  ];
  return `process ${process} (${facts.filter((fact) => fact !== undefined).join(', ')})`;
}

function howToEnd(rows: readonly Blocked[]): string {
  const calls = rows.filter(({ process }) => process !== 0).map(({ process }) => `SELECT pg_terminate_backend(${process});`);
  if (calls.length < rows.length) return 'Commit or roll back the prepared transactions that pg_prepared_xacts lists.';
  return `Wait until the blocking session ends its transaction, or terminate the session: ${calls.slice(0, 3).join(' ')}`;
}
