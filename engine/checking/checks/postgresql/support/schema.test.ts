import { beforeAll, expect, it } from 'vitest';
import { memoryFiles } from '../../../../host/memory-files';
import { analyse } from '../../../analysis/analysis';
import { openProject } from '../../../project/open-project';
import type { Shadow } from '../../../../databases/observation';
import { schemaOf, type SchemaTable } from './schema';
import { startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

async function schema(scripts: readonly string[], options: { baseline?: string; observed?: boolean } = {}) {
  const files = memoryFiles({
    ...Object.fromEntries(scripts.map((text, index) => [`/w/migrations/000${index + 1}_step.up.sql`, text])),
    ...(options.baseline !== undefined && { '/w/.mem8-upgrade.yaml': 'baseline: schema.sql\n', '/w/schema.sql': options.baseline }),
  });
  const project = await openProject({ files, paths: ['/w/migrations'] });
  if (!project.ok) throw new Error(project.problem.message);
  const { context } = await analyse(project.value, { checks: [], rehearse: 'none', shadow: options.observed ? shadow : undefined });
  return schemaOf(context);
}

function indexesOf(table: SchemaTable | undefined): readonly string[] {
  return (table?.indexes ?? []).map(({ name, columns }) => `${name}: ${columns.map((column) => column ?? '?').join(' ')}`);
}

const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, a integer, b integer UNIQUE, FOREIGN KEY (a) REFERENCES orders);';

it('knows keys, indexes and foreign keys with the names that the server gives', async () => {
  const table = (await schema([orders, 'CREATE INDEX by_sum ON orders ((a + b), a DESC);'])).get('public.orders');
  expect(indexesOf(table)).toEqual(['orders_pkey: id', 'orders_b_key: b', 'by_sum: ? a']);
  expect(table?.foreignKeys).toMatchObject([{ name: 'orders_a_fkey', columns: ['a'], referenced: 'public.orders' }]);
});

it('follows columns, constraints, indexes and tables that are renamed', async () => {
  const script = `ALTER TABLE orders RENAME COLUMN a TO parent;
    ALTER TABLE orders RENAME CONSTRAINT orders_b_key TO b_once;
    CREATE INDEX by_parent ON orders (parent);
    ALTER INDEX by_parent RENAME TO orders_parent;
    ALTER TABLE orders RENAME TO old_orders;
    CREATE SCHEMA archive;
    ALTER TABLE old_orders SET SCHEMA archive;`;
  const tables = await schema([orders, script]);
  const table = tables.get('archive.old_orders');
  expect([...tables.keys()]).toEqual(['archive.old_orders']);
  expect(indexesOf(table)).toEqual(['orders_pkey: id', 'b_once: b', 'orders_parent: parent']);
  expect(table?.foreignKeys).toMatchObject([{ columns: ['parent'] }]);
});

it('forgets what is dropped', async () => {
  const script = `ALTER TABLE orders DROP CONSTRAINT orders_a_fkey, DROP COLUMN b;
    CREATE TABLE steps (id bigint);
    DROP TABLE steps;
    CREATE INDEX by_a ON orders (a);
    DROP INDEX by_a;
    CREATE POLICY mine ON orders USING (true);
    DROP POLICY mine ON orders;`;
  const tables = await schema([orders, script]);
  expect([...tables.keys()]).toEqual(['public.orders']);
  expect(indexesOf(tables.get('public.orders'))).toEqual(['orders_pkey: id']);
  expect(tables.get('public.orders')).toMatchObject({ foreignKeys: [], policies: [] });
});

it('takes over an index that a constraint is made from', async () => {
  const script = `CREATE UNIQUE INDEX once ON orders (a, b);
    ALTER TABLE orders ADD CONSTRAINT a_b_once UNIQUE USING INDEX once;`;
  const table = (await schema([orders, script])).get('public.orders');
  expect(indexesOf(table)).toEqual(['orders_pkey: id', 'orders_b_key: b', 'a_b_once: a b']);
  expect(table?.indexes.at(-1)?.isConstraint).toBe(true);
});

it('begins with the baseline', async () => {
  const baseline =
    'CREATE TABLE public.orders (id integer NOT NULL);\nALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);\n';
  const tables = await schema(['ALTER TABLE orders ADD COLUMN note text;'], { baseline });
  expect(tables.get('public.orders')?.place).toMatchObject({ migration: undefined });
  expect(indexesOf(tables.get('public.orders'))).toEqual(['orders_pkey: id']);
});

it('finds tables by the search path that the shadow saw, and leaves out what failed', async () => {
  const script = `CREATE SCHEMA shop;
    SET search_path TO shop;
    CREATE TABLE items (id bigint);
    ALTER TABLE items ADD PRIMARY KEY (id);`;
  const tables = await schema([script, 'ALTER TABLE shop.items ADD UNIQUE (nothing);'], { observed: true });
  expect([...tables.keys()]).toEqual(['shop.items']);
  expect(indexesOf(tables.get('shop.items'))).toEqual(['items_pkey: id']);
});
