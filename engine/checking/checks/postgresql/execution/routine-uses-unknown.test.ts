import { expect, it } from 'vitest';
import { check } from './routine-uses-unknown';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check);

const city = `CREATE TABLE city (city_id bigint PRIMARY KEY, city_name text, area int);
CREATE TABLE street (id bigint PRIMARY KEY, city_id bigint REFERENCES city);
CREATE INDEX ON street (city_id);
`;

/** A function with one line of code, which may have a marker under it. */
function body(code: string, head = 'rename_city(p_id bigint, n text) RETURNS void', declare = ''): string {
  return `CREATE FUNCTION ${head} LANGUAGE plpgsql AS $$
${declare}BEGIN
${code}
END $$;
`;
}

/** A migration for each script, the first of which creates the city before. */
const scripts = (...texts: string[]) =>
  Object.fromEntries(texts.map((text, index) => [`000${index + 1}_script.up.sql`, index === 0 ? city + text : text]));

it('marks the column in the body', async () => {
  const script = body(`  UPDATE city SET city_nam = n WHERE city_id = p_id;
--                ^^^^^^^^ routine-uses-unknown`);
  const [finding] = await reports(scripts(script));
  expect(finding).toMatchObject({ severity: 'error', verified: true });
  expect(finding?.message).toBe('rename_city fails when called: column "city_nam" of relation "city" does not exist');
  expect(finding?.advice).toBe('Correct the body, or create the missing object first.');
});

it.each([
  [
    'a table',
    body(`  UPDATE citty SET city_name = n WHERE city_id = p_id;
--       ^^^^^ routine-uses-unknown`),
  ],
  [
    'a column of an alias',
    body(`  PERFORM c.nam FROM city c WHERE c.city_id = p_id;
--          ^^^ routine-uses-unknown`),
  ],
  [
    'a condition',
    body(`  IF (SELECT size FROM city WHERE city_id = p_id) > 3 THEN NULL; END IF;
--           ^^^^ routine-uses-unknown`),
  ],
  [
    'an assignment',
    body(
      `  x := (SELECT max(areal) FROM city);
--                 ^^^^^ routine-uses-unknown`,
      undefined,
      'DECLARE x int; ',
    ),
  ],
  [
    'a query that is returned',
    body(
      `  RETURN QUERY SELECT c.city_id, c.town FROM city c;
--                                 ^^^^ routine-uses-unknown`,
      'cities() RETURNS TABLE (id bigint, name text)',
    ),
  ],
  [
    'a field of a row that is looped over',
    body(
      `  FOR r IN SELECT * FROM city LOOP
    PERFORM lower(r.nam);
--                  ^^^ routine-uses-unknown
  END LOOP;`,
      undefined,
      'DECLARE r record; ',
    ),
  ],
  [
    'an argument that a column has the name of',
    body(
      `  UPDATE city SET city_name = 'x' WHERE city_id = city_id;
--                                      ^^^^^^^ routine-uses-unknown`,
      'rename_city(city_id bigint) RETURNS void',
    ),
  ],
  [
    'a procedure',
    `CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM city WHERE nam = 'x';
--                       ^^^ routine-uses-unknown
COMMIT; END $$;`,
  ],
  [
    'code that is not looked at when it is created',
    `SET check_function_bodies = off;
` +
      body(`  DELETE FROM city WHERE nam = n;
--                       ^^^ routine-uses-unknown`),
  ],
  [
    'a trigger',
    `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.nam := 'x';
--    ^^^ routine-uses-unknown
  RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON city FOR EACH ROW EXECUTE FUNCTION t();`,
  ],
])('sees %s', async (_, script) => {
  await reports(scripts(script));
});

it('sees a trigger that is made later', async () => {
  const body = `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.nam := 'x';
--    ^^^ routine-uses-unknown
  RETURN NEW; END $$;`;
  const trigger = 'CREATE TRIGGER t BEFORE INSERT ON city FOR EACH ROW EXECUTE FUNCTION t();';
  const [finding] = await reports(scripts(body, trigger));
  expect(finding?.message).toMatch(/^INSERT on city fails: record "new" has no field "nam"/);
});

it.each([
  ['a table that the script creates later', [body('  DELETE FROM later WHERE x = p_id;') + 'CREATE TABLE later (x bigint);']],
  ['a table that a later script creates', [body('  DELETE FROM later WHERE x = p_id;'), 'CREATE TABLE later (x bigint);']],
  ['a column that a later script adds', [body('  UPDATE city SET mayor = n;'), 'ALTER TABLE city ADD COLUMN mayor text;']],
  ['a function that is replaced later', [body('  UPDATE city SET mayor = n;'), body('  NULL;').replace('CREATE', 'CREATE OR REPLACE')]],
  ['a function that is dropped later', [body('  UPDATE city SET mayor = n;'), 'DROP FUNCTION rename_city(bigint, text);']],
  ['a temporary table of the body', [body('  CREATE TEMP TABLE t AS SELECT 1 AS a; INSERT INTO t (a) VALUES (2); DROP TABLE t;')]],
  [
    'a temporary table of another body',
    [
      body('  DELETE FROM session_user_id;'),
      body('  CREATE TEMPORARY TABLE IF NOT EXISTS session_user_id (x int);', 'login() RETURNS void'),
    ],
  ],
  ['a table that dynamic SQL may create', [body("  EXECUTE format('CREATE TABLE %I (a int)', n); DELETE FROM made;")]],
  ['dynamic SQL', [body("  EXECUTE 'UPDATE city SET nam = 1'; EXECUTE format('DELETE FROM %I', n);")]],
  [
    'records',
    [
      body(
        '  SELECT 1 AS one INTO r; PERFORM r.one; r := ROW(1, 2); PERFORM r.f2; EXECUTE n INTO r; PERFORM r.x;',
        undefined,
        'DECLARE r record; ',
      ),
    ],
  ],
  [
    'arguments by number, labels and the name of the function',
    [
      body(
        '  <<inner>> DECLARE k int := $1; BEGIN PERFORM inner.k, rename_city.n, outermost.m; END;',
        undefined,
        '<<outermost>> DECLARE m int; ',
      ),
    ],
  ],
  ['an alias', [body('  PERFORM a, city_id FROM city WHERE city_id = a;', undefined, 'DECLARE a ALIAS FOR $1; ')]],
  [
    'loops, cases and errors',
    [
      body(
        "  FOR i IN 1..3 LOOP PERFORM i; END LOOP; CASE p_id WHEN 1, 2 THEN NULL; ELSE NULL; END CASE; BEGIN NULL; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %', SQLERRM, SQLSTATE; END; IF NOT FOUND THEN NULL; END IF;",
      ),
    ],
  ],
  [
    'a cursor and its row',
    [
      body(
        '  FOR r IN c(1) LOOP PERFORM r.city_name; END LOOP;',
        undefined,
        'DECLARE c CURSOR (k bigint) FOR SELECT * FROM city WHERE city_id = k; ',
      ),
    ],
  ],
  [
    'tables of a schema on its own path',
    [
      'CREATE SCHEMA app; CREATE TABLE app.house (x bigint);\n' +
        body('  DELETE FROM house WHERE x = p_id;', 'f(p_id bigint) RETURNS void SET search_path = app'),
    ],
  ],
  [
    'tables of a schema on the script’s path',
    ['CREATE SCHEMA app; SET search_path TO app;\nCREATE TABLE house (x bigint);\n' + body('  DELETE FROM house WHERE x = p_id;')],
  ],
  ['tables of an extension’s schema', [body("  PERFORM cron.schedule('x', 'y'); DELETE FROM cron.job WHERE jobid = p_id;")]],
  [
    'a variable that is used with use_variable',
    [
      body(
        '#variable_conflict use_variable\nBEGIN  UPDATE city SET area = 1 WHERE city_id = city_id; END;',
        'f(city_id bigint) RETURNS void',
      ).replace('BEGIN\n#', '#'),
    ],
  ],
  [
    'rows of transition tables',
    [
      `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO street (id) SELECT city_id FROM fresh; RETURN NULL; END $$;
CREATE TRIGGER t AFTER INSERT ON city REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION t();`,
    ],
  ],
  [
    'a trigger function without a trigger',
    ['CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;'],
  ],
  [
    'a trigger function that asks for its table',
    [
      `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_TABLE_NAME = 'city' THEN NEW.area := 1; ELSE NEW.city_id := 1; END IF; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON city FOR EACH ROW EXECUTE FUNCTION t();
CREATE TRIGGER t BEFORE INSERT ON street FOR EACH ROW EXECUTE FUNCTION t();`,
    ],
  ],
  ['polymorphic arguments', [body('  RETURN a;', 'same(a anyelement) RETURNS anyelement')]],
  ['locks, calls and notifications', [body("  LOCK TABLE city; PERFORM pg_notify('a', n); NOTIFY b; TRUNCATE street;")]],
])('is silent on %s', (_, texts) => silentOn(scripts(...texts)));

it.each([
  ['a table', 'CREATE TABLE IF NOT EXISTS made (x int); INSERT INTO made (x) VALUES (1);'],
  ['a table of a query', 'CREATE TABLE made AS SELECT 1 AS x; INSERT INTO made VALUES (1);'],
  ['a column', 'ALTER TABLE city ADD COLUMN extra int; UPDATE city SET extra = 1; ALTER TABLE city DROP COLUMN extra;'],
  ['a column with another name', 'ALTER TABLE city RENAME area TO size; PERFORM c.size FROM city c;'],
  ['a table with another name', 'ALTER TABLE street RENAME TO lane; DELETE FROM lane;'],
  ['a view', 'CREATE OR REPLACE VIEW seen AS SELECT 1 AS x; PERFORM x FROM seen;'],
  ['a sequence', "CREATE SEQUENCE counter; PERFORM last_value FROM counter; PERFORM nextval('counter');"],
  ['a schema', 'CREATE SCHEMA apart; CREATE TABLE apart.made (x int); DELETE FROM apart.made;'],
  ['a type', "CREATE TYPE mood AS ENUM ('ok'); PERFORM 'ok'::mood;"],
  ['a column by EXECUTE', "EXECUTE 'ALTER TABLE city ADD extra int'; UPDATE city SET extra = 1;"],
  ['a table by a variable', "n := 'CREATE TABLE made (x int)'; EXECUTE n; DELETE FROM made;"],
  ['a column with a computed name', "EXECUTE format('ALTER TABLE city ADD %I int', n); UPDATE city SET extra = 1;"],
  ['a table anew', 'DROP TABLE street; CREATE TABLE street AS SELECT 1 AS one; PERFORM s.one FROM street s;'],
])('is silent where the body makes %s itself', async (_, code) => {
  await silentOn(scripts(body(code)));
  const called = body(code, 'make_it(p_id bigint, n text) RETURNS void');
  await silentOn(scripts(called + body(`PERFORM make_it(1, n); ${code.slice(code.indexOf(';') + 1)}`)));
});

it('still reports what a body that makes something else lacks', async () => {
  await reports(
    scripts(
      body(`  CREATE TABLE made (x int); ALTER TABLE city ADD COLUMN extra int;
  UPDATE city SET extr = 1;
--                ^^^^ routine-uses-unknown`),
    ),
  );
});

it('is silent where the history is not known', async () => {
  const script = body('  UPDATE city SET city_nam = n WHERE city_id = p_id;');
  await silentOn({ '0001_a.up.sql': city + script }, { loose: true });
  await silentOn(`${city}SELECT nothing;\n${script}`);
});
