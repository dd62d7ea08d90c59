import { expect, it } from 'vitest';
import { check } from './mergeable-alter-table';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text, CONSTRAINT some_kind CHECK (kind IS NOT NULL));';
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports the second of several and merges them all by a fix, comments kept', async () => {
  const script = `ALTER TABLE memories ADD COLUMN note text; -- free
ALTER TABLE public.memories
--^^^^^^^^^^^^^^^^^^^^^^^^^ mergeable-alter-table
  ADD COLUMN weight int,
  ALTER COLUMN kind SET DEFAULT 'joke';

alter table memories drop constraint some_kind;
CREATE TABLE waves (id bigint);
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({
    severity: 'hint',
    hazards: ['P36'],
    message: 'Alters memories in 3 ALTER TABLE statements instead of one',
    advice: 'Merge the commands into one ALTER TABLE.',
    related: [{ range: { start: 0 }, message: 'Merge the commands into this statement.' }],
  });
  const fixed = await afterFix(script, { also: [statementFails] });
  expect(fixed?.match(/alter table/gi)).toHaveLength(1);
  expect(fixed).toContain('-- free');
});

it('is silent on statements that cannot be merged', () =>
  silentOn(`ALTER TABLE memories ADD CONSTRAINT known CHECK (id > 0) NOT VALID;
ALTER TABLE memories ADD COLUMN note text;
ALTER TABLE memories VALIDATE CONSTRAINT known;
ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;
ALTER TABLE memories DROP CONSTRAINT some_kind;
CREATE TABLE waves (id bigint PRIMARY KEY);
ALTER TABLE memories ADD COLUMN wave bigint;
ALTER TABLE memories ADD CONSTRAINT known_wave FOREIGN KEY (wave) REFERENCES waves;
ALTER TABLE memories ADD COLUMN weight smallint;
ALTER TABLE memories ALTER COLUMN weight TYPE int;
ALTER TABLE memories RENAME COLUMN weight TO mass;
`));

it('is silent on new tables, on different tables and where another statement stands between', () =>
  silentOn(`CREATE TABLE waves (id bigint PRIMARY KEY);
ALTER TABLE waves ADD COLUMN note text;
ALTER TABLE waves ADD COLUMN kind text;
ALTER TABLE memories ADD COLUMN note text;
COMMENT ON COLUMN memories.note IS 'free text';
ALTER TABLE memories ADD COLUMN weight int;
ALTER TABLE ONLY memories ALTER COLUMN weight SET DEFAULT 0;
`));

it('judges by the syntax where nothing was observed', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN note text;\nALTER TABLE memories ADD COLUMN weight int;\n';
  const [finding] = await findingsIn(sql, { loose: true, shadow: false });
  expect(finding?.verified).toBe(false);
});
