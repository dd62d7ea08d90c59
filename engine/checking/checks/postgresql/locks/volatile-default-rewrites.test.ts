import { expect, it } from 'vitest';
import { check as statementFails } from '../execution/statement-fails';
import { check } from './volatile-default-rewrites';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, memories);

it('reports the rewrite and gives the SQL for new rows', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ volatile-default-rewrites
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P12'], fixes: [] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('ALTER TABLE memories ALTER COLUMN token SET DEFAULT gen_random_uuid();');
  expect(finding?.advice).toContain('and add NOT NULL after that');
});

it('sets the default separately from the column by a fix', async () => {
  const sql = `ALTER TABLE memories
  ADD COLUMN seen timestamptz DEFAULT (clock_timestamp() + make_interval(days => 1)) /* soon */ CHECK (seen > 'epoch'),
  ADD COLUMN note text;
`;
  expect(await afterFix(sql, { also: [statementFails] })).toContain(
    "seen timestamptz /* soon */ CHECK (seen > 'epoch'), ALTER COLUMN seen SET DEFAULT (clock_timestamp() + make_interval(days => 1)),",
  );
});

it('knows which functions of the project are volatile', async () => {
  const functions = `CREATE FUNCTION steady() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';
CREATE FUNCTION changing() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
`;
  const sql = `${functions}ALTER TABLE memories ADD COLUMN a int DEFAULT steady();\nALTER TABLE memories ADD COLUMN b int DEFAULT changing();\n`;
  const findings = await findingsIn(sql);
  expect(findings.map(({ range }) => range.start)).toEqual([sql.indexOf('ALTER TABLE memories ADD COLUMN b')]);
});

it('is silent on constants, on now(), and on new tables', async () => {
  const sql = `ALTER TABLE memories ADD COLUMN made timestamptz NOT NULL DEFAULT now();
ALTER TABLE memories ADD COLUMN day date DEFAULT current_date;
ALTER TABLE memories ADD COLUMN tags text[] DEFAULT ARRAY['a', lower('B')];
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN token uuid DEFAULT gen_random_uuid();
`;
  await silentOn(sql);
  await silentOn(sql, { loose: true, shadow: false });
});
