import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../core/host';
import type { ProblemError } from '../../core/problem';
import type { TargetSession } from '../../databases/target';
import { BackupManager } from './backup-manager';
import type { BackupStore } from '../../databases/backup-store';
import { postgresql } from '../../databases/postgresql/index';
import type { Properties } from '../../databases/fact';
import type { CapturedState, StateFingerprint } from '../../databases/schema-state';
import { StateVerifier } from './state-verifier';

const hash = (digit: string) => `sha256:${digit.repeat(64)}`;
const fingerprint = (rows: number, lastValue = '5'): StateFingerprint => ({
  schema: hash('1'),
  looseSchema: hash('1'),
  rows: hash(String(rows)),
  combined: hash(String(rows)),
  tables: [{ name: 'public.t', rows, hash: hash(String(rows)) }],
  sequences: [{ name: 'public.s', lastValue, isCalled: true }],
});
const state = (print: StateFingerprint, hasJournal = true): CapturedState => ({ fingerprint: print, facts: new Map(), hasJournal });

describe('BackupManager', () => {
  let folder: string;
  let discarded: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manager-test-'));
    discarded = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A manager over a store whose copy holds `original` and comes back as `restored`. */
  function manager(original: CapturedState, restored: CapturedState, fail?: Error): BackupManager {
    const store: BackupStore = {
      async copy(request) {
        await request.announce('mem8_backup_x');
        if (fail) throw fail;
        await writeFile(join(request.folder, 'data.tar.gz'), 'content');
        return {
          state: original,
          kind: 'data-directory',
          content: 'data.tar.gz',
          bytes: 7,
          serverVersion: '18.6',
          extensions: [],
          database: null,
        };
      },
      inScratch: (_, work) => work({} as TargetSession),
      putBack: async () => '',
      leftovers: async () => [],
      discard: async ({ content }) => void discarded.push(content),
    };
    const verifier = new StateVerifier(postgresql.catalogue);
    verifier.capture = async () => restored;
    const clock = { now: () => new Date(), sleep: async () => undefined };
    return new BackupManager({
      target: { name: 'store', description: 'Store' },
      backupsFolder: folder,
      store,
      verifier,
      clock,
      logger: silentLogger,
    });
  }

  it.each([
    ['rows are missing', state(fingerprint(2)), 'public.t has 2 rows instead of 3'],
    ['a sequence stands elsewhere', state(fingerprint(3, '6')), 'Sequence public.s is at 6 instead of 5'],
    ['the journal is missing', state(fingerprint(3), false), 'The journal is missing'],
  ])('keeps no backup whose restored copy differs because %s', async (_, restored, message) => {
    const failed: unknown = await manager(state(fingerprint(3)), restored)
      .create({ release: null })
      .catch((error: unknown) => error);
    expect((failed as ProblemError).problem).toMatchObject({ code: 'backup-failed', message: expect.stringContaining(message) as string });
    expect(await readdir(join(folder, 'store'))).toEqual([]);
    expect(discarded).toEqual(['mem8_backup_x']);
  });

  it('removes what was made outside of the folder when the copy fails', async () => {
    await expect(manager(state(fingerprint(3)), state(fingerprint(3)), new Error('no space')).create({ release: null })).rejects.toThrow(
      'no space',
    );
    expect(discarded).toEqual(['mem8_backup_x']);
    expect(await readdir(join(folder, 'store'))).toEqual([]);
  });

  it('never removes a finished backup', async () => {
    const good = manager(state(fingerprint(3)), state(fingerprint(3)));
    const first = await good.create({ release: null });
    const failing = manager(state(fingerprint(3)), state(fingerprint(2)));
    await failing.create({ release: null }).catch(() => undefined);
    await good.create({ release: null });
    expect(existsSync(first.location)).toBe(true);
    expect((await good.list()).backups).toHaveLength(2);
    expect((await good.load('latest')).record.proven).toBe(true);
  });
});

describe('StateVerifier', () => {
  const verifier = new StateVerifier(postgresql.catalogue);

  it('lets a sequence of a dump stand further on, never further back', () => {
    expect(verifier.differences(fingerprint(3, '5'), fingerprint(3, '6'), 'dump')).toEqual([]);
    expect(verifier.differences(fingerprint(3, '5'), fingerprint(3, '4'), 'dump')).toHaveLength(1);
    expect(verifier.differences(fingerprint(3, '5'), fingerprint(3, '6'), 'exact')).toHaveLength(1);
  });

  it('compares only rows with a record of other facts', () => {
    const older = { ...fingerprint(3), schema: `sha256:${'2'.repeat(64)}` };
    const now = { ...fingerprint(3), schema: `schema2:${'1'.repeat(64)}` };
    expect(verifier.differences(older, now, 'exact')).toEqual([]);
    expect(verifier.differences(older, { ...now, ...fingerprint(4), schema: now.schema }, 'exact')).toHaveLength(1);
  });

  it('names the objects whose definitions differ', () => {
    const before: CapturedState = {
      ...state(fingerprint(3)),
      facts: new Map<string, Properties>([
        ['index a', { definition: 'x' }],
        ['view v', { query: '(x)' }],
      ]),
    };
    const after: CapturedState = {
      ...state({ ...fingerprint(3), schema: hash('2'), looseSchema: hash('2') }),
      facts: new Map<string, Properties>([
        ['view v', { query: 'x' }],
        ['column c', {}],
      ]),
    };
    expect(verifier.stateDifferences(before, after, 'exact')).toEqual(['The schema differs in index a, view v, column c.']);
    expect(verifier.stateDifferences(before, after, 'dump')).toEqual(['The schema differs in index a, column c.']);
  });
});
