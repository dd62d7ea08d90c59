import { expect, it } from 'vitest';
import { check } from './refresh-blocks-reads';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id int PRIMARY KEY, kind text);
CREATE MATERIALIZED VIEW kinds AS SELECT kind, count(*) FROM memories GROUP BY kind;
CREATE MATERIALIZED VIEW places AS SELECT id FROM memories;
CREATE UNIQUE INDEX places_id ON places (id);
CREATE MATERIALIZED VIEW empty AS SELECT id FROM memories WITH NO DATA;`;
const { findingsIn, reports, afterFix } = sqlCheck(check, base);

it('reports a refresh that blocks reads, and advises a unique index', async () => {
  const [finding] = await reports(`REFRESH MATERIALIZED VIEW kinds;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ refresh-blocks-reads
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P23'], fixes: [] });
  expect(finding?.message).toBe('Blocks reads of kinds while the view is refreshed (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toMatch(/^Create a unique index first: CREATE UNIQUE INDEX CONCURRENTLY ON kinds/);
});

it('refreshes CONCURRENTLY by a fix if there is a unique index', async () => {
  const script = 'REFRESH MATERIALIZED VIEW places;\n';
  expect(await afterFix(script, { also: [statementFails] })).toBe('REFRESH MATERIALIZED VIEW CONCURRENTLY places;\n');
});

it('says what CONCURRENTLY requires if the server refuses it', async () => {
  const [finding, ...others] = await findingsIn('REFRESH MATERIALIZED VIEW CONCURRENTLY kinds;\n', { also: [statementFails] });
  expect(finding).toMatchObject({ id: check.id, severity: 'error' });
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX CONCURRENTLY ON kinds');
  expect(others).toEqual([]);
});

it('reports a new view as a hint, and is silent on views that cannot be read yet', async () => {
  const [finding] = await reports(`REFRESH MATERIALIZED VIEW empty;
CREATE MATERIALIZED VIEW fresh AS SELECT kind FROM memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ refresh-blocks-reads
REFRESH MATERIALIZED VIEW fresh;
CREATE MATERIALIZED VIEW later AS SELECT kind FROM memories WITH NO DATA;
`);
  expect(finding?.severity).toBe('hint');
  expect(finding?.message).toBe('Fills the view from memories while the migration holds its locks');
});
