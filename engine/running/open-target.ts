import { isAbsolute, resolve } from 'node:path';
import type { Clock } from '../core/host';
import { failure, ProblemError, success, type Outcome } from '../core/problem';
import type { TargetConfiguration } from '../inputs/manifest/schema';
import { expandEnvironment } from '../databases/postgresql/connections/environment';
import { pgliteTarget, type PgliteTarget } from '../databases/postgresql/connections/pglite-target';
import { postgresqlTarget, type PostgresqlTarget } from '../databases/postgresql/connections/postgresql-target';

interface TargetHost {
  /** Absolute path of the folder that holds the manifest: paths are relative to it. */
  readonly manifestFolder: string;
  /** The asset folder of the embedded database. */
  readonly assets: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Extensions that the migrations create; an embedded database must know them before it is opened. */
  readonly extensions?: readonly string[];
}

/** A target of either driver, with what backups need beyond the contract. */
export type AnyTarget = PgliteTarget | PostgresqlTarget;

/**
 * Makes the target that a manifest describes; connects to nothing yet.
 * @param name its name in the manifest
 * @returns `environment-variable-missing` or `manifest-invalid` when its address cannot be made
 */
export function createTarget(name: string, configuration: TargetConfiguration, host: TargetHost): Outcome<AnyTarget> {
  const isEmbedded = configuration.driver === 'pglite';
  const key = `targets.${name}.${isEmbedded ? 'path' : 'url'}`;
  const place = expandEnvironment(isEmbedded ? configuration.path : configuration.url, key, host.environment);
  if (!place.ok) return place;
  const common = { name, protected: configuration.protected, clock: host.clock };
  if (isEmbedded) {
    const path = isAbsolute(place.value) ? resolve(place.value) : resolve(host.manifestFolder, place.value);
    const extensions = host.extensions ?? [];
    return success(pgliteTarget({ ...common, path, assets: host.assets, description: `PGlite ${configuration.path}`, extensions }));
  }
  try {
    return success(postgresqlTarget({ ...common, url: place.value }));
  } catch (error) {
    if (error instanceof ProblemError) return failure(error.problem);
    throw error;
  }
}
