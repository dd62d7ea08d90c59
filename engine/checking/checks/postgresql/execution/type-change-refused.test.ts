import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './type-change-refused';
import { check as statementFails } from './statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE memories (id int PRIMARY KEY, kind varchar(20), doubled int GENERATED ALWAYS AS (id * 2) STORED);
CREATE VIEW kinds AS SELECT kind FROM memories;
CREATE TABLE secrets (id int, owner int);
CREATE POLICY own ON secrets USING (owner > 0);
CREATE TABLE events (id int, weight int);
CREATE FUNCTION heavy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_heavy BEFORE UPDATE ON events FOR EACH ROW WHEN (NEW.weight > 9) EXECUTE FUNCTION heavy();`,
};

it('names the view that depends on the column, and statement-fails leaves it alone', async () => {
  const fixture = {
    ...base,
    '0002_type.up.sql': `ALTER TABLE memories ALTER COLUMN kind TYPE text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-change-refused
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ verified: true, severity: 'error', hazards: ['P17'] });
  expect(finding?.message).toBe('Fails: view kinds uses the column');
  expect(finding?.advice).toMatch(/^Drop it first \(DROP VIEW kinds;\) and create it again/);
  expect(finding?.related[0]?.message).toBe('Creates the view kinds.');
});

it('names generated columns, policies and triggers', async () => {
  const findings = await findingsIn(
    {
      ...base,
      '0002_type.up.sql': `ALTER TABLE memories ALTER COLUMN id TYPE bigint;
ALTER TABLE secrets ALTER COLUMN owner TYPE bigint;
ALTER TABLE events ALTER COLUMN weight TYPE bigint;
`,
    },
    [check],
    { shadow },
  );
  const [generated, policy, trigger] = findings.map(({ advice }) => advice);
  expect(generated).toContain('Drop the generated column doubled first');
  expect(policy).toContain('DROP POLICY own ON secrets;');
  expect(trigger).toContain('DROP TRIGGER on_heavy ON events;');
});

it('drops and makes the view again by a fix', async () => {
  const fixture = { ...base, '0002_type.up.sql': 'ALTER TABLE memories ALTER COLUMN kind TYPE text;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_type.up.sql']).toBe(`DROP VIEW kinds;
ALTER TABLE memories ALTER COLUMN kind TYPE text;
CREATE VIEW kinds AS SELECT kind FROM memories;
`);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('offers no fix where privileges on the view would be lost', async () => {
  const fixture = {
    ...base,
    '0002_grant.up.sql': 'GRANT SELECT ON kinds TO PUBLIC;\n',
    '0003_type.up.sql': 'ALTER TABLE memories ALTER COLUMN kind TYPE text;\n',
  };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.fixes).toEqual([]);
});

it('is silent where the dependents are gone or use another column', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_type.up.sql': `DROP VIEW kinds;
ALTER TABLE memories ALTER COLUMN kind TYPE text;
ALTER TABLE secrets ALTER COLUMN id TYPE bigint;
`,
    },
    check,
    { shadow },
  );
});
