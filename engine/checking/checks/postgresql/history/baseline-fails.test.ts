import { beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../../../core/finding';
import { memoryFiles } from '../../../../host/memory-files';
import { analyse } from '../../../analysis/analysis';
import { openProject } from '../../../project/open-project';
import type { Shadow } from '../../../../databases/observation';
import { check } from './baseline-fails';
import { startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

async function findings(dump: string): Promise<readonly Finding[]> {
  const files = memoryFiles({
    '/w/.mem8-upgrade.yaml': 'baseline: schema.sql\n',
    '/w/schema.sql': dump,
    '/w/migrations/0002_a.up.sql': 'ALTER TABLE orders ADD COLUMN note text;',
  });
  const project = await openProject({ files, paths: ['/w/migrations'] });
  if (!project.ok) throw new Error(project.problem.message);
  return (await analyse(project.value, { shadow, checks: [check], rehearse: 'none' })).findings;
}

it('reports failing statements of a baseline once, at the first of them', async () => {
  const dump = 'CREATE TABLE orders (id int);\n\nCREATE TABLE lines (of nowhere);\nALTER TABLE missing ADD a int;\n';
  const [finding, ...others] = await findings(dump);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ file: '/w/schema.sql', severity: 'warning', range: { start: dump.indexOf('CREATE TABLE lines') } });
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
  expect(await findings(dump)).toEqual([]);
});
