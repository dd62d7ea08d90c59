import { expect, it } from 'vitest';
import { check } from './definer-without-search-path';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);

it("reports functions that run with their owner's privileges and their caller's search_path", async () => {
  const findings =
    await reports(`CREATE FUNCTION count_orders() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM public.orders $$;
                                                        -- ^^^^^^^^^^^^^^^^ definer-without-search-path
CREATE FUNCTION forget(wanted bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM orders WHERE id = wanted; END $$;
                                                                 -- ^^^^^^^^^^^^^^^^ definer-without-search-path
CREATE FUNCTION count_names() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS $$ SELECT count(*) FROM customers $$;
                                          -- ^^^^^^^^^^^^^^^^ definer-without-search-path
`);
  expect(findings[0]).toMatchObject({ severity: 'info', hazards: ['P90'], verified: true });
  expect(findings[0]?.message).toBe('Callers of count_orders can run code as its owner: the function sets no search_path');
  expect(findings[0]?.advice).toBe("Set the search_path in the definition of the function: SET search_path = ''.");
  expect(findings[1]?.advice).toMatch(/SET search_path = pg_catalog, public, pg_temp\.$/);
});

it('is silent on functions that set the search_path, that are not SECURITY DEFINER or that have a parsed body', () =>
  silentOn(`CREATE FUNCTION safe_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT count(*) FROM public.orders $$;
CREATE FUNCTION late_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM public.orders $$;
ALTER FUNCTION late_count() SET search_path = '';
CREATE FUNCTION plain_count() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM public.orders $$;
CREATE FUNCTION atomic_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT count(*) FROM public.orders; END;
`));

it.each([
  [
    `CREATE FUNCTION count_orders() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM public.orders $$;`,
    `SECURITY DEFINER SET search_path = '' AS`,
  ],
  [
    `CREATE FUNCTION forget(wanted bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM orders WHERE id = wanted; END $$;`,
    `SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS`,
  ],
  [
    `CREATE FUNCTION count_names() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS $$ SELECT count(*) FROM customers $$;`,
    `SET search_path = pg_catalog, public, pg_temp LANGUAGE`,
  ],
])('offers a fix that sets the search_path: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('reports a function that is made SECURITY DEFINER later', () =>
  reports(`CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
ALTER FUNCTION one() SECURITY DEFINER;
                  -- ^^^^^^^^^^^^^^^^ definer-without-search-path
`));
