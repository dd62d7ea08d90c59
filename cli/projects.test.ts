import { describe, expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { discoverProjects } from '#engine/checking/project/discover';
import { runCommand } from './testing/run-command';

const table = 'CREATE TABLE t (a int);';
const both = {
  'upgrade.yaml': 'manifest: 1\nsystem: s\nreleases:\n  - version: 1.0.0\n    migrations: [1_a]\n    queries: queries\n',
  'migrations/1_a.up.sql': table,
  'migrations/1_a.down.sql': 'DROP TABLE t;',
  'queries/1.0.sql': 'SELECT a FROM t;',
  'services/billing/migrations/001_b.sql': 'SELECT 1 +;',
};

function project(files: Readonly<Record<string, string>>) {
  return memoryFiles(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/project/${path}`, text])));
}

async function check(files: Readonly<Record<string, string>>, ...words: string[]) {
  return runCommand(['check', '--no-database', ...words], { files: project(files) });
}

it('checks in a folder what an editor finds in it, beside its manifest too', async () => {
  expect(await discoverProjects(project(both), '/project')).toEqual(['/project/services/billing/migrations', '/project/upgrade.yaml']);
  const { out, code } = await check(both);
  expect(out).toMatch(/\[syntax-error\]\n {6}services\/billing\/migrations\/001_b\.sql:/);
  expect(out).not.toMatch(/^ *queries/m);
  expect(code).toBe(1);
});

it('checks a folder once that two paths name', async () => {
  const { out } = await check(both, 'services', 'services/billing');
  expect(out.match(/\[syntax-error\]/g)).toHaveLength(1);
});

it('checks a script that is named with the history of its directory, and says so', async () => {
  const files = { 'db/migrations/1_a.sql': '-- migrate:up\nSELECT 1 +;\n', 'db/migrations/2_b.sql': '-- migrate:up\nSELECT 2 +;\n' };
  const { out, err } = await check(files, 'db/migrations/2_b.sql');
  expect(err).toContain('note: 2_b.sql is checked with the history of db/migrations.');
  expect(out).toMatch(/\[syntax-error\]\n {6}db\/migrations\/2_b\.sql:2:\d+$/m);
  expect(out).not.toContain('1_a.sql');
  const alone = await check({ 'report.sql': 'SELECT 1 +;' }, 'report.sql');
  expect(alone.err).not.toContain('history');
  expect(alone.out).toContain('[syntax-error]');
});

it('reports once what two manifests have in one directory', async () => {
  const manifest = 'manifest: 1\nsystem: s\nreleases: [{ version: 1.0.0, migrations: [1_a] }]\n';
  const { out } = await check({ 'a.upgrade.yaml': manifest, 'b.upgrade.yaml': manifest, 'migrations/1_a.up.sql': 'SELECT 1 +;' });
  expect(out.match(/\[syntax-error\]/g)).toHaveLength(1);
});

it('reads a folder as the layout that is asked for, whatever it looks like', async () => {
  expect((await check({ 'sql/001_a.sql': 'SELECT 1 +;' }, 'sql', '--layout', 'plain')).out).toContain('[syntax-error]');
  expect((await check({ 'db/migrations/001_a.sql': 'SELECT 1 +;' }, '--layout', 'sqlx')).out).toContain('[syntax-error]');
});

describe('ends with 2 and says what to do', () => {
  const nothing: Record<string, { files: Record<string, string>; code: string }> = {
    'a folder without SQL': { files: { 'README.md': '' }, code: 'nothing-to-check' },
    'scripts that are no migrations': { files: { 'report.sql': 'SELECT 1;' }, code: 'layout-unknown' },
    'migrations in tests alone': { files: { 'tests/migrations/1_a.up.sql': table }, code: 'nothing-to-check' },
  };
  for (const command of ['check', 'rehearse']) {
    it.each(Object.entries(nothing))(`${command} of %s`, async (_name, { files, code }) => {
      const result = await runCommand([command], { files: project(files) });
      expect(result).toMatchObject({ code: 2, out: '' });
      expect(result.err).toContain(`[${code}]`);
    });
  }

  it('rehearse of scripts for another database', async () => {
    const files = project({ 'migrations/mysql/1_a.up.sql': table });
    const { code, err } = await runCommand(['rehearse', 'migrations/mysql'], { files });
    expect(code).toBe(2);
    expect(err).toContain('the scripts in /project/migrations/mysql are for MySQL, not for PostgreSQL. [nothing-to-check]');
    expect((await runCommand(['check'], { files })).code).toBe(0);
  });

  it('rehearse of a manifest without migrations', async () => {
    const { code, err } = await runCommand(['rehearse'], { files: project({ 'upgrade.yaml': 'manifest: 1\nsystem: s\nreleases: []\n' }) });
    expect(code).toBe(2);
    expect(err).toContain('no migration could be run. [nothing-to-check]');
  });
});
