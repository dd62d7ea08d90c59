import { expect, it } from 'vitest';
import { check } from './baseline-fails';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, silentOn } = sqlCheck(check, {
  '../.mem8-upgrade.yaml': 'baseline: schema.sql\n',
  '0002_a.up.sql': 'ALTER TABLE orders ADD COLUMN note text;',
});

it('reports failing statements of a baseline once, at the first of them', async () => {
  const dump = 'CREATE TABLE orders (id int);\n\nCREATE TABLE lines (of nowhere);\nALTER TABLE missing ADD a int;\n';
  const [finding, ...others] = await findingsIn({ '../schema.sql': dump });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ file: '/project/schema.sql', severity: 'warning', range: { start: dump.indexOf('CREATE TABLE lines') } });
  expect(finding?.message).toBe('The baseline fails in part: type "nowhere" does not exist (42704)');
  expect(finding?.details).toBe('The checks run without what this statement creates. 1 more statement fails, in line 4.');
  expect(finding?.advice).toMatch(/^Dump the schema again with `pg_dump --schema-only`/);
});

it('ignores what only psql and the dumped database know', async () => {
  const dump = [
    '\\restrict abc',
    'SET statement_timeout = 0;',
    'SET some_future_setting = on;',
    "SELECT pg_catalog.set_config('search_path', '', false);",
    'CREATE SCHEMA public;',
    'CREATE TABLE public.orders (id integer NOT NULL);',
    'ALTER TABLE public.orders OWNER TO shop_owner;',
    'COPY public.orders (id) FROM stdin;',
    '1',
    '2',
    '\\.',
    'ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);',
    'GRANT SELECT ON TABLE public.orders TO reader;',
    '\\unrestrict abc',
    '',
  ].join('\n');
  await silentOn({ '../schema.sql': dump });
});
