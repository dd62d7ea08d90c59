import { expect, it } from 'vitest';
import { check } from './type-change-refused';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id int PRIMARY KEY, kind varchar(20), doubled int GENERATED ALWAYS AS (id * 2) STORED);
CREATE VIEW kinds AS SELECT kind FROM memories;
CREATE TABLE secrets (id int, owner int);
CREATE POLICY own ON secrets USING (owner > 0);
CREATE TABLE events (id int, weight int);
CREATE FUNCTION heavy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_heavy BEFORE UPDATE ON events FOR EACH ROW WHEN (NEW.weight > 9) EXECUTE FUNCTION heavy();`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('names the view that depends on the column, and statement-fails leaves it alone', async () => {
  const script = `ALTER TABLE memories ALTER COLUMN kind TYPE text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-change-refused
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ verified: true, severity: 'error', hazards: ['P17'] });
  expect(finding?.message).toBe('Fails: view kinds uses the column');
  expect(finding?.advice).toMatch(/^Drop it first \(DROP VIEW kinds;\) and create it again/);
  expect(finding?.related[0]?.message).toBe('Creates the view kinds.');
});

it('names generated columns, policies and triggers', async () => {
  const findings = await findingsIn(`ALTER TABLE memories ALTER COLUMN id TYPE bigint;
ALTER TABLE secrets ALTER COLUMN owner TYPE bigint;
ALTER TABLE events ALTER COLUMN weight TYPE bigint;
`);
  const [generated, policy, trigger] = findings.map(({ advice }) => advice);
  expect(generated).toContain('Drop the generated column doubled first');
  expect(policy).toContain('DROP POLICY own ON secrets;');
  expect(trigger).toContain('DROP TRIGGER on_heavy ON events;');
});

it('drops and makes the view again by a fix', async () => {
  const script = 'ALTER TABLE memories ALTER COLUMN kind TYPE text;\n';
  expect(await afterFix(script, { also: [statementFails] })).toBe(`DROP VIEW kinds;
ALTER TABLE memories ALTER COLUMN kind TYPE text;
CREATE VIEW kinds AS SELECT kind FROM memories;
`);
});

it('offers no fix where privileges on the view would be lost', async () => {
  const fixture = {
    '0002_grant.up.sql': 'GRANT SELECT ON kinds TO PUBLIC;\n',
    '0003_type.up.sql': 'ALTER TABLE memories ALTER COLUMN kind TYPE text;\n',
  };
  const [finding] = await findingsIn(fixture);
  expect(finding?.fixes).toEqual([]);
});

it('is silent where the dependents are gone or use another column', () =>
  silentOn(`DROP VIEW kinds;
ALTER TABLE memories ALTER COLUMN kind TYPE text;
ALTER TABLE secrets ALTER COLUMN id TYPE bigint;
`));
