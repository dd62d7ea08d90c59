import type { Constraint, CreateStmt, DropStmt, IndexElem, IndexStmt, IntoClause, RangeVar, RenameStmt } from '@pgsql/types';
import type { RelationName } from '../../../../databases/observation';
import {
  type AlterTableCommand,
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  nameFromList,
  nameParts,
  nodeEntry,
  relationName,
} from '../../../../databases/postgresql/sql/nodes';
import { parseStatements } from '../../../../databases/postgresql/sql/parser';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { constraintsIn } from './column-definitions';
import { statementContexts } from '../../../context/statement-contexts';
import { innerContexts } from './inner-contexts';

/** Where something of the schema was made. */
export interface SchemaPlace {
  /** Undefined for what the baseline makes. */
  readonly migration: MigrationContext | undefined;
  readonly statement: ParsedStatement;
  /** True for a statement inside a DO block, of which nobody knows by its text alone whether it runs. */
  readonly isInside: boolean;
  /** True when the shadow ran the statement without an error. */
  readonly ran: boolean;
}

export interface SchemaIndex {
  /** Undefined where the server chooses. */
  name: string | undefined;
  readonly method: string;
  /** The columns in order; undefined stands for an expression. */
  readonly columns: readonly (string | undefined)[];
  /** Per key a text that is equal where column or expression, collation, operator class and order are. */
  readonly keys: readonly string[];
  readonly including: readonly string[];
  /** Equal texts mean equal conditions; undefined for an index over all rows. */
  readonly condition: string | undefined;
  readonly onlyLeavesOutNulls: boolean;
  readonly isUnique: boolean;
  /** The index of a primary key, unique or exclusion constraint. */
  readonly isConstraint: boolean;
  readonly isPrimary: boolean;
  readonly place: SchemaPlace;
}

export interface SchemaForeignKey {
  name: string | undefined;
  readonly columns: readonly string[];
  readonly referenced: RelationName;
  /** The fields of the Constraint. */
  readonly constraint: Constraint;
  readonly place: SchemaPlace;
}

export interface SchemaTable {
  name: RelationName;
  /** Undefined for a table that no known script makes: of such a one only what was added to it is known. */
  readonly place: SchemaPlace | undefined;
  readonly kind: 'table' | 'partitioned' | 'foreign' | 'temporary' | 'from-query';
  isPartition: boolean;
  /** True where columns, keys or indexes come from somewhere that is not read here. */
  readonly hasUnknownParts: boolean;
  indexes: SchemaIndex[];
  foreignKeys: SchemaForeignKey[];
  /** Columns that were added after the table was made, or all of them where it is known. */
  readonly columns: Set<string>;
  rowSecurity: SchemaPlace | undefined;
  policies: { readonly name: string; readonly place: SchemaPlace }[];
}

const cache = new WeakMap<ProjectContext, ReadonlyMap<RelationName, SchemaTable>>();

/**
 * The tables as the scripts leave them, after the last migration: what a later script mends is mended here. Statements that the
 * shadow saw fail are left out. Schemas are those of the shadow's observation where the scripts do not state them, else `public`.
 */
export function schemaOf(project: ProjectContext): ReadonlyMap<RelationName, SchemaTable> {
  const cached = cache.get(project);
  if (cached) return cached;
  const follower = new SchemaFollower();
  const { baseline } = project;
  if (baseline) {
    const failed = new Set(baseline.failures.map(({ statement }) => statement.start));
    for (const statement of parseStatements(baseline.script.text)) {
      if (statement.node && !failed.has(statement.start)) {
        follower.take(statement.node, { migration: undefined, statement, isInside: false, ran: true }, undefined);
      }
    }
  }
  for (const migration of project.chain) {
    for (const context of statementContexts(migration, project)) {
      if (context.observation?.error) continue;
      const ran = context.observation !== undefined;
      const { node } = context.statement;
      if (node) follower.take(node, { migration, statement: context.statement, isInside: false, ran }, context);
      for (const inner of innerContexts(context)) {
        if (inner.statement.node)
          follower.take(inner.statement.node, { migration, statement: inner.statement, isInside: true, ran }, inner);
      }
    }
  }
  cache.set(project, follower.tables);
  return follower.tables;
}

class SchemaFollower {
  readonly tables = new Map<RelationName, SchemaTable>();
  /** Schemas of indexes are those of their tables. */
  #context: StatementContext | undefined;

  take(node: SqlNode, place: SchemaPlace, context: StatementContext | undefined): void {
    this.#context = context;
    const [type, inner] = nodeEntry(node);
    switch (type) {
      case 'CreateStmt':
        return this.#create(inner, place, 'table');
      case 'CreateForeignTableStmt':
        return this.#create(inner.base ?? {}, place, 'foreign');
      case 'CreateTableAsStmt':
        return this.#createFromQuery(inner.into ?? {}, place);
      case 'IndexStmt':
        return this.#index(inner, place);
      case 'AlterTableStmt': {
        const table = this.#named(inner.relation);
        for (const command of alterTableCommands(node)) this.#alter(table, command, place);
        return;
      }
      case 'CreatePolicyStmt':
        this.#named(inner.table).policies.push({ name: inner.policy_name ?? '', place });
        return;
      case 'RenameStmt':
        return this.#rename(inner);
      case 'AlterObjectSchemaStmt': {
        if (inner.objectType !== 'OBJECT_TABLE') return;
        const table = this.#named(inner.relation);
        return this.#move(table, `${inner.newschema ?? ''}.${baseName(table.name)}`);
      }
      case 'DropStmt':
        return this.#drop(inner);
      default:
        return;
    }
  }

  #create(create: CreateStmt, place: SchemaPlace, kind: SchemaTable['kind']): void {
    const { relation, inhRelations: parents = [], partbound, tableElts: elements = [] } = create;
    const name = this.#nameOf(relation, 'created');
    const known = this.tables.get(name);
    if (known?.place && create.if_not_exists === true) return;
    const own = relation?.relpersistence === 't' ? 'temporary' : create.partspec ? 'partitioned' : kind;
    const hasUnknownParts = fieldsOfEach(elements, 'TableLikeClause').length > 0;
    const table = newTable(name, place, own, { isPartition: partbound !== undefined, hasUnknownParts });
    this.tables.set(name, table);
    if (!partbound) for (const parent of parents) this.#inherit(table, parent);
    for (const element of elements) this.#element(table, element, place);
  }

  #inherit(table: SchemaTable, parent: SqlNode): void {
    for (const column of this.tables.get(this.#nameOf(parent))?.columns ?? []) table.columns.add(column);
  }

  #createFromQuery({ rel: relation }: IntoClause, place: SchemaPlace): void {
    const name = this.#nameOf(relation, 'created');
    const kind = relation?.relpersistence === 't' ? 'temporary' : 'from-query';
    this.tables.set(name, newTable(name, place, kind, { isPartition: false, hasUnknownParts: true }));
  }

  #element(table: SchemaTable, element: SqlNode | undefined, place: SchemaPlace): void {
    const column = fieldsOf(element, 'ColumnDef');
    const name = column?.colname;
    if (name !== undefined) table.columns.add(name);
    for (const constraint of constraintsIn(element)) this.#constraint(table, constraint, name, place);
  }

  #constraint(table: SchemaTable, constraint: Constraint, column: string | undefined, place: SchemaPlace): void {
    const named = constraint.conname;
    const columns = column === undefined ? nameParts(constraint.keys ?? constraint.fk_attrs) : [column];
    const base = baseName(table.name);
    switch (constraint.contype) {
      case 'CONSTR_FOREIGN': {
        const name = named ?? [base, ...columns, 'fkey'].join('_');
        table.foreignKeys.push({ name, columns, referenced: this.#nameOf(constraint.pktable), constraint, place });
        return;
      }
      case 'CONSTR_PRIMARY':
      case 'CONSTR_UNIQUE':
      case 'CONSTR_EXCLUSION': {
        const isPrimary = constraint.contype === 'CONSTR_PRIMARY';
        const usedName = constraint.indexname;
        const used = table.indexes.find(({ name }) => name !== undefined && name === usedName);
        table.indexes = table.indexes.filter((index) => index !== used);
        const isExclusion = constraint.contype === 'CONSTR_EXCLUSION';
        const elements = fieldsOfEach(
          fieldsOfEach(constraint.exclusions, 'List').flatMap(({ items }) => items?.[0] ?? []),
          'IndexElem',
        );
        const keys = isExclusion ? elements.map(keyText) : columns.map((name) => keyText({ name }));
        table.indexes.push({
          name: named ?? usedName ?? (isPrimary ? `${base}_pkey` : [base, ...columns, 'key'].join('_')),
          method: isExclusion ? (constraint.access_method ?? 'gist') : 'btree',
          columns: used?.columns ?? (isExclusion ? elements.map(({ name }) => name) : columns),
          keys: used?.keys ?? keys,
          including: used?.including ?? nameParts(constraint.including),
          condition: isExclusion && constraint.where_clause !== undefined ? plainText(constraint.where_clause) : undefined,
          onlyLeavesOutNulls: false,
          isUnique: !isExclusion,
          isConstraint: true,
          isPrimary,
          place,
        });
        return;
      }
      default:
        return;
    }
  }

  #index(index: IndexStmt, place: SchemaPlace): void {
    const table = this.#named(index.relation);
    const name = index.idxname;
    if (index.if_not_exists === true && table.indexes.some((each) => each.name === name)) return;
    const elements = fieldsOfEach(index.indexParams, 'IndexElem');
    const condition = index.whereClause;
    const nullTest = fieldsOf(condition, 'NullTest');
    table.indexes.push({
      name: name ?? createdIndexName(this.#context),
      method: index.accessMethod ?? 'btree',
      columns: elements.map((element) => element.name),
      keys: elements.map(keyText),
      including: fieldsOfEach(index.indexIncludingParams, 'IndexElem').flatMap((element) => element.name ?? []),
      condition: condition && plainText(condition),
      onlyLeavesOutNulls: nullTest?.nulltesttype === 'IS_NOT_NULL',
      isUnique: index.unique === true,
      isConstraint: false,
      isPrimary: false,
      place,
    });
  }

  #alter(table: SchemaTable, { subtype, name, def }: AlterTableCommand, place: SchemaPlace): void {
    switch (subtype) {
      case 'AT_AddColumn':
      case 'AT_AddConstraint':
        return this.#element(table, def, place);
      case 'AT_DropColumn':
        table.columns.delete(name ?? '');
        table.indexes = table.indexes.filter(({ columns, including }) => !columns.includes(name) && !including.includes(name ?? ''));
        table.foreignKeys = table.foreignKeys.filter(({ columns }) => !columns.includes(name ?? ''));
        return;
      case 'AT_DropConstraint':
        table.indexes = table.indexes.filter((index) => !(index.isConstraint && index.name === name));
        table.foreignKeys = table.foreignKeys.filter((key) => key.name !== name);
        return;
      case 'AT_EnableRowSecurity':
        table.rowSecurity ??= place;
        return;
      case 'AT_DisableRowSecurity':
        table.rowSecurity = undefined;
        return;
      case 'AT_AttachPartition':
        this.#named(fieldsOf(def, 'PartitionCmd')?.name).isPartition = true;
        return;
      case 'AT_DetachPartition':
        this.#named(fieldsOf(def, 'PartitionCmd')?.name).isPartition = false;
        return;
      default:
        return;
    }
  }

  #rename({ renameType: kind, relation, subname: old, newname: newName = '' }: RenameStmt): void {
    if (kind === 'OBJECT_INDEX') {
      const from = relation?.relname;
      for (const table of this.tables.values()) for (const index of table.indexes) if (index.name === from) index.name = newName;
      return;
    }
    if (kind !== 'OBJECT_TABLE' && kind !== 'OBJECT_COLUMN' && kind !== 'OBJECT_TABCONSTRAINT') return;
    const table = this.#named(relation);
    if (kind === 'OBJECT_TABLE') return this.#move(table, `${schemaName(table.name)}.${newName}`);
    if (kind === 'OBJECT_TABCONSTRAINT') {
      for (const each of [...table.indexes, ...table.foreignKeys]) if (each.name === old) each.name = newName;
      return;
    }
    const renamed = (column: string): string => (column === old ? newName : column);
    if (old !== undefined && table.columns.delete(old)) table.columns.add(newName);
    table.foreignKeys = table.foreignKeys.map((key) => ({ ...key, columns: key.columns.map(renamed) }));
    table.indexes = table.indexes.map((index) => ({
      ...index,
      columns: index.columns.map((column) => column && renamed(column)),
      keys: index.keys.map((key, at) => (index.columns[at] === old ? key.replace(JSON.stringify(old), JSON.stringify(newName)) : key)),
    }));
  }

  #move(table: SchemaTable, name: RelationName): void {
    this.tables.delete(table.name);
    table.name = name;
    this.tables.set(name, table);
  }

  #drop({ removeType, objects = [], behavior }: DropStmt): void {
    for (const { schema, name } of objects.flatMap((object) => nameFromList(object) ?? [])) {
      switch (removeType) {
        case 'OBJECT_TABLE':
        case 'OBJECT_FOREIGN_TABLE': {
          const full = schema === undefined ? this.#find(name, 'dropped') : `${schema}.${name}`;
          this.tables.delete(full);
          for (const table of this.tables.values()) table.foreignKeys = table.foreignKeys.filter(({ referenced }) => referenced !== full);
          break;
        }
        case 'OBJECT_INDEX':
          for (const table of this.tables.values()) {
            table.indexes = table.indexes.filter(
              (index) => index.name !== name || (schema !== undefined && schema !== schemaName(table.name)),
            );
          }
          break;
        case 'OBJECT_POLICY': {
          const table = this.tables.get(`${schema === undefined ? '' : this.#find(schema)}`);
          if (table) table.policies = table.policies.filter((policy) => policy.name !== name);
          break;
        }
        case 'OBJECT_SCHEMA':
          if (behavior === 'DROP_CASCADE')
            for (const full of [...this.tables.keys()]) if (schemaName(full) === name) this.tables.delete(full);
          break;
        default:
          break;
      }
    }
  }

  /** The table that a statement names; one that nothing made is known from now on by what is added to it. */
  #named(relation: RangeVar | undefined): SchemaTable {
    const name = this.#nameOf(relation);
    const known = this.tables.get(name);
    if (known) return known;
    const table = newTable(name, undefined, 'table', { isPartition: false, hasUnknownParts: true });
    this.tables.set(name, table);
    return table;
  }

  #nameOf(relation: RangeVar | SqlNode | undefined, change?: 'created'): RelationName {
    const name = relationName(relation);
    if (!name) return '';
    return name.schema === undefined ? this.#find(name.name, change) : `${name.schema}.${name.name}`;
  }

  /** A name without schema: as the shadow saw it made, locked or dropped, else in `public`. */
  #find(name: string, change?: 'created' | 'dropped'): RelationName {
    const observation = this.#context?.observation;
    const changed = observation?.changes.find(
      ({ kind, object }) => kind === change && /^(?:foreign )?table [^.]+\.[^.]+$/.test(object) && object.endsWith(`.${name}`),
    );
    if (changed) return changed.object.slice(changed.object.lastIndexOf(' ') + 1);
    const locked = observation?.locks.find(({ table }) => table.endsWith(`.${name}`) && table.split('.').length === 2);
    return locked?.table ?? `public.${name}`;
  }
}

function newTable(
  name: RelationName,
  place: SchemaPlace | undefined,
  kind: SchemaTable['kind'],
  flags: Pick<SchemaTable, 'isPartition' | 'hasUnknownParts'>,
): SchemaTable {
  return { name, place, kind, ...flags, indexes: [], foreignKeys: [], columns: new Set(), rowSecurity: undefined, policies: [] };
}

function keyText({ name, expr, collation, opclass, opclassopts, ordering, nulls_ordering: nulls }: IndexElem): string {
  const order = ordering === 'SORTBY_DEFAULT' || ordering === 'SORTBY_ASC' ? undefined : ordering;
  const nullOrder = nulls === 'SORTBY_NULLS_DEFAULT' ? undefined : nulls;
  return plainText({ name, expr, collation, opclass, opclassopts, order, nullOrder });
}

/** A text of a tree without the places in it. */
function plainText(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === 'location' ? undefined : inner));
}

function createdIndexName(context: StatementContext | undefined): string | undefined {
  const created = context?.observation?.changes.filter(({ kind, object }) => kind === 'created' && object.startsWith('index ')) ?? [];
  return created.length === 1 ? created[0]?.object.split('.').at(-1) : undefined;
}

function baseName(relation: RelationName): string {
  return relation.slice(relation.indexOf('.') + 1);
}

function schemaName(relation: RelationName): string {
  return relation.slice(0, relation.indexOf('.'));
}
