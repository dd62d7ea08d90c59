import type { Files } from '../../../core/host';
import type { Outcome } from '../../../core/problem';
import type { TextRange } from '../../../core/text';
import type { SchemaMode } from '../../../inputs/manifest/schema';

export type ApiKind = 'openapi' | 'json-schema' | 'graphql' | 'protobuf';

/** A description of an API or of data as one release declares it, with every file that it is made of. */
export interface ApiDocument {
  readonly kind: ApiKind;
  /** Absolute path. */
  readonly file: string;
  /** Text by absolute path: the description itself and the files that it refers to. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * What a change does to the other side. `breaking`: correct clients fail. `risky`: the descriptions do not tell whether clients fail,
 * or only careless clients do. `addition`: something new that clients may use. `neutral`: clients do not have to change.
 */
export type ApiImpact = 'breaking' | 'risky' | 'addition' | 'neutral';

export interface ApiPlace {
  /** Absolute path of the description or of a file that it refers to. */
  readonly file: string;
  readonly range: TextRange;
}

/** One difference between two descriptions of the same API. */
export interface ApiChange {
  /** Stable, kebab-case, e.g. `request-property-became-required`. */
  readonly id: string;
  readonly impact: ApiImpact;
  /** The headline: the element first, then what changed, in at most 90 characters with short names, without a full stop. */
  readonly message: string;
  /** What follows from it, how it was announced, and which operations share it. Full sentences. */
  readonly details?: string;
  /** In the newer description: the changed part, or what held a part that is gone. */
  readonly place: ApiPlace;
  /** In the older description; undefined for an addition. */
  readonly before?: ApiPlace;
  /** True where the older description had declared the changed or removed part as deprecated for long enough. */
  readonly announced?: boolean;
}

export interface ComparisonOptions {
  /** Today, `YYYY-MM-DD`, for sunset dates. */
  readonly today: string;
  /** The least number of days between the announcement of a removal and its sunset date. */
  readonly deprecationDays: number;
  /** For JSON Schema; the other formats ignore it. `backward` and its kin compare two documents here; transitivity is the caller's. */
  readonly compatibility: SchemaMode;
}

/** Reads and compares the descriptions of one kind. */
export interface ApiFormat {
  readonly kind: ApiKind;
  /** True when the file is such a description, by name or by its first keys; `text` may be broken. */
  recognises(file: string, text: string): boolean;
  /** Reads the description and every file that it refers to. Fails with `api-invalid` (file and line) or `file-*`. */
  read(file: string, files: Files): Promise<Outcome<ApiDocument>>;
  /**
   * Every difference, in the order of the newer description. Fails with `api-invalid` when a document cannot be understood at all,
   * or `api-tool-missing` when a program that the comparison needs is not installed.
   */
  compare(older: ApiDocument, newer: ApiDocument, options: ComparisonOptions): Promise<Outcome<readonly ApiChange[]>>;
}
