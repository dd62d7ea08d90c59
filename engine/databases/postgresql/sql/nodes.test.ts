import { beforeAll, describe, expect, it } from 'vitest';
import {
  alterTableCommands,
  cannotRunInTransaction,
  fieldsOf,
  isConcurrent,
  handleNode,
  nameFromList,
  nodeEntry,
  type NodeHandlers,
  nodeType,
  relationName,
  walk,
} from './nodes';
import { loadSqlParser } from './library';
import { parseStatements } from './parser';
import type { SqlNode } from './statement';

beforeAll(loadSqlParser);

function nodeOf(sql: string): SqlNode {
  const [statement] = parseStatements(sql);
  if (!statement?.node) throw new Error(`does not parse: ${sql}: ${statement?.error?.message}`);
  return statement.node;
}

describe('names', () => {
  it('reads the name of a relation with and without schema', () => {
    expect(relationName(fieldsOf(nodeOf('CREATE INDEX ON s.t (a)'), 'IndexStmt')?.relation)).toEqual({ schema: 's', name: 't' });
    expect(relationName(fieldsOf(nodeOf('TRUNCATE "T"'), 'TruncateStmt')?.relations?.[0])).toEqual({ name: 'T' });
    expect(relationName(undefined)).toBeUndefined();
  });

  it.each([
    ['DROP TABLE s.t', { schema: 's', name: 't' }],
    ['DROP SCHEMA s', { name: 's' }],
    ['DROP TYPE s.t', { schema: 's', name: 't' }],
    ['DROP FUNCTION s.f(int)', { schema: 's', name: 'f' }],
  ])('reads the name that %s drops', (sql, name) => {
    expect(nameFromList(fieldsOf(nodeOf(sql), 'DropStmt')?.objects?.[0])).toEqual(name);
  });

  it('reads type names from lists', () => {
    expect(nameFromList(fieldsOf(nodeOf("CREATE TYPE s.mood AS ENUM ('a')"), 'CreateEnumStmt')?.typeName)).toEqual({
      schema: 's',
      name: 'mood',
    });
  });
});

describe('isConcurrent and cannotRunInTransaction', () => {
  it.each([
    ['CREATE INDEX CONCURRENTLY i ON t (a)', true, true],
    ['CREATE INDEX i ON t (a)', false, false],
    ['DROP INDEX CONCURRENTLY i', true, true],
    ['DROP INDEX i', false, false],
    ['REINDEX TABLE CONCURRENTLY t', true, true],
    ['REINDEX (VERBOSE, CONCURRENTLY) INDEX i', true, true],
    ['REINDEX (CONCURRENTLY false) TABLE t', false, false],
    ['REINDEX (CONCURRENTLY 0) TABLE t', false, false],
    ['REINDEX TABLE t', false, false],
    ['REINDEX SCHEMA s', false, true],
    ['REINDEX SYSTEM', false, true],
    ['ALTER TABLE p DETACH PARTITION c CONCURRENTLY', true, true],
    ['ALTER TABLE p DETACH PARTITION c', false, false],
    ['REFRESH MATERIALIZED VIEW CONCURRENTLY m', true, false],
    ['VACUUM t', false, true],
    ['ANALYZE t', false, false],
    ['CLUSTER', false, true],
    ['CLUSTER t USING i', false, false],
    ['CREATE DATABASE d', false, true],
    ['DROP DATABASE d', false, true],
    ['ALTER DATABASE d SET TABLESPACE s', false, true],
    ['ALTER DATABASE d SET work_mem = 1', false, false],
    ['ALTER SYSTEM SET work_mem = 1', false, true],
    ["CREATE TABLESPACE s LOCATION '/s'", false, true],
    ['DROP TABLESPACE s', false, true],
    ['DISCARD ALL', false, true],
    ['DISCARD PLANS', false, false],
    ["ALTER TYPE t ADD VALUE 'x'", false, false],
    ["CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", false, true],
    ["CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = false)", false, false],
    ['ALTER SUBSCRIPTION s REFRESH PUBLICATION', false, true],
    ["COMMIT PREPARED 'x'", false, true],
  ])('judges %s', (sql, concurrent, refused) => {
    const node = nodeOf(sql);
    expect([isConcurrent(node), cannotRunInTransaction(node)]).toEqual([concurrent, refused]);
  });
});

describe('alterTableCommands', () => {
  it('lists the commands with their subjects', () => {
    const node = nodeOf('ALTER TABLE t ADD COLUMN a int, DROP COLUMN b CASCADE, ALTER c SET NOT NULL, VALIDATE CONSTRAINT d');
    expect(alterTableCommands(node).map(({ subtype, name, behavior }) => [subtype, name, behavior])).toEqual([
      ['AT_AddColumn', undefined, 'restrict'],
      ['AT_DropColumn', 'b', 'cascade'],
      ['AT_SetNotNull', 'c', 'restrict'],
      ['AT_ValidateConstraint', 'd', 'restrict'],
    ]);
    expect(fieldsOf(alterTableCommands(node)[0]?.def, 'ColumnDef')?.colname).toBe('a');
  });

  it('is empty for other statements', () => {
    expect(alterTableCommands(nodeOf('SELECT 1'))).toEqual([]);
  });
});

describe('nodeEntry and handleNode', () => {
  it('tells the fields by the type', () => {
    const [type, inner] = nodeEntry(nodeOf('TRUNCATE a, b CASCADE'));
    expect(type === 'TruncateStmt' && [inner.behavior, inner.relations?.length]).toEqual(['DROP_CASCADE', 2]);
  });

  it('calls the handler of the type with the arguments', () => {
    const handlers: NodeHandlers<string, [prefix: string]> = { DropStmt: ({ removeType }, prefix) => `${prefix}${removeType}` };
    expect(handleNode(handlers, nodeOf('DROP VIEW v'), '>')).toBe('>OBJECT_VIEW');
    expect(handleNode(handlers, nodeOf('SELECT 1'), '>')).toBeUndefined();
  });

  it('takes an empty element of a list', () => {
    const empty = fieldsOf(nodeOf('SELECT DISTINCT a FROM t'), 'SelectStmt')?.distinctClause?.[0];
    expect(empty && [nodeType(empty), nodeEntry(empty), handleNode({}, empty)]).toEqual(['', ['', {}], undefined]);
  });
});

describe('walk', () => {
  it('finds every relation, also where it stands without its type, in order', () => {
    const found: string[] = [];
    const node = nodeOf('INSERT INTO a SELECT * FROM b JOIN c ON true WHERE EXISTS (SELECT 1 FROM d)');
    walk(node, (type, inner) => {
      if (type === 'RangeVar') found.push(inner.relname ?? '');
    });
    expect(found).toEqual(['a', 'b', 'c', 'd']);
    expect(nodeType(node)).toBe('InsertStmt');
  });

  it('skips what is inside a node when told to', () => {
    const types: string[] = [];
    walk(nodeOf('SELECT a + b'), (...[type]) => {
      types.push(type);
      return type !== 'A_Expr';
    });
    expect(types).toEqual(['SelectStmt', 'ResTarget', 'A_Expr']);
  });
});
