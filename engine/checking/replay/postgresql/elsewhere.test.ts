import { beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../../core/finding';
import { memoryFiles } from '../../../host/memory-files';
import { startShadow } from '../../checks/testing/sql-fixture';
import type { Shadow } from '../../../databases/observation';
import { analyse, type Analysis } from '../../analysis/analysis';
import { Checkouts } from '../../project/checkouts';
import { openProject } from '../../project/open-project';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

const own = '/code/app/migrations';
const base = { [`${own}/0001_base.up.sql`]: 'CREATE TABLE items (id int PRIMARY KEY, nid uuid, kind text);' };
const networks = {
  '/code/lib/migrations/0001_networks.up.sql':
    "CREATE TYPE state AS ENUM ('on');\nCREATE TABLE networks (id uuid PRIMARY KEY, state state);",
  '/code/lib/migrations/0002_more.up.sql': 'ALTER TABLE networks ADD COLUMN label text;',
};
const use = { [`${own}/0002_use.up.sql`]: 'ALTER TABLE items ADD FOREIGN KEY (nid) REFERENCES networks (id);' };

async function analysisOf(files: Readonly<Record<string, string>>, previous?: Analysis): Promise<Analysis> {
  const checkouts = new Checkouts(() => ['/code']);
  const project = await openProject({ files: memoryFiles(files), paths: [own], checkouts });
  if (!project.ok) throw new Error(project.problem.message);
  return analyse(project.value, { shadow, rehearse: 'none', previous });
}

/** Severity, check and message of the findings about missing objects. */
function missing(findings: readonly Finding[]): string[] {
  const ids = new Set(['unknown-object', 'statement-fails', 'assumed-schema']);
  return findings.filter(({ id }) => ids.has(id)).map(({ severity, id, message }) => `${severity} ${id}: ${message}`);
}

async function missingIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  return missing((await analysisOf({ ...base, ...files })).findings);
}

it('takes a table from another directory of the checkout, as it is at the end there', async () => {
  const later = `${use[`${own}/0002_use.up.sql`]}\nUPDATE networks SET label = 'a', state = 'on' WHERE id IS NULL;`;
  const analysis = await analysisOf({ ...base, ...networks, [`${own}/0002_use.up.sql`]: later });
  expect(missing(analysis.findings)).toEqual(['info assumed-schema: networks is created in lib/migrations, not in this directory']);
  expect(analysis.findings.find(({ id }) => id === 'assumed-schema')?.related[0]?.file).toBe('/code/lib/migrations/0001_networks.up.sql');
});

it('knows it again when only other scripts change', async () => {
  const before = await analysisOf({ ...base, ...networks, ...use });
  const after = await analysisOf({ ...base, ...networks, ...use, [`${own}/0003_c.up.sql`]: 'ALTER TABLE items ADD c int;' }, before);
  expect(before.lessons).toMatchObject([{ kind: 'table', name: { name: 'networks' } }]);
  expect(missing(after.findings)).toEqual(missing(before.findings));
});

it('leaves errors where nothing in the checkout creates the name', async () => {
  const error = [expect.stringMatching(/^error unknown-object: .*relation "networks" does not exist/)];
  expect(await missingIn(use)).toEqual(error);
  expect(await missingIn({ ...use, '/code/lib/migrations/0001_a.up.sql': 'CREATE TABLE other (id int);' })).toEqual(error);
  expect(await missingIn({ ...networks, ...use, '/code/lib/migrations/0003_drop.up.sql': 'DROP TABLE networks;' })).toEqual(error);
  expect(await missingIn({ ...use, '/code/lib/migrations/mysql/1_a.up.sql': 'CREATE TABLE networks (id int);' })).toEqual(error);
});

it('leaves the error of a name that is nearly an own one', async () => {
  const files = {
    [`${own}/0002_use.up.sql`]: 'ALTER TABLE item ADD COLUMN a int;',
    '/code/lib/migrations/0001_a.up.sql': 'CREATE TABLE item ();',
  };
  expect(await missingIn(files)).toEqual([expect.stringMatching(/^error unknown-object: Fails: relation "item" does not exist/)]);
});

it('leaves the error of a name that the history drops', async () => {
  const files = {
    ...networks,
    ...use,
    [`${own}/0001_a.up.sql`]: 'CREATE TABLE networks (id uuid PRIMARY KEY);',
    [`${own}/0001_b.up.sql`]: 'DROP TABLE networks;',
  };
  expect(await missingIn(files)).toEqual([expect.stringMatching(/^error unknown-object: Fails: relation "networks" does not exist/)]);
});

it('leaves the error of what is wrong with the own table', async () => {
  const files = { ...networks, [`${own}/0002_use.up.sql`]: 'ALTER TABLE items ADD FOREIGN KEY (kind) REFERENCES networks (id);' };
  const analysis = await analysisOf({ ...base, ...files });
  expect(analysis.findings.filter(({ severity }) => severity === 'error')).toHaveLength(1);
});

it('does not claim a failure where the definition cannot be made or has another shape', async () => {
  const files = { '/code/lib/migrations/0001_a.up.sql': 'CREATE TABLE networks (id uuid PRIMARY KEY, item int REFERENCES items (id));' };
  const refused = expect.stringMatching(/^info statement-fails: Not verified: another migrations directory creates what this/) as string;
  const assumed = expect.stringMatching(/^info assumed-schema/) as string;
  expect((await missingIn({ ...use, ...files })).sort()).toEqual([assumed, refused]);
  const other = { [`${own}/0002_use.up.sql`]: 'UPDATE networks SET a = 1;\nALTER TABLE networks DROP COLUMN b;' };
  expect((await missingIn({ ...networks, ...other })).sort()).toEqual([assumed, refused, refused]);
});

it('takes tables from schema files, but not from those of tests', async () => {
  const script = 'CREATE TABLE IF NOT EXISTS networks (id uuid PRIMARY KEY);';
  expect(await missingIn({ ...use, '/code/db/schema-entities.sql': script })).toEqual([
    'info assumed-schema: networks is created in db/schema-entities.sql, not in this directory',
  ]);
  expect(await missingIn({ ...use, '/code/tests/schema.sql': script })).toEqual([expect.stringMatching(/^error unknown-object/)]);
});

it('takes types, functions and schemas, and copies of dependencies', async () => {
  const files = {
    [`${own}/0002_use.up.sql`]: 'CREATE TABLE app.notes (mood mood, at timestamptz);\nSELECT touch();',
    '/code/vendor/pkg/migrations/0001_a.up.sql': "CREATE SCHEMA app;\nCREATE TYPE mood AS ENUM ('good');",
    '/code/vendor/pkg/migrations/0002_b.up.sql': "CREATE FUNCTION touch() RETURNS int LANGUAGE sql AS 'SELECT 1';",
  };
  expect(await missingIn(files)).toEqual([
    'info assumed-schema: app, touch and mood are created in vendor/pkg/migrations, not in this directory',
  ]);
});
