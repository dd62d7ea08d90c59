import { expect, it } from 'vitest';
import { check } from './dynamic-sql';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('marks the expression that makes the statement', async () => {
  const [finding] = await reports(`DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT relname FROM pg_class WHERE relname LIKE 'tmp%' LOOP
    EXECUTE 'DROP TABLE ' || r.relname;
--          ^^^^^^^^^^^^^^^^^^^^^^^^^^ dynamic-sql
  END LOOP;
END $$;
`);
  expect(finding?.message).toBe('The executed statement depends on what the database contains');
  expect(finding).toMatchObject({ severity: 'hint' });
});

it('is silent on constant strings and on routines', () =>
  silentOn(`DO $$ BEGIN EXECUTE 'COMMENT ON TABLE orders IS ''sold'''; END $$;
CREATE FUNCTION clean(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM ' || name; END $$;
`));
