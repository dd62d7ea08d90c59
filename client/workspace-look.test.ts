import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { lookAround, mayBeOurs, usualPlaces } from './workspace-look';

const up = 'CREATE TABLE t (id bigint PRIMARY KEY);\n';

/** Only migrations, as each tool keeps them. */
const layouts: Record<string, Record<string, string>> = {
  'golang-migrate': { 'db/migrations/0001_t.up.sql': up },
  sqlx: { 'migrations/20240101000000_t.sql': up },
  diesel: { 'migrations/2024-01-01-000000_t/up.sql': up },
  goose: { 'internal/store/migrations/00001_t.sql': `-- +goose Up\n${up}` },
  dbmate: { 'db/migrations/20240101000000_t.sql': `-- migrate:up\n${up}` },
  flyway: { 'src/main/resources/db/migration/V1__t.sql': up },
  sqitch: { 'sqitch.plan': '%syntax-version=1.0.0\n%project=p\n\nt 2024-01-01T00:00:00Z a <a@b.c> # t\n', 'deploy/t.sql': up },
  prisma: { 'prisma/migrations/20240101000000_t/migration.sql': up, 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' },
  atlas: { 'services/orders/migrations/20240101000000_t.sql': up, 'services/orders/migrations/atlas.sum': 'h1:\n' },
  'node-pg-migrate': { 'migrations/1704067200000_t.sql': `-- Up Migration\n${up}` },
  supabase: { 'supabase/config.toml': '', 'supabase/migrations/20240101000000_t.sql': up },
  plain: { 'schema/001_t.sql': up },
};

describe('a look around a workspace', () => {
  it.each(Object.entries(layouts))('sees migrations of %s', async (_, entries) => {
    expect(await lookAround(disk(entries), '/w')).toEqual({ hasManifest: false, hasMigrations: true });
    const script = Object.keys(entries).find((path) => path.endsWith('.sql'));
    expect(await mayBeOurs(disk(entries), `/w/${script}`)).toBe(true);
  });

  it('sees a manifest in a folder below', async () => {
    expect(await lookAround(disk({ 'deploy/mem8.upgrade.yaml': '' }), '/w')).toEqual({ hasManifest: true, hasMigrations: false });
  });

  it('sees nothing where there is nothing of ours', async () => {
    const entries = { 'src/main.ts': '', 'queries/report.sql': up, 'node_modules/p/migrations/0001_t.up.sql': up };
    expect(await lookAround(disk(entries), '/w')).toEqual({ hasManifest: false, hasMigrations: false });
    expect(await mayBeOurs(disk(entries), '/w/queries/report.sql')).toBe(false);
  });

  it('stops after a while in a large repository, but has looked at the usual places', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => [`packages/p${index}/src/a.ts`, ''] as const);
    let lists = 0;
    const large = disk({ ...Object.fromEntries(names), 'supabase/migrations/20240101000000_t.sql': up });
    const counted = {
      ...large,
      list: (folder: string) => (lists++, folder.startsWith('/w/packages/') ? Promise.resolve(['src/']) : large.list(folder)),
    };
    expect(await lookAround(counted, '/w')).toEqual({ hasManifest: false, hasMigrations: true });
    expect(lists).toBeLessThan(500);
  });

  it('looks at a script below a manifest', async () => {
    expect(await mayBeOurs(disk({ 'upgrade.yaml': '', 'queries/1.0/find.sql': up }), '/w/queries/1.0/find.sql')).toBe(true);
  });
});

it('has the extension activated for the usual places, without a search', () => {
  const { activationEvents } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { activationEvents: string[] };
  expect(activationEvents).toEqual(expect.arrayContaining(usualPlaces.map((place) => `workspaceContains:${place}`)));
  expect(activationEvents.filter((event) => /[*?]/.test(event))).toEqual([]);
  expect(activationEvents).not.toContain('onStartupFinished');
  for (const language of ['sql', 'pgsql', 'postgres', 'plpgsql', 'mssql', 'tsql', 'plsql', 'mysql'])
    expect(activationEvents).toContain(`onLanguage:${language}`);
});

function disk(entries: Record<string, string>) {
  return memoryFiles(Object.fromEntries(Object.entries(entries).map(([path, text]) => [`/w/${path}`, text])));
}
