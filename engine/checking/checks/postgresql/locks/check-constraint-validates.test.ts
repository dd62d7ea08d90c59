import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './check-constraint-validates';
import { check as statementFails } from '../execution/statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind varchar(20), weight int);
INSERT INTO owners VALUES (1), (2);
INSERT INTO memories VALUES (1, 1, 'joke', 7), (2, 2, 'fact', 8);`,
};

it('reports the scan and gives the SQL that validates later', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_check.up.sql': `ALTER TABLE memories ADD CHECK (weight > 0);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ check-constraint-validates
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P9'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toBe(
    'Add the constraint NOT VALID, which skips the scan, and validate it in a later migration: ALTER TABLE memories VALIDATE CONSTRAINT memories_weight_check;',
  );
});

it('adds every check of the statement NOT VALID by one fix', async () => {
  const sql = "ALTER TABLE memories ADD CHECK (weight > 0), ADD CONSTRAINT known CHECK (kind = ANY (ARRAY['joke', 'fact'])) ;\n";
  const fixture = { ...base, '0002_check.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.fixes[0]?.title).toBe('Add the constraint NOT VALID (validate it in a later migration)');
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_check.up.sql']).toContain(
    "CHECK (weight > 0) NOT VALID, ADD CONSTRAINT known CHECK (kind = ANY (ARRAY['joke', 'fact'])) NOT VALID ;",
  );
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('reports a CHECK in the definition of a new column and gives the separate constraint', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN age int DEFAULT 1 CONSTRAINT grown CHECK (age > 0) NOT NULL;';
  const [finding] = await findingsIn({ ...base, '0002_check.up.sql': sql }, [check], { shadow });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toMatch(
    /^Add the column without the CHECK, add the constraint NOT VALID, and validate it in a later migration: /,
  );
  expect(finding?.advice).toContain('ALTER TABLE memories ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;');
  expect(finding?.fixes).toEqual([]);
});

it('is silent on NOT VALID, on VALIDATE in a later migration, and on tables that are new', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_check.up.sql': 'ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;',
      '0003_validate.up.sql': 'ALTER TABLE memories VALIDATE CONSTRAINT positive;',
      '0004_new.up.sql': 'CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD CHECK (id > 0);\n',
    },
    check,
    { shadow },
  );
});
