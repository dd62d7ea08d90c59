import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { outcomeOf } from '../../core/problem';
import { systemClock } from '../../host/node-host';
import { pgliteTarget } from '../../databases/postgresql/connections/pglite-target';
import type { TargetSession } from '../../databases/target';
import type { Plan, PlanStep } from '../plan';
import { sealPlan } from '../planning/plan-building';
import { assets } from '../testing/crash';
import { Journal } from './journal';
import { readHead, readJournal } from './journal-reading';

const step: PlanStep = {
  id: '1.0.0/up/a',
  kind: 'migration',
  direction: 'up',
  title: 'Apply a',
  release: '1.0.0',
  migration: 'a',
  sql: 'create table a ()',
  hash: 'sha256:00',
  transactional: true,
};

const plan: Plan = sealPlan({
  direction: 'upgrade',
  system: 's',
  target: 'local',
  targetDescription: 'x',
  protected: false,
  from: null,
  to: '1.0.0',
  releases: ['1.0.0'],
  steps: [step],
  losses: [],
  warnings: [],
  basis: { manifest: 'm', migrations: 'n', journal: 'empty' },
});

const migration = {
  id: 'a',
  release: '1.0.0',
  kind: 'script' as const,
  hash: 'sha256:00',
  up: 'create table a ()',
  down: 'drop table a',
  runner: { up: { transaction: 'script', sends: 'whole' }, down: { transaction: 'script', sends: 'whole' } } as const,
  transform: undefined,
  irreversible: undefined,
};

describe('the journal', () => {
  let folder: string;
  let session: TargetSession;
  beforeAll(async () => {
    folder = await mkdtemp(join(await realpath(tmpdir()), 'mem8-journal-'));
    session = await pgliteTarget({
      name: 'local',
      path: join(folder, 'data'),
      assets,
      protected: false,
      clock: systemClock,
      durable: false,
    }).open();
  });
  afterAll(async () => {
    await session.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => session.execute('drop schema if exists mem8_upgrade cascade'));

  const open = () => Journal.open(session, { clock: systemClock, system: 's' });
  const begin = (journal: Journal) =>
    journal.beginRun({ id: 'r', plan, manifest: 'm', boundary: 0, schema: { fingerprint: 'f', objects: {} }, holder: 'h' });
  const codeOf = async (work: () => Promise<unknown>) => {
    const outcome = await outcomeOf(work);
    return outcome.ok ? 'ok' : outcome.problem.code;
  };

  test('does not exist before the first run, and then is empty', async () => {
    expect(await readJournal(session)).toMatchObject({ exists: false, head: 'empty' });
    await open();
    expect(await readJournal(session)).toMatchObject({ exists: true, head: 'empty', openRun: undefined });
  });

  test('changes its head with every event, and gives back what was written', async () => {
    const journal = await open();
    const heads = [await readHead(session)];
    await begin(journal);
    heads.push(await readHead(session));
    await journal.intend('r', step);
    heads.push(await readHead(session));
    expect((await readJournal(session)).openRun).toMatchObject({ id: 'r', plan, steps: [{ id: step.id, state: 'unknown' }] });
    await journal.done('r', step, { applied: migration });
    await journal.closeRun('r', 'done');
    heads.push(await readHead(session));
    expect(new Set(heads).size).toBe(heads.length);
    expect(await readJournal(session)).toMatchObject({ openRun: undefined, migrations: [{ id: 'a', state: 'applied' }] });
  });

  test('takes back what was written in a transaction that did not commit', async () => {
    const journal = await open();
    await begin(journal);
    const before = await readJournal(session);
    const work = session.transaction(async () => {
      await journal.done('r', step, { applied: migration });
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    expect(await readJournal(session)).toEqual(before);
  });

  test('lets a run write no more once another one took the fence', async () => {
    const first = await open();
    await begin(first);
    await open();
    expect(await codeOf(() => first.intend('r', step))).toBe('lock-lost');
  });

  test('that the login may not read or write is not damaged: the right and what it is on are named', async () => {
    await open();
    await session.execute('create role app; set role app');
    const problemOf = async (work: () => Promise<unknown>) => {
      const outcome = await outcomeOf(work);
      return outcome.ok ? undefined : outcome.problem;
    };
    const granted = async (right: string) => {
      await session.execute(`reset role; ${right}; set role app`);
    };
    try {
      expect(await problemOf(() => readJournal(session))).toMatchObject({
        code: 'right-denied',
        message:
          'The login app may not read the journal of this target. It lacks: SELECT on ALL TABLES IN SCHEMA mem8_upgrade; USAGE on SCHEMA mem8_upgrade.',
      });
      await granted('grant usage on schema mem8_upgrade to app; grant select on mem8_upgrade.meta to app');
      expect((await problemOf(() => readHead(session)))?.message).toBe(undefined);
      const partly = await problemOf(() => readJournal(session));
      expect(partly?.message).toContain('SELECT on mem8_upgrade.backups, mem8_upgrade.migrations');
      // The SQL of the remedy is what is missing.
      await granted(partly?.remedy.replace(/^.*?owner: /, '') ?? '');
      expect(await problemOf(() => readJournal(session))).toBe(undefined);
      const write = await problemOf(open);
      expect(write?.message).toContain('may not write the journal of this target. It lacks: DELETE, INSERT, UPDATE');
      await granted(write?.remedy.replace(/^.*?owner: /, '') ?? '');
      await begin(await open());
    } finally {
      await session.execute('reset role; drop owned by app; drop role app');
    }
  });

  test('of a newer engine, or damaged, is refused', async () => {
    await open();
    await session.execute('update mem8_upgrade.meta set minimum_reader = 99, version = 99');
    expect(await codeOf(() => readJournal(session))).toBe('journal-newer');
    await session.execute('drop table mem8_upgrade.backups');
    expect(await codeOf(() => readJournal(session))).toBe('journal-newer');
    await session.execute('update mem8_upgrade.meta set minimum_reader = 1, version = 1');
    expect(await codeOf(() => readJournal(session))).toBe('journal-damaged');
    await session.execute('drop table mem8_upgrade.meta');
    expect(await codeOf(open)).toBe('journal-damaged');
    await session.execute('drop schema mem8_upgrade cascade; create schema mem8_upgrade');
    expect(await codeOf(open)).toBe('journal-damaged');
  });
});
