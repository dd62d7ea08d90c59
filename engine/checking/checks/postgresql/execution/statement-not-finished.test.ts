import { expect, it } from 'vitest';
import { check as statementFails } from './statement-fails';
import { check } from './statement-not-finished';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, silentOn } = sqlCheck(check);

it('says that an endless loop was given up', async () => {
  const sql = 'DO $$ BEGIN LOOP END LOOP; END $$;\nSELECT 1;\n';
  const findings = await findingsIn(sql, { also: [statementFails] });
  expect(findings.map(({ id, severity, verified }) => [id, severity, verified])).toEqual([['statement-not-finished', 'warning', false]]);
  expect(findings[0]?.message).toBe('Not verified: the statement took too long in the embedded PostgreSQL');
});

it('is silent where statements finish or fail', () => silentOn('SELECT 1;\nSELECT nothing;\n'));
