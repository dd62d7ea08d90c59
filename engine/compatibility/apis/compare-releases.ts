import type { Problem } from '../../core/problem';
import type { SchemaMode } from '../../manifest/schema';
import type { ApiChange, ApiKind } from './api-format';

/** The description of an API in one release. */
export interface ApiVersion {
  readonly release: string;
  /** Place of the release in `manifest.releases`. */
  readonly index: number;
  /** Absolute path of the description; undefined where the release does not have the API. */
  readonly file: string | undefined;
}

/**
 * How the description of an API in one release differs from that in an earlier one, or a description that cannot be used:
 * then `older` is undefined and `problem` says why.
 */
export interface ApiComparison {
  /** The name in the manifest. */
  readonly api: string;
  readonly kind: ApiKind | undefined;
  readonly older: ApiVersion | undefined;
  readonly newer: ApiVersion;
  /** What the older release promised of the API. */
  readonly stability: 'alpha' | 'beta' | 'stable';
  /** For JSON Schema: what the newer release promises. */
  readonly compatibility: SchemaMode;
  /** In the order of the newer description; empty where there is a problem. */
  readonly changes: readonly ApiChange[];
  /** Why there is no answer. */
  readonly problem?: Problem;
}
