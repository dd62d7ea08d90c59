import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../test/support/postgres';
import type { Outcome } from '../core/problem';
import { makeProject, projectAt, type TestProject } from '../running/testing/project';
import { StateRecovery } from './state-recovery';

const manifest = (driver: string) => `
manifest: 1
system: shop
migrations: { layout: golang-migrate }
targets:
  main: { ${driver}, protected: false }
releases:
  - version: 1.0.0
    migrations: [1_notes]
  - version: 1.1.0
    migrations: [2_more]
    rollback: restore
`;

const scripts: Record<string, string> = {
  '1_notes.up.sql': 'create table notes (text text);',
  '1_notes.down.sql': 'drop table notes;',
  '2_more.up.sql': 'alter table notes add column more text;',
};

const year = 365 * 24 * 3600 * 1000;
let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

const drivers = [
  {
    driver: 'pglite',
    configuration: 'driver: pglite, path: "${env:PLACE}"',
    place: async (name: string) => name,
    copy: async (folder: string, from: string, to: string) => cp(join(folder, from), join(folder, to), { recursive: true }),
  },
  {
    driver: 'postgresql',
    configuration: 'driver: postgresql, url: "${env:PLACE}"',
    place: () => server.createDatabase(),
    copy: async (_: string, from: string, to: string) => {
      const [original, copied] = [from, to].map((url) => new URL(url).pathname.slice(1));
      const project = await makeProject({
        manifest: manifest(drivers[1]?.configuration ?? ''),
        scripts,
        environment: { PLACE: server.url() },
      });
      await project.query(`drop database ${copied}`);
      await project.query(`create database ${copied} template ${original}`);
      await project.remove();
    },
  },
];

describe.each(drivers)('backups of two databases of driver $driver under the name of one target', ({ configuration, place, copy }) => {
  let places: string[];
  let first: TestProject;
  let second: TestProject;
  beforeEach(async () => {
    places = [await place('first'), await place('second')];
    const made = await makeProject({ manifest: manifest(configuration), scripts });
    [first, second] = places.map((PLACE) => projectAt(made.folder, { PLACE })) as [TestProject, TestProject];
    for (const [project, text] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      value(await project.upgrades.perform({ to: '1.0.0', backup: false }));
      await project.query(`insert into notes values ('${text}')`);
    }
  }, 120_000);
  afterEach(() => first.remove());

  const texts = async (project: TestProject) => (await project.query('select text from notes order by 1')).map(({ text }) => text);
  const origins = async (project: TestProject) => value(await project.upgrades.status()).backups.map(({ origin }) => origin);

  test('the backup of another database is restored only when it is named as one', { timeout: 300_000 }, async () => {
    const { id } = value(await first.recovery.backup());
    expect([await origins(first), await origins(second)]).toEqual([['this'], ['other']]);
    const refused = {
      ok: false,
      problem: { code: 'backup-of-other-database', remedy: expect.stringContaining(`--other-database ${id}`) as string },
    };
    expect(await second.recovery.restore()).toMatchObject(refused);
    expect(await second.recovery.restore({ backup: id })).toMatchObject(refused);
    expect(await second.rollbacks.plan({ to: '1.0.0', how: 'restore' })).toMatchObject({
      ok: false,
      problem: { code: 'rollback-impossible' },
    });
    expect(await texts(second)).toEqual(['second']);

    const own = value(await second.recovery.backup());
    const preview = value(await second.recovery.preview({ otherDatabase: id }));
    expect(preview.text).toContain('was taken of another database');
    value(await second.recovery.restore({ otherDatabase: id }));
    expect(await texts(second)).toEqual(['first']);

    // The database is still the second one.
    expect(await origins(second)).toEqual(['other', 'this']);
    expect(value(await second.recovery.restore())).toMatchObject({ id: own.id });
    expect(await texts(second)).toEqual(['second']);
  });

  test('a restored database keeps its backups, and a copy of it has none', { timeout: 300_000 }, async () => {
    const { id } = value(await first.recovery.backup());
    await first.query("insert into notes values ('later')");
    value(await first.recovery.backup());
    value(await first.recovery.restore({ backup: id }));
    expect(await texts(first)).toEqual(['first']);
    expect(await origins(first)).toEqual(['this', 'this']);

    await rm(join(first.folder, 'second'), { recursive: true, force: true });
    await copy(first.folder, places[0] ?? '', places[1] ?? '');
    expect(await texts(second)).toEqual(['first']);
    expect(await origins(second)).toEqual(['other', 'other']);
    value(await second.upgrades.perform({ backup: false }));
    value(await second.recovery.backup());
    expect([await origins(second), await origins(first)]).toEqual([
      ['other', 'other', 'this'],
      ['this', 'this', 'other'],
    ]);
  });

  test('the newest backup is the one that was taken last, whatever the clock said', { timeout: 300_000 }, async () => {
    value(await first.recovery.backup());
    await first.query("insert into notes values ('later')");
    const clock = { ...first.host.clock, now: () => new Date(Date.now() - year) };
    value(await new StateRecovery({ ...first, host: { ...first.host, clock } }).backup());
    await first.query("insert into notes values ('lost')");
    value(await first.recovery.restore());
    expect(await texts(first)).toEqual(['first', 'later']);
  });

  test('a backup of an earlier version, which recorded the address only, is used with a statement', { timeout: 300_000 }, async () => {
    const { id, location } = value(await first.recovery.backup());
    const file = join(first.folder, '.mem8/backups/main', id, 'backup.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    delete record.identity;
    delete record.sequence;
    await writeFile(file, JSON.stringify(record));
    expect([await origins(first), await origins(second)]).toEqual([['unrecorded'], ['other']]);
    expect(value(await first.recovery.preview()).text).toContain('recorded only the address');
    value(await first.upgrades.perform({ backup: false }));
    const plan = value(await first.rollbacks.plan({ backup: false }));
    expect(plan.warnings.join()).toContain('recorded only the address');
    expect(plan.steps[0]?.detail).toContain(location);
    value(await first.rollbacks.perform({ backup: false }));
    expect(await texts(first)).toEqual(['first']);
  });

  test('a journal of an earlier version gets an identity with the next run', { timeout: 300_000 }, async () => {
    await first.query('alter table mem8_upgrade.meta drop column identity');
    await first.query('update mem8_upgrade.meta set version = 1');
    const { id } = value(await first.recovery.backup());
    expect(await origins(first)).toEqual(['this']);
    value(await first.upgrades.perform({ backup: false }));
    expect(await first.query('select version, identity is not null as identity from mem8_upgrade.meta')).toEqual([
      { version: 2, identity: true },
    ]);
    value(await first.recovery.restore({ backup: id }));
    expect(await origins(first)).toEqual(['this']);
  });
});

test('a new folder in the place of another one is another database once it has a journal', { timeout: 300_000 }, async () => {
  const project = await makeProject({ manifest: manifest('driver: pglite, path: data'), scripts });
  value(await project.upgrades.perform({ backup: false }));
  const { id } = value(await project.recovery.backup());
  await rm(join(project.folder, 'data'), { recursive: true });
  await mkdir(join(project.folder, 'data'));
  // Nothing is lost in an empty folder.
  expect(value(await project.recovery.preview())).toMatchObject({ backup: { id, origin: 'this' } });
  value(await project.upgrades.perform({ backup: false }));
  expect(await project.recovery.restore()).toMatchObject({ ok: false, problem: { code: 'backup-of-other-database' } });
  await project.remove();
});

test('a database that was never upgraded keeps its backup through restores', { timeout: 300_000 }, async () => {
  const project = await makeProject({
    manifest: manifest('driver: postgresql, url: "${env:PLACE}"'),
    scripts,
    environment: { PLACE: await server.createDatabase() },
  });
  await project.query('create table old (id integer)');
  const { id } = value(await project.recovery.backup());
  for (let restores = 0; restores < 2; restores++) expect(value(await project.recovery.restore())).toMatchObject({ id });
  const { checks } = value(await project.recovery.verify());
  expect(checks.at(-1)).toMatchObject({ result: 'skipped', message: 'Nothing has been run on the target.' });
  await project.remove();
});

test('a restore ends the connections of other programs when it is told to', { timeout: 300_000 }, async () => {
  const url = await server.createDatabase();
  const project = await makeProject({ manifest: manifest(`driver: postgresql, url: "${url}"`), scripts });
  value(await project.upgrades.perform({ to: '1.0.0', backup: false }));
  value(await project.recovery.backup());
  await project.inTarget(async (other) => {
    expect(await project.recovery.restore()).toMatchObject({
      ok: false,
      problem: { code: 'restore-failed', remedy: expect.stringContaining('--end-connections') as string },
    });
    expect(await other.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    value(await project.recovery.restore({ endConnections: true }));
  });
  await project.remove();
});
