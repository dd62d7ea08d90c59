import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeDifference } from '../catalogue/describe-differences';
import type { ReplayScript } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow();
});
afterAll(() => shadow.dispose());

const trigger = `RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`;
const base = step(
  'base',
  inTransaction(
    'CREATE ROLE app',
    'CREATE ROLE other',
    'CREATE SCHEMA shop',
    `CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, size int DEFAULT 1, note text, serial_no serial,
       twice int GENERATED ALWAYS AS (size * 2) STORED, code text NOT NULL)`,
    'CREATE UNIQUE INDEX item_code ON item (code)',
    'CREATE INDEX item_lower ON item (lower(note))',
    'CREATE INDEX item_size ON item (size)',
    'ALTER TABLE item ADD CONSTRAINT item_check CHECK (size > 0), ADD CONSTRAINT item_unique UNIQUE (size, code)',
    'CREATE TABLE part (id int PRIMARY KEY, item_id int CONSTRAINT part_item REFERENCES item, a int, at date)',
    'ALTER TABLE part ADD CONSTRAINT part_check CHECK (a > 0) NOT VALID',
    'CREATE TABLE parent (id int)',
    'CREATE TABLE child (id int, once int GENERATED ALWAYS AS (id * 1) VIRTUAL)',
    'CREATE TABLE heir () INHERITS (parent)',
    'CREATE TABLE log (id int, at date) PARTITION BY RANGE (id)',
    'CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (10)',
    'CREATE TABLE log_2 (id int, at date)',
    'CREATE INDEX log_at ON ONLY log (at)',
    'CREATE INDEX log_1_at ON log_1 (at)',
    'CREATE VIEW item_view AS SELECT id, size FROM item',
    'CREATE MATERIALIZED VIEW item_sum AS SELECT sum(size) AS s FROM item',
    'CREATE SEQUENCE counter',
    "CREATE TYPE mood AS ENUM ('calm', 'wild')",
    'CREATE TYPE pair AS (a int, b text)',
    'CREATE TYPE span AS RANGE (SUBTYPE = int)',
    'CREATE DOMAIN positive AS int DEFAULT 1 CONSTRAINT positive_check CHECK (VALUE > 0)',
    'CREATE TYPE row_of AS (a int)',
    'CREATE TABLE typed OF row_of',
    "CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION rows_of() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
    "CREATE PROCEDURE act() LANGUAGE sql AS 'SELECT 1'",
    'CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)',
    `CREATE FUNCTION touch() ${trigger}`,
    'CREATE TRIGGER item_touch BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION touch()',
    'CREATE RULE item_rule AS ON DELETE TO item DO NOTHING',
    'CREATE POLICY item_policy ON item FOR SELECT TO app USING (size > 0)',
    'CREATE STATISTICS item_stats ON size, code FROM item',
    'CREATE PUBLICATION news FOR TABLE item',
    "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
    'CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION on_ddl()',
    'CREATE FUNCTION mood_is(mood, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text = $2 $$',
    'CREATE OPERATOR ~== (LEFTARG = mood, RIGHTARG = text, FUNCTION = mood_is)',
    'CREATE OPERATOR FAMILY pair_ops USING btree',
    'CREATE OPERATOR CLASS span_ops FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int)',
    "CREATE FUNCTION mood_number(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    'CREATE CAST (mood AS int) WITH FUNCTION mood_number(mood)',
    "CREATE COLLATION plain_c (provider = libc, locale = 'C')",
    "CREATE CONVERSION to_utf FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    'CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)',
    'CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple)',
    'CREATE FOREIGN DATA WRAPPER remote',
    'CREATE SERVER far FOREIGN DATA WRAPPER remote',
    'CREATE FOREIGN TABLE far_item (id int) SERVER far',
    "CREATE USER MAPPING FOR app SERVER far OPTIONS (login 'a')",
    'SELECT lo_create(77)',
    "ALTER ROLE app SET work_mem = '8MB'",
    "COMMENT ON TABLE item IS 'things'",
  ),
);

async function leftBehind(up: readonly string[], down: ReplayScript = inTransaction('SELECT 1')) {
  const [trip] = await shadow.rehearse([base, step('it', inTransaction(...up), down)], { only: new Set(['it']) });
  if (trip?.up !== 'ok' || trip.down !== 'ok') throw new Error(trip?.message);
  return trip;
}

const ofDatabase = (sql: string) => `DO $do$ BEGIN EXECUTE format($sql$${sql}$sql$, current_database()); END $do$`;

type Case = readonly [up: string | readonly string[], ...told: string[]];

const properties: Record<string, readonly Case[]> = {
  columns: [
    ['ALTER TABLE item ALTER size DROP DEFAULT', 'column item.size: the default was 1 and is now none'],
    ['ALTER TABLE item ALTER size SET NOT NULL', 'column item.size: was nullable and is now NOT NULL'],
    ['ALTER TABLE part ADD CONSTRAINT a_not_null NOT NULL a NOT VALID', 'column part.a: was nullable and is now NOT NULL NOT VALID'],
    ['ALTER TABLE part ALTER a TYPE bigint', 'column part.a: the type was integer and is now bigint'],
    ['ALTER TABLE item ALTER note SET STORAGE EXTERNAL', 'column item.note: the storage was the default and is now external'],
    ['ALTER TABLE item ALTER note SET COMPRESSION pglz', 'column item.note: the compression was the default and is now pglz'],
    ['ALTER TABLE item ALTER note SET STATISTICS 500', 'column item.note: the statistics target was the default and is now 500'],
    ['ALTER TABLE item ALTER note SET (n_distinct = 5)', 'column item.note: the options were none and are now n_distinct=5'],
    ['ALTER TABLE part ADD COLUMN n text; ALTER TABLE part ALTER n TYPE text COLLATE "C"', 'column part.n is left over'],
    [
      'ALTER TABLE item ALTER id SET GENERATED BY DEFAULT',
      'column item.id: the identity was GENERATED ALWAYS and is now GENERATED BY DEFAULT',
    ],
    ['ALTER TABLE item ALTER id DROP IDENTITY', 'column item.id: the identity was GENERATED ALWAYS and is now none'],
    ['ALTER TABLE item ALTER id SET INCREMENT 5', 'sequence item_id_seq: the increment was 1 and is now 5'],
    ['ALTER TABLE item ALTER twice DROP EXPRESSION', 'column item.twice: the generation expression was size * 2 STORED and is now none'],
    [
      'ALTER TABLE child ALTER once SET EXPRESSION AS (id * 3)',
      'column child.once: the generation expression was id * 1 VIRTUAL and is now id * 3 VIRTUAL',
    ],
    ['GRANT SELECT (note) ON item TO app', 'column item.note: app can now SELECT'],
    ['ALTER TABLE part DROP COLUMN a', 'column part.a is missing', 'constraint part.part_check is missing'],
  ],
  tables: [
    ['CREATE TABLE new (a serial PRIMARY KEY, b int CHECK (b > 0)); CREATE INDEX ON new (b)', 'table new is left over'],
    ['DROP TABLE child', 'table child is missing'],
    ['ALTER TABLE item SET (fillfactor = 70)', 'table item: the options were none and are now fillfactor=70'],
    ['ALTER TABLE item SET (toast.autovacuum_enabled = off)', 'table item: the TOAST options were none and are now autovacuum_enabled=off'],
    ['ALTER TABLE item REPLICA IDENTITY FULL', 'table item: the replica identity was default and is now full'],
    [
      'ALTER TABLE item REPLICA IDENTITY USING INDEX item_code',
      'index item_code: the use as replica identity was off and is now on',
      'table item: the replica identity was default and is now an index',
    ],
    ['ALTER TABLE item ENABLE ROW LEVEL SECURITY', 'table item: the row security was off and is now on'],
    ['ALTER TABLE item FORCE ROW LEVEL SECURITY', 'table item: the forced row security was off and is now on'],
    ['ALTER TABLE child SET UNLOGGED', 'table child: the persistence was logged and is now unlogged'],
    ['ALTER TABLE part INHERIT parent', 'table part: the parent was none and is now parent'],
    ['ALTER TABLE heir NO INHERIT parent', 'table heir: the parent was parent and is now none'],
    [
      'ALTER TABLE log DETACH PARTITION log_1',
      'table log_1: the parent was log and is now none and the partition bound was FOR VALUES FROM (0) TO (10) and is now none',
    ],
    [
      'ALTER TABLE log ATTACH PARTITION log_2 FOR VALUES FROM (10) TO (20)',
      'index log_2_at_idx is left over',
      'table log_2: the parent was none and is now log',
    ],
    ['ALTER TABLE item CLUSTER ON item_size', 'index item_size: the clustering was off and is now on'],
    ['ALTER TABLE item CLUSTER ON item_pkey', 'constraint item.item_pkey: the clustering was off and is now on'],
    ['ALTER TABLE typed NOT OF', 'table typed: the row type was row_of and is now none'],
    ['ALTER TABLE item OWNER TO app', 'table item: the owner was postgres and is now app'],
    ['GRANT SELECT, INSERT ON item TO app', 'table item: app can now INSERT and SELECT'],
    ['GRANT SELECT ON item TO app WITH GRANT OPTION', 'table item: app can now SELECT (with grant option)'],
    ['REVOKE DELETE ON item FROM postgres', 'table item: postgres could DELETE and no longer can'],
    ['GRANT USAGE ON SEQUENCE item_id_seq TO app', 'sequence item_id_seq: app can now use it'],
    ['GRANT USAGE ON SEQUENCE item_serial_no_seq TO app', 'sequence item_serial_no_seq: app can now use it'],
    ['ALTER TABLE child SET SCHEMA shop', 'table child is missing', 'table shop.child is left over'],
  ],
};
const more: Record<string, readonly Case[]> = {
  views: [
    [
      'CREATE OR REPLACE VIEW item_view AS SELECT id, size, note FROM item',
      'view item_view: the query',
      'column item_view.note is left over',
    ],
    ['ALTER VIEW item_view SET (security_barrier)', 'view item_view: the options were none and are now security_barrier=true'],
    ['ALTER VIEW item_view ALTER size SET DEFAULT 3', 'column item_view.size: the default was none and is now 3'],
    ['DROP VIEW item_view', 'view item_view is missing'],
    ['DROP MATERIALIZED VIEW item_sum', 'materialized view item_sum is missing'],
    ['REFRESH MATERIALIZED VIEW item_sum WITH NO DATA', 'materialized view item_sum: the content was filled and is now not filled'],
  ],
  indexes: [
    ['CREATE INDEX item_note ON item (note)', 'index item_note is left over'],
    ['DROP INDEX item_size', 'index item_size is missing'],
    ['ALTER INDEX item_size SET (fillfactor = 50)', 'index item_size: the definition'],
    [
      'ALTER INDEX item_lower ALTER COLUMN 1 SET STATISTICS 300',
      'index item_lower: the statistics targets were the default and are now 1: 300',
    ],
    [
      'ALTER INDEX log_at ATTACH PARTITION log_1_at',
      'index log_at: the validity was invalid and is now valid',
      'index log_1_at: the parent index was none',
    ],
    ['ALTER INDEX item_pkey SET (fillfactor = 50)', 'constraint item.item_pkey: the index options were none and are now fillfactor=50'],
  ],
  constraints: [
    ['ALTER TABLE part ALTER CONSTRAINT part_item DEFERRABLE', 'constraint part.part_item: the definition was'],
    ['ALTER TABLE part ALTER CONSTRAINT part_item NOT ENFORCED', 'constraint part.part_item: the definition was'],
    [
      'ALTER TABLE part VALIDATE CONSTRAINT part_check',
      'constraint part.part_check: the definition was CHECK (a > 0) NOT VALID and is now CHECK (a > 0)',
    ],
    [
      'ALTER TABLE part DROP CONSTRAINT part_check, ADD CONSTRAINT part_check CHECK (a > 0) NO INHERIT NOT VALID',
      'constraint part.part_check: the definition',
    ],
    ['ALTER TABLE item DROP CONSTRAINT item_unique', 'constraint item.item_unique is missing'],
    ['ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 9)', 'constraint positive.small is left over'],
  ],
  sequences: [
    ['CREATE SEQUENCE new', 'sequence new is left over'],
    ['DROP SEQUENCE counter', 'sequence counter is missing'],
    ['ALTER SEQUENCE counter AS smallint', 'sequence counter: the type was bigint and is now smallint'],
    ['ALTER SEQUENCE counter START 5', 'sequence counter: the start was 1 and is now 5'],
    ['ALTER SEQUENCE counter INCREMENT 5', 'sequence counter: the increment was 1 and is now 5'],
    ['ALTER SEQUENCE counter MINVALUE -5', 'sequence counter: the minimum was 1 and is now -5'],
    ['ALTER SEQUENCE counter MAXVALUE 500', 'sequence counter: the maximum was'],
    ['ALTER SEQUENCE counter CACHE 5', 'sequence counter: the cache was 1 and is now 5'],
    ['ALTER SEQUENCE counter CYCLE', 'sequence counter: the cycle was off and is now on'],
    ['ALTER SEQUENCE counter OWNED BY item.size', 'sequence counter: the owning column was none and is now item.size'],
    ['ALTER SEQUENCE counter SET UNLOGGED', 'sequence counter: the persistence was logged and is now unlogged'],
    ['ALTER SEQUENCE counter OWNER TO app', 'sequence counter: the owner was postgres and is now app'],
  ],
  types: [
    ["ALTER TYPE mood ADD VALUE 'late'", "type mood: the values were 'calm', 'wild' and are now 'calm', 'wild', 'late'"],
    ["ALTER TYPE mood RENAME VALUE 'wild' TO 'mad'", 'type mood: the values'],
    ['DROP TYPE span', 'type span is missing'],
    ['ALTER TYPE pair ADD ATTRIBUTE c int', 'column pair.c is left over'],
    [
      ['ALTER TYPE pair DROP ATTRIBUTE a', 'ALTER TYPE pair ADD ATTRIBUTE a int'],
      'column order of pair: the order was a, b and is now b, a',
    ],
    ['GRANT USAGE ON TYPE mood TO app', 'type mood: app can now use it'],
    ['REVOKE USAGE ON TYPE pair FROM PUBLIC', 'use of type pair is left over'],
    ['ALTER TYPE pair OWNER TO app', 'type pair: the owner was postgres and is now app'],
    ['ALTER DOMAIN positive SET NOT NULL', 'domain positive: was nullable and is now NOT NULL'],
    ['ALTER DOMAIN positive DROP DEFAULT', 'domain positive: the default was 1 and is now none'],
    ['CREATE DOMAIN plain AS text COLLATE "C"', 'domain plain is left over'],
  ],
  routines: [
    [
      "CREATE OR REPLACE FUNCTION one(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
      'function one(a integer): the body was SELECT 1 and is now SELECT 2',
    ],
    ['ALTER FUNCTION one(int) IMMUTABLE', 'function one(a integer): the volatility was volatile and is now immutable'],
    ['ALTER FUNCTION one(int) STRICT', 'function one(a integer): the null handling was called on null input and is now strict'],
    ['ALTER FUNCTION one(int) SECURITY DEFINER', 'function one(a integer): the security was invoker and is now definer'],
    ['ALTER FUNCTION one(int) COST 5', 'function one(a integer): the cost was 100 and is now 5'],
    ['ALTER FUNCTION rows_of() ROWS 5', 'function rows_of(): the estimated rows were 1000 and are now 5'],
    ['ALTER FUNCTION one(int) SET search_path = shop', 'function one(a integer): the settings were none and are now search_path=shop'],
    ['ALTER FUNCTION one(int) PARALLEL SAFE', 'function one(a integer): the parallelism was unsafe and is now safe'],
    ['ALTER FUNCTION one(int) LEAKPROOF', 'function one(a integer): the leakproofness was not leakproof and is now leakproof'],
    ['ALTER FUNCTION one(int) OWNER TO app', 'function one(a integer): the owner was postgres and is now app'],
    ['REVOKE EXECUTE ON FUNCTION one(int) FROM PUBLIC', 'function one(a integer): PUBLIC could execute it and no longer can'],
    ["CREATE OR REPLACE FUNCTION one(a int DEFAULT 3) RETURNS int LANGUAGE sql AS 'SELECT 1'", 'function one(a integer): the arguments'],
    ['DROP PROCEDURE act()', 'procedure act() is missing'],
    ['DROP AGGREGATE total(int)', 'aggregate total(integer) is missing'],
    [
      "CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')",
      'aggregate total(integer): the definition is different',
    ],
  ],
  'triggers, rules, policies': [
    ['ALTER TABLE item DISABLE TRIGGER item_touch', 'trigger item.item_touch: the state was enabled and is now disabled'],
    ['ALTER TABLE item ENABLE ALWAYS TRIGGER item_touch', 'trigger item.item_touch: the state was enabled and is now always enabled'],
    ['DROP TRIGGER item_touch ON item', 'trigger item.item_touch is missing'],
    ['ALTER TABLE item DISABLE RULE item_rule', 'rule item.item_rule: the state was enabled and is now disabled'],
    ['DROP RULE item_rule ON item', 'rule item.item_rule is missing'],
    ['ALTER POLICY item_policy ON item USING (size > 1)', 'policy item.item_policy: the USING expression was size > 0 and is now size > 1'],
    ['ALTER POLICY item_policy ON item TO other', 'policy item.item_policy: the roles were app and are now other'],
    ['CREATE POLICY more ON item AS RESTRICTIVE', 'policy item.more is left over'],
    ['ALTER EVENT TRIGGER watch DISABLE', 'event trigger watch: the state was enabled and is now disabled'],
    ['DROP EVENT TRIGGER watch', 'event trigger watch is missing'],
  ],
  'schemas, extensions, the database': [
    ['CREATE SCHEMA new', 'schema new is left over'],
    ['ALTER SCHEMA shop OWNER TO app', 'schema shop: the owner was postgres and is now app'],
    ['GRANT USAGE ON SCHEMA shop TO app', 'schema shop: app can now use it'],
    ['GRANT CREATE ON SCHEMA public TO app', 'schema public: app can now create objects in it'],
    ['CREATE EXTENSION pg_trgm', 'extension pg_trgm is left over'],
    [
      'ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app',
      'default privileges on new relations belonging to role postgres in schema shop is left over',
    ],
    ["ALTER ROLE app SET work_mem = '9MB'", 'settings of role app: the work_mem was 8MB and is now 9MB'],
    [ofDatabase("ALTER DATABASE %I SET work_mem = '9MB'"), 'settings of the database is left over'],
    [ofDatabase('GRANT CREATE ON DATABASE %I TO app'), 'database: app can now create objects in it'],
    ['GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_reset() TO app', 'function pg_stat_reset() is left over'],
  ],
  'publications, statistics, large objects': [
    ['ALTER PUBLICATION news ADD TABLE part', 'publication news: the tables were item and are now item, part'],
    ['ALTER PUBLICATION news SET TABLE item WHERE (size > 0)', 'publication news: the tables'],
    ["ALTER PUBLICATION news SET (publish = 'insert')", 'publication news: the operations were'],
    ['ALTER PUBLICATION news ADD TABLES IN SCHEMA shop', 'publication news: the schemas were none and are now shop'],
    ['ALTER PUBLICATION news SET (publish_via_partition_root)', 'publication news: the publishing by the root table was off and is now on'],
    ['ALTER STATISTICS item_stats SET STATISTICS 300', 'statistics item_stats: the statistics target was the default and is now 300'],
    ['DROP STATISTICS item_stats', 'statistics item_stats is missing'],
    ['SELECT lo_create(78)', 'large object 78 is left over'],
    ['GRANT SELECT ON LARGE OBJECT 77 TO app', 'large object 77: app can now SELECT'],
  ],
  'operators, casts, collations, conversions': [
    ['DROP OPERATOR ~== (mood, text)', 'operator ~==(mood,text) is missing'],
    [
      'ALTER OPERATOR ~== (mood, text) SET (RESTRICT = eqsel)',
      'operator ~==(mood,text): the restriction estimator was none and is now eqsel',
    ],
    [
      'ALTER OPERATOR FAMILY pair_ops USING btree ADD FUNCTION 1 (int, int) btint4cmp(int, int)',
      'operator family pair_ops for access method btree: the functions',
    ],
    ['DROP OPERATOR FAMILY pair_ops USING btree', 'operator family pair_ops for access method btree is missing'],
    [
      'ALTER OPERATOR CLASS span_ops USING hash OWNER TO app',
      'operator class span_ops for access method hash: the owner was postgres and is now app',
    ],
    ['DROP CAST (mood AS int)', 'cast from mood to integer is missing'],
    [
      ['DROP CAST (mood AS int)', 'CREATE CAST (mood AS int) WITH FUNCTION mood_number(mood) AS ASSIGNMENT'],
      'cast from mood to integer: the use was explicit and is now assignment',
    ],
    ['DROP COLLATION plain_c', 'collation plain_c is missing'],
    [['DROP COLLATION plain_c', "CREATE COLLATION plain_c (provider = libc, locale = 'POSIX')"], 'collation plain_c: the locale was'],
    ['DROP CONVERSION to_utf', 'conversion to_utf is missing'],
    ['CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler', 'access method heap2 is left over'],
  ],
  'text search, foreign data, languages': [
    ['ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR word', 'text search configuration words: the mappings'],
    ['DROP TEXT SEARCH CONFIGURATION words', 'text search configuration words is missing'],
    ['ALTER TEXT SEARCH DICTIONARY stems (accept = false)', 'text search dictionary stems: the options were none'],
    ['CREATE TEXT SEARCH TEMPLATE mould (LEXIZE = dsimple_lexize)', 'text search template mould is left over'],
    [
      'CREATE TEXT SEARCH PARSER reader (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)',
      'text search parser reader is left over',
    ],
    ["ALTER SERVER far OPTIONS (host 'a')", 'server far: the options were none and are now host=a'],
    ['GRANT USAGE ON FOREIGN SERVER far TO app', 'server far: app can now use it'],
    ["ALTER FOREIGN DATA WRAPPER remote OPTIONS (debug 'a')", 'foreign-data wrapper remote: the options were none and are now debug=a'],
    [
      "ALTER USER MAPPING FOR app SERVER far OPTIONS (SET login 'b')",
      'user mapping for app on server far: the options were login=a and are now login=b',
    ],
    ["ALTER FOREIGN TABLE far_item OPTIONS (a 'b')", 'foreign table far_item: the foreign options were none and are now a=b'],
    ["ALTER FOREIGN TABLE far_item ALTER id OPTIONS (a 'b')", 'column far_item.id: the foreign options were none and are now a=b'],
    ['CREATE LANGUAGE mine HANDLER plpgsql_call_handler', 'language mine is left over'],
    ['REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC', 'language plpgsql is left over'],
    [
      'CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))',
      'transform for integer language sql is left over',
    ],
  ],
};

describe.each(Object.entries({ ...properties, ...more }))('left behind: %s', (_, cases) => {
  it.each(cases as [string | readonly string[], ...string[]][])('%s', async (up, ...told) => {
    const trip = await leftBehind(typeof up === 'string' ? [up] : up);
    const found = trip.differences.filter(({ cosmetic, object }) => !cosmetic && !object.startsWith('rows ')).map(describeDifference);
    expect(found.sort()).toEqual([...told].sort().map((each) => expect.stringContaining(each) as string));
    expect(trip.schemaRestored).toBe(false);
  });
});
