import { expect, it } from 'vitest';
import { check } from './syntax-too-new';
import { fileCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = fileCheck(check);

const manifest = (minimum: number) =>
  `system: shop\nmigrations: { minimum: "${minimum}" }\nreleases:\n  - version: 1.0.0\n    migrations: ["0001"]\n`;

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';

it('names the feature, its first server, the minimum and where that is declared', async () => {
  const [finding] = await reports({
    'upgrade.yaml': manifest(14),
    '0001_a.up.sql': `${base}
CREATE UNIQUE INDEX memories_kind ON memories (kind) NULLS NOT DISTINCT;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ syntax-too-new
`,
  });
  expect(finding).toMatchObject({
    message: 'Needs PostgreSQL 15, but 14 has to work: NULLS NOT DISTINCT',
    details: 'PostgreSQL 14 is the oldest supported server, and the upgrade stops at this statement there.',
    advice: 'Avoid the feature, or raise migrations.minimum in upgrade.yaml to "15".',
  });
  expect(finding).toMatchObject({ severity: 'error', verified: true, hazards: ['P59'] });
});

it('points at the place in the statement, one finding a feature', () =>
  reports(`CREATE TABLE é (
  "naïve" uuid DEFAULT uuidv7(),
--                     ^^^^^^ syntax-too-new
  double int GENERATED ALWAYS AS (1 + 1) VIRTUAL
--           ^^^^^^^^^ syntax-too-new
);
`));

it('leaves alone what the minimum knows', () =>
  silentOn({ 'upgrade.yaml': manifest(18), '0001_a.up.sql': 'CREATE TABLE t (a uuid DEFAULT uuidv7());' }));

it('tells the other file where there is no manifest', async () => {
  const [finding] = await findingsIn("SET LOCAL transaction_timeout = '5s';");
  expect(finding).toMatchObject({ severity: 'warning', verified: true });
  expect(finding?.advice).toMatch(/set minimum in \.mem8-upgrade\.yaml to "17"/);
});

it('is an error where the minimum is declared', async () => {
  const fixture = { '0001_a.up.sql': "SET LOCAL transaction_timeout = '5s';", '.mem8-upgrade.yaml': "minimum: '15'\n" };
  const [finding] = await findingsIn(fixture);
  expect(finding).toMatchObject({ severity: 'error' });
  expect(finding?.advice).toMatch(/raise minimum in/);
});

it('leaves a function alone that the scripts make themselves', async () => {
  const made = "CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';";
  await silentOn(`${made}\nCREATE TABLE t (a uuid DEFAULT uuidv7());`);
});

it('is not sure of a function where the history is not complete', async () => {
  const [finding] = await findingsIn('SELECT uuidv7();', { loose: true });
  expect(finding).toMatchObject({ severity: 'warning', verified: false });
  expect(finding?.details).toMatch(/A function of the same name/);
});

it('looks into blocks and routines, and says when they fail', async () => {
  const findings = await reports(`${base}
DO $$ BEGIN
   MERGE INTO memories USING memories o ON false WHEN NOT MATCHED BY SOURCE THEN DELETE;
-- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ syntax-too-new
END $$;
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM random(1, 6);
--        ^^^^^^^^^^^^ syntax-too-new
END $$;
`);
  expect(findings.map(({ details }) => details?.split('server')[1])).toEqual([
    ' by default, and the upgrade stops at this statement there.',
    ' by default; the routine fails there when called.',
  ]);
});

it('trusts a block that asks for the version of the server', () =>
  silentOn(`DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN SET LOCAL transaction_timeout = '5s'; END IF;
END $$;`));

it('looks at the way back too', async () => {
  const [finding] = await findingsIn({
    '0001_a.up.sql': base,
    '0001_a.down.sql': 'MERGE INTO memories USING memories o ON true WHEN MATCHED THEN DELETE RETURNING *;',
  });
  expect(finding?.message).toBe('Needs PostgreSQL 17, but 15 has to work: RETURNING of MERGE');
  expect(finding?.details).toMatch(/the rollback stops at this statement/);
  expect(finding?.file).toMatch(/down\.sql$/);
});

it('sees numbers and casts that only newer servers read, in code too', () =>
  reports(
    `CREATE TABLE sizes (id int DEFAULT 0x1F);
--                                 ^^^^ syntax-too-new
INSERT INTO sizes VALUES ('é', 1_000);
--                             ^^^^^ syntax-too-new
SELECT 5::bigint::bytea;
--              ^^^^^^^ syntax-too-new
CREATE FUNCTION big() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  RETURN 5_000;
--       ^^^^^ syntax-too-new
END $$;
`,
    { minimum: 15 },
  ));

it('is silent on names, strings and plain numbers that look alike', () =>
  silentOn(
    `CREATE TABLE t_1 (a1_000 int DEFAULT 1000, b text DEFAULT '0x1F 1_000', c numeric DEFAULT 1.5e3);\nSELECT 5::bigint::text::bytea, 'infinity'::timestamp FROM t_1;`,
    { minimum: 13 },
  ));
