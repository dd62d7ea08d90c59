import type { Connection } from './connection';
import type { Column } from './seed-values';

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly references: string;
  readonly keys: readonly string[];
}

/** A table without rows. */
export interface EmptyTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Conditions of the table, of its columns' domains and of its partition. */
  readonly conditions: readonly string[];
}

/** Tables to which rows can be added, that have none. Generated columns are left out. */
export async function readEmptyTables(connection: Connection): Promise<EmptyTable[]> {
  const tables = await connection.rows(tablesQuery);
  const counts = tables.map(([name], index) => `SELECT '${index}' WHERE NOT EXISTS (SELECT FROM ONLY ${name})`);
  const empty = new Set(counts.length === 0 ? [] : (await connection.rows(counts.join(' UNION ALL '))).map(([index]) => Number(index)));
  return tables
    .filter((_, index) => empty.has(index))
    .map(([name, columns, foreignKeys, conditions]) => ({
      name: name ?? '',
      columns: JSON.parse(columns ?? '[]') as Column[],
      foreignKeys: JSON.parse(foreignKeys ?? '[]') as ForeignKey[],
      conditions: (JSON.parse(conditions ?? '[]') as (string | null)[]).filter((each) => each !== null),
    }));
}

const names = (relation: string, numbers: string) => `(SELECT json_agg(quote_ident(a.attname) ORDER BY u.place)
  FROM unnest(${numbers}) WITH ORDINALITY u(number, place) JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.number)`;

const tablesQuery = `
  WITH RECURSIVE base(type, oid, modifier, not_null) AS (
    SELECT t.oid, t.oid, -1, false FROM pg_type t
    UNION ALL SELECT b.type, t.typbasetype, t.typtypmod, b.not_null OR t.typnotnull FROM base b JOIN pg_type t ON t.oid = b.oid AND t.typtype = 'd'
  ), resolved AS (
    SELECT b.type, t.oid, b.modifier, t.typname, t.typcategory, t.typelem, b.not_null FROM base b JOIN pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
  )
  SELECT format('%I.%I', n.nspname, c.relname),
    (SELECT json_agg(json_build_object('name', a.attname, 'quoted', quote_ident(a.attname), 'type', coalesce(e.typname, r.typname),
        'category', coalesce(e.typcategory, r.typcategory), 'isArray', e.oid IS NOT NULL, 'modifier', greatest(a.atttypmod, r.modifier),
        'labels', (SELECT coalesce(json_agg(l.enumlabel ORDER BY l.enumsortorder), '[]') FROM pg_enum l WHERE l.enumtypid = coalesce(e.oid, r.oid)),
        'notNull', a.attnotnull OR r.not_null, 'hasDefault', a.atthasdef OR a.attidentity <> '',
        'isSerial', a.attidentity <> '' OR coalesce((SELECT pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' FROM pg_attrdef d
          WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum), false)) ORDER BY a.attnum)
      FROM pg_attribute a JOIN resolved r ON r.type = a.atttypid LEFT JOIN pg_type x ON x.oid = r.typelem AND r.typcategory = 'A'
        LEFT JOIN resolved e ON e.type = x.oid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
    (SELECT json_agg(json_build_object('columns', ${names('k.conrelid', 'k.conkey')}, 'references', k.confrelid::regclass::text,
        'keys', ${names('k.confrelid', 'k.confkey')}) ORDER BY array_length(k.conkey, 1) DESC, k.conname)
      FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'),
    (SELECT json_agg(x.condition) FROM (
      SELECT pg_get_constraintdef(k.oid) AS condition FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
      UNION ALL SELECT pg_get_partition_constraintdef(c.oid)
      UNION ALL SELECT pg_get_constraintdef(k.oid) FROM pg_attribute a JOIN base b ON b.type = a.atttypid JOIN pg_constraint k ON k.contypid = b.oid
        WHERE a.attrelid = c.oid) x)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.oid`;
