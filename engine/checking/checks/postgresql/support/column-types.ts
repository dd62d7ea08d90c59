import type { RangeVar, RenameStmt, TypeName } from '@pgsql/types';
import { remembered } from '../../../../core/remember';
import type { RelationName } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, fieldsOfEach, nameParts, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { qualifiedName, relationOf } from './evidence';

/** A column's type as a script states it. */
export interface StatedType {
  /** The name that SQL uses: `integer`, `varchar`, `timestamptz`; other schemas' types are qualified. */
  readonly name: string;
  /** Length, or precision and scale; empty where the type has none. */
  readonly lengths: readonly number[];
  readonly isArray: boolean;
  /** As it is written in SQL. */
  readonly text: string;
}

/** Where a column's type was stated. */
export interface ColumnType {
  readonly type: StatedType;
  readonly migration: MigrationContext;
  readonly statement: ParsedStatement;
}

const written: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int: 'integer',
  int8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
  decimal: 'numeric',
};

/** Reads a TypeName of the parse tree. */
export function statedType(type: TypeName | undefined): StatedType | undefined {
  return type && typeIn(type);
}

/** Every change of a column reads the types that the scripts before it state. */
const typeIn = remembered((type: TypeName): StatedType | undefined => {
  const parts = nameParts(type);
  const own = parts.at(-1);
  if (own === undefined) return undefined;
  const schema = parts.length > 1 && parts.at(-2) !== 'pg_catalog' ? `${parts.at(-2)}.` : '';
  const name = schema === '' ? (written[own] ?? own) : schema + own;
  const lengths = fieldsOfEach(type.typmods, 'A_Const').flatMap(({ ival }) => (ival ? (ival.ival ?? 0) : []));
  const isArray = (type.arrayBounds?.length ?? 0) > 0;
  // An interval's only number that stands here may be its fields, which nobody writes as a number.
  const shown = lengths.length > 0 && name !== 'interval' ? `(${lengths.join(', ')})` : '';
  const sql = name.split('.').map(quotedWhereNeeded).join('.');
  return { name, lengths, isArray, text: `${sql}${shown}${isArray ? '[]' : ''}` };
});

/** Names of types are keywords often, and need no quotes for that. */
function quotedWhereNeeded(name: string): string {
  return /^[a-z_][a-z0-9_$ ]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The type that the column has just before the statement, where a script of the chain states it. */
export function columnTypeBefore(context: StatementContext, table: RelationName, column: string): ColumnType | undefined {
  const follower = new ColumnFollower();
  for (const migration of context.project.chain) {
    for (const statement of migration.up.statements) {
      if (migration === context.migration && (statement === context.statement || statement === context.inside)) {
        return follower.types.get(`${table}.${column}`);
      }
      if (statement.node) follower.take(statement.node, migration, statement);
    }
    if (migration === context.migration) break;
  }
  return follower.types.get(`${table}.${column}`);
}

/** The types of columns once the migration is applied, by `public.item.size`, as the scripts of the chain state them. */
export function columnTypesAfter(project: ProjectContext, migration: MigrationContext): ReadonlyMap<string, ColumnType> {
  const follower = new ColumnFollower();
  for (const each of project.chain) {
    for (const statement of each.up.statements) if (statement.node) follower.take(statement.node, each, statement);
    if (each === migration) break;
  }
  return follower.types;
}

/** Follows columns and their names from script to script. */
class ColumnFollower {
  readonly types = new Map<string, ColumnType>();

  take(node: SqlNode, migration: MigrationContext, statement: ParsedStatement): void {
    const state = (table: RelationName, name: string | undefined, stated: TypeName | undefined): void => {
      const type = statedType(stated);
      if (name === undefined) return;
      if (type) this.types.set(`${table}.${name}`, { type, migration, statement });
      else this.types.delete(`${table}.${name}`);
    };
    const create = fieldsOf(node, 'CreateStmt');
    if (create) {
      const table = relationOf(create.relation);
      for (const column of fieldsOfEach(create.tableElts, 'ColumnDef')) state(table, column.colname, column.typeName);
    }
    const alter = fieldsOf(node, 'AlterTableStmt');
    if (alter) {
      const table = relationOf(alter.relation);
      for (const { subtype, name, def } of alterTableCommands(node)) {
        const column = fieldsOf(def, 'ColumnDef');
        if (subtype === 'AT_AddColumn') state(table, column?.colname, column?.typeName);
        if (subtype === 'AT_AlterColumnType') state(table, name, column?.typeName);
        if (subtype === 'AT_DropColumn') state(table, name, undefined);
      }
    }
    const rename = fieldsOf(node, 'RenameStmt');
    if (rename) this.#rename(rename);
  }

  #rename(rename: RenameStmt): void {
    const table = relationOf(rename.relation);
    const next = rename.newname ?? '';
    if (rename.renameType === 'OBJECT_COLUMN') this.#move(`${table}.${rename.subname ?? ''}`, `${table}.${next}`);
    if (rename.renameType !== 'OBJECT_TABLE') return;
    const renamed = `${table.slice(0, table.indexOf('.'))}.${next}`;
    for (const key of [...this.types.keys()]) {
      if (key.startsWith(`${table}.`)) this.#move(key, renamed + key.slice(table.length));
    }
  }

  #move(from: string, to: string): void {
    const known = this.types.get(from);
    this.types.delete(from);
    if (known) this.types.set(to, known);
  }
}

/** The table of a RangeVar, as the observation names it where the search path decides; `public` is taken otherwise. */
export function tableNamed(context: StatementContext, relation: RangeVar | SqlNode | undefined): RelationName {
  const { schema, name } = relationName(relation) ?? { name: '' };
  if (schema !== undefined) return qualifiedName({ schema, name });
  const locked = context.observation?.locks.find(({ table }) => table.endsWith(`.${name}`) && table.split('.').length === 2);
  return locked?.table ?? qualifiedName({ name });
}
