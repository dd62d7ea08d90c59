import { beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check as statementFails } from './statement-fails';
import { check } from './statement-not-finished';
import { findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

it('says that an endless loop was given up', async () => {
  const sql = 'DO $$ BEGIN LOOP END LOOP; END $$;\nSELECT 1;\n';
  const findings = await findingsIn({ '0001_a.up.sql': sql }, [check, statementFails], { shadow });
  expect(findings.map(({ id, severity, verified }) => [id, severity, verified])).toEqual([['statement-not-finished', 'warning', false]]);
  expect(findings[0]?.message).toBe('Not verified: the statement took too long in the embedded PostgreSQL');
});

it('is silent where statements finish or fail', async () => {
  expect(await findingsIn({ '0001_a.up.sql': 'SELECT 1;\nSELECT nothing;\n' }, [check], { shadow })).toEqual([]);
});
