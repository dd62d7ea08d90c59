import { expect, it } from 'vitest';
import { check } from './syntax-error';
import { fileCheck } from '../testing/sql-check';

const { findingsIn, reports } = fileCheck(check);

it('marks the token at which the parser stops and nothing after it', async () => {
  const [finding] = await reports(`CREATE TABLE t (id int);
ALTER TABEL t ADD COLUMN a int;
--    ^^^^^ syntax-error
ALTER TABLE t ADD COLUMN b int;
`);
  expect(finding?.message).toBe('Fails: syntax error at or near "TABEL"');
});

it('marks the start of a quoted string that is not terminated', async () => {
  const findings = await reports(`INSERT INTO t VALUES ('oops);
--                    ^^ syntax-error

CREATE TABLE u (id int);
`);
  expect(findings[0]?.message).toBe('Fails: this quoted string is not terminated');
});

it('quotes a long message of the parser below the headline', async () => {
  const name = 'a_very_long_identifier_that_fills_most_of_the_headline_all_by_itself';
  const [finding] = await findingsIn(`ALTER ${name} t;`);
  expect(finding?.message).toBe('Fails: PostgreSQL cannot parse the statement');
  expect(finding?.details).toBe(`PostgreSQL reports: syntax error at or near "${name}".`);
});

it('reads down scripts too', () =>
  reports({
    '0001_a.up.sql': 'CREATE TABLE t (id int);',
    '0001_a.down.sql': `DROP TABEL t;
--   ^^^^^ syntax-error
`,
  }));
