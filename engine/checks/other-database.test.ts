import { expect, it } from 'vitest';
import { dialects } from '../layouts/dialects';
import { filesWith } from '../layouts/test-directories';
import { analyse } from '../project/analysis';
import { openProject } from '../project/open-project';

async function findingsIn(entries: Record<string, string>, path = '/p/m') {
  const opened = await openProject({ files: filesWith(entries), paths: [path] });
  if (!opened.ok) throw new Error(opened.problem.message);
  return (await analyse(opened.value)).findings.map(({ id, severity, file, message }) => ({ id, severity, file, message }));
}

const mysql = {
  'V1__a.sql': 'CREATE TABLE `orders` (`id` bigint NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;',
  'V2__b.sql': 'ALTER TABLE `orders` MODIFY COLUMN `id` int unsigned;',
  'notes.sql': '',
};

it('says once that scripts are for another database, and nothing else', async () => {
  expect(await findingsIn(mysql)).toEqual([
    {
      id: 'other-database',
      severity: 'info',
      file: '/p/m/V1__a.sql',
      message:
        "These scripts are for MySQL, so they are not checked: only PostgreSQL is supported. Set `dialect: postgresql` in .mem8-upgrade.yaml if this is wrong: most of their SQL is not PostgreSQL's.",
    },
  ]);
});

it('checks scripts that a setting calls PostgreSQL', async () => {
  const found = await findingsIn({ ...mysql, '.mem8-upgrade.yaml': 'dialect: postgresql' });
  expect(new Set(found.map(({ id }) => id))).toContain('syntax-error');
  expect(found.map(({ id }) => id)).not.toContain('other-database');
});

it('believes a setting that names another database', async () => {
  const found = await findingsIn({ '1_a.up.sql': 'SELECT 1;', '.mem8-upgrade.yaml': 'dialect: sqlite' });
  expect(found.map(({ message }) => message)).toEqual([
    'These scripts are for SQLite, so they are not checked: only PostgreSQL is supported.',
  ]);
});

it('names the setting of the manifest where there is one, and leaves what it says of queries alone', async () => {
  const found = await findingsIn(
    {
      ...Object.fromEntries(Object.entries(mysql).map(([name, text]) => [`/p/migrations/${name}`, text])),
      '/p/queries.sql': 'SELECT `id` FROM `orders`;',
      '/p/upgrade.yaml':
        'manifest: 1\nsystem: s\nmigrations:\n  minimum: "15"\nreleases:\n  - version: 1.0.0\n    migrations: [V1__a, V2__b]\n    queries: queries.sql\n',
    },
    '/p/upgrade.yaml',
  );
  expect(found.map(({ id }) => id)).toEqual(['other-database']);
  expect(found[0]?.message).toContain('Set `migrations.dialect: postgresql` if');
});

it('knows PostgreSQL as the only one that is checked', () => {
  expect(dialects[0]).toBe('postgresql');
});
