import { expect, it } from 'vitest';
import { check } from './statement-fails';
import { check as unknownObject } from './unknown-object';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check);

it('shows the error of the server at the word that it names', async () => {
  const [finding] = await reports(`CREATE TABLE t (id int);
INSERT INTO t (id) VALUES ('😀', 1);
--                               ^ statement-fails
`);
  expect(finding?.message).toContain('INSERT has more expressions than target columns (42601)');
});

it('reports what an earlier migration makes impossible', async () => {
  const [finding] = await reports({
    '0001_a.up.sql': 'CREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (2);',
    '0002_b.up.sql': `ALTER TABLE t ADD CONSTRAINT small CHECK (id < 2);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement-fails
`,
  });
  expect(finding).toMatchObject({ severity: 'error', verified: true });
  expect(finding?.message).toContain('is violated by some row');
});

it('goes on behind a failing statement', () =>
  reports(`SELECT 1/0;
--^^^^^^^^ statement-fails
CREATE TABLE t (id int);
CREATE TABLE t (id int);
--^^^^^^^^^^^^^^^^^^^^^ statement-fails
`));

it('only warns when an earlier migration already failed', async () => {
  const [, later] = await reports({
    '0001_a.up.sql': `SELECT 1/0;
--^^^^^^^^ statement-fails
`,
    '0002_b.up.sql': `SELECT 2/0;
--^^^^^^^^ statement-fails
`,
  });
  expect(later?.severity).toBe('warning');
});

it('leaves to other checks what they explain better', () =>
  silentOn('CREATE TABLE t (id int);\nCREATE VIEW v AS SELECT id FROM t;\nDROP TABLE t;\nSELECT nothing FROM t;'));

it('takes an extension that only the embedded database lacks for no fault of the script', async () => {
  const [finding] = await findingsIn('CREATE EXTENSION postgis;');
  expect(finding).toMatchObject({ severity: 'info', verified: false });
});

it('is silent on tables that a loose file cannot know', () => silentOn('ALTER TABLE elsewhere ADD COLUMN a int;\n', { loose: true }));

it('reports once what fails, and as notes what only follows from it', async () => {
  const findings = await findingsIn(
    {
      '0001_base.up.sql': 'CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT c CHECK (id > 0));\nCREATE TABLE u (id int PRIMARY KEY);',
      '0002_change.up.sql': `ALTER TABLE t DROP CONSTRAINT missing, DROP CONSTRAINT c;
ALTER TABLE t ADD CONSTRAINT c CHECK (id > 1);
CREATE TABLE n (x txt);
INSERT INTO n VALUES (1);`,
      '0003_next.up.sql': 'ALTER TABLE n ADD COLUMN y int;\nALTER TABLE u ADD COLUMN id int;',
    },
    { also: [unknownObject] },
  );
  expect(findings.map(({ file, severity }) => `${file.slice(-14, -7)} ${severity}`)).toEqual([
    '_change error',
    '_change info',
    '_change error',
    '_change info',
    '03_next info',
    '03_next warning',
  ]);
  expect(findings.filter(({ severity, message }) => severity === 'info' && message.includes('The upgrade stops here'))).toEqual([]);
});
