import type { Script } from '../../../core/scripts';
import { type Manifest, referencedId, type Transform } from '../../../inputs/manifest/schema';
import { transforms } from '../../../databases/postgresql/execution/transforms';
import { parseScript } from '../../../databases/postgresql/sql/parser';
import type { ParsedMigration } from '../product-replay';

/**
 * The migrations with the transforms of a manifest at their places, each as a script that changes all rows at once, so that what
 * follows a transform is replayed on rows that it changed.
 */
export function withTransforms(migrations: readonly ParsedMigration[], manifest: Manifest | undefined): readonly ParsedMigration[] {
  if (migrations.length === 0) return migrations;
  const references = manifest?.releases.flatMap((release) => release.migrations.map((reference) => ({ reference, release }))) ?? [];
  const result = [...migrations];
  let place = 0;
  for (const { reference, release } of references) {
    const id = referencedId(reference);
    const transform = typeof reference === 'string' ? undefined : reference.transform;
    const own = result.findIndex(({ migration }) => migration.id === id);
    if (own >= 0) place = own + 1;
    else if (transform) result.splice(place++, 0, transformed(id, release.version, transform));
  }
  return result;
}

function transformed(id: string, release: string, transform: Transform): ParsedMigration {
  const sql = transforms.statement(transform);
  const script: Script = { file: '', direction: 'up', text: sql, sections: [{ start: 0, end: sql.length }], sql, transaction: 'script' };
  const migration = { id, version: '', name: id, up: script, down: undefined, verify: undefined, repeatable: false };
  return { migration, release, up: { script, statements: parseScript(script) }, down: undefined };
}
