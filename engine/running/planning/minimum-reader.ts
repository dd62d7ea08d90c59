import type { Manifest } from '../../inputs/manifest/schema';

/**
 * The oldest release that may still run against the schema of `release`. Only a contract migration raises it, to the oldest
 * release of the window, because it removes what older ones need; without one it stays what it was.
 */
export function minimumReader(manifest: Manifest, release: string, before: string | undefined): string {
  const versions = manifest.releases.map((candidate) => candidate.version);
  const position = versions.indexOf(release);
  const oldestInWindow = versions[Math.max(0, position - manifest.window)] ?? release;
  const contracts = manifest.releases[position]?.migrations.some(
    (migration) => typeof migration !== 'string' && migration.phase === 'contract',
  );
  if (before === undefined) return contracts ? oldestInWindow : (versions[0] ?? release);
  return contracts && versions.indexOf(oldestInWindow) > versions.indexOf(before) ? oldestInWindow : before;
}
