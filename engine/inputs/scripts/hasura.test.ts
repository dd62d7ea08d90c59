import { expect, test } from 'vitest';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

const config = { '/p/config.yaml': 'version: 3\nmetadata_directory: metadata\n' };

test("is recognised by Hasura's config.yaml, and told apart from Diesel", async () => {
  const scripts = { '1700000000001_a/up.sql': 'A;', '1700000000001_a/down.sql': 'a;', '1600000000000_b/up.sql': 'B;', 'x.sql': '' };
  const read = await readDirectory({ ...config, ...scripts, '1700000000001_a/metadata.toml': 'run_in_transaction = false' });
  expect(read).toMatchObject({ layout: 'hasura', runner: { transaction: 'script', sends: 'whole' } });
  expect(read.reason).toBe('1600000000000_b/up.sql is where Hasura keeps a migration, and /p/config.yaml holds its settings.');
  expect(ids(read)).toEqual(['1600000000000_b', '1700000000001_a']);
  expect(read.migrations.map(({ up }) => up.transaction)).toEqual(['script', 'script']);
  expect(problemsOf(read)).toEqual(['unknown-file x.sql']);
  expect(read.problems[0]?.message).toMatch(/^Hasura skips x\.sql/);
  expect((await readDirectory({ ...scripts, '/p/config.yaml': 'port: 80\n' })).layout).toBe('diesel');
});
