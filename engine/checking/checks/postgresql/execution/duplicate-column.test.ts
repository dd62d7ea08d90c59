import { expect, it } from 'vitest';
import { check } from './duplicate-column';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE t (id int PRIMARY KEY, a int, b int);';
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('marks the second mention in definitions, lists, keys and assignments', async () => {
  const findings = await reports(`UPDATE t SET a = 1, b = 2, a = 3;
--                         ^ duplicate-column
INSERT INTO t (id, b, b) VALUES (1, 2, 3);
--                    ^ duplicate-column
CREATE TABLE u (id int, name text, Name text);
--                                 ^^^^ duplicate-column
ALTER TABLE t ADD COLUMN c int, ADD COLUMN c text;
--                                         ^ duplicate-column
ALTER TABLE t ADD CONSTRAINT t_ab UNIQUE (a, b, a);
--                                              ^ duplicate-column
`);
  expect(findings.every(({ verified, severity }) => verified && severity === 'error')).toBe(true);
});

it('leaves out an identical second mention by a fix', async () => {
  const script = `UPDATE t SET a = 1, b = 2, a = 1 WHERE id = 4;
CREATE TABLE u (id int, n text NOT NULL, n text NOT NULL);
`;
  expect(await afterFix(script, { all: true, also: [statementFails] })).toBe(
    'UPDATE t SET a = 1, b = 2 WHERE id = 4;\nCREATE TABLE u (id int, n text NOT NULL);\n',
  );
});

it('warns of a column twice in an index, which PostgreSQL accepts', async () => {
  const script = 'CREATE INDEX t_aba ON t (a, b, a);';
  const [finding] = await findingsIn(script);
  expect(finding?.severity).toBe('warning');
  expect(await afterFix(script)).toBe('CREATE INDEX t_aba ON t (a, b);');
});

it('is silent on elements of arrays, expressions, results of queries and a column that exists already', () =>
  silentOn(`CREATE TABLE v (a int, n int[]);
UPDATE v SET n[1] = 1, n[2] = 2;
ALTER TABLE v ADD COLUMN a int;
CREATE INDEX ON t (a, (a + 1));
SELECT a, a FROM t;`));
