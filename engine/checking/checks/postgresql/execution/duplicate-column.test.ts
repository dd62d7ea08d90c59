import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './duplicate-column';
import { check as statementFails } from './statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE t (id int PRIMARY KEY, a int, b int);' };

it('marks the second mention in definitions, lists, keys and assignments', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `UPDATE t SET a = 1, b = 2, a = 3;
--                         ^ duplicate-column
INSERT INTO t (id, b, b) VALUES (1, 2, 3);
--                    ^ duplicate-column
CREATE TABLE u (id int, name text, Name text);
--                                 ^^^^ duplicate-column
ALTER TABLE t ADD COLUMN c int, ADD COLUMN c text;
--                                         ^ duplicate-column
ALTER TABLE t ADD CONSTRAINT t_ab UNIQUE (a, b, a);
--                                              ^ duplicate-column
`,
    },
    check,
    { shadow },
  );
  expect(findings.every(({ verified, severity }) => verified && severity === 'error')).toBe(true);
});

it('leaves out an identical second mention by a fix', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `UPDATE t SET a = 1, b = 2, a = 1 WHERE id = 4;
CREATE TABLE u (id int, n text NOT NULL, n text NOT NULL);
`,
  };
  let fixed: Readonly<Record<string, string>> = fixture;
  for (const finding of [...(await findingsIn(fixture, [check], { shadow }))].reverse()) fixed = applyFix(fixed, finding.fixes[0]);
  expect(fixed['0002_change.up.sql']).toBe('UPDATE t SET a = 1, b = 2 WHERE id = 4;\nCREATE TABLE u (id int, n text NOT NULL);\n');
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('warns of a column twice in an index, which PostgreSQL accepts', async () => {
  const fixture = { ...base, '0002_change.up.sql': 'CREATE INDEX t_aba ON t (a, b, a);' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.severity).toBe('warning');
  expect(applyFix(fixture, finding?.fixes[0])['0002_change.up.sql']).toBe('CREATE INDEX t_aba ON t (a, b);');
});

it('is silent on elements of arrays, expressions, results of queries and a column that exists already', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE v (a int, n int[]);
UPDATE v SET n[1] = 1, n[2] = 2;
ALTER TABLE v ADD COLUMN a int;
CREATE INDEX ON t (a, (a + 1));
SELECT a, a FROM t;`,
    },
    check,
    { shadow },
  );
});
