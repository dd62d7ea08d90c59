import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check as concurrently } from './concurrently-in-transaction';
import { check } from './invalid-index-kept';
import { check as notRerunnable } from './not-rerunnable';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '00001_base.sql': '-- +goose Up\nCREATE TABLE memories (id bigint PRIMARY KEY, kind text);\n' };
const head = '-- +goose NO TRANSACTION\n-- +goose Up\n';

it('reports IF NOT EXISTS without a drop before it, and inserts the drop by a fix', async () => {
  const fixture = {
    ...base,
    '00002_index.sql': `${head}CREATE INDEX CONCURRENTLY IF NOT EXISTS "Kinds" ON public.memories (kind);\n`,
  };
  const [finding, ...others] = await findingsIn(fixture, [check], { shadow });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: 'info', hazards: ['P42'] });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['00002_index.sql']).toContain('DROP INDEX CONCURRENTLY IF EXISTS public."Kinds";\nCREATE INDEX');
  expect(await findingsIn(fixed, [check, concurrently, notRerunnable], { shadow })).toEqual([]);
});

it('warns of a unique index, without which rows repeat', async () => {
  const fixture = { ...base, '00002_index.sql': `${head}CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS kinds ON memories (kind);\n` };
  expect((await findingsIn(fixture, [check], { shadow })).map(({ severity }) => severity)).toEqual(['warning']);
});

it('is silent after a drop, after a look at indisvalid, without IF NOT EXISTS and on other builds', async () => {
  await expectMarkers(
    {
      ...base,
      '00002_index.sql': `${head}DROP INDEX CONCURRENTLY IF EXISTS kinds;
CREATE INDEX CONCURRENTLY IF NOT EXISTS kinds ON memories (kind);
CREATE INDEX CONCURRENTLY more_kinds ON memories (kind);
CREATE INDEX IF NOT EXISTS even_more_kinds ON memories (kind);
CREATE TABLE waves (id bigint);
CREATE INDEX CONCURRENTLY IF NOT EXISTS waves_id ON waves (id);
`,
    },
    check,
    { shadow },
  );
});

it('takes a drop in the migration before it, where a file is one message', async () => {
  const build = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS kinds ON memories (kind);\n';
  const alone = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);', '0003_index.up.sql': build };
  const [finding] = await findingsIn(alone, [check], { shadow });
  expect(finding?.fixes).toEqual([]);
  expect(finding?.message).toBe('IF NOT EXISTS accepts an invalid kinds that a failed build left behind');
  expect(finding?.advice).toBe('Drop it in an earlier migration of its own: DROP INDEX CONCURRENTLY IF EXISTS kinds;');
  const dropped = { ...alone, '0002_drop.up.sql': 'DROP INDEX CONCURRENTLY IF EXISTS kinds;\n' };
  expect(await findingsIn(dropped, [check], { shadow })).toEqual([]);
});

it('takes a unique index for information where a constraint takes it over', async () => {
  const build = 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS memories_kind ON memories (kind);\n';
  const script = `-- +goose NO TRANSACTION\n-- +goose Up\n${build}ALTER TABLE memories ADD UNIQUE USING INDEX memories_kind;\n`;
  const base = { '00001_base.sql': '-- +goose Up\nCREATE TABLE memories (id int PRIMARY KEY, kind text);\n' };
  const [finding] = await findingsIn({ ...base, '00002_index.sql': script }, [check]);
  expect(finding).toMatchObject({ severity: 'info' });
  expect(finding?.details).toBe('The next run skips the build and fails at the constraint that uses the index.');
});
