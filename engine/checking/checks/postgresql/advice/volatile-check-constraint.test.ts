import { expect, it } from 'vitest';
import { check } from './volatile-check-constraint';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, shop);

it('reports constraints whose result changes', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, due date CHECK (due >= current_date));
                                                                  -- ^^^^^^^^^^^^ volatile-check-constraint
ALTER TABLE public.orders ADD CONSTRAINT recent CHECK (created_at >= now() - interval '1 year') NOT VALID;
                                                                  -- ^^^ volatile-check-constraint
CREATE FUNCTION is_known(wanted bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM public.customers WHERE id = wanted) $$;
CREATE TABLE visits (id bigint PRIMARY KEY, customer bigint CHECK (is_known(customer)));
                                                                -- ^^^^^^^^ volatile-check-constraint
CREATE DOMAIN future AS date CHECK (VALUE > current_date);
                                         -- ^^^^^^^^^^^^ volatile-check-constraint
CREATE TABLE notes (id bigint PRIMARY KEY, author text CHECK (author = current_user));
                                                                    -- ^^^^^^^^^^^^ volatile-check-constraint
`);
  expect(findings[2]).toMatchObject({ severity: 'info', hazards: ['P93'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Stored rows may violate this CHECK later: current_date changes over time',
    'Stored rows may violate this CHECK later: now is not immutable',
    'Stored rows may violate this CHECK later: is_known is VOLATILE by default',
    'Stored rows may violate this CHECK later: current_date changes over time',
    'Stored rows may violate this CHECK later: current_user depends on the session',
  ]);
  expect(findings[2]?.advice).toBe('Compare with a column that stores the value, or check it in a trigger.');
});

it('is silent on constants, defaults and immutable functions', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, at date CHECK (at >= date '2020-01-01'));
CREATE TABLE births (id bigint PRIMARY KEY, at timestamptz CHECK (at <= now()), adult date CHECK (current_date - 6574 >= adult));
CREATE TABLE shifts (id bigint PRIMARY KEY, began timestamptz DEFAULT now(), ended timestamptz, CHECK (ended >= began));
CREATE FUNCTION is_even(n bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT n % 2 = 0 $$;
CREATE TABLE pairs (id bigint PRIMARY KEY CHECK (is_even(id)), name text CHECK (length(lower(name)) > 1));
`));
