import type { TargetSession } from '../../databases/target';
import type { TableSize } from './statistics';

/**
 * The sizes of all tables of a target, as the server estimates them; nothing is counted. A table that was never analysed has
 * no estimate and is left out: its size is unknown. Writes are per second since the server's statistics were reset.
 */
export async function takeStatistics(session: TargetSession): Promise<Map<string, TableSize>> {
  const rows = await session.query<{ name: string; rows: string; bytes: string; writes: string | null; seconds: string | null }>(sizes);
  return new Map(rows.map((row) => [row.name, sizeOf(row.rows, row.bytes, row.writes, row.seconds)]));
}

/** A shorter time says nothing of what is usual. */
const shortestSeconds = 60;

function sizeOf(rows: string, bytes: string, writes: string | null, seconds: string | null): TableSize {
  const measured = seconds === null ? 0 : Number(seconds);
  const perSecond = writes === null || measured < shortestSeconds ? undefined : Number(writes) / measured;
  return {
    rows: Number(rows),
    bytes: Number(bytes),
    writesPerSecond: perSecond === undefined ? undefined : Number(perSecond.toPrecision(3)),
  };
}

/** Partitioned tables hold no rows of their own: theirs is the sum of their partitions. */
const sizes = `
  WITH own AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relispartition, c.reltuples,
           pg_catalog.pg_total_relation_size(c.oid) AS bytes, s.n_tup_ins + s.n_tup_upd + s.n_tup_del AS writes
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'mem8_upgrade') AND n.nspname NOT LIKE 'pg\\_%'
  ), measured AS (
    SELECT extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(d.stats_reset, pg_catalog.pg_postmaster_start_time())) AS seconds
    FROM pg_catalog.pg_stat_database d WHERE d.datname = pg_catalog.current_database()
  ), whole AS (
    SELECT o.name, o.reltuples, o.bytes, o.writes FROM own o WHERE o.relkind <> 'p'
    UNION ALL
    SELECT o.name, CASE WHEN bool_and(l.reltuples >= 0) THEN sum(l.reltuples) ELSE -1 END, sum(l.bytes), sum(l.writes)
    FROM own o CROSS JOIN LATERAL pg_catalog.pg_partition_tree(o.oid) t JOIN own l ON l.oid = t.relid AND t.isleaf
    WHERE o.relkind = 'p' GROUP BY o.name
  )
  SELECT w.name, round(w.reltuples::numeric)::text AS rows, w.bytes::text AS bytes, w.writes::text AS writes, m.seconds::text AS seconds
  FROM whole w LEFT JOIN measured m ON true WHERE w.reltuples >= 0 ORDER BY w.name`;
