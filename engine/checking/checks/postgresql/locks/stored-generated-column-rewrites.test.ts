import { expect, it } from 'vitest';
import { check as statementFails } from '../execution/statement-fails';
import { check } from './stored-generated-column-rewrites';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, memories);
const since18 = sqlCheck(check, memories, { minimum: 18 });

it('reports the rewrite', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD COLUMN twice int GENERATED ALWAYS AS (weight * 2) STORED;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ stored-generated-column-rewrites
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P13'], fixes: [] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).not.toContain('VIRTUAL');
});

it('makes the column VIRTUAL by a fix if the oldest server supports it', async () => {
  const script = "ALTER TABLE memories ADD COLUMN stored text GENERATED ALWAYS AS (kind || ' stored') STORED NOT NULL;\n";
  expect(await since18.afterFix(script, { also: [statementFails] })).toContain("(kind || ' stored') VIRTUAL NOT NULL;");
});

it('has no fix for a column with an index', async () => {
  const sql =
    'ALTER TABLE memories ADD COLUMN twice int GENERATED ALWAYS AS (weight * 2) STORED;\nCREATE INDEX memories_twice ON memories (twice);\n';
  const [finding] = await since18.findingsIn(sql);
  expect(finding?.fixes).toEqual([]);
});

it('is silent on VIRTUAL and on new tables', async () => {
  const sql = `ALTER TABLE memories ADD COLUMN twice int GENERATED ALWAYS AS (weight * 2) VIRTUAL;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED;
`;
  await silentOn(sql);
  await silentOn(sql, { loose: true, shadow: false });
});
