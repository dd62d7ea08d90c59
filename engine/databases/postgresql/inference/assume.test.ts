import { beforeAll, expect, it } from 'vitest';
import { startShadow } from '../../../checking/checks/testing/sql-fixture';
import type { ReplayScript, Shadow } from '../../observation';
import { loadSqlParser } from '../sql/library';
import { parseStatements } from '../sql/parser';
import { transactionControl } from '../sql/transaction-control';
import type { ParsedStatement } from '../sql/statement';
import { completeHistory, type CompletedHistory } from './assume';

let shadow: Shadow;
beforeAll(async () => {
  await loadSqlParser();
  shadow = await startShadow();
});

function replayOf(statements: readonly ParsedStatement[]): ReplayScript {
  const sent = statements.filter(({ kind }) => kind === 'sql');
  return {
    transaction: 'none',
    sends: 'statements',
    statements: sent.map(({ text, node }) => {
      return { text, control: node && transactionControl(node) };
    }),
  };
}

async function completed(
  scripts: readonly string[],
  baseline?: string,
  startsKnown = false,
): Promise<CompletedHistory & { errors: string[] }> {
  const parsed = scripts.map((sql) => parseStatements(sql));
  const steps = parsed.map((statements, index) => ({ statements, step: { id: `script ${index}`, up: replayOf(statements) } }));
  const base = baseline === undefined ? undefined : parseStatements(baseline);
  const start = base && { statements: base, step: { id: 'baseline', up: replayOf(base) } };
  const history = await completeHistory({
    baseline: start,
    scripts: steps,
    startsKnown,
    lessons: [],
    observe: (chain) => shadow.observe(chain),
  });
  const chain = [start?.step, history.step, ...steps.map(({ step }) => step)].filter((step) => step !== undefined);
  const observed = await shadow.observe(chain);
  const errors = observed.flatMap(({ id, statements }) =>
    statements.flatMap(({ error }) => (error ? `${id}: ${error.sqlstate} ${error.message}` : [])),
  );
  return { ...history, errors };
}

const sqlOf = ({ step }: CompletedHistory) => (step?.up.statements ?? []).map(({ text }) => text).join(';\n');

const runnable: readonly string[] = [
  'ALTER TABLE orders ADD COLUMN note text',
  "ALTER TABLE orders ADD COLUMN state order_state NOT NULL DEFAULT 'open'",
  'ALTER TABLE orders ALTER COLUMN id TYPE bigint',
  'ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2) USING total::numeric',
  "ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz USING placed_at AT TIME ZONE 'UTC'",
  'ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::order_state',
  'ALTER TABLE orders ALTER COLUMN email SET NOT NULL',
  'ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0, ALTER COLUMN total SET NOT NULL',
  'ALTER TABLE orders DROP COLUMN legacy, DROP COLUMN IF EXISTS older',
  'ALTER TABLE orders RENAME COLUMN mail TO email',
  'ALTER TABLE orders RENAME TO purchases',
  'ALTER TABLE billing.invoices RENAME TO bills; ALTER TABLE billing.bills ADD COLUMN due date; UPDATE billing.bills SET paid = true',
  'ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID',
  'ALTER TABLE orders VALIDATE CONSTRAINT orders_email_not_null; ALTER TABLE orders ALTER COLUMN email SET NOT NULL',
  'ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey',
  'ALTER TABLE orders DROP CONSTRAINT fk_orders_customers',
  'ALTER TABLE orders DROP CONSTRAINT orders_pkey',
  'ALTER TABLE orders DROP CONSTRAINT uq_orders_number, DROP CONSTRAINT orders_total_check',
  'ALTER TABLE orders RENAME CONSTRAINT old_check TO new_check',
  'ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)',
  'ALTER TABLE orders ADD COLUMN customer_code text REFERENCES customers (code)',
  'ALTER TABLE order_lines ADD FOREIGN KEY (order_id, line) REFERENCES order_parts (order_id, line) NOT VALID',
  'CREATE TABLE payments (id bigint PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, at timestamptz)',
  'ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_idx',
  'ALTER TABLE orders ADD PRIMARY KEY USING INDEX orders_id_idx',
  'CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state, placed_at DESC) INCLUDE (total) WHERE archived IS FALSE',
  'CREATE UNIQUE INDEX users_email_idx ON users (lower(email))',
  "CREATE INDEX docs_body_idx ON documents USING gin (to_tsvector('english', body))",
  'CREATE INDEX docs_data_idx ON documents USING gin (data jsonb_path_ops, tags)',
  'CREATE INDEX names_trgm ON people USING gin (name gin_trgm_ops)',
  'DROP INDEX CONCURRENTLY idx_orders_customer_id',
  'DROP INDEX i',
  'REINDEX INDEX CONCURRENTLY orders_state_idx',
  'ALTER INDEX orders_old_idx RENAME TO orders_new_idx',
  'DROP TABLE orders, customers CASCADE',
  'DROP VIEW IF EXISTS open_orders',
  'DROP MATERIALIZED VIEW daily_totals',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY daily_totals',
  'DROP SEQUENCE order_numbers; DROP TYPE mood; DROP SCHEMA old; DROP FUNCTION f(integer, text)',
  "ALTER TYPE order_state ADD VALUE 'lost' AFTER 'sent'",
  "ALTER TYPE order_state RENAME VALUE 'a' TO 'b'",
  "ALTER TABLE measurements ATTACH PARTITION measurements_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
  "ALTER TABLE events ATTACH PARTITION events_eu FOR VALUES IN ('eu')",
  'ALTER TABLE events ATTACH PARTITION events_default DEFAULT',
  'ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY',
  "CREATE TABLE events_2030 PARTITION OF events FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')",
  'CREATE TABLE shard_1 PARTITION OF shards FOR VALUES WITH (MODULUS 4, REMAINDER 1)',
  'CREATE TABLE m_2024 (LIKE m INCLUDING ALL); ALTER TABLE m ATTACH PARTITION m_2024 FOR VALUES FROM (1) TO (100)',
  "UPDATE users SET email = lower(email), active = true, seen_at = now(), logins = logins + 1 WHERE state = 'new' AND created_at < now() - interval '1 day'",
  'UPDATE orders o SET total = s.sum FROM (SELECT order_id, sum(amount) AS sum FROM lines GROUP BY order_id) s WHERE s.order_id = o.id',
  "INSERT INTO settings (key, value, at) VALUES ('a', '{\"x\": 1}', now()) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  "INSERT INTO countries VALUES (1, 'Utopia', true)",
  'INSERT INTO archive (id, total) SELECT id, total FROM orders WHERE placed_at < current_date',
  'DELETE FROM sessions USING users u WHERE u.id = sessions.user_id AND u.deleted',
  'MERGE INTO stock t USING deliveries s ON t.sku = s.sku WHEN MATCHED THEN UPDATE SET amount = t.amount + s.amount WHEN NOT MATCHED THEN INSERT (sku, amount) VALUES (s.sku, s.amount)',
  'TRUNCATE logs; LOCK TABLE orders IN SHARE MODE; ANALYZE users (email); CLUSTER orders USING orders_at_idx',
  'CREATE VIEW open_orders AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.closed_at IS NULL',
  'CREATE OR REPLACE VIEW v AS WITH recent AS (SELECT * FROM orders WHERE age > 3) SELECT count(*) AS n FROM recent ORDER BY n',
  'CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id ORDER BY total',
  'CREATE TRIGGER touch BEFORE UPDATE OF name ON users FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION touch()',
  'ALTER TABLE users DISABLE TRIGGER audit; DROP TRIGGER touch ON users; DROP POLICY own ON users',
  'CREATE POLICY own ON notes TO app USING (owner = current_user)',
  'GRANT SELECT ON orders, s.t TO reader; REVOKE ALL ON SCHEMA s FROM writer; ALTER TABLE orders OWNER TO admin',
  'GRANT EXECUTE ON FUNCTION f(integer) TO app; GRANT USAGE ON SEQUENCE order_numbers TO app',
  "COMMENT ON COLUMN app.users.email IS 'x'; COMMENT ON TABLE orders IS 'y'; COMMENT ON INDEX orders_i IS 'z'",
  "SELECT setval('orders_id_seq', (SELECT max(id) FROM orders))",
  'ALTER SEQUENCE orders_id_seq OWNED BY orders.id; ALTER SEQUENCE orders_id_seq AS bigint',
  'ALTER TABLE orders ALTER COLUMN id DROP IDENTITY; ALTER TABLE t ALTER COLUMN g DROP EXPRESSION',
  'ALTER TABLE orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_number_key; ALTER TABLE orders SET (fillfactor = 70)',
  'ALTER TABLE orders ADD EXCLUDE USING gist (room WITH =, during WITH &&)',
  "ALTER DOMAIN email ADD CONSTRAINT c CHECK (value > '') NOT VALID; ALTER DOMAIN email DROP CONSTRAINT d",
  'CREATE STATISTICS s (dependencies) ON city, zip FROM addresses',
  'SELECT order_total(id) FROM orders; SELECT uuid_generate_v4()',
  "CREATE FUNCTION n() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders WHERE total > 1'",
  'DO $$ BEGIN UPDATE orders SET total = 0; END $$',
  'SET search_path TO app; ALTER TABLE users ADD COLUMN a int',
  'ALTER TABLE child NO INHERIT parent; ALTER TABLE other INHERIT parent',
  'CREATE PUBLICATION p FOR TABLE orders; ALTER PUBLICATION q ADD TABLE orders',
  "UPDATE orders SET code = 7 WHERE code = 'a' AND total = 'b'",
  'SELECT a.x FROM one a JOIN two b USING (id) WHERE b.y = ANY (ARRAY[1, 2]) AND EXISTS (SELECT 1 FROM three WHERE three.one_id = a.id)',
];

/** Scripts of one chain that know nothing of each other, because each has a schema of its own. */
const chunks = Array.from({ length: Math.ceil(runnable.length / 16) }, (_, chunk) => runnable.slice(chunk * 16, chunk * 16 + 16));

it.each(chunks.map((scripts, chunk) => ({ chunk, scripts })))('gives scripts what they need, part $chunk', async ({ scripts }) => {
  const history = await completed(scripts.map((sql, place) => `SET search_path TO case_${place}, public;\n${sql}`));
  expect(history.errors, sqlOf(history)).toEqual([]);
  expect(history.assumed.filter((objects) => objects.length === 0)).toEqual([]);
});

it('assumes of a history that only misses scripts in between nothing but what the server lacks', async () => {
  const scripts = [
    `CREATE TABLE parts (shop_id int NOT NULL, at timestamptz) PARTITION BY HASH (shop_id);
     CREATE FUNCTION make_parts(parent text) RETURNS void LANGUAGE plpgsql AS 'BEGIN IF to_regclass(parent || ''_0'') IS NULL THEN
       EXECUTE format(''CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 1, REMAINDER 0)'', parent || ''_0'', parent); END IF; END';
     SELECT make_parts('parts')`,
    'CREATE INDEX parts_0_at ON parts_0 (shop_id, at); DROP TABLE IF EXISTS older',
    'ALTER TABLE made_by_code ADD COLUMN note text; CREATE INDEX ON made_by_code (number); UPDATE made_by_code SET size = 1',
  ];
  const history = await completed(scripts, undefined, true);
  expect(history.errors).toEqual([]);
  expect(sqlOf(history)).not.toContain('parts');
  expect(sqlOf(history)).not.toContain('older');
  expect(sqlOf(history)).toMatch(/CREATE TABLE \S*made_by_code \(.*number.*size/);
  expect(history.assumed.map((objects) => objects.length > 0)).toEqual([false, false, true]);
  expect(sqlOf(await completed(scripts))).toContain('parts_0');
});
