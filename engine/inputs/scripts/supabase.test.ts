import { expect, test } from 'vitest';
import { readMigrations } from './index';
import { filesWith, problemsOf } from './testing/test-directories';

async function read(entries: Readonly<Record<string, string>>) {
  const outcome = await readMigrations(filesWith(entries), '/r/supabase/migrations', 'auto');
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

const config = { '/r/supabase/config.toml': 'project_id = "demo"\n' };
const folder = '/r/supabase/migrations';

test('is recognised by supabase/config.toml and reads files by number, without downs', async () => {
  const found = await read({
    ...config,
    [`${folder}/20240102000000_b.sql`]: '-- no-transaction\nB;',
    [`${folder}/20240101000000_a.sql`]: 'A;',
  });
  expect(found).toMatchObject({ layout: 'supabase', reason: "/r/supabase/config.toml holds Supabase's settings." });
  expect(found.migrations.map(({ id, up }) => [id, up.transaction])).toEqual([
    ['20240101000000_a', 'script'],
    ['20240102000000_b', 'script'],
  ]);
});

test('reports what the command line passes over', async () => {
  const found = await read({ ...config, [`${folder}/20240101000000_a.sql`]: '', [`${folder}/seed.sql`]: '' });
  expect(problemsOf(found)).toEqual([`unknown-file ${folder}/seed.sql`]);
});

test('is not recognised without the settings or elsewhere', async () => {
  expect((await read({ [`${folder}/20240101000000_a.sql`]: '' })).layout).toBe('plain');
});
