import { expect, it } from 'vitest';
import { linesBelow } from '../../../../core/finding-text';
import { check } from './extension-specifics';
import { fileCheck } from '../../testing/sql-check';

const configuration = { advice: 'hint' } as const;
const { reports } = fileCheck(check, '', { configuration, loose: true });

it('reports an ivfflat index on a table without rows', async () => {
  const [finding] = await reports(`CREATE TABLE items (id bigint PRIMARY KEY, place vector(3));
CREATE INDEX items_place ON items USING ivfflat (place vector_l2_ops);
                                     -- ^^^^^^^ extension-specifics
CREATE INDEX items_near ON items USING hnsw (place vector_l2_ops);
INSERT INTO items SELECT * FROM old_items;
CREATE INDEX items_filled ON items USING ivfflat (place vector_l2_ops);
CREATE INDEX old_place ON old_items USING ivfflat (place vector_l2_ops);
`);
  expect(finding).toMatchObject({ verified: false, hazards: ['P97'], severity: 'hint' });
  expect(finding?.message).toBe('Builds an ivfflat index on items while it is empty: searches miss most neighbors');
  expect(finding?.advice).toBe('Build the index after the table is filled, or use hnsw, which needs no rows.');
  expect(finding && linesBelow(finding).at(-1)).toBe('Not verified: the statement did not run in the embedded database.');
});

it('reports tables in use that are turned into hypertables or distributed tables', async () => {
  const [hypertable, migrating, distributed] = await reports(`SELECT create_hypertable('metrics', by_range('at'));
    -- ^^^^^^^^^^^^^^^^^ extension-specifics
SELECT public.create_hypertable('shop.metrics', 'at', migrate_data => true);
           -- ^^^^^^^^^^^^^^^^^ extension-specifics
SELECT create_distributed_table('orders', 'customer_id');
    -- ^^^^^^^^^^^^^^^^^^^^^^^^ extension-specifics
CREATE TABLE measures (at timestamptz, value numeric);
SELECT create_hypertable('measures', by_range('at'));
SELECT create_distributed_table('measures', 'at');
SELECT create_distributed_table_concurrently('orders', 'customer_id');
`);
  expect(hypertable?.message).toBe('Fails if metrics has rows: create_hypertable requires an empty table');
  expect(migrating?.message).toBe('Blocks reads and writes of shop.metrics until create_hypertable has moved all rows');
  expect(migrating?.advice).toBe('Create a new hypertable, write to both tables, and copy the rows of shop.metrics in batches.');
  expect(distributed?.message).toBe('Blocks writes to orders until all rows are moved to the shards');
  expect(distributed?.advice).toMatch(/^Use create_distributed_table_concurrently/);
});

it('offers a fix that distributes concurrently outside a transaction', async () => {
  const script = "-- no-transaction\nSELECT create_distributed_table('orders', 'id');\n";
  expect(await fileCheck(check, '', { configuration }).afterFix(script)).toContain(
    "SELECT create_distributed_table_concurrently('orders', 'id');",
  );
});

it('reports a GIN index without fastupdate on a table with many writes', async () => {
  const sizes = { 'public.documents': 1000, 'public.notes': 1000 };
  const [finding] = await reports(
    `CREATE INDEX documents_body ON documents USING gin (body);
                                            -- ^^^ extension-specifics
CREATE INDEX documents_tags ON documents USING gin (tags) WITH (fastupdate = off);
CREATE INDEX notes_body ON notes USING gin (body);
`,
    { sizes, writes: { 'public.documents': 500, 'public.notes': 1 } },
  );
  expect(finding?.message).toBe('Stalls some writes to documents while GIN merges its pending list');
  expect(finding?.details).toMatch(/^documents has 500 writes per second\./);
  expect(finding?.advice).toMatch(/^Add WITH \(fastupdate = off\)/);
});
