import { expect, it } from 'vitest';
import { check } from './fails-on-some-rows';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check);

const base = `CREATE TABLE item (id int PRIMARY KEY, size int, code text);
CREATE FUNCTION heat(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n * 1000000; END';`;

it('says what the server said on made-up rows, once a script', async () => {
  const [division, index] = await reports({
    '0001_base.up.sql': base,
    '0002_divide.up.sql': `UPDATE item SET size = 100 / (size - 900001);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ fails-on-some-rows
`,
    '0003_index.up.sql': `CREATE INDEX ON item (heat(size));
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ fails-on-some-rows
CREATE INDEX ON item (heat(size + 1));
`,
  });
  expect(index).toMatchObject({ severity: 'info', verified: false });
  expect(index).toMatchObject({
    message: 'Fails on some rows: integer out of range (22003)',
    details: 'The statement works on empty tables.',
  });
  expect(division).toMatchObject({
    message: 'Fails on some rows: division by zero (22012)',
    details: 'The statement works on small and distinct values.',
  });
});

it('leaves to other checks what they explain', async () => {
  const fixture = {
    '0001_base.up.sql': base,
    '0002_change.up.sql': 'ALTER TABLE item ALTER code TYPE int USING code::int;',
    '0003_unique.up.sql': 'CREATE UNIQUE INDEX ON item (code);',
  };
  await silentOn(fixture);
});

it('is silent where the statement fails on empty tables too', async () => {
  const fixture = { '0001_base.up.sql': base, '0002_fails.up.sql': 'SELECT 1 / 0 FROM (VALUES (1)) v;' };
  await silentOn(fixture);
});
