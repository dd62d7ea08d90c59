import { isAbsolute, resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * The folder in which results of replays are kept between two starts: where the system keeps the caches of programs, or where
 * `MEM8_CACHE` says.
 * @returns an absolute path; undefined where `MEM8_CACHE` is `off`
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const wanted = environment['MEM8_CACHE'];
  if (wanted === 'off') return undefined;
  if (wanted !== undefined && wanted !== '') return isAbsolute(wanted) ? wanted : resolve(wanted);
  return envPaths('mem8-upgrade', { suffix: '' }).cache;
}
