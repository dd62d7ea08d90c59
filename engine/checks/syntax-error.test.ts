import { expect, it } from 'vitest';
import { check } from './syntax-error';
import { expectMarkers } from './testing/sql-fixture';

it('marks the token that the parser stops at and nothing behind it', async () => {
  const [finding] = await expectMarkers(
    {
      '0001_a.up.sql': `CREATE TABLE t (id int);
ALTER TABEL t ADD COLUMN a int;
--    ^^^^^ syntax-error
ALTER TABLE t ADD COLUMN b int;
`,
    },
    check,
  );
  expect(finding?.message).toContain('syntax error at or near "TABEL"');
});

it('marks the beginning of a quote that never ends', async () => {
  const findings = await expectMarkers(
    {
      '0001_a.up.sql': `INSERT INTO t VALUES ('oops);
--                    ^^ syntax-error

CREATE TABLE u (id int);
`,
    },
    check,
  );
  expect(findings[0]?.message).toContain('never ends');
});

it('reads down scripts too', async () => {
  await expectMarkers(
    {
      '0001_a.up.sql': 'CREATE TABLE t (id int);',
      '0001_a.down.sql': `DROP TABEL t;
--   ^^^^^ syntax-error
`,
    },
    check,
  );
});
