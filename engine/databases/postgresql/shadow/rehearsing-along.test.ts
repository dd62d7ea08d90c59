import { afterEach, expect, it } from 'vitest';
import type { ReplayStep } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { alone, inOneMessage, inTransaction, startTestShadow, step } from './testing/replay';

const shadows: EmbeddedShadow[] = [];
afterEach(() => Promise.all(shadows.splice(0).map((shadow) => shadow.dispose())));

async function start(): Promise<EmbeddedShadow> {
  const shadow = await startTestShadow({ statementMs: 1_000 });
  shadows.push(shadow);
  return shadow;
}

const table = step('table', inTransaction('CREATE TABLE t (id bigint PRIMARY KEY, u uuid)'), inTransaction('DROP TABLE t'));
const last = step('last', inTransaction('CREATE TABLE last (id int)'), inTransaction('DROP TABLE last'));

const histories: Record<string, readonly ReplayStep[]> = {
  'a setting that only one of several values suits': [
    table,
    step('setting', inTransaction("INSERT INTO t VALUES (1, current_setting('app.tenant')::uuid)"), inTransaction('DELETE FROM t')),
    last,
  ],
  'a setting that a down script lacks before an up script does': [
    table,
    step('column', inTransaction('ALTER TABLE t ADD c int'), inTransaction("SELECT current_setting('app.y')", 'ALTER TABLE t DROP c')),
    step('between', inTransaction('CREATE TABLE between_both (id int)'), inTransaction('DROP TABLE between_both')),
    step('setting', inTransaction("INSERT INTO t VALUES (3, current_setting('app.y')::uuid)"), inTransaction('DELETE FROM t')),
    last,
  ],
  'a setting of the database around a step that no transaction can hold': [
    table,
    step(
      'set',
      inTransaction('ALTER DATABASE postgres SET search_path = app, public'),
      inTransaction('ALTER DATABASE postgres RESET search_path'),
    ),
    step('vacuum', alone('VACUUM t'), alone('SELECT 1')),
    step('set again', inTransaction('ALTER DATABASE postgres SET search_path = public'), inTransaction('SELECT 1')),
    last,
  ],
  'a search path for the connections to come': [
    step('schema', inTransaction('CREATE SCHEMA app', 'CREATE TABLE app.item (id int)'), inTransaction('DROP SCHEMA app CASCADE')),
    step(
      'path',
      inTransaction('ALTER DATABASE postgres SET search_path = app'),
      inTransaction('ALTER DATABASE postgres RESET search_path'),
    ),
    step('column', inTransaction('ALTER TABLE item ADD size int'), inTransaction('ALTER TABLE item DROP size')),
    last,
  ],
  'a loop that ends only without rows': [
    table,
    step(
      'loop',
      inTransaction('ALTER TABLE t ADD b int', 'DO $$ BEGIN WHILE EXISTS (SELECT FROM t WHERE b IS NULL) LOOP PERFORM 1; END LOOP; END $$'),
      inTransaction('ALTER TABLE t DROP b'),
    ),
    last,
  ],
  'scripts that fail, commit or leave something behind': [
    table,
    step('fails', inTransaction('ALTER TABLE t ADD b int', 'SELECT nothing'), inTransaction('ALTER TABLE t DROP b')),
    step('down fails', inTransaction('CREATE VIEW v AS SELECT id FROM t'), inTransaction('DROP VIEW w')),
    step(
      'commits',
      inOneMessage('BEGIN', 'CREATE TABLE c (id int)', 'COMMIT', 'CREATE TABLE d (id int)'),
      inTransaction('DROP TABLE c, d'),
    ),
    step('role', inTransaction('CREATE ROLE someone'), inTransaction('SELECT 1')),
    step('enum', inTransaction("CREATE TYPE mood AS ENUM ('calm')"), inTransaction('DROP TYPE mood')),
    step('value', alone("ALTER TYPE mood ADD VALUE 'glad'"), alone('SELECT 1')),
    step('temporary', inTransaction('CREATE TEMP TABLE x (id int)', 'CREATE TABLE y AS SELECT * FROM x'), inTransaction('DROP TABLE y')),
    last,
  ],
};

it.each(Object.keys(histories))('finds out the same in one pass and in two: %s', async (name) => {
  const chain = histories[name] ?? [];
  const [one, two] = [await start(), await start()];
  const observed = await one.observe(chain, { rehearsing: new Set(chain.map(({ id }) => id)) });
  expect(observed).toEqual(await two.observe(chain));
  expect(await one.rehearse(chain)).toEqual(await two.rehearse(chain));
});

it('runs no script again to rehearse it later', async () => {
  const shadow = await start();
  const chain = [table, last];
  await shadow.observe(chain, { rehearsing: new Set(chain.map(({ id }) => id)) });
  const ran = shadow.statistics.statementsRun;
  expect(await shadow.rehearse(chain)).toHaveLength(2);
  expect(shadow.statistics).toMatchObject({ statementsRun: ran, opens: 1 });
});
