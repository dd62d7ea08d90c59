import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReplayScript, ReplaySession, ReplayStep } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow();
});
afterAll(() => shadow.dispose());

/** What each step creates: the schema in which its table is found. */
async function schemasOf(steps: readonly ReplayStep[], session?: ReplaySession): Promise<string[]> {
  const observed = await shadow.observe(steps.map((each) => (session ? { ...each, session } : each)));
  return observed.map(({ statements }) =>
    statements
      .flatMap(({ changes, error }) => error?.message ?? changes.flatMap(({ object }) => /^table (.*)/.exec(object)?.[1] ?? []))
      .join(),
  );
}

const schema = step('schema', inTransaction('CREATE SCHEMA app'));
const make = (name: string) => step(name, inTransaction(`CREATE TABLE ${name} (id int PRIMARY KEY)`));
const set = (sql: string, database?: string) => {
  const start = sql.indexOf(database ?? ' ');
  const script: ReplayScript = inTransaction(sql);
  const statements = script.statements.map((each) =>
    database === undefined ? each : { ...each, ownDatabase: { start, end: start + database.length } },
  );
  return step('set', { ...script, statements });
};

it('starts each script with the search path of the connection', async () => {
  expect(await schemasOf([schema, make('a'), make('b')], { searchPath: ['app', 'public'] })).toEqual(['', 'app.a', 'app.b']);
  expect(await schemasOf([schema, make('a'), make('b')])).toEqual(['', 'public.a', 'public.b']);
});

it('keeps what a script sets only where the tool keeps its connection', async () => {
  const steps = [schema, set('SET search_path TO app'), make('a'), make('b')];
  expect(await schemasOf(steps, { isKept: true })).toEqual(['', '', 'app.a', 'app.b']);
  expect(await schemasOf(steps, { searchPath: ['public'] })).toEqual(['', '', 'public.a', 'public.b']);
  const local = [schema, set('SET LOCAL search_path TO app'), make('a')];
  expect(await schemasOf(local, { isKept: true })).toEqual(['', '', 'public.a']);
  const back = [...steps, set('RESET ALL'), make('c')];
  expect(await schemasOf(back, { isKept: true })).toEqual(['', '', 'app.a', 'app.b', '', 'public.c']);
});

it('gives the defaults of the database and the role to the next connection', async () => {
  const database = set('ALTER DATABASE shop SET search_path = app, public', 'shop');
  expect(await schemasOf([schema, database, make('a')])).toEqual(['', '', 'app.a']);
  expect(await schemasOf([schema, database, make('a')], { isKept: true })).toEqual(['', '', 'app.a']);
  expect(await schemasOf([schema, database, make('a')], { searchPath: ['public'] })).toEqual(['', '', 'public.a']);
  const role = set('ALTER ROLE CURRENT_USER SET search_path = app');
  expect(await schemasOf([schema, role, make('a')])).toEqual(['', '', 'app.a']);
  const taken = set('ALTER DATABASE shop RESET search_path', 'shop');
  expect(await schemasOf([schema, database, make('a'), { ...taken, id: 'taken' }, make('b')])).toEqual(['', '', 'app.a', '', 'public.b']);
});

it('knows the search path also where only the last steps are rehearsed', async () => {
  const steps = [schema, set('SET search_path TO app'), step('a', make('a').up, inTransaction('DROP TABLE app.a')), make('b')];
  const chain = steps.map((each) => ({ ...each, session: { isKept: true } }));
  const fresh = await startTestShadow();
  try {
    const trips = await fresh.rehearse(chain);
    expect(trips.map(({ failure }) => failure?.error.message)).toEqual([undefined, undefined, undefined, undefined]);
    const changed = [
      ...chain.slice(0, 3),
      { ...step('c', inTransaction('ALTER TABLE app.a ADD COLUMN n int')), session: { isKept: true } },
    ];
    expect((await fresh.observe(changed)).at(-1)?.statements[0]?.error).toBeUndefined();
  } finally {
    await fresh.dispose();
  }
});
