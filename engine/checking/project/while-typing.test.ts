import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { check as dropColumn } from '../checks/postgresql/clients/drop-column';
import { check as indexNotConcurrent } from '../checks/postgresql/locks/index-not-concurrent';
import { check as unboundedWrite } from '../checks/postgresql/data/unbounded-write';
import { findingsIn, startShadow } from '../checks/testing/sql-fixture';
import type { Shadow } from '../../databases/observation';

const checks = [dropColumn, indexNotConcurrent, unboundedWrite];
const base = Array.from({ length: 6 }, (_, index) => `CREATE TABLE t${index} (id int PRIMARY KEY, a int, b text);`).join('\n');
const statements = [
  'CREATE INDEX i0 ON t0 (a)',
  'ALTER TABLE t1 DROP COLUMN b',
  "UPDATE t2 SET b = 'naïve 😀'",
  '-- a comment; with a semicolon\nCREATE UNIQUE INDEX i3 ON t3 (a)',
  "/* 😀 */ UPDATE t4 SET b = 'it''s; fine'",
  'DO $$ BEGIN ALTER TABLE t5 DROP a; END $$',
];

/** Check id and marked text of every finding, by the statement that it stands in. */
async function findingsByStatement(parts: readonly string[], lineEnd: string, shadow?: Shadow): Promise<string[][]> {
  const texts = parts.map((part) => `${part};`.replaceAll('\n', lineEnd));
  const script = texts.join(lineEnd);
  const fixture = { '0001_base.up.sql': base, '0002_change.up.sql': script };
  const findings = await findingsIn(fixture, checks, shadow ? { shadow } : {});
  let start = 0;
  return texts.map((text) => {
    const end = start + text.length;
    const own = findings.filter(({ file, range }) => file.endsWith('0002_change.up.sql') && range.start >= start && range.start < end);
    start = end + lineEnd.length;
    return own.map(({ id, range }) => `${id}: ${script.slice(range.start, range.end)}`).sort();
  });
}

const lineEnds = fc.constantFrom('\n', '\r\n');
const place = fc.nat({ max: statements.length - 1 });
/** What somebody has typed so far: half a statement, or one with something wrong in it, but no open quote or comment. */
const halfTyped = fc.oneof(
  fc
    .tuple(fc.constantFrom('ALTER TABLE t1 ADD COLUMN c integer DEFAULT 5', 'SELECT a, b FROM t2 WHERE a = 1'), fc.nat({ max: 40 }))
    .map(([text, length]) => text.slice(0, Math.max(1, length))),
  fc.constantFrom(
    'SELEC 1',
    'CREATE INDX',
    'ALTER TABLE',
    '😀',
    ')))',
    'CREATE TABLE x (',
    '\\',
    'SELECT FROM WHERE',
    '$1',
    '--',
    '/* closed */ x',
  ),
);

beforeAll(async () => {
  expect((await findingsByStatement(statements, '\n')).map((each) => each.length)).toEqual([1, 1, 1, 1, 1, 1]);
});

it('keeps the findings of all other statements while one is typed, also with CRLF, comments and emoji', async () => {
  const whole = await findingsByStatement(statements, '\n');
  await fc.assert(
    fc.asyncProperty(place, halfTyped, lineEnds, async (at, typed, lineEnd) => {
      // A line comment would swallow the semicolon that follows it.
      const own = typed === '--' ? '--\n' : typed;
      const parts = statements.map((statement, index) => (index === at ? own : statement));
      const found = await findingsByStatement(parts, lineEnd);
      const others = (each: readonly unknown[]) => each.filter((_, index) => index !== at);
      expect(others(found)).toEqual(others(whole.map((texts) => texts.map((text) => text.replaceAll('\n', lineEnd)))));
    }),
    { numRuns: 300 },
  );
});

it('keeps them with the database as well', async () => {
  const shadow = await startShadow();
  const whole = await findingsByStatement(statements, '\n', shadow);
  expect(whole.map((each) => each.length)).toEqual([1, 1, 1, 1, 1, 1]);
  await fc.assert(
    fc.asyncProperty(place, halfTyped, async (at, typed) => {
      const parts = statements.map((statement, index) => (index === at ? (typed === '--' ? '--\n' : typed) : statement));
      const found = await findingsByStatement(parts, '\n', shadow);
      expect(found.filter((_, index) => index !== at)).toEqual(whole.filter((_, index) => index !== at));
    }),
    { numRuns: 25 },
  );
});

it('loses no finding before an unterminated quote, and finds again what starts a line after it', async () => {
  const parts = statements.map((statement, index) => (index === 2 ? "UPDATE t2 SET b = 'open" : statement));
  const found = await findingsByStatement(parts, '\n');
  expect(found.slice(0, 2).map((each) => each.length)).toEqual([1, 1]);
  expect(found.slice(3).flat().length).toBeGreaterThan(0);
});
