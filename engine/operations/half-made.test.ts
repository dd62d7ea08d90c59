import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../test/support/postgres';
import type { RunOutcome } from './installation';
import { StateRecovery } from './state-recovery';
import { makeProject, type TestProject } from '../running/testing/project';

const minutes = 60_000;

const manifest = (target: string) => `
manifest: 1
system: mem8
migrations: { layout: golang-migrate }
targets:
  local: ${target}
releases:
  - version: 1.0.0
    migrations: [0001_accounts]
  - version: 1.1.0
    migrations: [0002_change]
`;

const accounts = `CREATE TABLE accounts (id bigint PRIMARY KEY, filled text);
INSERT INTO accounts VALUES (1, 'x'), (2, 'x');
`;

/** A change that stops half way, what makes it succeed, and the invalid index that it leaves. */
interface HalfMade {
  readonly what: string;
  readonly before?: string;
  readonly up: string;
  readonly down: string;
  readonly fix?: string;
  readonly invalid: string;
  readonly said: string;
}

const built = (name: string) => `The index ${name} is INVALID: its build failed or was interrupted. Resuming drops and rebuilds it.`;

/** Fails on the target until it is repaired, but not where a dump of it is restored. */
const failing = `CREATE TABLE repaired (yes boolean);
CREATE FUNCTION checked(value text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
  IF current_setting('demo.fails', true) = 'on' AND NOT EXISTS (SELECT FROM public.repaired) THEN RAISE 'not repaired'; END IF;
  RETURN value;
END $$;
CREATE INDEX accounts_checked ON accounts (checked(filled));
`;

const cases: HalfMade[] = [
  {
    what: 'a unique index',
    up: 'CREATE UNIQUE INDEX CONCURRENTLY accounts_filled_key ON accounts (filled);',
    down: 'DROP INDEX CONCURRENTLY IF EXISTS accounts_filled_key;',
    invalid: 'public.accounts_filled_key',
    said: built('public.accounts_filled_key'),
  },
  {
    what: 'an index without a name',
    up: 'CREATE UNIQUE INDEX CONCURRENTLY ON accounts (lower(filled)) INCLUDE (id);',
    down: 'DROP INDEX accounts_lower_id_idx;',
    invalid: 'public.accounts_lower_id_idx',
    said: built('public.accounts_lower_id_idx'),
  },
  {
    what: 'the index of a partition',
    before: `CREATE TABLE parted (id bigint, day date) PARTITION BY RANGE (id);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10);
INSERT INTO parted VALUES (1, '2026-01-01'), (1, '2026-01-02');
`,
    up: `CREATE UNIQUE INDEX parted_key ON ONLY parted (id);
CREATE UNIQUE INDEX CONCURRENTLY part_key ON part (id);
ALTER INDEX parted_key ATTACH PARTITION part_key;`,
    down: 'DROP INDEX parted_key;',
    fix: "DELETE FROM part WHERE day = '2026-01-02'",
    invalid: 'public.part_key',
    said: built('public.part_key'),
  },
  {
    what: 'copies of REINDEX',
    before: failing,
    up: "SET demo.fails = 'on';\nREINDEX INDEX CONCURRENTLY accounts_checked;",
    down: 'SELECT 1;',
    fix: 'INSERT INTO repaired VALUES (true)',
    invalid: 'public.accounts_checked_ccnew',
    said: 'REINDEX left the invalid index public.accounts_checked_ccnew behind. Resuming drops it and repeats the REINDEX.',
  },
];

const invalidIndexes =
  "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid AND indrelid::regclass::text NOT LIKE 'parted'";

function succeeded(outcome: Pick<RunOutcome, 'ok'>): void {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
}

/** Where the system has a whole PostgreSQL, its own pg_dump is tried on its own server. */
const installed = ['18', '17', '16', '15', '14']
  .map((major) => `/usr/lib/postgresql/${major}/bin`)
  .find((bin) => ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(bin, name))));

const places = [
  { place: 'an embedded database', binaries: undefined, isServer: false },
  { place: 'a server, with copies on the server', binaries: undefined, isServer: true },
  ...(installed === undefined ? [] : [{ place: 'a server, with pg_dump', binaries: installed, isServer: true }]),
];

describe.each(places)('a statement that stops half way in $place', ({ binaries, isServer }) => {
  let server: RunningPostgres | undefined;
  const path = process.env.PATH;
  beforeAll(async () => {
    if (!isServer) return;
    if (binaries !== undefined) process.env.PATH = `${binaries}:${path ?? ''}`;
    server = await startPostgres(binaries === undefined ? {} : { binaries });
  }, 3 * minutes);
  afterAll(async () => {
    process.env.PATH = path;
    await server?.stop();
  });

  async function project(half: Pick<HalfMade, 'before' | 'up' | 'down'>): Promise<TestProject> {
    const made = await makeProject({
      manifest: manifest(
        server ? '{ driver: postgresql, url: "${env:DATABASE}", protected: false }' : '{ driver: pglite, path: .mem8/data }',
      ),
      scripts: {
        '0001_accounts.up.sql': accounts + (half.before ?? ''),
        '0001_accounts.down.sql': 'DROP SCHEMA public CASCADE; CREATE SCHEMA public;',
        '0002_change.up.sql': half.up,
        '0002_change.down.sql': half.down,
      },
      environment: server ? { DATABASE: await server.createDatabase() } : {},
    });
    succeeded(await made.upgrades.perform({ to: '1.0.0', backup: false }));
    return made;
  }

  test.each(cases)('is named, backed up, resumed and rolled back: $what', { timeout: 5 * minutes }, async (half) => {
    const made = await project(half);
    const before = await made.fingerprint();
    const failed = await made.upgrades.perform();
    expect(failed).toMatchObject({ ok: false, problem: { code: 'step-failed', message: expect.stringContaining(half.said) as string } });
    expect(await made.query(invalidIndexes)).toEqual([{ name: half.invalid.replace('public.', '') }]);

    await made.query(`COMMENT ON INDEX ${half.invalid} IS 'half made'`);
    const warnings: string[] = [];
    const logger = { ...made.host.logger, warn: (message: string) => void warnings.push(message) };
    succeeded(await new StateRecovery({ ...made, host: { ...made.host, logger } }).backup());
    expect(warnings.filter((warning) => warning.includes(half.invalid))).toHaveLength(binaries === undefined ? 0 : 1);
    expect(await readFile(join(made.folder, '.mem8/.gitignore'), 'utf8')).toBe('*\n');
    succeeded(await made.recovery.restore());

    succeeded(await made.rollbacks.perform());
    expect(await made.query(invalidIndexes)).toEqual([]);
    expect(await made.fingerprint()).toBe(before);

    expect((await made.upgrades.perform()).ok).toBe(false);
    await made.query(half.fix ?? 'DELETE FROM accounts WHERE id = 2');
    const resumed = await made.upgrades.perform({ backup: true });
    succeeded(resumed);
    expect(resumed.report?.steps.map((step) => step.message ?? '').join(' ')).toMatch(
      new RegExp(`The invalid index ${half.invalid} was dropped`),
    );
    expect(await made.query(invalidIndexes)).toEqual([]);
    expect(await made.recovery.verify()).toMatchObject({ value: { passed: true } });
    await made.remove();
  });

  test('restores a release that had an invalid index', { timeout: 5 * minutes }, async () => {
    const made = await project({
      before: `CREATE INDEX unfinished ON accounts (filled);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'unfinished'::regclass;
`,
      up: 'CREATE TABLE more (id int);',
      down: 'DROP TABLE more;',
    });
    succeeded(await made.upgrades.perform({ backup: true }));
    succeeded(await made.rollbacks.perform({ how: 'restore' }));
    expect(await made.query(invalidIndexes)).toHaveLength(binaries === undefined ? 1 : 0);
    expect(await made.recovery.verify()).toMatchObject({ value: { passed: true } });
    await made.remove();
  });

  test('keeps constraints that are not valid', { timeout: 5 * minutes }, async () => {
    const made = await project({
      up: `ALTER TABLE accounts ADD CONSTRAINT positive CHECK (id > 1) NOT VALID;
CREATE INDEX CONCURRENTLY accounts_filled ON accounts (filled);
ALTER TABLE accounts VALIDATE CONSTRAINT positive;`,
      down: 'DROP INDEX accounts_filled; ALTER TABLE accounts DROP CONSTRAINT positive;',
    });
    expect((await made.upgrades.perform()).ok).toBe(false);
    succeeded(await made.recovery.backup());
    succeeded(await made.recovery.restore());
    await made.query('DELETE FROM accounts WHERE id = 1');
    succeeded(await made.upgrades.perform({ backup: true }));
    succeeded(await made.rollbacks.perform());
    await made.remove();
  });

  test.runIf(isServer)('finalizes a pending detachment, to resume or to roll back', { timeout: 5 * minutes }, async () => {
    const made = await project({
      before: `CREATE TABLE parted (id bigint) PARTITION BY RANGE (id);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10);
`,
      up: "SET statement_timeout = '300ms';\nALTER TABLE parted DETACH PARTITION part CONCURRENTLY;",
      down: `ALTER TABLE parted ATTACH PARTITION part FOR VALUES FROM (0) TO (10);
DO $$ DECLARE k name; BEGIN
  FOR k IN SELECT conname FROM pg_constraint WHERE conrelid = 'part'::regclass LOOP EXECUTE format('ALTER TABLE part DROP CONSTRAINT %I', k); END LOOP;
END $$;`,
    });
    const attached = "SELECT count(*) AS n FROM pg_inherits WHERE inhrelid = 'part'::regclass";
    const fails = () =>
      made.inTarget((reader) =>
        reader.transaction(async () => {
          await reader.query('SELECT FROM parted');
          const failed = await made.upgrades.perform({ backup: false });
          expect(failed).toMatchObject({
            problem: { message: expect.stringContaining('left the detachment of "part" from "parted" pending') as string },
          });
        }),
      );
    await fails();
    succeeded(await made.recovery.backup());
    succeeded(await made.rollbacks.perform({ backup: true }));
    expect(await made.query(attached)).toEqual([{ n: 1 }]);
    await fails();
    succeeded(await made.upgrades.perform({ backup: true }));
    expect(await made.query(attached)).toEqual([{ n: 0 }]);
    await made.remove();
  });
});
