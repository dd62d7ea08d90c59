import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './replacement-refused';
import { check as statementFails } from './statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW used AS SELECT a, b FROM t;
CREATE VIEW user_of_it AS SELECT a FROM used;
CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';`,
};

it('drops a view before by a fix where nothing else mentions it', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `CREATE OR REPLACE VIEW v AS SELECT b FROM t;
--                     ^ replacement-refused
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ severity: 'error', hazards: ['P50'] });
  expect(finding?.message).toMatch(/^Fails: cannot drop columns from view/);
  expect(finding?.details).toMatch(/can only add columns at the end/);
  expect(finding?.advice).toMatch(/^Drop it first: DROP VIEW v;/);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toMatch(/^DROP VIEW v;\nCREATE OR REPLACE VIEW v/);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('offers no fix where another view depends on it', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE OR REPLACE VIEW used AS SELECT b, a FROM t;
--                     ^^^^ replacement-refused
`,
    },
    check,
    { shadow },
  );
  expect(finding?.fixes).toEqual([]);
  expect(finding?.advice).toContain('(other statements here use it)');
});

it('names the signature of the function that returns something else', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `CREATE OR REPLACE FUNCTION f(x int) RETURNS text LANGUAGE sql AS 'SELECT NULL';
--                         ^ replacement-refused
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toMatch(/^DROP FUNCTION f\(integer\);\n/);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('lets a view grow at its end and a function get another body', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql':
        "CREATE OR REPLACE VIEW v AS SELECT a, b, 1 AS c FROM t;\nCREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    },
    check,
    { shadow },
  );
});
