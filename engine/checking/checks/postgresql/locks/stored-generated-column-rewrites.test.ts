import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check as statementFails } from '../execution/statement-fails';
import { check } from './stored-generated-column-rewrites';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind varchar(20), weight int);
INSERT INTO owners VALUES (1), (2);
INSERT INTO memories VALUES (1, 1, 'joke', 7), (2, 2, 'fact', 8);`,
};

it('reports the rewrite', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_column.up.sql': `ALTER TABLE memories ADD COLUMN twice int GENERATED ALWAYS AS (weight * 2) STORED;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ stored-generated-column-rewrites
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P13'], fixes: [] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).not.toContain('VIRTUAL');
});

it('makes the column VIRTUAL by a fix if the oldest server supports it', async () => {
  const fixture = {
    ...base,
    '0002_column.up.sql': "ALTER TABLE memories ADD COLUMN stored text GENERATED ALWAYS AS (kind || ' stored') STORED NOT NULL;\n",
  };
  const [finding] = await findingsIn(fixture, [check], { shadow, minimum: 18 });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_column.up.sql']).toContain("(kind || ' stored') VIRTUAL NOT NULL;");
  expect(await findingsIn(fixed, [check, statementFails], { shadow, minimum: 18 })).toEqual([]);
});

it('has no fix for a column with an index', async () => {
  const sql =
    'ALTER TABLE memories ADD COLUMN twice int GENERATED ALWAYS AS (weight * 2) STORED;\nCREATE INDEX memories_twice ON memories (twice);\n';
  const [finding] = await findingsIn({ ...base, '0002_column.up.sql': sql }, [check], { shadow, minimum: 18 });
  expect(finding?.fixes).toEqual([]);
});

it('is silent on VIRTUAL and on new tables', async () => {
  const sql = `ALTER TABLE memories ADD COLUMN twice int GENERATED ALWAYS AS (weight * 2) VIRTUAL;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED;
`;
  await expectMarkers({ ...base, '0002_column.up.sql': sql }, check, { shadow });
  expect(await findingsIn({ 'change.sql': sql }, [check], { loose: true })).toEqual([]);
});
