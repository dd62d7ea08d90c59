import { afterAll, beforeAll, expect, it } from 'vitest';
import { startShadow } from '../../../checking/checks/testing/sql-fixture';
import { loadSqlParser } from '../sql/library';
import { parseStatements } from '../sql/parser';
import type { ReplayStep, Shadow } from '../../observation';
import { replayScript } from './replay-script';
import { isAtomic } from './run-context';

await loadSqlParser();
let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

function step(id: string, sql: string, down?: string): ReplayStep {
  const script = (text: string) =>
    replayScript(
      { file: `/${id}.sql`, direction: 'up', text, sections: [], sql: text, transaction: text.startsWith('--none') ? 'none' : 'script' },
      parseStatements(text),
      { transaction: 'script', sends: 'statements', hasDowns: true },
    );
  return { id, up: script(sql), down: down === undefined ? undefined : script(down) };
}

const base = step('base', 'CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE p (a int) PARTITION BY LIST (a);');

it('takes scripts of one statement outside a transaction and scripts in BEGIN and COMMIT for atomic', () => {
  const atomic = (sql: string) => isAtomic(step('x', sql).up);
  expect(atomic('--none\nCREATE INDEX CONCURRENTLY i ON t (a)')).toBe(true);
  expect(atomic('--none\nUPDATE t SET a = 1')).toBe(true);
  expect(atomic('--none\nBEGIN; UPDATE t SET a = 1; COMMIT')).toBe(true);
  expect(atomic('--none\nVACUUM t')).toBe(false);
  expect(atomic('--none\nDO $$ BEGIN COMMIT; END $$')).toBe(false);
  expect(atomic('--none\nUPDATE t SET a = 1; UPDATE t SET a = 2')).toBe(false);
});

it('sees what CONCURRENTLY changes without saying anything of its locks, edit after edit', async () => {
  for (const name of ['i', 'j']) {
    const [, seen] = await shadow.observe([base, step('index', `--none\nCREATE INDEX CONCURRENTLY ${name} ON t (a)`)]);
    expect(seen?.statements).toMatchObject([
      { locks: [], locksKnown: false, inTransaction: false, changes: [{ kind: 'created', object: `index public.${name}` }] },
    ]);
    expect(seen?.statements[0]?.error).toBeUndefined();
  }
});

it('lets the server refuse CONCURRENTLY on a partitioned table and inside a transaction', async () => {
  const [, partitioned] = await shadow.observe([base, step('index', '--none\nCREATE INDEX CONCURRENTLY i ON p (a)')]);
  expect(partitioned?.statements[0]?.error?.sqlstate).toBe('0A000');
  const [, inside] = await shadow.observe([base, step('index', 'CREATE INDEX CONCURRENTLY i ON t (a)')]);
  expect(inside?.statements[0]?.error?.sqlstate).toBe('25001');
});

it('rehearses several statements outside a transaction, and names the one that fails', async () => {
  const good = step(
    'indexes',
    '--none\nCREATE INDEX CONCURRENTLY i ON t (a); CREATE INDEX CONCURRENTLY j ON t (id, a)',
    '--none\nDROP INDEX CONCURRENTLY j; DROP INDEX CONCURRENTLY i',
  );
  const bad = step(
    'bad',
    '--none\nCREATE INDEX CONCURRENTLY k ON t (a); CREATE INDEX CONCURRENTLY k ON t (a)',
    '--none\nDROP INDEX CONCURRENTLY k',
  );
  const trips = await shadow.rehearse([base, good, bad]);
  expect(trips[1]).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok', schemaRestored: true });
  expect(trips[2]).toMatchObject({ up: 'error', failure: { script: 'up', statement: 1 } });
});
