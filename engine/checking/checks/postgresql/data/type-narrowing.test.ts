import { expect, it } from 'vitest';
import { check } from './type-narrowing';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id bigint PRIMARY KEY, kind varchar(50), note text, price numeric(10,4), at timestamptz, code text);
INSERT INTO memories VALUES (1, 'joke', 'n', 1.5, now(), '7');`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });
const alone = sqlCheck(check);

it('reports types that hold less, and says which rows to look for', async () => {
  const findings = await reports(`ALTER TABLE memories ALTER COLUMN kind TYPE varchar(20);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
ALTER TABLE memories ALTER COLUMN id TYPE int;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
ALTER TABLE memories ALTER COLUMN code TYPE int USING code::int;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
`);
  const [length, range, unreadable] = findings.map(({ message, details, advice }) => [message, details, advice].join('\n'));
  expect(findings[0]).toMatchObject({ verified: true, severity: 'warning', hazards: ['P19'] });
  expect(length).toMatch(/^Fails at the first memories\.kind that does not fit varchar\(20\)\n/);
  expect(length).toContain('SELECT count(*) FROM memories WHERE length(kind) > 20;');
  expect(range).toContain('WHERE abs(id) > 2147483647;');
  expect(unreadable).toContain('A text value that is not a valid integer is an error');
});

it('reports what is cut without an error', async () => {
  const findings = await reports(`ALTER TABLE memories ALTER COLUMN kind TYPE varchar(20) USING kind::varchar(20);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
ALTER TABLE memories ALTER COLUMN note TYPE varchar(20) USING left(note, 20);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
ALTER TABLE memories ALTER COLUMN price TYPE int;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
ALTER TABLE memories ALTER COLUMN at TYPE date;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
`);
  for (const { message } of findings) expect(message).toMatch(/^Loses data in memories\.\w+ without an error$/);
});

it('is silent on types that hold as much or more, and on new tables', () =>
  silentOn(`ALTER TABLE memories ALTER COLUMN kind TYPE varchar(60);
ALTER TABLE memories ALTER COLUMN kind TYPE text;
ALTER TABLE memories ALTER COLUMN price TYPE numeric(12,4);
ALTER TABLE memories ALTER COLUMN note TYPE varchar USING trim(note);
ALTER TABLE memories ALTER COLUMN at TYPE timestamp;
CREATE TABLE fresh (kind text);
ALTER TABLE fresh ALTER COLUMN kind TYPE varchar(9);
`));

it('follows a column through its renames', async () => {
  const [finding] = await findingsIn({
    '0002_rename.up.sql': 'ALTER TABLE memories RENAME TO thoughts;\nALTER TABLE thoughts RENAME COLUMN kind TO sort;\n',
    '0003_type.up.sql': 'ALTER TABLE thoughts ALTER COLUMN sort TYPE varchar(30);\n',
  });
  expect(finding?.details).toBe('varchar(50) can contain values of more than 30 characters.');
});

it('judges an unknown column by a cast that cuts, and by nothing else', async () => {
  const findings = await bySyntax.findingsIn(`ALTER TABLE orders ALTER COLUMN note TYPE varchar(20) USING note::varchar(20);
ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);
`);
  expect(findings.map(({ verified }) => verified)).toEqual([false]);
});

const cats = {
  '0001_cats.up.sql': `CREATE TYPE mood AS ENUM ('happy', 'hungry', 'angry');
CREATE TABLE cat (id int PRIMARY KEY, mood mood NOT NULL, moods mood[], was mood);`,
};

it('names the value that the enum which replaces another lacks', async () => {
  const findings = await alone.reports({
    ...cats,
    '0002_swap.up.sql': `ALTER TYPE mood RENAME TO old_mood;
CREATE TYPE mood AS ENUM ('happy', 'hungry');
ALTER TABLE cat ALTER mood TYPE mood USING mood::text::mood, ALTER was TYPE mood USING was::text::mood;
--                    ^^^^ type-narrowing
--                                                                 ^^^ type-narrowing
`,
  });
  expect(findings[0]?.details).toContain("mood has no value 'angry'");
  expect(findings[0]?.advice).toContain("SELECT count(*) FROM cat WHERE mood::text = 'angry';");
});

it('lets an enum be replaced by one that has every value, or for which the rows are made ready', () =>
  alone.silentOn({
    ...cats,
    '0002_more.up.sql': `CREATE TYPE more AS ENUM ('happy', 'hungry', 'angry', 'calm');
ALTER TABLE cat ALTER mood TYPE more USING mood::text::more, ALTER moods TYPE more[] USING moods::text[]::more[];`,
    '0003_map.up.sql': `CREATE TYPE less AS ENUM ('happy', 'hungry');
ALTER TABLE cat ALTER was TYPE less USING (CASE was::text WHEN 'angry' THEN 'hungry' ELSE was::text END)::less;`,
    '0004_fill.up.sql': `UPDATE cat SET mood = 'happy' WHERE mood IN ('angry', 'calm');`,
    '0005_swap.up.sql': 'ALTER TABLE cat ALTER mood TYPE less USING mood::text::less;',
  }));

it('is silent where the script has cut the values to the new length', () =>
  reports(`UPDATE memories SET kind = substring(kind FROM 1 FOR 20) WHERE length(kind) > 20;
ALTER TABLE memories ALTER COLUMN kind TYPE varchar(20);
UPDATE memories SET note = left(note, 30);
ALTER TABLE memories ALTER COLUMN note TYPE varchar(20);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
UPDATE memories SET code = left(code, 5) WHERE id < 10;
ALTER TABLE memories ALTER COLUMN code TYPE varchar(5);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-narrowing
`));
