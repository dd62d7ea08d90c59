import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './serial-column-rewrites';
import { check as statementFails } from '../execution/statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': "CREATE TABLE memories (kind text);\nINSERT INTO memories VALUES ('joke');",
};

it('reports serial and identity columns on a table in use', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_id.up.sql': `CREATE TABLE fresh (kind text);
ALTER TABLE fresh ADD COLUMN id bigserial;
ALTER TABLE memories ADD COLUMN id bigserial;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ serial-column-rewrites
ALTER TABLE memories ADD COLUMN place int GENERATED ALWAYS AS IDENTITY;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ serial-column-rewrites
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P14'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('CREATE SEQUENCE memories_id_seq AS bigint;');
});

it('is silent on an identity for an existing column', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_id.up.sql': `ALTER TABLE memories ADD COLUMN id bigint;
UPDATE memories SET id = 1;
ALTER TABLE memories ALTER COLUMN id SET NOT NULL, ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
`,
    },
    check,
    { shadow },
  );
});

it('numbers new rows only by a fix', async () => {
  const fixture = { ...base, '0002_id.up.sql': 'ALTER TABLE memories ADD COLUMN id serial;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_id.up.sql']).toBe(`CREATE SEQUENCE memories_id_seq AS integer;
ALTER TABLE memories ADD COLUMN id integer, ALTER COLUMN id SET DEFAULT nextval('memories_id_seq');
ALTER SEQUENCE memories_id_seq OWNED BY memories.id;
`);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('has no fix if the column is the key', async () => {
  const fixture = { ...base, '0002_id.up.sql': 'ALTER TABLE memories ADD COLUMN id serial PRIMARY KEY;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.fixes).toEqual([]);
});
