/** What an object is, by the name of the property in English, e.g. `default`, `privileges of app`. */
export type Properties = Readonly<Record<string, string>>;

/** One described object. */
export interface Fact {
  readonly properties: Properties;
  /** Objects of one type in one group with the same properties differ only by their name; the parts of a relation are one. */
  readonly group: string;
  /** Which query told. */
  readonly query: number;
}

/** Objects by type and qualified name. */
export interface Facts extends ReadonlyMap<string, Fact> {
  /** The queries that were asked; nothing is known of what the others would tell. */
  readonly queries?: ReadonlySet<number>;
}

/** A property that has another value; a value is absent where there is none. */
export interface PropertyChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** A difference between two states of a database. */
export interface Difference {
  readonly kind: 'missing' | 'left-over' | 'changed';
  /** Type and qualified name: `column public.memories.valence`, `index public.memories_at_idx`, `rows public.memories`. */
  readonly object: string;
  /** The relation that it is a part of: of an index its table. */
  readonly table?: string;
  /** Of a changed object: what is different of it. */
  readonly properties?: readonly PropertyChange[];
  /** Of rows: how many. Of an object that only has another name: its names. */
  readonly before?: string;
  readonly after?: string;
  /** Of changed rows: the columns of the state before whose values are not what they were. */
  readonly columns?: readonly string[];
  /** Column order, white space in bodies, comments, generated constraint names: told, but no failure. */
  readonly cosmetic: boolean;
}

/** A difference as far as words need it. */
export type Described = Pick<Difference, 'kind' | 'object' | 'table' | 'properties' | 'columns' | 'before' | 'after'>;

/** A change of the schema that no run made, next to what the journal recorded. */
export interface Drifted extends Pick<Described, 'kind' | 'object' | 'table'> {
  /** The object as it is named to people and accepted by: `column orders.note`. */
  readonly name: string;
  /** The object and those that it stands for, each as it was found; null for what is missing. */
  readonly found: Readonly<Record<string, string | null>>;
}
