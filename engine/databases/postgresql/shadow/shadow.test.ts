import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayStep, StatementObservation } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { alone, inOneMessage, inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow();
});
afterAll(() => shadow.dispose());

/** The relations of appendix A of the hazard catalogue: names and indexes as there. */
const base = step(
  'base',
  inTransaction(
    'CREATE TABLE o (id int PRIMARY KEY)',
    'INSERT INTO o SELECT generate_series(1, 200)',
    'CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50), u int, oid_ int CONSTRAINT t_fk REFERENCES o, n numeric(10,2))',
    'INSERT INTO t SELECT g, g, g::text, g, g FROM generate_series(1, 200) g',
    'CREATE INDEX t_a ON t (a)',
    'CREATE UNIQUE INDEX t_u ON t (u)',
    'CREATE VIEW v AS SELECT id FROM t',
    'CREATE MATERIALIZED VIEW mv AS SELECT id FROM t',
    'CREATE TABLE p (k int) PARTITION BY LIST (k)',
    'CREATE TABLE pdef PARTITION OF p DEFAULT',
  ),
);

async function observeLast(...chain: ReplayStep[]): Promise<readonly StatementObservation[]> {
  return (await shadow.observe(chain)).at(-1)?.statements ?? [];
}

async function observeOne(sql: string): Promise<StatementObservation> {
  const [observation] = await observeLast(base, step('it', inTransaction(sql)));
  if (!observation) throw new Error('no observation');
  return observation;
}

/** Locks of a relation that existed, without indexes and mere reading, as `relation:mode`. */
function tableLocks(observation: StatementObservation): string[] {
  return observation.locks
    .filter((lock) => lock.existedBefore && lock.relationKind !== 'i' && lock.mode !== 'AccessShare')
    .map((lock) => `${lock.relation.replace('public.', '')}:${lock.mode}`)
    .sort();
}

describe('what one statement does', () => {
  it.each<[sql: string, locks: string[], rewrites: boolean, scans: string[]]>([
    ['ALTER TABLE t ADD COLUMN x int', ['t:AccessExclusive'], false, []],
    ['ALTER TABLE t ADD COLUMN x timestamptz DEFAULT now()', ['t:AccessExclusive'], false, []],
    ['ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()', ['t:AccessExclusive'], true, ['t']],
    ['ALTER TABLE t ADD COLUMN x int REFERENCES o', ['o:ShareRowExclusive', 't:AccessExclusive'], false, []],
    ['ALTER TABLE t DROP COLUMN a', ['t:AccessExclusive'], false, []],
    ['ALTER TABLE t ALTER b SET NOT NULL', ['t:AccessExclusive'], false, ['t']],
    ['ALTER TABLE t ALTER b TYPE varchar(100)', ['t:AccessExclusive'], false, []],
    ['ALTER TABLE t ALTER a TYPE bigint', ['t:AccessExclusive'], true, ['t']],
    ['ALTER TABLE t ALTER n TYPE numeric(12,4)', ['t:AccessExclusive'], true, ['t']],
    ['ALTER TABLE t ADD CHECK (a > 0)', ['t:AccessExclusive'], false, ['t']],
    ['ALTER TABLE t ADD CHECK (a > 0) NOT VALID', ['t:AccessExclusive'], false, []],
    ['ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o NOT VALID', ['o:ShareRowExclusive', 't:ShareRowExclusive'], false, []],
    ['ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o', ['o:ShareRowExclusive', 't:ShareRowExclusive'], false, ['o', 't']],
    ['ALTER TABLE t DROP CONSTRAINT t_fk', ['o:AccessExclusive', 't:AccessExclusive'], false, []],
    ['CREATE INDEX t_b ON t (b)', ['t:Share'], false, ['t']],
    ['TRUNCATE t', ['t:AccessExclusive'], true, ['t']],
    ['ALTER TABLE t ALTER a SET STATISTICS 100', ['t:ShareUpdateExclusive'], false, []],
    ['UPDATE t SET a = 1', ['t:RowExclusive'], false, ['t']],
    ['CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3)', ['p:AccessExclusive', 'pdef:AccessExclusive'], false, ['pdef']],
    ['REFRESH MATERIALIZED VIEW mv', ['mv:AccessExclusive'], true, ['t']],
    ['COMMENT ON TABLE t IS $$x$$', ['t:ShareUpdateExclusive'], false, []],
  ])('%s', async (sql, locks, rewrites, scans) => {
    const observation = await observeOne(sql);
    expect(observation.error).toBeUndefined();
    expect(tableLocks(observation)).toEqual(locks);
    expect(observation.rewrites.length > 0).toBe(rewrites);
    expect(observation.scans.map((name) => name.replace('public.', '')).sort()).toEqual(expect.arrayContaining(scans));
    if (scans.length === 0) expect(observation.scans).toEqual([]);
  });

  it('names the table of an index and calls a rebuilt index rewritten', async () => {
    const observation = await observeOne('ALTER TABLE t ALTER a TYPE bigint');
    expect(observation.rewrites).toEqual(expect.arrayContaining(['public.t', 'public.t_a']));
    expect(observation.locks).toContainEqual({
      relation: 'public.t_a',
      relationKind: 'i',
      table: 'public.t',
      mode: 'AccessExclusive',
      existedBefore: true,
    });
  });

  it('reports what goes silently with a dropped column', async () => {
    const observation = await observeOne('ALTER TABLE t DROP COLUMN a');
    expect(observation.changes).toContainEqual({ kind: 'dropped', object: 'column public.t.a' });
    expect(observation.changes).toContainEqual({ kind: 'dropped', object: 'index public.t_a', alone: true });
  });

  it('lists a dropped table once, with the constraint of another table but without its own columns', async () => {
    const { changes } = await observeOne('DROP TABLE o CASCADE');
    expect(changes.filter((change) => change.kind === 'dropped').map((change) => change.object)).toEqual(
      expect.arrayContaining(['table public.o', 'constraint public.t.t_fk']),
    );
    expect(changes.some((change) => change.object.startsWith('column '))).toBe(false);
  });

  it('knows that nobody waits for a table of the same migration', async () => {
    const [, index] = await observeLast(base, step('it', inTransaction('CREATE TABLE fresh (a int)', 'CREATE INDEX fresh_a ON fresh (a)')));
    expect(index?.locks.length).toBeGreaterThan(0);
    expect(index?.locks.every((lock) => !lock.existedBefore)).toBe(true);
    expect(index?.scans).toEqual([]);
  });

  it('reports a lock once while it is held', async () => {
    const [first, second] = await observeLast(
      base,
      step('it', inTransaction('ALTER TABLE t ADD COLUMN x int', 'ALTER TABLE t ADD COLUMN y int')),
    );
    expect(first && tableLocks(first)).toEqual(['t:AccessExclusive']);
    expect(second && tableLocks(second)).toEqual([]);
  });
});

describe('errors', () => {
  it('place an error after an emoji in UTF-16', async () => {
    const sql = "SELECT '🦊é', nowhere FROM t";
    const observation = await observeOne(sql);
    expect(observation.error).toMatchObject({ sqlstate: '42703', offset: sql.indexOf('nowhere') });
  });

  it('blank nothing else', async () => {
    const observations = await observeLast(
      base,
      step('it', inTransaction('ALTER TABLE t ADD COLUMN x int', 'SELECT nowhere', 'selec 1', 'CREATE INDEX t_x ON t (x)')),
    );
    expect(observations.map((each) => each.error?.sqlstate)).toEqual([undefined, '42703', '42601', undefined]);
    expect(observations[3]?.changes).toContainEqual({ kind: 'created', object: 'index public.t_x' });
  });

  it('mark later migrations as coming after a failure', async () => {
    const chain = [step('1', inTransaction('SELECT nowhere')), step('2', inTransaction('CREATE TABLE a (i int)'))];
    expect((await shadow.observe(chain)).map((each) => each.afterFailure)).toEqual([false, true]);
  });

  it('show a deferred constraint that fails at the commit, whether or not a migration follows', async () => {
    const failing = step(
      'deferred',
      inTransaction(
        'CREATE TABLE parent (id int PRIMARY KEY)',
        'CREATE TABLE child (p int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
        'INSERT INTO child VALUES (1)',
      ),
    );
    expect((await observeLast(failing))[2]?.error?.sqlstate).toBe('23503');
    const [first, second] = await shadow.observe([failing, step('next', inTransaction('SELECT * FROM child'))]);
    expect(first?.statements[2]?.error?.sqlstate).toBe('23503');
    expect(second?.statements[0]?.error?.sqlstate).toBe('42P01');
  });
});

describe('transactions as the runner makes them', () => {
  const concurrently = 'CREATE INDEX CONCURRENTLY t_c ON t (b)';

  it('refuse CREATE INDEX CONCURRENTLY in a transaction and in a message of several statements', async () => {
    expect((await observeOne(concurrently)).error?.sqlstate).toBe('25001');
    const [inMessage] = await observeLast(base, step('it', inOneMessage(concurrently, 'SELECT 1')));
    expect(inMessage?.error?.sqlstate).toBe('25001');
  });

  it.each([alone(concurrently), inOneMessage(concurrently)])(
    'run it where there is none, without knowing its locks (%#)',
    async (script) => {
      const [observation] = await observeLast(base, step('it', script));
      expect(observation?.error).toBeUndefined();
      expect(observation).toMatchObject({ locksKnown: false, inTransaction: false });
      expect(observation?.changes).toContainEqual({ kind: 'created', object: 'index public.t_c' });
    },
  );

  it('observe locks of statements that are sent alone', async () => {
    const [observation] = await observeLast(base, step('it', alone('ALTER TABLE t ADD COLUMN x int')));
    expect(observation && tableLocks(observation)).toEqual(['t:AccessExclusive']);
    expect(observation?.inTransaction).toBe(false);
  });

  it('honour BEGIN, ROLLBACK and savepoints of the script', async () => {
    const script = alone('BEGIN', 'CREATE TABLE gone (a int)', 'ROLLBACK', 'BEGIN', 'SAVEPOINT s', 'CREATE TABLE x (a int)');
    const more = alone(...script.statements.map((each) => each.text), 'ROLLBACK TO s', 'CREATE TABLE kept (a int)', 'COMMIT');
    const [first, second] = await shadow.observe([
      step('1', more),
      step('2', inTransaction('SELECT * FROM gone', 'SELECT * FROM x', 'SELECT * FROM kept')),
    ]);
    expect(first?.statements.map((each) => each.error)).toEqual(first?.statements.map(() => undefined));
    expect(second?.statements.map((each) => each.error?.sqlstate)).toEqual(['42P01', '42P01', undefined]);
  });

  it('give each migration the session of a new connection', async () => {
    const chain = [
      step('1', inTransaction('CREATE SCHEMA s', 'SET search_path = s', 'CREATE TEMP TABLE tmp (a int)')),
      step('2', inTransaction('CREATE TEMP TABLE tmp (a int)', 'CREATE TABLE here (a int)')),
      step('3', inTransaction('SELECT * FROM public.here')),
    ];
    for (const each of await shadow.observe(chain)) for (const { error } of each.statements) expect(error).toBeUndefined();
  });

  it('let a later migration use a new enum value', async () => {
    const chain = [
      step('1', inTransaction("CREATE TYPE mood AS ENUM ('a')", 'CREATE TABLE m (v mood)')),
      step('2', inTransaction("ALTER TYPE mood ADD VALUE 'b'")),
      step('3', inTransaction("INSERT INTO m VALUES ('b')")),
    ];
    for (const each of await shadow.observe(chain)) for (const { error } of each.statements) expect(error).toBeUndefined();
  });

  it('replay a role again after an earlier migration was edited', async () => {
    const chain = (extra: string) => [
      step('1', inTransaction(`CREATE TABLE roles (${extra} int)`)),
      step('2', inTransaction('CREATE ROLE reader', 'GRANT SELECT ON roles TO reader')),
      step('3', inTransaction('SELECT 1')),
    ];
    for (const extra of ['a', 'b']) {
      const observed = await shadow.observe(chain(extra));
      expect(observed[1]?.statements.map((each) => each.error)).toEqual([undefined, undefined]);
    }
  });
});

describe('replays', () => {
  const many = Array.from({ length: 12 }, (_, i) =>
    step(`${i}`, inTransaction(`CREATE TABLE many_${i} (a int)`, `CREATE INDEX ON many_${i} (a)`)),
  );

  it('run only the newest migration when it is edited, and open no database for it', async () => {
    await shadow.observe(many);
    const before = shadow.statistics;
    for (const name of ['x', 'y', 'z'])
      await shadow.observe([...many.slice(0, -1), step('11', inTransaction(`CREATE TABLE ${name} (a int)`))]);
    const after = shadow.statistics;
    expect(after.statementsRun - before.statementsRun).toBe(3);
    expect(after.opens).toBe(before.opens);
  });

  it('run nothing for a chain that they know', async () => {
    await shadow.observe(many);
    const before = shadow.statistics;
    expect(await shadow.observe(many)).toHaveLength(12);
    expect(shadow.statistics).toEqual(before);
  });

  it('go on from a copy near the migration that is edited repeatedly', async () => {
    const edited = (name: string) => [...many.slice(0, 8), step('8', inTransaction(`CREATE TABLE ${name} (a int)`)), ...many.slice(9)];
    await shadow.observe(many);
    await shadow.observe(edited('first'));
    const before = shadow.statistics;
    const observed = await shadow.observe(edited('second'));
    expect(shadow.statistics.statementsRun - before.statementsRun).toBe(1 + 3 * 2);
    expect(observed[8]?.statements[0]?.changes).toContainEqual({ kind: 'created', object: 'table public.second' });
    expect(observed[11]?.statements[0]?.error).toBeUndefined();
  });

  it('report progress', async () => {
    const seen: string[] = [];
    await shadow.observe([step('only', inTransaction('SELECT 7'))], { onStep: (done, total) => seen.push(`${done}/${total}`) });
    expect(seen).toEqual(['1/1']);
  });
});
