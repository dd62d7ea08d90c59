import { afterAll, beforeAll, expect, it } from 'vitest';
import { check as fails } from '../../checks/postgresql/execution/statement-fails';
import { findingsIn, type Fixture, startShadow } from '../../checks/testing/sql-fixture';
import type { Shadow } from '../../../databases/observation';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const fill = '{ id: 0003_fill, transform: { table: notes, key: id, where: b IS NULL, set: { b: a } } }';
const project = (migrations: string): Fixture => ({
  'upgrade.yaml': `manifest: 1\nsystem: notes\nreleases:\n  - version: 1.0.0\n    migrations: [${migrations}]\n`,
  '0001_notes.up.sql': "CREATE TABLE notes (id int PRIMARY KEY, a text NOT NULL);\nINSERT INTO notes VALUES (1, 'x');",
  '0002_add.up.sql': 'ALTER TABLE notes ADD COLUMN b text;',
  '0004_require.up.sql': 'ALTER TABLE notes ALTER COLUMN b SET NOT NULL;',
});
const failures = async (migrations: string) =>
  (await findingsIn(project(migrations), [fails], { shadow })).map(({ file, severity }) => [file, severity]);

it('replays what follows a transform on rows that it changed', async () => {
  expect(await failures(`0001_notes, 0002_add, ${fill}, 0004_require`)).toEqual([]);
});

it('replays a transform at its place in the manifest', async () => {
  const refused = [['/project/migrations/0004_require.up.sql', 'error']];
  expect(await failures('0001_notes, 0002_add, 0004_require')).toEqual(refused);
  expect(await failures(`0001_notes, 0002_add, 0004_require, ${fill}`)).toEqual(refused);
});
