import { expect, it } from 'vitest';
import { check } from './syntax-error';
import { expectMarkers, findingsIn } from '../testing/sql-fixture';

it('marks the token at which the parser stops and nothing after it', async () => {
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
  expect(finding?.message).toBe('Fails: syntax error at or near "TABEL"');
});

it('marks the start of a quoted string that is not terminated', async () => {
  const findings = await expectMarkers(
    {
      '0001_a.up.sql': `INSERT INTO t VALUES ('oops);
--                    ^^ syntax-error

CREATE TABLE u (id int);
`,
    },
    check,
  );
  expect(findings[0]?.message).toBe('Fails: this quoted string is not terminated');
});

it('quotes a long message of the parser below the headline', async () => {
  const name = 'a_very_long_identifier_that_fills_most_of_the_headline_all_by_itself';
  const [finding] = await findingsIn({ '0001_a.up.sql': `ALTER ${name} t;` }, [check]);
  expect(finding?.message).toBe('Fails: PostgreSQL cannot parse the statement');
  expect(finding?.details).toBe(`PostgreSQL reports: syntax error at or near "${name}".`);
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
