import { normaliseScript } from '../../core/hash';
import type { Manifest } from '../../inputs/manifest/schema';
import type { MigrationDirectory } from '../../core/scripts';
import { scriptText, type SourceMigration } from '../../inputs/sources';
import type { JournaledMigration } from './journal';

/** What the journal keeps of a manifest: everything but the addresses of the targets and what a url says before its host, which may be secret. */
export function journaledManifest(manifest: Manifest): string {
  const targets = Object.entries(manifest.targets).map(([name, target]) => [name, { driver: target.driver, protected: target.protected }]);
  return JSON.stringify({ ...manifest, targets: Object.fromEntries(targets) as unknown }, (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/:\/\/[^\s/]*@/g, '://***@') : value,
  );
}

/** What the journal keeps of a migration. */
export function journaled(migration: SourceMigration, directory: MigrationDirectory | undefined): JournaledMigration {
  const { script, transform } = migration;
  const sends = directory?.runner.sends ?? 'whole';
  return {
    id: migration.id,
    release: migration.release,
    kind: transform ? 'transform' : 'script',
    hash: migration.hash,
    up: script ? normaliseScript(scriptText(script.up)) : '',
    down: script?.down ? normaliseScript(scriptText(script.down)) : undefined,
    runner: script && {
      up: { transaction: script.up.transaction, sends },
      down: { transaction: script.down?.transaction ?? script.up.transaction, sends },
    },
    transform,
    irreversible: migration.irreversible,
  };
}
