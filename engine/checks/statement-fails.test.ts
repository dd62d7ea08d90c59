import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './statement-fails';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

it('shows the error of the server at the word that it names', async () => {
  const [finding] = await expectMarkers(
    {
      '0001_a.up.sql': `CREATE TABLE t (id int);
INSERT INTO t (id, 😀) VALUES (1, 2);
--                 ^^ statement-fails
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toContain('column "😀" of relation "t" does not exist');
});

it('reports what an earlier migration makes impossible', async () => {
  const [finding] = await expectMarkers(
    {
      '0001_a.up.sql': 'CREATE TABLE t (id int, name text);\nCREATE VIEW v AS SELECT name FROM t;',
      '0002_b.up.sql': `ALTER TABLE t DROP COLUMN name;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement-fails
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ severity: 'error', verified: true });
  expect(finding?.message).toContain('view v depends on column name of table t');
});

it('goes on behind a failing statement', async () => {
  await expectMarkers(
    {
      '0001_a.up.sql': `SELECT nonsense;
--     ^^^^^^^^ statement-fails
CREATE TABLE t (id int);
SELECT missing FROM t;
--     ^^^^^^^ statement-fails
`,
    },
    check,
    { shadow },
  );
});

it('only warns when an earlier migration already failed', async () => {
  const [, later] = await expectMarkers(
    {
      '0001_a.up.sql': `SELECT nonsense;
--     ^^^^^^^^ statement-fails
`,
      '0002_b.up.sql': `ALTER TABLE later ADD COLUMN a int;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement-fails
`,
    },
    check,
    { shadow },
  );
  expect(later?.severity).toBe('warning');
});

it('is silent on tables that a loose file cannot know', async () => {
  await expectMarkers({ 'change.sql': 'ALTER TABLE elsewhere ADD COLUMN a int;\n' }, check, { shadow, loose: true });
});
