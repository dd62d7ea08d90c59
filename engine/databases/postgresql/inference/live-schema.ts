import type { QualifiedName } from '../sql/nodes';
import { type AssumedColumn, AssumedSchema, type AssumedTable, type AssumedType, weights } from './assumed-schema';
import { extensionTypes, qualified, typeByName, type TypeName } from './type-names';

/** A relation as it stands at some point of the history, whoever made it. */
export interface LiveTable {
  /** Set when nothing known makes it, so that it has whatever columns are asked for. */
  readonly assumed: AssumedTable | undefined;
  readonly columns: Map<string, AssumedColumn>;
  readonly dropped: Set<string>;
  /** Tables that it got its columns from (LIKE, INHERITS, PARTITION OF). */
  readonly sources: LiveTable[];
  /** Constraints, triggers, rules and policies that the history makes: `constraint a`. */
  readonly made: Set<string>;
}

/** What exists while scripts are followed statement by statement: what they make, and what they take for granted. */
export class LiveSchema {
  readonly assumed = new AssumedSchema();
  readonly tables = new Map<string, LiveTable>();
  /** Every other object that the history makes or removes, e.g. `index public.a`. */
  readonly #made = new Set<string>();
  readonly #gone = new Set<string>();
  defaultSchema = 'public';
  /** Schemas in which an unqualified name is found when it is not in the default one. */
  otherSchemas: readonly string[] = [];
  /** Index of the script that is followed. */
  script = 0;
  /** False while something is followed that stands for itself: a declared baseline, or a statement that works. */
  assumes = true;
  /** What the server said exists after all, so that it is not assumed again. */
  readonly excluded = new Set<string>();

  schemaOf({ schema }: QualifiedName): string {
    if (schema !== undefined) this.requireSchema(schema);
    if (schema === undefined) this.requireSchema(this.defaultSchema);
    return schema ?? this.defaultSchema;
  }

  keyOf(name: QualifiedName): string {
    return `${name.schema ?? this.defaultSchema}.${name.name}`;
  }

  /** The relation of that name; one that nothing makes is assumed. Undefined for the system's and for what was dropped. */
  table(name: QualifiedName, kind: AssumedTable['kind'] = 'table'): LiveTable | undefined {
    const key = this.keyOf(name);
    const known = this.existing(name);
    if (known) {
      if (known.assumed && kind !== 'table') known.assumed.kind = kind;
      return known;
    }
    if (!this.assumes || isSystem(name) || this.#gone.has(`table ${key}`) || this.excluded.has(`table ${key}`)) return undefined;
    const assumed = this.assumed.table(this.schemaOf(name), name.name, this.script);
    if (kind !== 'table') assumed.kind = kind;
    const live: LiveTable = { assumed, columns: new Map(), dropped: new Set(), sources: [], made: new Set() };
    this.tables.set(key, live);
    return live;
  }

  existing(name: QualifiedName): LiveTable | undefined {
    const known = this.tables.get(this.keyOf(name));
    if (known || name.schema !== undefined) return known;
    return this.otherSchemas.map((schema) => this.tables.get(`${schema}.${name.name}`)).find((each) => each !== undefined);
  }

  makeTable(name: QualifiedName): LiveTable {
    const live: LiveTable = { assumed: undefined, columns: new Map(), dropped: new Set(), sources: [], made: new Set() };
    if (name.schema !== undefined) this.requireSchema(name.schema);
    this.tables.set(this.keyOf(name), live);
    this.#gone.delete(`table ${this.keyOf(name)}`);
    return live;
  }

  removeTable(name: QualifiedName): void {
    this.tables.delete(this.keyOf(name));
    this.#gone.add(`table ${this.keyOf(name)}`);
  }

  renameTable(name: QualifiedName, to: QualifiedName): void {
    const live = this.tables.get(this.keyOf(name));
    this.removeTable(name);
    if (live) this.tables.set(this.keyOf(to), live);
  }

  /** A column of the relation; one that is not there is assumed when the relation is. */
  column(live: LiveTable, name: string): AssumedColumn | undefined {
    const known = live.columns.get(name);
    if (known) return known;
    if (live.dropped.has(name) || systemColumns.has(name)) return undefined;
    for (const source of live.sources) {
      const inherited = this.column(source, name);
      if (inherited) return inherited;
    }
    const { assumed } = live;
    if (!assumed || this.excluded.has(`column ${assumed.schema}.${assumed.name}.${name}`)) return undefined;
    const made: AssumedColumn = { name, type: typeByName(name), weight: weights.name, notNull: false, extra: '' };
    // A name that was given away by RENAME stands for the old one.
    if (!assumed.columns.has(name)) assumed.columns.set(name, made);
    live.columns.set(name, made);
    return made;
  }

  /** The relation has the columns of another one. A circle, which the server refuses, is left out. */
  derive(live: LiveTable, source: LiveTable): void {
    if (!reaches(source, live)) live.sources.push(source);
  }

  /** True for a column that is there or would be assumed only to be there. */
  knowsColumn(live: LiveTable, name: string): boolean {
    return live.columns.has(name) || live.sources.some((source) => this.knowsColumn(source, name));
  }

  /** The type as it must be written where the search path is the server's own. */
  typeText(type: TypeName): string {
    const isElsewhere = !type.isBuiltIn && type.schema === undefined && extensionTypes[type.name] === undefined;
    return isElsewhere && this.defaultSchema !== 'public'
      ? `${qualified(this.defaultSchema, type.name)}${type.isArray ? '[]' : ''}`
      : type.text;
  }

  requireSchema(name: string): void {
    if (name === 'public' || name === 'information_schema' || name.startsWith('pg_') || !this.needs(`schema ${name}`)) return;
    if (!this.assumed.schemas.has(name)) this.assumed.schemas.set(name, this.script);
  }

  requireRole(name: string): void {
    if (name === 'postgres' || name === 'public' || name === 'none' || name.startsWith('pg_') || !this.needs(`role ${name}`)) return;
    if (!this.assumed.roles.has(name)) this.assumed.roles.set(name, this.script);
  }

  requireExtension(name: string): void {
    if (name === 'plpgsql' || !this.needs(`extension ${name}`)) return;
    if (!this.assumed.extensions.has(name)) this.assumed.extensions.set(name, this.script);
  }

  requireSequence(name: QualifiedName): void {
    const key = this.keyOf(name);
    if (isSystem(name) || !this.needs(`sequence ${key}`) || this.tables.has(key)) return;
    if (this.assumed.sequences.has(key)) return;
    this.assumed.sequences.set(key, { schema: this.schemaOf(name), name: name.name, neededBy: this.script });
  }

  requirePublication(name: string): void {
    if (this.needs(`publication ${name}`) && !this.assumed.publications.has(name)) this.assumed.publications.set(name, this.script);
  }

  /** An assumed type of that name; undefined when the history makes it. */
  type(name: QualifiedName, kind: AssumedType['kind'] = 'enum'): AssumedType | undefined {
    const key = this.keyOf(name);
    const known = this.assumed.types.get(key);
    if (known) {
      if (kind !== 'enum' && known.labels.size === 0) known.kind = kind;
      return known;
    }
    if (isSystem(name) || !this.needs(`type ${key}`) || this.tables.has(key)) return undefined;
    const made: AssumedType = {
      schema: this.schemaOf(name),
      name: name.name,
      kind,
      labels: new Set(),
      parts: new Set(),
      neededBy: this.script,
    };
    this.assumed.types.set(key, made);
    return made;
  }

  requireFunction(
    name: QualifiedName,
    kind: 'function' | 'procedure' | 'aggregate',
    parameters: readonly string[] = [],
    returns = 'text',
    isVolatile = false,
  ): void {
    const key = this.keyOf(name);
    if (isSystem(name) || !this.needs(`function ${key}`)) return;
    const id = `${key}(${parameters.join(', ')})`;
    if (this.assumed.functions.has(id)) return;
    const schema = this.schemaOf(name);
    this.assumed.functions.set(id, { schema, name: name.name, kind, parameters, returns, isVolatile, neededBy: this.script });
  }

  made(label: string): void {
    this.#made.add(label);
    this.#gone.delete(label);
  }

  gone(label: string): void {
    this.#made.delete(label);
    this.#gone.add(label);
  }

  /** True when nothing makes the object before this point, nor removed it. */
  needs(label: string): boolean {
    return this.assumes && !this.#made.has(label) && !this.#gone.has(label) && !this.excluded.has(label);
  }
}

function reaches(from: LiveTable, table: LiveTable): boolean {
  return from === table || from.sources.some((source) => reaches(source, table));
}

function isSystem({ schema, name }: QualifiedName): boolean {
  if (schema !== undefined) return schema === 'pg_catalog' || schema === 'information_schema' || schema === 'pg_temp';
  return name.startsWith('pg_');
}

const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);
