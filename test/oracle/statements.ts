import type { LockMode } from '#engine/databases/observation';

/**
 * What a statement does. Relations are of the schema `public`; those that the statement itself creates are left out, and so
 * are AccessShare locks.
 */
export interface Facts {
  /** The strongest lock per relation. Of the indexes only `t_a` is listed, which stands for all indexes of `t`. */
  readonly locks: Readonly<Record<string, LockMode>>;
  /** Tables and materialized views that got new storage. */
  readonly rewrites: readonly string[];
  /** Tables and materialized views that were read from end to end. */
  readonly scans: readonly string[];
  /** The SQLSTATE with which the statement is refused. */
  readonly error?: string;
}

/** Where another server than the reference does something else, and why. */
export interface Difference {
  /** The majors from here on. Default: the oldest. */
  readonly from?: number;
  /** The majors up to here. Default: the newest. */
  readonly to?: number;
  /** `embedded`: only the embedded engine differs, whatever its major. */
  readonly where?: 'embedded' | 'servers';
  readonly facts: Partial<Facts>;
  /** The trait that explains it, as a sentence. */
  readonly because: string;
}

/** One statement with what PostgreSQL 15.18 does, alone in a transaction on top of `setup`. */
export interface OracleStatement {
  readonly name: string;
  /** Committed after the common setup. */
  readonly setup?: readonly string[];
  /** Runs earlier in the transaction of the statement. */
  readonly before?: readonly string[];
  readonly sql: string;
  /** Sent alone, where no transaction is open. Locks cannot be seen then. */
  readonly alone?: true;
  readonly facts: Facts;
  readonly differences?: readonly Difference[];
}

/** The major version that `facts` were measured on. */
export const referenceMajor = 15;

/** A busy table `t` with everything that can hang on one, what it refers to, and a partitioned table. */
export const commonSetup: readonly string[] = [
  'CREATE TABLE o (id int PRIMARY KEY)',
  'INSERT INTO o SELECT generate_series(1, 2000)',
  `CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50), u int, n numeric(10,2), at timestamp, net cidr, note text,
     oid_ int CONSTRAINT t_fk REFERENCES o)`,
  `INSERT INTO t SELECT g, g, g::text, g, g, now(), '10.0.0.0/8', g::text, g FROM generate_series(1, 2000) g`,
  'CREATE UNIQUE INDEX t_u ON t (u)',
  'CREATE INDEX t_a ON t (a)',
  'CREATE VIEW v AS SELECT id, note FROM t',
  'CREATE MATERIALIZED VIEW mv AS SELECT id FROM t',
  'CREATE UNIQUE INDEX mv_id ON mv (id)',
  'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
  'CREATE TRIGGER t_touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()',
  'CREATE TABLE p (k int) PARTITION BY LIST (k)',
  'CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)',
  'CREATE TABLE pdef PARTITION OF p DEFAULT',
  'CREATE TABLE p2 (k int)',
  'INSERT INTO p SELECT 1 FROM generate_series(1, 20)',
  'INSERT INTO p SELECT 9 FROM generate_series(1, 20)',
  'INSERT INTO p2 SELECT 2 FROM generate_series(1, 20)',
  'CREATE DOMAIN dom AS int',
  'CREATE TABLE td (x dom)',
  'INSERT INTO td SELECT generate_series(1, 20)',
  "CREATE TYPE mood AS ENUM ('new')",
  'ANALYZE o, t, p1, p2, pdef, td',
];

const none: Facts = { locks: {}, rewrites: [], scans: [] };

/** Only the definition of `t` changes. */
const definition: Facts = { ...none, locks: { t: 'AccessExclusive' } };
const weakDefinition: Facts = { ...none, locks: { t: 'ShareUpdateExclusive' } };
/** Every row of `t` is read while its definition changes. */
const definitionAndScan: Facts = { ...definition, scans: ['t'] };
/** Every row of `t` is written anew, with all its indexes. */
const rewrite: Facts = { locks: { t: 'AccessExclusive', t_a: 'AccessExclusive' }, rewrites: ['t'], scans: ['t'] };

function refused(error: string): Facts {
  return { ...none, error };
}

export const statements: readonly OracleStatement[] = [
  { name: 'ADD COLUMN', sql: 'ALTER TABLE t ADD COLUMN x int', facts: definition },
  { name: 'ADD COLUMN constant default NOT NULL', sql: 'ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 1', facts: definition },
  { name: 'ADD COLUMN DEFAULT now()', sql: 'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT now()', facts: definition },
  {
    name: 'ADD COLUMN DEFAULT clock_timestamp()',
    sql: 'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT clock_timestamp()',
    facts: rewrite,
  },
  { name: 'ADD COLUMN DEFAULT gen_random_uuid()', sql: 'ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()', facts: rewrite },
  { name: 'ADD COLUMN serial', sql: 'ALTER TABLE t ADD COLUMN x serial', facts: rewrite },
  { name: 'ADD COLUMN identity', sql: 'ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY', facts: rewrite },
  { name: 'ADD COLUMN generated stored', sql: 'ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) STORED', facts: rewrite },
  { name: 'ADD COLUMN of a domain without constraint', sql: 'ALTER TABLE t ADD COLUMN x dom', facts: definition },
  {
    name: 'ADD COLUMN REFERENCES',
    sql: 'ALTER TABLE t ADD COLUMN x int REFERENCES o',
    facts: { ...none, locks: { o: 'ShareRowExclusive', t: 'AccessExclusive' } },
  },
  { name: 'ADD COLUMN UNIQUE', sql: 'ALTER TABLE t ADD COLUMN x int UNIQUE', facts: definitionAndScan },
  { name: 'ADD COLUMN NOT NULL without default', sql: 'ALTER TABLE t ADD COLUMN x int NOT NULL', facts: refused('23502') },
  { name: 'ADD COLUMN with CHECK', sql: 'ALTER TABLE t ADD COLUMN x int CHECK (x > 0)', facts: definitionAndScan },
  { name: 'DROP COLUMN', sql: 'ALTER TABLE t DROP COLUMN b', facts: definition },
  { name: 'SET NOT NULL', sql: 'ALTER TABLE t ALTER a SET NOT NULL', facts: definitionAndScan },
  {
    name: 'SET NOT NULL with a valid CHECK',
    setup: ['ALTER TABLE t ADD CONSTRAINT a_there CHECK (a IS NOT NULL)'],
    sql: 'ALTER TABLE t ALTER a SET NOT NULL',
    facts: definition,
  },
  { name: 'DROP NOT NULL', setup: ['ALTER TABLE t ALTER a SET NOT NULL'], sql: 'ALTER TABLE t ALTER a DROP NOT NULL', facts: definition },
  { name: 'SET DEFAULT', sql: 'ALTER TABLE t ALTER a SET DEFAULT 1', facts: definition },
  { name: 'TYPE varchar(50) to varchar(100)', sql: 'ALTER TABLE t ALTER b TYPE varchar(100)', facts: definition },
  { name: 'TYPE varchar(50) to text', sql: 'ALTER TABLE t ALTER b TYPE text', facts: definition },
  { name: 'TYPE varchar(50) to varchar(20)', sql: 'ALTER TABLE t ALTER b TYPE varchar(20)', facts: rewrite },
  {
    name: 'TYPE int to bigint of a referencing column',
    sql: 'ALTER TABLE t ALTER oid_ TYPE bigint',
    facts: { locks: { ...rewrite.locks, o: 'AccessExclusive' }, rewrites: ['t'], scans: ['o', 't'] },
  },
  { name: 'TYPE numeric(10,2) to numeric(12,2)', sql: 'ALTER TABLE t ALTER n TYPE numeric(12,2)', facts: definition },
  { name: 'TYPE numeric(10,2) to numeric(12,4)', sql: 'ALTER TABLE t ALTER n TYPE numeric(12,4)', facts: rewrite },
  {
    name: 'TYPE timestamp to timestamptz in UTC',
    before: ["SET LOCAL TimeZone = 'UTC'"],
    sql: 'ALTER TABLE t ALTER at TYPE timestamptz',
    facts: definition,
  },
  {
    name: 'TYPE timestamp to timestamptz in Paris',
    before: ["SET LOCAL TimeZone = 'Europe/Paris'"],
    sql: 'ALTER TABLE t ALTER at TYPE timestamptz',
    facts: rewrite,
  },
  { name: 'TYPE cidr to inet', sql: 'ALTER TABLE t ALTER net TYPE inet', facts: definition },
  { name: 'TYPE of a column that a view uses', sql: 'ALTER TABLE t ALTER note TYPE varchar', facts: refused('0A000') },
  { name: 'ADD CHECK', sql: 'ALTER TABLE t ADD CHECK (a > 0)', facts: definitionAndScan },
  { name: 'ADD CHECK NOT VALID', sql: 'ALTER TABLE t ADD CHECK (a > 0) NOT VALID', facts: definition },
  {
    name: 'VALIDATE a CHECK',
    setup: ['ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID'],
    sql: 'ALTER TABLE t VALIDATE CONSTRAINT positive',
    facts: { ...weakDefinition, scans: ['t'] },
  },
  {
    name: 'ADD FOREIGN KEY',
    sql: 'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o',
    facts: { ...none, locks: { o: 'ShareRowExclusive', t: 'ShareRowExclusive' }, scans: ['o', 't'] },
  },
  {
    name: 'ADD FOREIGN KEY NOT VALID',
    sql: 'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o NOT VALID',
    facts: { ...none, locks: { o: 'ShareRowExclusive', t: 'ShareRowExclusive' } },
  },
  {
    name: 'VALIDATE a FOREIGN KEY',
    setup: ['ALTER TABLE t ADD CONSTRAINT late FOREIGN KEY (a) REFERENCES o NOT VALID'],
    sql: 'ALTER TABLE t VALIDATE CONSTRAINT late',
    facts: { ...none, locks: { o: 'RowShare', t: 'ShareUpdateExclusive' }, scans: ['o', 't'] },
  },
  { name: 'ADD UNIQUE', sql: 'ALTER TABLE t ADD UNIQUE (a)', facts: definitionAndScan },
  { name: 'ADD UNIQUE USING INDEX', sql: 'ALTER TABLE t ADD UNIQUE USING INDEX t_u', facts: definition },
  {
    name: 'ADD PRIMARY KEY USING INDEX over a nullable column',
    sql: 'ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY USING INDEX t_u',
    facts: definitionAndScan,
  },
  { name: 'ADD EXCLUDE', sql: 'ALTER TABLE t ADD EXCLUDE USING btree (a WITH =)', facts: definitionAndScan },
  {
    name: 'DROP CONSTRAINT of a foreign key',
    sql: 'ALTER TABLE t DROP CONSTRAINT t_fk',
    facts: { ...none, locks: { o: 'AccessExclusive', t: 'AccessExclusive' } },
  },
  { name: 'CREATE INDEX', sql: 'CREATE INDEX t_b ON t (b)', facts: { ...none, locks: { t: 'Share' }, scans: ['t'] } },
  { name: 'DROP INDEX', sql: 'DROP INDEX t_u', facts: definition },
  { name: 'RENAME COLUMN', sql: 'ALTER TABLE t RENAME COLUMN b TO c', facts: definition },
  { name: 'RENAME TABLE', sql: 'ALTER TABLE t RENAME TO tt', facts: definition },
  {
    name: 'DROP TABLE that is referenced',
    sql: 'DROP TABLE o CASCADE',
    facts: { ...none, locks: { o: 'AccessExclusive', t: 'AccessExclusive' } },
  },
  { name: 'TRUNCATE', sql: 'TRUNCATE t', facts: rewrite },
  {
    name: 'CREATE TRIGGER',
    sql: 'CREATE TRIGGER t_more AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()',
    facts: { ...none, locks: { t: 'ShareRowExclusive' } },
  },
  { name: 'DISABLE TRIGGER', sql: 'ALTER TABLE t DISABLE TRIGGER t_touch', facts: { ...none, locks: { t: 'ShareRowExclusive' } } },
  { name: 'DROP TRIGGER', sql: 'DROP TRIGGER t_touch ON t', facts: definition },
  {
    name: 'ATTACH PARTITION beside a default partition',
    sql: 'ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2)',
    facts: { ...none, locks: { p: 'ShareUpdateExclusive', p2: 'AccessExclusive', pdef: 'AccessExclusive' }, scans: ['p2', 'pdef'] },
  },
  {
    name: 'DETACH PARTITION',
    sql: 'ALTER TABLE p DETACH PARTITION p1',
    facts: { ...none, locks: { p: 'AccessExclusive', p1: 'AccessExclusive', pdef: 'AccessExclusive' } },
    differences: [
      {
        to: 13,
        facts: { locks: { p: 'AccessExclusive', p1: 'ShareUpdateExclusive', pdef: 'AccessExclusive' } },
        because:
          'Before 14, which brought DETACH PARTITION CONCURRENTLY, the partition itself stayed readable and writable while it was detached.',
      },
    ],
  },
  {
    name: 'CREATE TABLE PARTITION OF',
    sql: 'CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3)',
    facts: { ...none, locks: { p: 'AccessExclusive', pdef: 'AccessExclusive' }, scans: ['pdef'] },
  },
  {
    name: 'REFRESH MATERIALIZED VIEW',
    sql: 'REFRESH MATERIALIZED VIEW mv',
    facts: { locks: { mv: 'AccessExclusive' }, rewrites: ['mv'], scans: ['mv', 't'] },
  },
  {
    name: 'REFRESH MATERIALIZED VIEW CONCURRENTLY',
    sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY mv',
    facts: { ...none, locks: { mv: 'Exclusive' }, scans: ['mv', 't'] },
  },
  {
    name: 'REINDEX TABLE',
    sql: 'REINDEX TABLE t',
    facts: { ...none, locks: { t: 'Share', t_a: 'AccessExclusive' }, scans: ['t'] },
  },
  {
    name: 'REINDEX INDEX',
    sql: 'REINDEX INDEX t_a',
    facts: { ...none, locks: { t: 'Share', t_a: 'AccessExclusive' }, scans: ['t'] },
  },
  { name: 'CLUSTER', sql: 'CLUSTER t USING t_a', facts: rewrite },
  {
    name: 'SET UNLOGGED',
    sql: 'ALTER TABLE t SET UNLOGGED',
    facts: rewrite,
  },
  { name: 'SET (fillfactor)', sql: 'ALTER TABLE t SET (fillfactor = 80)', facts: weakDefinition },
  { name: 'SET (autovacuum_enabled)', sql: 'ALTER TABLE t SET (autovacuum_enabled = off)', facts: weakDefinition },
  { name: 'SET STATISTICS', sql: 'ALTER TABLE t ALTER a SET STATISTICS 500', facts: weakDefinition },
  { name: 'ENABLE ROW LEVEL SECURITY', sql: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', facts: definition },
  { name: 'CREATE POLICY', sql: 'CREATE POLICY own ON t USING (a > 0)', facts: definition },
  { name: 'COMMENT ON TABLE', sql: "COMMENT ON TABLE t IS 'busy'", facts: weakDefinition },
  { name: 'ALTER TYPE ADD VALUE in a transaction', sql: "ALTER TYPE mood ADD VALUE 'newer'", facts: none },
  {
    name: 'a new enum value used in the same transaction',
    before: ["ALTER TYPE mood ADD VALUE 'newer'"],
    sql: "SELECT 'newer'::mood",
    facts: refused('55P04'),
  },
  {
    name: 'ALTER DOMAIN ADD CHECK',
    sql: 'ALTER DOMAIN dom ADD CHECK (VALUE > 0)',
    facts: { ...none, locks: { td: 'Share' }, scans: ['td'] },
  },
  { name: 'CREATE INDEX CONCURRENTLY in a transaction', sql: 'CREATE INDEX CONCURRENTLY t_b ON t (b)', facts: refused('25001') },
  {
    name: 'CREATE OR REPLACE VIEW',
    sql: 'CREATE OR REPLACE VIEW v AS SELECT id, note, a FROM t',
    facts: { ...none, locks: { v: 'AccessExclusive' } },
  },
  {
    name: 'CREATE TABLE with a foreign key',
    sql: 'CREATE TABLE nn (x int REFERENCES o)',
    facts: { ...none, locks: { o: 'ShareRowExclusive' } },
  },
  {
    name: 'CREATE INDEX on a partitioned table',
    sql: 'CREATE INDEX p_k ON p (k)',
    facts: { ...none, locks: { p: 'Share', p1: 'Share', pdef: 'Share' }, scans: ['p1', 'pdef'] },
  },
  {
    name: 'CREATE INDEX CONCURRENTLY on a partitioned table',
    sql: 'CREATE INDEX CONCURRENTLY p_k ON p (k)',
    alone: true,
    facts: refused('0A000'),
  },
  { name: 'SET TABLESPACE to the same', sql: 'ALTER TABLE t SET TABLESPACE pg_default', facts: definition },
  { name: 'GRANT', sql: 'GRANT SELECT ON t TO PUBLIC', facts: none },
  { name: 'LOCK TABLE', sql: 'LOCK TABLE t', facts: definition },
  {
    name: 'UPDATE of all rows',
    sql: 'UPDATE t SET n = 1',
    facts: { ...none, locks: { t: 'RowExclusive', t_a: 'RowExclusive' }, scans: ['t'] },
  },
  { name: 'REPLICA IDENTITY FULL', sql: 'ALTER TABLE t REPLICA IDENTITY FULL', facts: definition },
  {
    name: 'OWNER TO',
    sql: 'ALTER TABLE t OWNER TO pg_monitor',
    facts: { ...none, locks: { t: 'AccessExclusive', t_a: 'AccessExclusive' } },
  },
  { name: 'OWNER TO the same', sql: 'ALTER TABLE t OWNER TO CURRENT_USER', facts: definition },
  {
    name: 'ADD COLUMN of a domain with a constraint',
    setup: ['CREATE DOMAIN cd AS int CHECK (VALUE > 0)'],
    sql: 'ALTER TABLE t ADD COLUMN x cd',
    facts: rewrite,
  },
  {
    name: 'ADD COLUMN generated virtual',
    sql: 'ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) VIRTUAL',
    facts: refused('42601'),
    differences: [
      {
        from: 18,
        facts: { ...definition, error: undefined },
        because: 'Generated columns without storage came with 18; adding one changes only the definition.',
      },
    ],
  },
  {
    name: 'ADD NOT NULL as a constraint',
    sql: 'ALTER TABLE t ADD CONSTRAINT nn NOT NULL a',
    facts: refused('42601'),
    differences: [
      {
        from: 18,
        facts: { ...definitionAndScan, error: undefined },
        because: '18 records NOT NULL as a constraint, which can be added by name.',
      },
    ],
  },
  {
    name: 'ADD NOT NULL as a constraint NOT VALID',
    sql: 'ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID',
    facts: refused('42601'),
    differences: [
      {
        from: 18,
        facts: { ...definition, error: undefined },
        because: '18 records NOT NULL as a constraint, which can be added without a scan and validated later.',
      },
    ],
  },
  {
    name: 'SET NOT NULL while the CHECK is dropped',
    setup: ['ALTER TABLE t ADD CONSTRAINT nn CHECK (a IS NOT NULL)'],
    sql: 'ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT nn',
    facts: definitionAndScan,
  },
  {
    name: 'TYPE without rewrite of a column with a CHECK',
    setup: ['ALTER TABLE t ADD CHECK (n > 0)'],
    sql: 'ALTER TABLE t ALTER n TYPE numeric(14,2)',
    facts: definitionAndScan,
  },
  { name: 'TYPE int to bigint', sql: 'ALTER TABLE t ALTER a TYPE bigint', facts: rewrite },
  {
    name: 'TYPE of a referenced column',
    sql: 'ALTER TABLE o ALTER id TYPE bigint',
    facts: { locks: { o: 'AccessExclusive', t: 'AccessExclusive' }, rewrites: ['o'], scans: ['o', 't'] },
  },
  { name: 'SET STORAGE', sql: 'ALTER TABLE t ALTER b SET STORAGE EXTERNAL', facts: definition },
  {
    name: 'SET COMPRESSION',
    sql: 'ALTER TABLE t ALTER b SET COMPRESSION pglz',
    facts: definition,
    differences: [{ to: 13, facts: refused('42601'), because: 'Compression of a column came with 14.' }],
  },
  {
    name: 'SET ACCESS METHOD to the same',
    sql: 'ALTER TABLE t SET ACCESS METHOD heap',
    facts: definition,
    differences: [{ to: 14, facts: refused('42601'), because: 'ALTER TABLE ... SET ACCESS METHOD came with 15.' }],
  },
  { name: 'RENAME CONSTRAINT', sql: 'ALTER TABLE t RENAME CONSTRAINT t_fk TO t_fk2', facts: definition },
  { name: 'ALTER INDEX RENAME', sql: 'ALTER INDEX t_a RENAME TO t_a2', facts: { ...none, locks: { t_a: 'ShareUpdateExclusive' } } },
  { name: 'ALTER TABLE RENAME of an index', sql: 'ALTER TABLE t_a RENAME TO t_a2', facts: { ...none, locks: { t_a: 'AccessExclusive' } } },
  { name: 'DROP PRIMARY KEY', sql: 'ALTER TABLE t DROP CONSTRAINT t_pkey', facts: definition },
  { name: 'ALTER CONSTRAINT DEFERRABLE', sql: 'ALTER TABLE t ALTER CONSTRAINT t_fk DEFERRABLE', facts: definition },
  {
    name: 'ALTER CONSTRAINT NOT ENFORCED',
    sql: 'ALTER TABLE t ALTER CONSTRAINT t_fk NOT ENFORCED',
    facts: refused('42601'),
    differences: [
      {
        from: 18,
        facts: { ...none, locks: { o: 'AccessExclusive', t: 'AccessExclusive' }, error: undefined },
        because: 'Constraints that are not enforced came with 18.',
      },
    ],
  },
  {
    name: 'ADD FOREIGN KEY NOT ENFORCED',
    sql: 'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o NOT ENFORCED',
    facts: refused('42601'),
    differences: [
      {
        from: 18,
        facts: { ...none, locks: { o: 'ShareRowExclusive', t: 'ShareRowExclusive' }, error: undefined },
        because: 'Constraints that are not enforced came with 18.',
      },
    ],
  },
  {
    name: 'ADD FOREIGN KEY to a partitioned table',
    sql: 'ALTER TABLE p ADD FOREIGN KEY (k) REFERENCES o',
    facts: {
      ...none,
      locks: { o: 'ShareRowExclusive', p: 'ShareRowExclusive', p1: 'ShareRowExclusive', pdef: 'ShareRowExclusive' },
      scans: ['o', 'p1', 'pdef'],
    },
    differences: [
      {
        from: 16,
        facts: { scans: ['p1', 'pdef'] },
        because:
          'How existing rows are looked up is the planner’s choice: since 16 the few rows of the partitions go through the index of `o`.',
      },
    ],
  },
  {
    name: 'ADD FOREIGN KEY NOT VALID to a partitioned table',
    sql: 'ALTER TABLE p ADD FOREIGN KEY (k) REFERENCES o NOT VALID',
    facts: refused('42809'),
    differences: [
      {
        from: 18,
        facts: {
          ...none,
          locks: { o: 'ShareRowExclusive', p: 'ShareRowExclusive', p1: 'ShareRowExclusive', pdef: 'ShareRowExclusive' },
          error: undefined,
        },
        because: 'A foreign key of a partitioned table can be NOT VALID since 18.',
      },
    ],
  },
  {
    name: 'ADD COLUMN to a partitioned table',
    sql: 'ALTER TABLE p ADD COLUMN x int',
    facts: { ...none, locks: { p: 'AccessExclusive', p1: 'AccessExclusive', pdef: 'AccessExclusive' } },
  },
  {
    name: 'DROP TABLE of a partition',
    sql: 'DROP TABLE p1',
    facts: { ...none, locks: { p: 'AccessExclusive', p1: 'AccessExclusive', pdef: 'AccessExclusive' } },
  },
  {
    name: 'TRUNCATE CASCADE',
    sql: 'TRUNCATE o CASCADE',
    facts: { locks: { o: 'AccessExclusive', t: 'AccessExclusive', t_a: 'AccessExclusive' }, rewrites: ['o', 't'], scans: ['o', 't'] },
  },
  { name: 'CREATE TABLE INHERITS', sql: 'CREATE TABLE c () INHERITS (t)', facts: weakDefinition },
  { name: 'CREATE STATISTICS', sql: 'CREATE STATISTICS st ON a, u FROM t', facts: weakDefinition },
  { name: 'ANALYZE', sql: 'ANALYZE t', facts: weakDefinition },
  { name: 'CREATE RULE', sql: 'CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING', facts: definition },
  {
    name: 'CREATE OR REPLACE TRIGGER',
    sql: 'CREATE OR REPLACE TRIGGER t_touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()',
    facts: { ...none, locks: { t: 'ShareRowExclusive' } },
    differences: [{ to: 13, facts: refused('42601'), because: 'CREATE OR REPLACE TRIGGER came with 14.' }],
  },
  { name: 'ALTER TRIGGER RENAME', sql: 'ALTER TRIGGER t_touch ON t RENAME TO t_touch2', facts: definition },
  { name: 'ALTER DOMAIN SET NOT NULL', sql: 'ALTER DOMAIN dom SET NOT NULL', facts: { ...none, locks: { td: 'Share' }, scans: ['td'] } },
  {
    name: 'DROP EXPRESSION',
    setup: ['ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) STORED'],
    sql: 'ALTER TABLE t ALTER x DROP EXPRESSION',
    facts: definition,
  },
  {
    name: 'SET EXPRESSION',
    setup: ['ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) STORED'],
    sql: 'ALTER TABLE t ALTER x SET EXPRESSION AS (a + 2)',
    facts: refused('42601'),
    differences: [{ from: 17, facts: { ...rewrite, error: undefined }, because: 'ALTER COLUMN ... SET EXPRESSION came with 17.' }],
  },
  { name: 'ADD GENERATED AS IDENTITY', sql: 'ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY', facts: definition },
  { name: 'CREATE PUBLICATION', sql: 'CREATE PUBLICATION pub FOR TABLE t', facts: weakDefinition },
  {
    name: 'INSERT of a referencing row',
    sql: 'INSERT INTO t (id, oid_) VALUES (9000, 1)',
    facts: { ...none, locks: { o: 'RowShare', t: 'RowExclusive' } },
  },
  {
    name: 'SELECT FOR UPDATE',
    sql: 'SELECT * FROM t FOR UPDATE',
    facts: { ...none, locks: { t: 'RowShare', t_a: 'RowShare' }, scans: ['t'] },
  },
  { name: 'CREATE TABLE AS', sql: 'CREATE TABLE copy AS SELECT * FROM t', facts: { ...none, scans: ['t'] } },
  { name: 'ALTER VIEW SET', sql: 'ALTER VIEW v SET (security_barrier = on)', facts: { ...none, locks: { v: 'AccessExclusive' } } },
  {
    name: 'REINDEX of a partitioned table in a transaction',
    sql: 'REINDEX TABLE p',
    facts: refused('25001'),
    differences: [
      {
        to: 13,
        facts: { ...none, locks: { p: 'Share' }, error: undefined },
        because: 'REINDEX of a partitioned table did nothing before 14; since then it handles each partition in a transaction of its own.',
      },
    ],
  },
  {
    name: 'DROP COLUMN with a foreign key',
    sql: 'ALTER TABLE t DROP COLUMN oid_',
    facts: { ...none, locks: { o: 'AccessExclusive', t: 'AccessExclusive' } },
  },
  { name: 'DROP FUNCTION of a trigger CASCADE', sql: 'DROP FUNCTION touch() CASCADE', facts: definition },
  { name: 'COMMENT ON INDEX', sql: 'COMMENT ON INDEX t_a IS $$x$$', facts: { ...none, locks: { t_a: 'ShareUpdateExclusive' } } },
  {
    name: 'UNIQUE INDEX NULLS NOT DISTINCT',
    sql: 'CREATE UNIQUE INDEX t_n ON t (a) NULLS NOT DISTINCT',
    facts: { ...none, locks: { t: 'Share' }, scans: ['t'] },
    differences: [{ to: 14, facts: refused('42601'), because: 'NULLS NOT DISTINCT came with 15.' }],
  },
  {
    name: 'MERGE',
    sql: 'MERGE INTO t USING o ON t.id = o.id WHEN MATCHED THEN UPDATE SET a = 1',
    facts: { ...none, locks: { t: 'RowExclusive', t_a: 'RowExclusive' }, scans: ['o', 't'] },
    differences: [{ to: 14, facts: refused('42601'), because: 'MERGE came with 15.' }],
  },
];
