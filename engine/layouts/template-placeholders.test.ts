import { expect, test } from 'vitest';
import { memoryFiles } from '../host/memory-files';
import { readMigrations } from './index';

async function replacedIn(sql: string): Promise<(readonly [string, string])[]> {
  const read = await readMigrations(memoryFiles({ '/m/1_a.up.sql': sql }), '/m', 'golang-migrate');
  const up = read.ok ? read.value.migrations[0]?.up : undefined;
  return (up?.replacements ?? []).map(({ start, end, value }) => [sql.slice(start, end), value] as const);
}

test('a name stands for the schema that a program fills in, in all of its places', async () => {
  expect(
    await replacedIn('CREATE TABLE {{ index .Options "Space" }}.item (id int); COMMENT ON SCHEMA {{index .Options "Space"}} IS \'\';'),
  ).toEqual([
    ['{{ index .Options "Space" }}', 'p_space'],
    ['{{index .Options "Space"}}', 'p_space'],
  ]);
  expect(await replacedIn('CREATE TABLE "{{.Schema}}"."item" (id int);')).toEqual([['{{.Schema}}', 'p_schema']]);
});

test('braces that name no schema stay', async () => {
  expect(await replacedIn("INSERT INTO item VALUES ('{{1,2}}', 'Dear {{ name }}, ...');")).toEqual([]);
});
