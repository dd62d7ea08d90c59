import { isAbsolute, normalize, resolve } from 'node:path';
import { failure, ProblemError, success, type Outcome } from '../../../core/problem';
import type { TargetConfiguration, TargetHost } from '../../target';
import { expandEnvironment } from './environment';
import { pgliteTarget, type PgliteTarget } from './pglite-target';
import { postgresqlTarget, type PostgresqlTarget } from './postgresql-target';

/** A target of either driver, with what its backups need beyond the contract. */
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
    const description = `PGlite ${place.value}`;
    // As it is written, so that a project that is moved as a whole keeps its database and its backups.
    return success(pgliteTarget({ ...common, path, place: normalize(place.value), assets: host.assets, description, extensions }));
  }
  try {
    return success(postgresqlTarget({ ...common, url: place.value, sslmode: host.environment.PGSSLMODE || undefined }));
  } catch (error) {
    if (error instanceof ProblemError) return failure(error.problem);
    throw error;
  }
}
