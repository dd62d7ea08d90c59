import { expect, it } from 'vitest';
import { check } from './serial-column-rewrites';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(
  check,
  "CREATE TABLE memories (kind text);\nINSERT INTO memories VALUES ('joke');",
);

it('reports serial and identity columns on a table in use', async () => {
  const [finding] = await reports(`CREATE TABLE fresh (kind text);
ALTER TABLE fresh ADD COLUMN id bigserial;
ALTER TABLE memories ADD COLUMN id bigserial;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ serial-column-rewrites
ALTER TABLE memories ADD COLUMN place int GENERATED ALWAYS AS IDENTITY;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ serial-column-rewrites
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P14'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('CREATE SEQUENCE memories_id_seq AS bigint;');
});

it('is silent on an identity for an existing column', () =>
  silentOn(`ALTER TABLE memories ADD COLUMN id bigint;
UPDATE memories SET id = 1;
ALTER TABLE memories ALTER COLUMN id SET NOT NULL, ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
`));

it('numbers new rows only by a fix', async () => {
  const script = 'ALTER TABLE memories ADD COLUMN id serial;\n';
  expect(await afterFix(script, { also: [statementFails] })).toBe(`CREATE SEQUENCE memories_id_seq AS integer;
ALTER TABLE memories ADD COLUMN id integer, ALTER COLUMN id SET DEFAULT nextval('memories_id_seq');
ALTER SEQUENCE memories_id_seq OWNED BY memories.id;
`);
});

it('has no fix if the column is the key', async () => {
  const script = 'ALTER TABLE memories ADD COLUMN id serial PRIMARY KEY;\n';
  const [finding] = await findingsIn(script);
  expect(finding?.fixes).toEqual([]);
});
