import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeProject, type TestProject } from '../running/testing/project';

const manifest = `
manifest: 1
system: shop
migrations: { layout: golang-migrate }
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [1_orders]
  - version: 1.1.0
    migrations: [2_change]
`;

const first = {
  '1_orders.up.sql': `CREATE TABLE orders (id int PRIMARY KEY, status text, note text);
CREATE TABLE visits (id int PRIMARY KEY, at text);
INSERT INTO orders SELECT n, 'status ' || n FROM generate_series(1, 5) n;
INSERT INTO visits VALUES (1, 'monday');`,
  '1_orders.down.sql': 'DROP TABLE visits; DROP TABLE orders;',
};

const noBackup = { backup: false };
let project: TestProject;

beforeEach(async () => {
  project = await makeProject({ manifest, scripts: first });
});
afterEach(() => project.remove());

/** Upgrades to 1.1.0, lets others write, and rolls back to 1.0.0. */
async function thereAndBack(up: string, down: string, between?: string) {
  await project.write('migrations/2_change.up.sql', up);
  await project.write('migrations/2_change.down.sql', down);
  expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true });
  if (between !== undefined) await project.query(between);
  const { ok, report, ...rest } = await project.rollbacks.perform(noBackup);
  return { ok, verified: report?.verified, ...report?.verdict, problem: 'problem' in rest ? rest.problem : undefined };
}

describe('the verdict on a rollback', { timeout: 600_000 }, () => {
  test('names the columns that a down script without statements leaves', async () => {
    const end = await thereAndBack("UPDATE orders SET status = 'open';", '-- nothing to do');
    expect(end).toEqual({
      ok: false,
      verified: false,
      schema: { result: 'same', message: 'The schema matches the recorded state.' },
      rows: { result: 'different', message: 'Not restored: orders.status. The rows of 1 table are restored.' },
      problem: {
        code: 'verification-failed',
        message:
          'The rollback to 1.0.0 finished but did not restore the rows: Not restored: orders.status. The rows of 1 table are restored.',
        remedy: 'Correct the down script, and correct the rows of this target manually or restore a backup.',
      },
    });
    const status = await project.upgrades.status();
    expect(status.ok && status.value.rowsLeft).toBe('Not restored: orders.status. The rows of 1 table are restored.');
    const verified = await project.recovery.verify();
    expect(verified.ok && verified.value.checks.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed', 'skipped']);
  });

  test('is that schema and rows are restored', async () => {
    const up = "ALTER TABLE orders ADD COLUMN old text;\nUPDATE orders SET old = status, status = 'open';";
    const end = await thereAndBack(up, 'UPDATE orders SET status = old;\nALTER TABLE orders DROP COLUMN old;');
    expect(end).toMatchObject({ ok: true, verified: true, rows: { result: 'same', message: 'The rows of 2 tables are restored.' } });
  });

  test('does not depend on what is written to other columns and tables', async () => {
    const writes = "UPDATE visits SET at = 'tuesday'";
    const end = await thereAndBack("UPDATE orders SET status = 'open';", '-- nothing to do', writes);
    expect(end.rows).toEqual({
      result: 'different',
      message: 'Not restored: orders.status. Not compared, because they were also written outside the scripts: visits.',
    });
  });

  test('does not blame the rollback for rows that were written after the upgrade', async () => {
    const end = await thereAndBack(
      'ALTER TABLE orders ADD COLUMN more int;',
      'ALTER TABLE orders DROP COLUMN more;',
      "INSERT INTO orders VALUES (6, 'new')",
    );
    expect(end).toMatchObject({
      ok: true,
      verified: false,
      rows: {
        result: 'not-compared',
        message: 'The rows of 1 table are restored. Not compared, because they were also written outside the scripts: orders.',
      },
    });
  });

  test('does not blame the rollback for rows that a down script computes from what was written after the upgrade', async () => {
    const up =
      'CREATE TABLE notes (id int PRIMARY KEY, text text);\nINSERT INTO notes SELECT id, status FROM orders;\nALTER TABLE orders DROP COLUMN status;';
    const down =
      'ALTER TABLE orders ADD COLUMN status text;\nUPDATE orders SET status = n.text FROM notes n WHERE n.id = orders.id;\nDROP TABLE notes;';
    expect(await thereAndBack(up, down, "UPDATE notes SET text = 'written' WHERE id = 3")).toMatchObject({
      ok: true,
      rows: { result: 'not-compared' },
    });
    expect(await thereAndBack(up, down)).toMatchObject({ ok: true, rows: { result: 'same' } });
  });

  test('finds a column that is there again without its values, whatever else is written', async () => {
    const end = await thereAndBack(
      'ALTER TABLE orders DROP COLUMN status;',
      'ALTER TABLE orders ADD COLUMN status text;',
      "UPDATE orders SET note = 'written'",
    );
    expect(end.rows?.message).toMatch(/^Not restored: orders\.status\./);
  });

  test('finds values that rows have swapped, and rows that are gone or left over', async () => {
    expect((await thereAndBack("UPDATE orders SET status = 'status ' || 6 - id;", 'SELECT 1;')).rows?.message).toMatch(
      /: orders\.status\./,
    );
    expect((await thereAndBack('DELETE FROM orders WHERE id = 1;', 'SELECT 1;')).rows?.message).toMatch(/^Not restored: orders\. /);
    expect((await thereAndBack("INSERT INTO visits VALUES (2, 'friday');", 'SELECT 1;')).rows?.message).toMatch(/^Not restored: visits\. /);
  });

  test('covers a rollback of an upgrade that failed half way', async () => {
    await project.write('upgrade.yaml', manifest.replace('[2_change]', '[2_change, 3_fails]'));
    await project.write('migrations/3_fails.up.sql', 'SELECT 1 / 0;');
    await project.write('migrations/3_fails.down.sql', 'SELECT 1;');
    await project.write('migrations/2_change.up.sql', "UPDATE orders SET status = 'open';");
    await project.write('migrations/2_change.down.sql', '-- nothing to do');
    expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0' })).toMatchObject({ ok: true });
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: false });
    expect((await project.rollbacks.perform(noBackup)).report?.verdict?.rows.message).toMatch(/^Not restored: orders\.status\./);
  });

  test('says of large tables how much was compared, and of those without a key that they were not', async () => {
    await project.write(
      'migrations/1_orders.up.sql',
      `${first['1_orders.up.sql']}
INSERT INTO orders SELECT n, 'large' FROM generate_series(6, 10001) n;
CREATE TABLE log AS SELECT n FROM generate_series(1, 10001) n;`,
    );
    await project.write('migrations/1_orders.down.sql', `DROP TABLE log; ${first['1_orders.down.sql']}`);
    expect((await thereAndBack("UPDATE orders SET status = 'open';", '-- nothing to do')).rows?.message).toBe(
      'Not restored: orders.status. The rows of 1 table are restored. Not compared, because they could not be read in full: log. Of large tables the first 10,000 rows were compared.',
    );
  });

  test('says that nothing is known where an earlier version kept the journal', async () => {
    await project.write('migrations/2_change.up.sql', "UPDATE orders SET status = 'open';");
    await project.write('migrations/2_change.down.sql', '-- nothing to do');
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true });
    await project.query('DROP TABLE mem8_upgrade.row_records');
    expect((await project.rollbacks.perform(noBackup)).report).toMatchObject({
      verified: false,
      verdict: { rows: { result: 'not-compared', message: 'The rows were not compared: the journal has no record of them.' } },
    });
  });
});
