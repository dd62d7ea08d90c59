/** How much a guess of a column's type is worth: a better one replaces it. */
export const weights = { name: 0, context: 1, literal: 2, partner: 3, stated: 4, server: 5 } as const;

export interface AssumedColumn {
  readonly name: string;
  type: string;
  weight: number;
  notNull: boolean;
  extra: '' | 'identity' | 'generated' | 'default';
}

export interface AssumedConstraint {
  readonly name: string;
  readonly kind: 'check' | 'foreign' | 'unique' | 'primary';
  readonly columns: readonly string[];
  readonly notValid: boolean;
  /** For a foreign key. */
  readonly target?: AssumedTable;
}

export interface AssumedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

export interface AssumedPartition {
  readonly table: AssumedTable;
  /** A place of its own among the parent's bounds. */
  readonly place: number;
}

/** A relation with columns: table, view or materialized view. */
export interface AssumedTable {
  readonly schema: string;
  readonly name: string;
  kind: 'table' | 'view' | 'materialized view';
  readonly columns: Map<string, AssumedColumn>;
  /** Columns that scripts add, so that the table begins without them. */
  readonly added: Set<string>;
  /** Sets of columns that are unique; the first primary one is the primary key. */
  primaryKey: readonly string[] | undefined;
  readonly uniques: (readonly string[])[];
  readonly constraints: Map<string, AssumedConstraint>;
  readonly indexes: Map<string, AssumedIndex>;
  readonly triggers: Set<string>;
  readonly rules: Set<string>;
  readonly policies: Set<string>;
  partitionedBy: { readonly strategy: 'RANGE' | 'LIST' | 'HASH'; readonly columns: readonly string[] } | undefined;
  readonly partitions: AssumedPartition[];
  readonly inherits: AssumedTable[];
  /** Index of the script that first needed it. */
  readonly neededBy: number;
}

export interface AssumedType {
  readonly schema: string;
  readonly name: string;
  kind: 'enum' | 'domain' | 'composite';
  readonly labels: Set<string>;
  /** Constraints of a domain; attributes of a composite type. */
  readonly parts: Set<string>;
  /** What a domain is made of. Default: text. */
  base?: string;
  readonly neededBy: number;
}

export interface AssumedFunction {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'aggregate';
  readonly parameters: readonly string[];
  readonly returns: string;
  readonly isVolatile: boolean;
  readonly neededBy: number;
}

/** Two columns that must have one type. */
interface ColumnLink {
  readonly left: AssumedColumn;
  readonly right: AssumedColumn;
}

/** Everything that scripts take for granted; see `renderAssumptions` for its SQL. Maps are by qualified name. */
export class AssumedSchema {
  readonly schemas = new Map<string, number>();
  readonly roles = new Map<string, number>();
  readonly extensions = new Map<string, number>();
  readonly sequences = new Map<string, { readonly schema: string; readonly name: string; readonly neededBy: number }>();
  readonly publications = new Map<string, number>();
  readonly types = new Map<string, AssumedType>();
  readonly functions = new Map<string, AssumedFunction>();
  readonly tables = new Map<string, AssumedTable>();
  readonly links: ColumnLink[] = [];

  get isEmpty(): boolean {
    return [this.schemas, this.roles, this.extensions, this.sequences, this.publications, this.types, this.functions, this.tables].every(
      ({ size }) => size === 0,
    );
  }

  table(schema: string, name: string, neededBy: number): AssumedTable {
    const key = `${schema}.${name}`;
    const known = this.tables.get(key);
    if (known) return known;
    const made: AssumedTable = {
      schema,
      name,
      kind: 'table',
      columns: new Map(),
      added: new Set(),
      primaryKey: undefined,
      uniques: [],
      constraints: new Map(),
      indexes: new Map(),
      triggers: new Set(),
      rules: new Set(),
      policies: new Set(),
      partitionedBy: undefined,
      partitions: [],
      inherits: [],
      neededBy,
    };
    this.tables.set(key, made);
    return made;
  }

  /** Gives linked columns the type of the one that is known best. */
  settleTypes(): void {
    for (let round = 0; round < 4; round++) {
      for (const { left, right } of this.links) {
        const [better, other] = left.weight >= right.weight ? [left, right] : [right, left];
        if (other.type === better.type || other.weight === weights.server) continue;
        other.type = better.type;
        other.weight = better.weight;
      }
    }
  }
}
