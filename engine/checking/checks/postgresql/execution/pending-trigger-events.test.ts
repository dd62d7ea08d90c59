import { expect, it } from 'vitest';
import { check } from './pending-trigger-events';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE team (id int PRIMARY KEY);
CREATE TABLE player (id int PRIMARY KEY, team_id int REFERENCES team DEFERRABLE INITIALLY DEFERRED, shirt int);
CREATE TABLE coach (id int PRIMARY KEY, team_id int, CONSTRAINT coach_team FOREIGN KEY (team_id) REFERENCES team (id) DEFERRABLE);
CREATE TABLE log (id int) PARTITION BY RANGE (id);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (1000000);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE score (id int PRIMARY KEY, points int);
CREATE CONSTRAINT TRIGGER noted AFTER INSERT OR UPDATE ON score DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note();`;
const { reports, silentOn } = sqlCheck(check, base);

it('is seen on rows, and predicted where the made-up rows do not match', async () => {
  const findings = await reports({
    '0002_all.up.sql': `UPDATE player SET team_id = team_id + 1;
ALTER TABLE player ALTER team_id SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pending-trigger-events
`,
    '0003_some.up.sql': `UPDATE player SET team_id = 2 WHERE team_id = 1;
CREATE INDEX player_shirt ON player (shirt);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pending-trigger-events
`,
    '0004_parent.up.sql': `DELETE FROM team WHERE id = 1;
ALTER TABLE team ADD COLUMN name text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pending-trigger-events
`,
    '0005_all_deferred.up.sql': `SET CONSTRAINTS ALL DEFERRED;
INSERT INTO coach SELECT 1, 1 FROM team WHERE id = 1;
DROP TABLE coach;
--^^^^^^^^^^^^^^ pending-trigger-events
`,
    '0006_trigger.up.sql': `WITH best AS (UPDATE score SET points = 1 WHERE points = 0 RETURNING id) SELECT * FROM best;
TRUNCATE score;
--^^^^^^^^^^^^ pending-trigger-events
`,
  });
  expect(findings.map(({ severity, verified }) => [severity, verified])).toEqual([
    ['error', true],
    ['warning', false],
    ['warning', false],
    ['warning', false],
    ['warning', false],
  ]);
  expect(findings[1]).toMatchObject({
    message: 'Fails on player if a row was changed: a deferred constraint check is pending',
    details: 'PostgreSQL does not change a table while triggers for its rows are pending (55006).',
    advice: 'Run SET CONSTRAINTS ALL IMMEDIATE; first, or move this statement to a migration of its own.',
  });
});

it('explains the failure on rows that the scripts bring', async () => {
  const [finding] = await reports(`INSERT INTO team VALUES (7);
INSERT INTO player VALUES (7, 7, 7);
ALTER TABLE player ADD COLUMN name text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pending-trigger-events
`);
  expect(finding?.message).toBe('Fails: cannot ALTER TABLE "player" because it has pending trigger events (55006)');
  expect(finding?.advice).toContain('SET CONSTRAINTS ALL IMMEDIATE;');
  expect(finding?.severity).toBe('error');
});

it('is silent where nothing waits', () =>
  silentOn({
    '0002_checked.up.sql': `UPDATE player SET team_id = 2 WHERE team_id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE player ADD COLUMN a int;`,
    '0003_other_column.up.sql': `UPDATE player SET shirt = 2, team_id = NULL WHERE shirt = 1;
ALTER TABLE player ADD COLUMN b int;`,
    '0004_delete.up.sql': `DELETE FROM player WHERE id = 1;
ALTER TABLE player ADD COLUMN c int;`,
    '0005_immediate.up.sql': `UPDATE coach SET team_id = 2 WHERE id = 1;
ALTER TABLE coach ADD COLUMN d int;`,
    '0006_other_table.up.sql': `UPDATE player SET team_id = 2 WHERE team_id = 1;
ALTER TABLE team ADD COLUMN e int;
ALTER TABLE player RENAME COLUMN shirt TO number;`,
    '0007_key_later.up.sql': `UPDATE log SET id = 2 WHERE id = 1;
ALTER TABLE log ADD CONSTRAINT log_team FOREIGN KEY (id) REFERENCES team DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE log ADD COLUMN f int;`,
    '0008_apart.up.sql': `-- no-transaction
UPDATE player SET team_id = 2 WHERE team_id = 1;`,
    '0009_apart.up.sql': 'ALTER TABLE player ADD COLUMN g int;',
  }));
