import { expect, it } from 'vitest';
import { check } from './check-constraint-validates';
import { check as statementFails } from '../execution/statement-fails';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, memories);

it('reports the scan and gives the SQL that validates later', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD CHECK (weight > 0);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ check-constraint-validates
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P9'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toBe(
    'Add the constraint NOT VALID, which skips the scan, and validate it in a later migration: ALTER TABLE memories VALIDATE CONSTRAINT memories_weight_check;',
  );
});

it('adds every check of the statement NOT VALID by one fix', async () => {
  const sql = "ALTER TABLE memories ADD CHECK (weight > 0), ADD CONSTRAINT known CHECK (kind = ANY (ARRAY['joke', 'fact'])) ;\n";
  const [finding] = await findingsIn(sql);
  expect(finding?.fixes[0]?.title).toBe('Add the constraint NOT VALID (validate it in a later migration)');
  expect(await afterFix(sql, { also: [statementFails] })).toContain(
    "CHECK (weight > 0) NOT VALID, ADD CONSTRAINT known CHECK (kind = ANY (ARRAY['joke', 'fact'])) NOT VALID ;",
  );
});

it('reports a CHECK in the definition of a new column and gives the separate constraint', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN age int DEFAULT 1 CONSTRAINT grown CHECK (age > 0) NOT NULL;';
  const [finding] = await findingsIn(sql);
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toMatch(
    /^Add the column without the CHECK, add the constraint NOT VALID, and validate it in a later migration: /,
  );
  expect(finding?.advice).toContain('ALTER TABLE memories ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;');
  expect(finding?.fixes).toEqual([]);
});

it('is silent on NOT VALID, on VALIDATE in a later migration, and on tables that are new', () =>
  silentOn({
    '0002_check.up.sql': 'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;',
    '0003_validate.up.sql': 'ALTER TABLE memories VALIDATE CONSTRAINT positive;',
    '0004_new.up.sql': 'CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD CHECK (id > 0);\n',
  }));
