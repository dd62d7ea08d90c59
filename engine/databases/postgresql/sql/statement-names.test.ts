import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from './library';
import { parseStatements } from './parser';
import { commandOf, statementLabel } from './statement-names';

beforeAll(loadSqlParser);

describe('statementLabel', () => {
  it.each([
    ['CREATE TABLE IF NOT EXISTS s.t (id int)', 'CREATE TABLE s.t'],
    ['CREATE FOREIGN TABLE f (id int) SERVER x', 'CREATE FOREIGN TABLE f'],
    ['CREATE TABLE t AS SELECT 1', 'CREATE TABLE t'],
    ['CREATE MATERIALIZED VIEW m AS SELECT 1', 'CREATE MATERIALIZED VIEW m'],
    ['CREATE INDEX memories_at_idx ON memories (at)', 'CREATE INDEX memories_at_idx ON memories'],
    ['CREATE UNIQUE INDEX CONCURRENTLY ON s.t (a)', 'CREATE UNIQUE INDEX CONCURRENTLY ON s.t'],
    ['ALTER TABLE users DROP COLUMN email', 'ALTER TABLE users DROP COLUMN email'],
    ['ALTER TABLE t ADD COLUMN a int, DROP COLUMN b', 'ALTER TABLE t ADD COLUMN a and 1 more'],
    ['ALTER TABLE t ALTER a TYPE text', 'ALTER TABLE t ALTER COLUMN a TYPE'],
    ['ALTER TABLE t ALTER a DROP DEFAULT', 'ALTER TABLE t ALTER COLUMN a DROP DEFAULT'],
    ['ALTER TABLE t ADD CHECK (a > 0)', 'ALTER TABLE t ADD CONSTRAINT'],
    ['ALTER TABLE t OWNER TO me', 'ALTER TABLE t OWNER TO me'],
    ['ALTER TABLE t SET (fillfactor = 70)', 'ALTER TABLE t SET (fillfactor = 70)'],
    ['ALTER TYPE c ADD ATTRIBUTE a int', 'ALTER TYPE c ADD ATTRIBUTE a'],
    ["ALTER TYPE mood ADD VALUE 'x'", 'ALTER TYPE mood ADD VALUE x'],
    ['ALTER TABLE t RENAME a TO b', 'ALTER TABLE t RENAME COLUMN a TO b'],
    ['ALTER TABLE t RENAME CONSTRAINT a TO b', 'ALTER TABLE t RENAME CONSTRAINT a TO b'],
    ['ALTER TRIGGER g ON t RENAME TO h', 'ALTER TRIGGER g ON t RENAME TO h'],
    ['ALTER TYPE a RENAME TO b', 'ALTER TYPE a RENAME TO b'],
    ['ALTER SCHEMA a RENAME TO b', 'ALTER SCHEMA a RENAME TO b'],
    ['DROP INDEX CONCURRENTLY a.i, j', 'DROP INDEX CONCURRENTLY a.i, j'],
    ['DROP TRIGGER g ON s.t', 'DROP TRIGGER g ON s.t'],
    ['DROP FUNCTION s.f(int)', 'DROP FUNCTION s.f'],
    ["COMMENT ON COLUMN a.b IS 'x'", 'COMMENT ON COLUMN a.b'],
    ['INSERT INTO s.t VALUES (1)', 'INSERT INTO s.t'],
    ['CREATE PROCEDURE s.f() LANGUAGE sql AS $$$$', 'CREATE PROCEDURE s.f'],
    ['SET\n  lock_timeout = 1', 'SET lock_timeout = 1'],
    ['CREATE TABL oops', 'CREATE TABL oops'],
    ['\\connect a', '\\connect a'],
  ])('names %s', (sql, label) => {
    const [statement] = parseStatements(sql);
    expect(statement && statementLabel(statement)).toBe(label);
  });

  it('cuts a long text without splitting a character', () => {
    const [statement] = parseStatements(`SELECT '${'x'.repeat(50)}${'😀'.repeat(9)}'`);
    const label = statement ? statementLabel(statement) : '';
    expect(label.length).toBeLessThanOrEqual(60);
    expect(label).toMatch(/x…$/);
  });
});

describe('commandOf', () => {
  it.each([
    ['CREATE INDEX ON events (id)', 'CREATE INDEX'],
    ['CREATE UNIQUE INDEX events_id ON events (id)', 'CREATE UNIQUE INDEX'],
    ['ALTER TABLE t ADD COLUMN a int', 'ADD COLUMN'],
    ['ALTER TABLE t ADD COLUMN a int, DROP COLUMN b', 'ALTER TABLE'],
    ['CREATE TRIGGER g AFTER DELETE ON t EXECUTE FUNCTION f()', 'CREATE TRIGGER'],
    ['DROP INDEX CONCURRENTLY i', 'DROP INDEX CONCURRENTLY'],
    ['ALTER POLICY p ON t USING (false)', 'ALTER POLICY'],
  ])('names the command of %s', (sql, command) => {
    const [statement] = parseStatements(sql);
    expect(statement && commandOf(statement)).toBe(command);
  });
});
