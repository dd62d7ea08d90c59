import { expect, it } from 'vitest';
import { check as concurrently } from './concurrently-in-transaction';
import { check } from './invalid-index-kept';
import { check as notRerunnable } from './not-rerunnable';
import { sqlCheck } from '../../testing/sql-check';

const base = { '00001_base.sql': '-- +goose Up\nCREATE TABLE memories (id bigint PRIMARY KEY, kind text);\n' };
const { findingsIn, silentOn, afterFix } = sqlCheck(check, base);
const head = '-- +goose NO TRANSACTION\n-- +goose Up\n';

it('reports IF NOT EXISTS without a drop before it, and inserts the drop by a fix', async () => {
  const fixture = { '00002_index.sql': `${head}CREATE INDEX CONCURRENTLY IF NOT EXISTS "Kinds" ON public.memories (kind);\n` };
  const [finding, ...others] = await findingsIn(fixture);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: 'info', hazards: ['P42'] });
  const fixed = await afterFix(fixture, { also: [concurrently, notRerunnable] });
  expect(fixed['00002_index.sql']).toContain('DROP INDEX CONCURRENTLY IF EXISTS public."Kinds";\nCREATE INDEX');
});

it('warns of a unique index, without which rows repeat', async () => {
  const fixture = { '00002_index.sql': `${head}CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS kinds ON memories (kind);\n` };
  expect((await findingsIn(fixture)).map(({ severity }) => severity)).toEqual(['warning']);
});

it('is silent after a drop, after a look at indisvalid, without IF NOT EXISTS and on other builds', () =>
  silentOn({
    '00002_index.sql': `${head}DROP INDEX CONCURRENTLY IF EXISTS kinds;
CREATE INDEX CONCURRENTLY IF NOT EXISTS kinds ON memories (kind);
CREATE INDEX CONCURRENTLY more_kinds ON memories (kind);
CREATE INDEX IF NOT EXISTS even_more_kinds ON memories (kind);
CREATE TABLE waves (id bigint);
CREATE INDEX CONCURRENTLY IF NOT EXISTS waves_id ON waves (id);
`,
  }));

it('takes a drop in the migration before it, where a file is one message', async () => {
  const build = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS kinds ON memories (kind);\n';
  const alone = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);', '0003_index.up.sql': build };
  const [finding] = await sqlCheck(check).findingsIn(alone);
  expect(finding?.fixes).toEqual([]);
  expect(finding?.message).toBe('IF NOT EXISTS accepts an invalid kinds that a failed build left behind');
  expect(finding?.advice).toBe('Drop it in an earlier migration of its own: DROP INDEX CONCURRENTLY IF EXISTS kinds;');
  const dropped = { ...alone, '0002_drop.up.sql': 'DROP INDEX CONCURRENTLY IF EXISTS kinds;\n' };
  await sqlCheck(check).silentOn(dropped);
});

it('takes a unique index for information where a constraint takes it over', async () => {
  const build = 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS memories_kind ON memories (kind);\n';
  const script = `-- +goose NO TRANSACTION\n-- +goose Up\n${build}ALTER TABLE memories ADD UNIQUE USING INDEX memories_kind;\n`;
  const [finding] = await findingsIn({ '00002_index.sql': script }, { shadow: false });
  expect(finding).toMatchObject({ severity: 'info' });
  expect(finding?.details).toBe('The next run skips the build and fails at the constraint that uses the index.');
});
