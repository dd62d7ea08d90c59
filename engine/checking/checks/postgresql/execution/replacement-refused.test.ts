import { expect, it } from 'vitest';
import { check } from './replacement-refused';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW used AS SELECT a, b FROM t;
CREATE VIEW user_of_it AS SELECT a FROM used;
CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';`;
const { reports, silentOn, afterFix } = sqlCheck(check, base);

it('drops a view before by a fix where nothing else mentions it', async () => {
  const script = `CREATE OR REPLACE VIEW v AS SELECT b FROM t;
--                     ^ replacement-refused
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ severity: 'error', hazards: ['P50'] });
  expect(finding?.message).toMatch(/^Fails: cannot drop columns from view/);
  expect(finding?.details).toMatch(/can only add columns at the end/);
  expect(finding?.advice).toMatch(/^Drop it first: DROP VIEW v;/);
  expect(await afterFix(script, { also: [statementFails] })).toMatch(/^DROP VIEW v;\nCREATE OR REPLACE VIEW v/);
});

it('offers no fix where another view depends on it', async () => {
  const [finding] = await reports(`CREATE OR REPLACE VIEW used AS SELECT b, a FROM t;
--                     ^^^^ replacement-refused
`);
  expect(finding?.fixes).toEqual([]);
  expect(finding?.advice).toContain('(other statements here use it)');
});

it('names the signature of the function that returns something else', async () => {
  const script = `CREATE OR REPLACE FUNCTION f(x int) RETURNS text LANGUAGE sql AS 'SELECT NULL';
--                         ^ replacement-refused
`;
  await reports(script);
  expect(await afterFix(script, { also: [statementFails] })).toMatch(/^DROP FUNCTION f\(integer\);\n/);
});

it('lets a view grow at its end and a function get another body', () =>
  silentOn(
    "CREATE OR REPLACE VIEW v AS SELECT a, b, 1 AS c FROM t;\nCREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
  ));
