import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanScript, splitStatements } from './splitter';
import type { Statement } from '../../statement';

const texts = (sql: string) => splitStatements(sql).map((statement) => statement.text);

function expectTiling(sql: string, statements: readonly Statement[]): void {
  let at = 0;
  for (const statement of statements) {
    expect(statement.leadStart).toBe(at);
    expect(statement.start).toBeGreaterThanOrEqual(statement.leadStart);
    expect(statement.end).toBeGreaterThanOrEqual(statement.start);
    expect(statement.tailEnd).toBeGreaterThanOrEqual(statement.end);
    expect(statement.text).toBe(sql.slice(statement.start, statement.end));
    if (statement.kind === 'sql') expect(statement.text).toBe(statement.text.replace(/^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g, ''));
    at = statement.tailEnd;
  }
}

describe('splitStatements', () => {
  it.each<[string, string, string[]]>([
    ['cuts at semicolons and drops empty statements', 'SELECT 1;; ;SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['finds nothing in white space and comments', ' -- a;\n/* b; */ ; ', []],
    ['keeps semicolons in strings', "SELECT 'a;''b;';SELECT 2", ["SELECT 'a;''b;'", 'SELECT 2']],
    ['takes a backslash before a quote as plain text in a standard string', "SELECT 'a\\';SELECT 2", ["SELECT 'a\\'", 'SELECT 2']],
    ['follows backslash escapes in E strings', "SELECT E'a\\';b';SELECT 2", ["SELECT E'a\\';b'", 'SELECT 2']],
    ['follows escapes in a continued E string', "SELECT E'a'\n'b\\';c';SELECT 2", ["SELECT E'a'\n'b\\';c'", 'SELECT 2']],
    ['does not take a word that ends with e as a prefix', "SELECT typE'a\\';SELECT 2", ["SELECT typE'a\\'", 'SELECT 2']],
    ['reads U&, B, X and N strings', "SELECT U&'\\;', b'0;', X'F;', n';';SELECT 2", ["SELECT U&'\\;', b'0;', X'F;', n';'", 'SELECT 2']],
    ['reads quoted names', 'SELECT "a;""b;", U&"c;";SELECT 2', ['SELECT "a;""b;", U&"c;"', 'SELECT 2']],
    ['reads dollar quotes with tags inside each other', 'DO $a$;$$;$b$;$a$;SELECT 2', ['DO $a$;$$;$b$;$a$', 'SELECT 2']],
    ['reads a dollar quote with a tag beyond ASCII', 'DO $größe$;$größe$;SELECT 2', ['DO $größe$;$größe$', 'SELECT 2']],
    ['does not begin a dollar quote inside a word', 'SELECT a$b$;SELECT c$b$', ['SELECT a$b$', 'SELECT c$b$']],
    ['begins a dollar quote after a number', 'SELECT 1$a$;$a$;SELECT 2', ['SELECT 1$a$;$a$', 'SELECT 2']],
    ['does not take a parameter as a dollar quote', 'SELECT $1;SELECT $1', ['SELECT $1', 'SELECT $1']],
    ['follows nested comments', '/* a /* b; */ ; */SELECT 1;SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['keeps comments inside a statement only', '/* a */ SELECT /* ; */ 1 -- b;\n; -- c', ['SELECT /* ; */ 1']],
    ['begins a comment inside an operator', 'SELECT 1 *-- a;\n2;SELECT 2', ['SELECT 1 *-- a;\n2', 'SELECT 2']],
    ['ends line comments at CRLF and at a lone CR', '-- a\r\nSELECT 1;-- b\rSELECT 2', ['SELECT 1', 'SELECT 2']],
    [
      'keeps a BEGIN ATOMIC body with CASE together',
      'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT x.end, 1 AS end; END; SELECT 2',
      ['CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT x.end, 1 AS end; END', 'SELECT 2'],
    ],
    ['does not take BEGIN of a transaction as a body', 'BEGIN; SELECT 1; END', ['BEGIN', 'SELECT 1', 'END']],
    [
      'keeps the actions of a rule together',
      'CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b); SELECT 2',
      ['CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b)', 'SELECT 2'],
    ],
  ])('%s', (_, sql, expected) => {
    const statements = splitStatements(sql);
    expect(statements.map((statement) => statement.text)).toEqual(expected);
    expect(statements.every((statement) => statement.unterminated === undefined)).toBe(true);
    expectTiling(sql, statements);
  });

  it('gives the lead and tail of each statement', () => {
    const sql = '-- first\nSELECT 1 /* a */ ; -- second\nSELECT 2';
    const [first, second] = splitStatements(sql);
    expect(first).toMatchObject({ leadStart: 0, start: sql.indexOf('SELECT 1'), end: sql.indexOf(' /* a'), tailEnd: sql.indexOf(';') + 1 });
    expect(second).toMatchObject({ leadStart: sql.indexOf(';') + 1, start: sql.indexOf('SELECT 2'), end: sql.length, tailEnd: sql.length });
  });

  it('gives psql commands and the rows of COPY their own kinds', () => {
    const sql =
      "\\set a 'x;\nCOPY t (a) FROM stdin;\r\n1\t';\r\n2\r\n\\.\r\nSELECT 1 \\gset\nSELECT 2\n\\gexec\nCOPY u FROM STDIN;\n\\.\nSELECT 3;";
    const statements = splitStatements(sql);
    expect(statements.map(({ kind, text }) => [kind, text])).toEqual([
      ['meta', "\\set a 'x;"],
      ['sql', 'COPY t (a) FROM stdin'],
      ['copy-data', "1\t';\r\n2"],
      ['sql', 'SELECT 1'],
      ['meta', '\\gset'],
      ['sql', 'SELECT 2'],
      ['meta', '\\gexec'],
      ['sql', 'COPY u FROM STDIN'],
      ['copy-data', ''],
      ['sql', 'SELECT 3'],
    ]);
    expectTiling(sql, statements);
  });

  it('does not expect rows after COPY to or from a file', () => {
    expect(splitStatements("COPY t FROM '/a';\nSELECT 1;\nCOPY t TO STDOUT;\nSELECT 2;").map(({ kind }) => kind)).toEqual(
      Array(4).fill('sql'),
    );
  });

  it('reads on after COPY rows whose end is missing', () => {
    const sql = 'COPY t FROM stdin;\n1\n2\n\nCREATE TABLE a ();\nCOPY t FROM stdin;\n3\n\\.\n';
    expect(splitStatements(sql).map(({ text, unterminated }) => [text, unterminated?.what])).toEqual([
      ['COPY t FROM stdin', undefined],
      ['1\n2', 'COPY rows'],
      ['CREATE TABLE a ()', undefined],
      ['COPY t FROM stdin', undefined],
      ['3', undefined],
    ]);
  });
});

describe('splitStatements on broken scripts', () => {
  const after = "\nCREATE TABLE u (a text DEFAULT 'x');\n-- then\nINSERT INTO u VALUES ('y'), ($$z$$);\nSELECT 1;\n";
  const goodAfter = ["CREATE TABLE u (a text DEFAULT 'x')", "INSERT INTO u VALUES ('y'), ($$z$$)", 'SELECT 1'];

  it.each<[string, string, string, string]>([
    ['string', "INSERT INTO t VALUES ('abc);", "INSERT INTO t VALUES ('abc)", 'quoted string'],
    [
      'string with apostrophes around it',
      "INSERT INTO t VALUES ('a', 'it's', 'b');",
      "INSERT INTO t VALUES ('a', 'it's', 'b')",
      'quoted string',
    ],
    ['E string', "SELECT E'abc\\';", "SELECT E'abc\\'", 'quoted string'],
    ['quoted name', 'CREATE TABLE "t (a int);', 'CREATE TABLE "t (a int)', 'quoted identifier'],
    ['dollar quote with its own tag', 'DO $body$ begin null; end;', 'DO $body$ begin null; end', 'dollar-quoted string'],
    ['comment', 'SELECT 1 /* abc;', 'SELECT 1 /* abc', '/* comment'],
    ['comment before a statement', '/* abc;', '/* abc', '/* comment'],
    ['BEGIN ATOMIC body', 'CREATE FUNCTION f() BEGIN ATOMIC SELECT 2;', 'CREATE FUNCTION f() BEGIN ATOMIC SELECT 2', 'BEGIN ATOMIC body'],
    [
      'rule',
      'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a;',
      'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a',
      'parenthesis of the rule',
    ],
  ])('resumes after an unterminated %s', (_, broken, text, what) => {
    const sql = `SELECT 0;\n${broken}${after}`;
    const statements = splitStatements(sql);
    expect(statements.map((statement) => statement.text)).toEqual(['SELECT 0', text, ...goodAfter]);
    expect(statements.map((statement) => statement.unterminated?.what)).toEqual([undefined, what, undefined, undefined, undefined]);
    expectTiling(sql, statements);
  });

  it('resumes at a statement after a blank line where no semicolon stands', () => {
    expect(texts("SELECT 'abc\n\n-- next\nCREATE TABLE t ();\nSELECT 1;")).toEqual(["SELECT 'abc", 'CREATE TABLE t ()', 'SELECT 1']);
  });

  it('resumes at the next function when a body is not closed', () => {
    const sql = 'CREATE FUNCTION a() AS $$\nBEGIN\n  x;\nEND;\n\nCREATE FUNCTION b() AS $$ BEGIN END; $$ LANGUAGE plpgsql;\nSELECT 1;';
    expect(texts(sql)).toEqual([
      'CREATE FUNCTION a() AS $$\nBEGIN\n  x;\nEND',
      'CREATE FUNCTION b() AS $$ BEGIN END; $$ LANGUAGE plpgsql',
      'SELECT 1',
    ]);
  });

  it('keeps the rest as one statement when no likely statement follows', () => {
    const [only, ...others] = splitStatements("SELECT 'abc; select 2;\n select 3;");
    expect(only).toMatchObject({ text: "SELECT 'abc; select 2;\n select 3;", unterminated: { what: 'quoted string', start: 7 } });
    expect(others).toEqual([]);
  });

  it('leaves strings and bodies alone that hold whole statements', () => {
    const body = "CREATE FUNCTION f() RETURNS void AS '\nBEGIN;\nSELECT 1;\n\nINSERT INTO a VALUES (1);\n' LANGUAGE sql";
    const dollar = 'DO $$\nSELECT 1;\n\nINSERT INTO a VALUES (1);\n$$';
    expect(texts(`${body};\n${dollar};\nSELECT 2;`)).toEqual([body, dollar, 'SELECT 2']);
  });
});

const identifier = fc.constantFrom('a', 'memories', '"odd;name"', 'größe', 'x$y', 'case_', 'endless');
const literal = fc.oneof(
  fc.stringMatching(/^[a-z0-9é😀;\-/*$" ]{0,12}$/u).map((text) => `'${text}'`),
  fc.constantFrom("E'it\\'s; \\\\'", "'it''s;'", '$$ ; $x$ $$', "$t$ '; $t$", "B'01'", "U&'\\0061;'", '1', '$1', '-2.5'),
);
const filler = fc.constantFrom(' ', '\n', '\r\n', '\t', " /* ; ' */ ", ' -- ; "\n', ' /* a /* ; */ */ ');
const goodStatement = fc.oneof(
  fc.tuple(identifier, literal, filler).map(([name, value, gap]) => `INSERT INTO ${name}${gap}VALUES (${value},${gap}${value})`),
  fc.tuple(identifier, filler).map(([name, gap]) => `CREATE TABLE${gap}${name} (id int)`),
  fc.tuple(identifier, literal).map(([name, value]) => `UPDATE ${name} SET a = ${value} WHERE b <> ${value}`),
  fc
    .tuple(identifier, literal)
    .map(([name, value]) => `CREATE FUNCTION ${name}() RETURNS text BEGIN ATOMIC SELECT CASE WHEN true THEN ${value} END; END`),
  fc
    .tuple(identifier, literal)
    .map(([name, value]) => `CREATE FUNCTION ${name}() RETURNS text AS $body$ BEGIN RETURN ${value}; END $body$ LANGUAGE plpgsql`),
);
const fragments = fc.constantFrom(
  ...[
    "'",
    '"',
    '$$',
    '$a$',
    '$',
    '/*',
    '*/',
    '--',
    '\n',
    '\r',
    '\r\n',
    ';',
    ';\n',
    '(',
    ')',
    '\\',
    '\\.',
    ' ',
    'E',
    "E'",
    "U&'",
    'a',
    '1',
    '\0',
    'é',
    '😀',
    '\ud800',
  ],
  ...[
    '\n\n',
    '\nSELECT 1',
    'BEGIN ATOMIC',
    'END',
    'CASE',
    'COPY t FROM stdin;\n',
    'CREATE FUNCTION ',
    'CREATE RULE ',
    '\nCREATE TABLE a();\n',
    'AS ',
    'DO ',
  ],
);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join('')),
);

describe('splitStatements on any text', () => {
  it('covers the text with touching territories and never throws', () => {
    fc.assert(
      fc.property(anything, (sql) => {
        const statements = splitStatements(sql);
        expectTiling(sql, statements);
        const rest = sql.slice(statements.at(-1)?.tailEnd ?? 0);
        expect(splitStatements(rest)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives joined statements back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(goodStatement, filler)), (parts) => {
        const sql = parts.map(([statement, gap]) => `${gap}${statement}${gap};`).join('');
        const statements = splitStatements(sql);
        expect(statements.map((statement) => statement.text)).toEqual(parts.map(([statement]) => statement));
        expect(statements.some((statement) => statement.unterminated)).toBe(false);
        for (const statement of statements) expect(splitStatements(sql.slice(statement.leadStart, statement.start))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  /** After a forgotten quote, strings that begin or end like code can hide a boundary; these statements have none of them. */
  const plainLiteral = fc.constantFrom("'abc'", "'it, too; 1'", "'über'", '$$x$$', '1');
  const plainStatement = fc.oneof(
    fc.tuple(plainLiteral, plainLiteral).map(([first, second]) => `INSERT INTO t VALUES (${first}, ${second})`),
    plainLiteral.map((value) => `UPDATE t\nSET a = ${value}`),
    fc.constantFrom('CREATE TABLE u (id int)', 'ALTER TABLE t DROP COLUMN "Odd"', "DO $$\nBEGIN\n  PERFORM 'a';\nEND\n$$"),
  );
  const broken = fc.constantFrom(
    ...["INSERT INTO t VALUES ('abc)", "UPDATE t SET a = 'it's'", 'SELECT "abc', 'DO $q$ BEGIN END', 'SELECT /* abc', "SELECT E'a\\'"],
    ...['SELEC 1 FROM', 'CREATE TABLE (', ')) 1', 'CREATE FUNCTION f() BEGIN ATOMIC SELECT 1', 'SELECT CASE', 'x'],
  );

  it('keeps the statements around a broken one', () => {
    fc.assert(
      fc.property(fc.array(plainStatement), broken, fc.array(plainStatement), (before, bad, after) => {
        const sql = [...before, bad, ...after].map((statement) => `${statement};\n`).join('');
        const statements = splitStatements(sql);
        expectTiling(sql, statements);
        expect(statements.slice(0, before.length).map(({ text }) => text)).toEqual(before);
        expect(after.length === 0 ? [] : statements.slice(-after.length).map(({ text }) => text)).toEqual(after);
        expect(statements).toHaveLength(before.length + 1 + after.length);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, (n: number) => string]>([
    ['good statements', (n) => "INSERT INTO t VALUES ('a;', $$b$$); -- c\n".repeat(n)],
    ['one long line of strings', (n) => `INSERT INTO t VALUES (${"'a',".repeat(n)}'b');`],
    ['one string over many lines', (n) => `SELECT '${'a;\nSELECT 1\n'.repeat(n)}';`],
    ['forgotten quotes', (n) => "SELECT 'a;\n\n".repeat(n)],
    ['forgotten quotes of two kinds', (n) => 'SELECT \'a;\nSELECT "b;\n'.repeat(n)],
    ['dollar quotes that never end', (n) => Array.from({ length: n }, (_, i) => `DO $t${i}$ a;\n`).join('')],
    ['dollar quotes that never end, on one line', (n) => Array.from({ length: n }, (_, i) => `$t${i}$ a;`).join('')],
    ['comments that never end', (n) => '/* a;\nSELECT 1;\n'.repeat(n)],
    ['bodies that never end', (n) => 'CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;\n'.repeat(n)],
    ['bodies that never end, on one line', (n) => 'CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;'.repeat(n)],
    ['rules that never end', (n) => 'CREATE RULE r (a;\n'.repeat(n)],
    ['COPY without end', (n) => 'COPY t FROM stdin;\n1\n\nSELECT 1;\n'.repeat(n)],
    ['COPY on two lines without end', (n) => 'COPY t\nFROM stdin;\n1\n\nSELECT 1;\n'.repeat(n)],
    ['comment lines after a semicolon', (n) => `SELECT 'a;\n${'-- b;\n'.repeat(n)}`],
    ['backslashes', (n) => '\\ \\'.repeat(n)],
  ])('looks at %s a bounded number of times', (_, make) => {
    const sql = make(20_000);
    const { steps } = scanScript(sql);
    expect(steps).toBeLessThan(24 * sql.length + 200_000);
  });
});
