import { expect, it } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { openProject } from './open-project';

const script = { '/w/db/migrations/0001_a.up.sql': 'SELECT 1;', '/w/db/migrations/0001_a.down.sql': 'SELECT 1;' };
const manifest = (settings: string) => `manifest: 1\nsystem: mem8\nmigrations: { ${settings} }\nreleases: [{ version: 1.0.0 }]\n`;
const sizes = '{ "version": 1, "takenAt": "2026-01-31T12:00:00Z", "tables": { "public.a": { "rows": 7, "bytes": 8192 } } }';

async function opened(files: Record<string, string>, ...paths: string[]) {
  const project = await openProject({ files: memoryFiles(files), paths });
  if (!project.ok) throw new Error(project.problem.message);
  return project.value;
}

it('reads the baseline and the statistics that a manifest names, and owns them', async () => {
  const files = { ...script, '/w/schema.sql': 'CREATE TABLE a (id int);', '/w/sizes.json': sizes };
  const settings = 'directory: db/migrations, baseline: schema.sql, statistics: sizes.json';
  const project = await opened({ ...files, '/w/upgrade.yaml': manifest(settings) }, '/w/upgrade.yaml');
  expect(project.baseline).toEqual({ file: '/w/schema.sql', text: 'CREATE TABLE a (id int);' });
  expect(project.statistics?.tables.get('public.a')).toEqual({ rows: 7, bytes: 8192, writesPerSecond: undefined });
  expect([...project.ownedFiles]).toEqual(expect.arrayContaining(['/w/schema.sql', '/w/sizes.json']));
});

it('reads those of the configuration file, relative to it, for directories and for loose files', async () => {
  const files = {
    ...script,
    '/w/.mem8-upgrade.yaml': 'baseline: schema.sql\nstatistics: sizes.json\n',
    '/w/schema.sql': '',
    '/w/sizes.json': sizes,
    '/w/tasks/change.sql': 'SELECT 1;',
  };
  for (const path of ['/w/db/migrations', '/w/tasks/change.sql']) {
    const project = await opened(files, path);
    expect(project.baseline?.file).toBe('/w/schema.sql');
    expect(project.statistics?.file).toBe('/w/sizes.json');
  }
});

it('finds statistics that lie beside the manifest, and waits for them before they are there', async () => {
  const files = { ...script, '/w/upgrade.yaml': manifest('directory: db/migrations') };
  const without = await opened(files, '/w/upgrade.yaml');
  expect(without.statistics).toBeUndefined();
  expect(without.missingFiles.has('/w/mem8-statistics.json')).toBe(true);
  expect((await opened({ ...files, '/w/mem8-statistics.json': sizes }, '/w/upgrade.yaml')).statistics?.tables.size).toBe(1);
});

it('says which declared baseline is missing, and who declares it', async () => {
  const files = memoryFiles({ ...script, '/w/upgrade.yaml': manifest('directory: db/migrations, baseline: nowhere.sql') });
  const project = await openProject({ files, paths: ['/w/upgrade.yaml'] });
  expect(project).toMatchObject({ ok: false, problem: { code: 'file-not-found', file: '/w/nowhere.sql' } });
  expect(project.ok ? '' : project.problem.message).toBe('/w/nowhere.sql does not exist, but /w/upgrade.yaml declares it as the baseline.');
});
