import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../../databases/postgresql/sql/library';
import { parseStatements } from '../../../../databases/postgresql/sql/parser';
import { concurrentLocks } from './concurrent-locks';

beforeAll(() => loadSqlParser());

it.each([
  ['CREATE INDEX CONCURRENTLY i ON a.t (x)', 'ShareUpdateExclusive a.t'],
  ['CREATE INDEX i ON t (x)', ''],
  ['REINDEX TABLE CONCURRENTLY t', 'ShareUpdateExclusive public.t'],
  ['REINDEX INDEX CONCURRENTLY i', ''],
  ['VACUUM (ANALYZE) t, u', 'ShareUpdateExclusive public.t, ShareUpdateExclusive public.u'],
  ['VACUUM FULL t', ''],
  ['ANALYZE t', ''],
  ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY', 'AccessExclusive public.p, ShareUpdateExclusive public.t'],
  ['ALTER TABLE t DETACH PARTITION p', ''],
  ['DROP INDEX CONCURRENTLY i', ''],
])('%s: %s', (sql, locks) => {
  const node = parseStatements(sql)[0]?.node;
  expect(
    node &&
      concurrentLocks(node)
        .map(({ mode, table }) => `${mode} ${table}`)
        .join(', '),
  ).toBe(locks);
});
