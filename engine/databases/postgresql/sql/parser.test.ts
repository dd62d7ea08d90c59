import { beforeAll, describe, expect, it } from 'vitest';
import { fieldsOf } from './nodes';
import { loadSqlParser } from './library';
import { maxParsedLength, parseStatements } from './parser';

beforeAll(loadSqlParser);

/** Parses a script whose fault is between `«` and `»`, and gives the range that the marks stand for. */
function marked(script: string) {
  const offset = script.indexOf('«');
  const end = script.indexOf('»') - 1;
  const sql = script.replace(/[«»]/g, '');
  return { sql, offset, end, statements: parseStatements(sql) };
}

describe('parseStatements', () => {
  it('parses each statement on its own, so that a broken one blanks nothing else', () => {
    const statements = parseStatements('CREATE TABLE a (id int);\nCREATE TABL b;\nSELECT 1;');
    expect(statements.map(({ node, error }) => [node && Object.keys(node), error?.message])).toEqual([
      [['CreateStmt'], undefined],
      [undefined, 'syntax error at or near "TABL"'],
      [['SelectStmt'], undefined],
    ]);
  });

  it('maps byte locations to document offsets behind emoji and CRLF', () => {
    const sql = "-- é😀\r\nSELECT '😀é' AS x;\r\nSELECT 'ü😀', naïve FROM größe;";
    const [, second] = parseStatements(sql);
    const select = fieldsOf(second?.node, 'SelectStmt');
    const [target] = select?.fromClause as [{ RangeVar: { location: number } }];
    expect(second?.offsetOf(target.RangeVar.location)).toBe(sql.indexOf('größe'));
    const [, column] = select?.targetList as [unknown, { ResTarget: { location: number } }];
    expect(second?.offsetOf(column.ResTarget.location)).toBe(sql.indexOf('naïve'));
  });

  it.each([
    ['a word', "SELECT 1; -- 😀\nSELECT 'é😀' FRM «x» y;"],
    ['a quoted name', 'SELECT 1 FROM a b «"c"» d;'],
    ['an unterminated string, up to its line end', "SELECT «'abc»\n def"],
    ['an operator', 'SELECT * FROM «)» 1'],
    ['the semicolon at an unexpected end', 'SELECT 1 FROM /* a */ «;»\nSELECT 2'],
    ['the last character at an unexpected end without semicolon', 'SELECT 1 «+»'],
    ['the last character beyond the basic plane', 'SELECT * FROM "a" JOIN «😀»'],
    ['a NUL byte', 'SELECT 1; SELECT 😀«\0», 2;'],
  ])('points at %s', (_, script) => {
    const { statements, offset, end } = marked(script);
    const errors = statements.flatMap(({ error }) => error ?? []);
    expect(errors).toMatchObject([{ offset, end }]);
  });

  it('gives neither tree nor error for rows, psql commands and statements over the size limit', () => {
    const statements = parseStatements(`COPY t FROM stdin;\nx\n\\.\n\\echo a\nSELECT '${'x'.repeat(maxParsedLength)}';`);
    expect(statements.map(({ kind, error }) => [kind, error])).toEqual([
      ['sql', undefined],
      ['copy-data', undefined],
      ['meta', undefined],
      ['sql', undefined],
    ]);
    expect(statements.map(({ node }) => node !== undefined)).toEqual([true, false, false, false]);
  });

  it('parses a statement of more than a megabyte', () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `(${i}, 'some text for row ${i}')`).join(', ');
    const [statement] = parseStatements(`INSERT INTO t VALUES ${rows};`);
    expect(statement?.text.length).toBeGreaterThan(1_000_000);
    expect(Object.keys(statement?.node ?? {})).toEqual(['InsertStmt']);
  });

  it.each([
    ['a chain of operators', (i: number) => `SELECT ${'1+'.repeat(9000)}${i}`],
    ['parentheses', (i: number) => `SELECT ${'('.repeat(9000)}${i}${')'.repeat(9000)}`],
    ['NOT', (i: number) => `SELECT ${'NOT '.repeat(9000)} a = ${i}`],
    ['UNION', (i: number) => `SELECT ${i}${' UNION SELECT 1, 2'.repeat(9000)}`],
    ['COLLATE', (i: number) => `SELECT a${' COLLATE "C"'.repeat(9000)}, ${i}`],
  ])('reports statements that are nested too deeply by %s and goes on parsing', (_, make) => {
    for (let i = 0; i < 60; i++) {
      const [deep, next] = parseStatements(`${make(i)};SELECT ${i}`);
      expect(deep?.error?.message).toBe('the statement is nested too deeply to be parsed');
      expect(next?.node).toBeDefined();
    }
  });

  it('parses long but flat conditions, lists and CASE expressions', () => {
    const conditions = Array.from({ length: 5000 }, (_, i) => `a = ${i} + 1`);
    for (const sql of [
      `SELECT 1 WHERE ${conditions.join(' OR ')}`,
      `SELECT 1 WHERE ${conditions.join(' AND ')}`,
      `SELECT ${conditions.join(', ')}`,
      `SELECT CASE ${conditions.map((condition) => `WHEN ${condition} THEN -1`).join(' ')} END`,
    ]) {
      expect(parseStatements(sql)).toMatchObject([{ error: undefined, node: { SelectStmt: {} } }]);
    }
  });

  it('gives the same tree for the same text at another place', () => {
    const [first] = parseStatements('SELECT a FROM b');
    const [, second] = parseStatements('SELECT 1;\n\nSELECT a FROM b');
    expect(second?.node).toBe(first?.node);
    expect(second?.offsetOf(7)).toBe('SELECT 1;\n\nSELECT '.length);
  });

  it('forgets old statements instead of growing', () => {
    const [first] = parseStatements('SELECT 0 AS old');
    for (let i = 0; i < 5000; i++) parseStatements(`SELECT ${i} AS recent`);
    const [again] = parseStatements('SELECT 0 AS old');
    expect(again?.node).not.toBe(first?.node);
    expect(again?.node).toEqual(first?.node);
  });

  it('does not fail on lone surrogates', () => {
    expect(parseStatements("SELECT '\ud800' AS \udc00, 1")).toHaveLength(1);
  });
});
