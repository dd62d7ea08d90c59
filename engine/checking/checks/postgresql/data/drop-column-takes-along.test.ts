import { expect, it } from 'vitest';
import { check } from './drop-column-takes-along';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE t (id int, a int CHECK (a > 0), b int, c int UNIQUE, d int, UNIQUE (b, d));
CREATE INDEX t_ab ON t (a, b);
CREATE INDEX lookup_a ON t (a);
CREATE STATISTICS t_bc ON b, c FROM t;
ALTER TABLE t ADD CONSTRAINT ordered CHECK (a < b);`;
const { reports, silentOn } = sqlCheck(check, base);
const bySyntax = sqlCheck(check, base, { shadow: false });
const alone = sqlCheck(check);

it('names indexes, constraints and statistics over several columns', async () => {
  const findings = await reports(`ALTER TABLE t DROP COLUMN a;
--                        ^ drop-column-takes-along
ALTER TABLE t DROP COLUMN b;
--                        ^ drop-column-takes-along
`);
  expect(findings[0]).toMatchObject({ verified: true, hazards: ['P47'] });
  expect(findings[0]?.message).toMatch(
    /^Dropping column a also drops (?:index t_ab and constraint ordered|constraint ordered and index t_ab)$/,
  );
  expect(findings[1]?.message).toContain('constraint t_b_d_key');
  expect(findings[1]?.message).toContain('statistics t_bc');
});

it('is silent on a constraint that the statement drops by name', () => silentOn('ALTER TABLE t DROP COLUMN d, DROP CONSTRAINT t_b_d_key;'));

it('is silent on what the column had for itself alone', () =>
  silentOn('ALTER TABLE t DROP COLUMN id;\nALTER TABLE t DROP COLUMN a, DROP COLUMN b, DROP COLUMN c, DROP COLUMN d;'));

it('judges by the scripts alone where nothing ran', async () => {
  const [finding] = await bySyntax.reports(`ALTER TABLE t DROP COLUMN a;
--                        ^ drop-column-takes-along
`);
  expect(finding?.verified).toBe(false);
});

it.each([
  ['a foreign key with another column’s name in its own', 'organization_id uuid REFERENCES other', '', 'organization_id'],
  ['a unique column', 'organization_id int UNIQUE', '', 'organization_id'],
  ['a check', 'a_id int CHECK (a_id > 0), a int', '', 'a_id'],
  ['a check of the table', 'org_id int, CHECK (org_id > 0)', '', 'org_id'],
  ['a renamed column', 'a int UNIQUE', 'ALTER TABLE users RENAME a TO b; ALTER TABLE users ADD COLUMN a int;', 'b'],
  ['indexes on expressions', 'a text', 'CREATE INDEX ON users (lower(a)); CREATE INDEX mine ON users (a) WHERE a > $$b$$;', 'a'],
  ['a block’s constraint', 'user_id int', "DO 'BEGIN ALTER TABLE users ADD CONSTRAINT k UNIQUE (user_id); END';", 'user_id'],
])('is silent on what is over the column alone: %s', (_, column, later, dropped) =>
  alone.silentOn({
    '0001_base.up.sql': `CREATE TABLE other (id uuid PRIMARY KEY);
CREATE TABLE users (id int PRIMARY KEY, ${column});
${later}`,
    '0002_drop.up.sql': `ALTER TABLE users DROP COLUMN ${dropped};`,
  }),
);

it('asks the database for the columns where no statement shows them', async () => {
  await alone.reports({
    '0001_base.up.sql': `CREATE TABLE users (id int PRIMARY KEY, org_id int, name text);
CREATE INDEX ON users (org_id, lower(name));
DO 'BEGIN ALTER TABLE users ADD CONSTRAINT org_id UNIQUE (org_id, name); END';`,
    '0002_drop.up.sql': `ALTER TABLE users DROP COLUMN org_id;
--                            ^^^^^^ drop-column-takes-along
`,
  });
});

it('is silent where the script makes a key or an index over the other columns under another name', () =>
  silentOn({
    '0002_drop.up.sql': `ALTER TABLE t DROP CONSTRAINT ordered, DROP COLUMN a;
CREATE INDEX t_only_b ON t (b);
`,
    '0003_keys.up.sql': 'ALTER TABLE t ADD CONSTRAINT t_c_d UNIQUE (c, d);\nDROP STATISTICS t_bc;',
    '0004_drop.up.sql': 'ALTER TABLE t DROP COLUMN c;\nCREATE UNIQUE INDEX t_only_d ON t (d);\n',
    '0005_keys.up.sql': 'ALTER TABLE t ADD CONSTRAINT t_id_d UNIQUE (id, d);',
    '0006_drop.up.sql': 'ALTER TABLE t DROP COLUMN id, ADD COLUMN e int, ADD CONSTRAINT t_e_d UNIQUE (e, d);',
  }));

it('takes a plain index over the other columns for no replacement of a key', () =>
  reports({
    '0002_keys.up.sql': 'ALTER TABLE t ADD CONSTRAINT t_c_d UNIQUE (c, d);\nDROP STATISTICS t_bc;',
    '0003_drop.up.sql': `ALTER TABLE t DROP COLUMN c;
--                        ^ drop-column-takes-along
CREATE INDEX t_only_d ON t (d);
`,
  }));

it('tells for information of an index that the column leads, and warns of another', async () => {
  const severityOf = async (column: string) => {
    const fixture = { '0001_base.up.sql': 'CREATE TABLE t (a int, b int, c int);\nCREATE INDEX t_ab ON t (a, b);' };
    const findings = await alone.findingsIn({ ...fixture, '0002_drop.up.sql': `ALTER TABLE t DROP COLUMN ${column};` });
    return findings.map(({ severity }) => severity);
  };
  expect(await severityOf('a')).toEqual(['info']);
  expect(await severityOf('b')).toEqual(['warning']);
});
