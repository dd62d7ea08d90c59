import { expect, it } from 'vitest';
import { check } from './set-not-null-scans';
import { check as statementFails } from '../execution/statement-fails';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, memories);

it('reports the scan and gives the SQL that prepares for it', async () => {
  const [finding] = await reports(`ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ set-not-null-scans
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P10'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: SET NOT NULL scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('ALTER TABLE memories ADD CONSTRAINT memories_kind_not_null CHECK (kind IS NOT NULL) NOT VALID;');
});

it('checks new rows only by a fix, in the syntax of the oldest server', async () => {
  const script = 'ALTER TABLE memories ALTER kind SET NOT NULL, ALTER weight SET NOT NULL;\n';
  const fixedFor = (minimum: number) => afterFix(script, { minimum, also: [statementFails] });
  expect(await fixedFor(15)).toContain('ADD CONSTRAINT memories_weight_not_null CHECK (weight IS NOT NULL) NOT VALID;');
  expect(await fixedFor(18)).toContain('ADD CONSTRAINT memories_weight_not_null NOT NULL weight NOT VALID;');
});

it('is silent if a validated CHECK avoids the scan, and reports a command that also drops the CHECK', async () => {
  const prepared = {
    '0002_check.up.sql': 'ALTER TABLE memories ADD CONSTRAINT has_kind CHECK (kind IS NOT NULL) NOT VALID;',
    '0003_validate.up.sql': 'ALTER TABLE memories VALIDATE CONSTRAINT has_kind;',
  };
  const separate = 'ALTER TABLE memories ALTER kind SET NOT NULL;\nALTER TABLE memories DROP CONSTRAINT has_kind;\n';
  await silentOn({ ...prepared, '0004_required.up.sql': separate });
  const together = 'ALTER TABLE memories ALTER kind SET NOT NULL, DROP CONSTRAINT has_kind;\n';
  const [finding] = await findingsIn({ ...prepared, '0004_required.up.sql': together });
  expect(finding?.advice).toContain('Run SET NOT NULL in one statement and DROP CONSTRAINT in the next');
});

it('is silent on new columns and new tables', () =>
  silentOn(`ALTER TABLE memories ADD COLUMN age int NOT NULL DEFAULT 1;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ALTER id SET NOT NULL;
`));

it('says that it fails on NULL, unless an earlier script fills the column', async () => {
  const findings = await sqlCheck(check).findingsIn({
    '0001_base.up.sql': 'CREATE TABLE note (id int PRIMARY KEY, a text, b text, c text, CHECK (c IS NOT NULL));',
    '0002_a.up.sql': 'ALTER TABLE note ALTER a SET NOT NULL;',
    '0003_fill.up.sql': "UPDATE note SET b = '' WHERE b IS NULL;",
    '0004_b.up.sql': 'ALTER TABLE note ALTER b SET NOT NULL;',
    '0005_c.up.sql': 'ALTER TABLE note ALTER c SET NOT NULL;',
  });
  expect(findings.map(({ details }) => /The statement fails if (\w+) is NULL in any row/.exec(details ?? '')?.[1])).toEqual([
    'a',
    undefined,
  ]);
  expect(findings[0]?.details).toContain('SELECT count(*) FROM note WHERE a IS NULL;');
});

it('is silent about a column that is NOT NULL already, also where another command scans the table', async () => {
  const script = 'ALTER TABLE memories ALTER COLUMN id SET NOT NULL, ADD CHECK (weight > 0);\n';
  await silentOn(script);
  await silentOn(script, { shadow: false });
});
