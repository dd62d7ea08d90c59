import { expect, it } from 'vitest';
import { dialects } from '../../../core/dialects';
import { filesWith } from '../../../inputs/scripts/testing/test-directories';
import { analyse } from '../../analysis/analysis';
import { openProject } from '../../project/open-project';

async function findingsIn(entries: Record<string, string>, path = '/p/m') {
  const opened = await openProject({ files: filesWith(entries), paths: [path] });
  if (!opened.ok) throw new Error(opened.problem.message);
  return (await analyse(opened.value)).findings.map(({ id, severity, file, message, details, advice }) => ({
    id,
    severity,
    file,
    message,
    details,
    advice,
  }));
}

const mysql = {
  'V1__a.sql': 'CREATE TABLE `orders` (`id` bigint NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;',
  'V2__b.sql': 'ALTER TABLE `orders` MODIFY COLUMN `id` int unsigned;',
  'notes.sql': '',
};

it('reports only once that scripts are for another database', async () => {
  expect(await findingsIn(mysql)).toEqual([
    {
      id: 'other-database',
      severity: 'info',
      file: '/p/m/V1__a.sql',
      message: 'Not checked: these scripts are for MySQL, not for PostgreSQL',
      details: "Most of their SQL is not PostgreSQL's.",
      advice: 'If the scripts are for PostgreSQL, set `dialect: postgresql` in .mem8-upgrade.yaml.',
    },
  ]);
});

it('checks scripts that a setting calls PostgreSQL', async () => {
  const found = await findingsIn({ ...mysql, '.mem8-upgrade.yaml': 'dialect: postgresql' });
  expect(new Set(found.map(({ id }) => id))).toContain('syntax-error');
  expect(found.map(({ id }) => id)).not.toContain('other-database');
});

it('trusts a setting that names another database', async () => {
  const found = await findingsIn({ '1_a.up.sql': 'SELECT 1;', '.mem8-upgrade.yaml': 'dialect: sqlite' });
  expect(found).toMatchObject([
    { message: 'Not checked: these scripts are for SQLite, not for PostgreSQL', details: undefined, advice: undefined },
  ]);
});

it('names the setting of the manifest where there is one, and does not check its queries', async () => {
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
  expect(found[0]?.advice).toBe('If the scripts are for PostgreSQL, set `migrations.dialect: postgresql`.');
});

it('lists PostgreSQL first', () => {
  expect(dialects[0]).toBe('postgresql');
});
