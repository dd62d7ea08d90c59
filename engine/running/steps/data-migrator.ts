import { DataTransformer } from './data-transformer';
import type { MigrationRun, MigrationStep } from './migration-run';
import { MigrationValidator } from './migration-validator';
import { SchemaMigrator } from './schema-migrator';
import type { Transform } from '../../inputs/manifest/schema';

/** Carries out the steps of migrations: scripts, transforms, and the probes that tell what an interrupted one did. */
export class DataMigrator {
  readonly schemaMigrator = new SchemaMigrator();
  readonly transformer = new DataTransformer();
  readonly validator = new MigrationValidator();

  /** Runs one step; returns a sentence about it where there is something to tell. */
  async migrate(run: MigrationRun, work: MigrationStep, transform: Transform | undefined): Promise<string | undefined> {
    if (work.step.kind !== 'transform') return this.schemaMigrator.run(run, work);
    if (!transform) throw new Error(`the transform of ${work.step.id} is not known`);
    return work.step.direction === 'up' ? this.transformer.apply(run, work, transform) : this.transformer.undo(run, work, transform);
  }
}
