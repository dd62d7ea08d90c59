import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { bodyOf } from './inner-statements';
import { loadSqlParser } from './library';
import { parseStatements } from './parser';

beforeAll(() => loadSqlParser());

function bodyIn(sql: string) {
  const statement = parseStatements(sql)[0];
  return statement && bodyOf(statement);
}

/** Type of node, text in the document, and how it is run. */
function summary(sql: string): string[] {
  return (bodyIn(sql)?.statements ?? []).map(
    ({ node, start, end, via, exact }) => `${Object.keys(node ?? {})[0]} ${via}${exact ? '' : ' about'}: ${sql.slice(start, end)}`,
  );
}

it('finds the statements of a DO block where they stand, also behind emoji and comments', () => {
  const sql = `-- 😀 é
DO $body$
DECLARE x int := 5; r record;
BEGIN
  ALTER TABLE t ADD COLUMN a int; -- UPDATE t SET a = x
  IF x > 3 THEN
    DROP TABLE u;
  ELSE UPDATE t SET a = x;
  END IF;
  FOR r IN SELECT * FROM t LOOP PERFORM pg_sleep(1); END LOOP;
  CREATE INDEX i ON t (a); INSERT INTO t VALUES (1) RETURNING a INTO x;
EXCEPTION WHEN others THEN
  DROP TABLE v;
END $body$;`;
  expect(summary(sql)).toEqual([
    'AlterTableStmt body: ALTER TABLE t ADD COLUMN a int',
    'DropStmt body: DROP TABLE u',
    'UpdateStmt body: UPDATE t SET a = x',
    'SelectStmt body: SELECT * FROM t',
    'SelectStmt body about: pg_sleep(1)',
    'IndexStmt body: CREATE INDEX i ON t (a)',
    'InsertStmt body: INSERT INTO t VALUES (1) RETURNING a',
    'DropStmt body: DROP TABLE v',
  ]);
});

it('gives each of several equal statements its own place', () => {
  const sql = 'DO $$ BEGIN\n DROP TABLE t; DROP TABLE t;\n DROP TABLE t;\nEND $$';
  const starts = [...sql.matchAll(/DROP/g)].map(({ index }) => index);
  expect(bodyIn(sql)?.statements.map(({ start }) => start)).toEqual(starts);
});

it('reads constant strings of EXECUTE and names the others', () => {
  const sql = `DO $$ BEGIN
    EXECUTE 'DROP TABLE u';
    EXECUTE 'UPDATE t SET a = ''x''';
    EXECUTE format('DROP TABLE %I', 'Odd');
    EXECUTE 'DROP ' || 'TABLE w';
    EXECUTE 'DROP TABLE ' || name;
  END $$`;
  expect(summary(sql)).toEqual([
    'DropStmt execute: DROP TABLE u',
    "UpdateStmt execute about: 'UPDATE t SET a = ''x'''",
    "DropStmt execute about: format('DROP TABLE %I', 'Odd')",
    "DropStmt execute about: 'DROP ' || 'TABLE w'",
  ]);
  expect(bodyIn(sql)?.dynamic.map(({ start, end }) => sql.slice(start, end))).toEqual(["'DROP TABLE ' || name"]);
});

it('reads SQL functions and triggers written in PL/pgSQL as routines', () => {
  const sql = "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t; SELECT 1'";
  expect(bodyIn(sql)?.kind).toBe('routine');
  expect(summary(sql)).toEqual(['DeleteStmt body: DELETE FROM t', 'SelectStmt body: SELECT 1']);
  const trigger = 'CREATE FUNCTION g() RETURNS trigger AS $f$ BEGIN UPDATE t SET a = NEW.a; RETURN NEW; END $f$ LANGUAGE plpgsql';
  expect(summary(trigger)).toEqual(['UpdateStmt body: UPDATE t SET a = NEW.a']);
});

it('reads subqueries of expressions', () => {
  const sql = 'DO $$ DECLARE x int; BEGIN x := (SELECT max(a) FROM t); IF EXISTS (SELECT 1 FROM u) THEN NULL; END IF; END $$';
  expect(summary(sql)).toEqual(['SelectStmt body about: (SELECT max(a) FROM t)', 'SelectStmt body about: EXISTS (SELECT 1 FROM u)']);
});

it('has nothing to say of other languages, of broken code and of plain statements', () => {
  expect(summary("DO LANGUAGE plpython3u 'plpy.execute(1)'")).toEqual([]);
  expect(summary('DO $$ BEGIN IF THEN; $$')).toEqual([]);
  expect(bodyIn('DROP TABLE t')).toBeUndefined();
});

it('never throws, and every place lies in the body', () => {
  const piece = fc.constantFrom(
    'BEGIN ',
    'END ',
    'IF x THEN ',
    'END IF; ',
    'DROP TABLE t; ',
    "EXECUTE 'a''b'; ",
    'x := 1; ',
    'é😀',
    "'",
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const body = bodyIn(`DO $q$ ${pieces.join('')} $q$`);
      for (const { start, end } of body?.statements ?? []) {
        expect(start >= (body?.range.start ?? 0) && end <= (body?.range.end ?? 0) && start <= end).toBe(true);
      }
    }),
  );
});
