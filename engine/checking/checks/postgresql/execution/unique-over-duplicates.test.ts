import { expect, it } from 'vitest';
import { check } from './unique-over-duplicates';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, name text NOT NULL, tenant int, UNIQUE (tenant, name));';
const { findingsIn, reports, silentOn } = sqlCheck(check, base);
const alone = sqlCheck(check);

it('gives the query that finds rows that repeat', async () => {
  const findings = await reports(`CREATE UNIQUE INDEX users_mail ON users (lower(email)) WHERE tenant > 0;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unique-over-duplicates
ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);
--                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unique-over-duplicates
`);
  expect(findings[0]).toMatchObject({ severity: 'warning', hazards: ['P45'] });
  expect(findings[0]?.message).toBe('Fails if users contains duplicates, which nothing has prevented so far');
  expect(findings[0]?.advice).toContain(
    'SELECT lower(email), count(*) FROM users WHERE (tenant > 0) GROUP BY lower(email) HAVING count(*) > 1',
  );
  expect(findings[1]?.advice).toContain('FROM users WHERE email IS NOT NULL GROUP BY email');
});

it('calls a constant default of a new unique column what it is', async () => {
  const [finding] = await reports(`ALTER TABLE users ADD COLUMN code text DEFAULT 'x' UNIQUE;
--                           ^^^^ unique-over-duplicates
`);
  expect(finding).toMatchObject({ severity: 'error', verified: true });
});

it('is silent where rows cannot repeat', () =>
  silentOn(`CREATE UNIQUE INDEX users_more ON users (name, tenant, email);
CREATE INDEX users_plain ON users (email);
ALTER TABLE users ADD COLUMN code text UNIQUE;
ALTER TABLE users ADD COLUMN badge text;
CREATE UNIQUE INDEX users_badge ON users (badge);
CREATE TABLE fresh (id int);
CREATE UNIQUE INDEX fresh_id ON fresh (id);`));

it('is silent on a table that is known to be empty', async () => {
  const script = 'CREATE UNIQUE INDEX users_email ON users (email);';
  await silentOn(script, { sizes: { 'public.users': 0 } });
});

it('has seen rows that repeat fail the build, also CONCURRENTLY', async () => {
  const script = '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n';
  const [finding] = await findingsIn(script);
  expect(finding).toMatchObject({ severity: 'warning', verified: true });
  expect(finding?.details).toBe('A failed build leaves an invalid index behind.');
  expect(await findingsIn(script, { shadow: false })).toMatchObject([{ verified: false }]);
});

it('knows expressions that are unique already, and columns that the script adds and fills', async () => {
  await alone.reports({
    '0001_base.up.sql': `CREATE TABLE item (name text, shop int);
CREATE UNIQUE INDEX item_name ON item (lower(name));`,
    '0002_more.up.sql': `DROP INDEX item_name;
CREATE UNIQUE INDEX item_name_shop ON item (shop, lower(name));
CREATE UNIQUE INDEX item_upper ON item (upper(name));
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unique-over-duplicates
ALTER TABLE item ADD COLUMN id uuid;
UPDATE item SET id = gen_random_uuid();
ALTER TABLE item ADD PRIMARY KEY (id);
ALTER TABLE item ADD COLUMN number int, ADD UNIQUE (number);`,
  });
});

it('reports a new column that the script fills with the same value', async () => {
  await alone.reports({
    '0001_base.up.sql': 'CREATE TABLE item (name text, shop int);',
    '0002_more.up.sql': `ALTER TABLE item ADD COLUMN id int;
UPDATE item SET id = 1;
ALTER TABLE item ADD PRIMARY KEY (id);
--                   ^^^^^^^^^^^^^^^^ unique-over-duplicates
`,
  });
});
