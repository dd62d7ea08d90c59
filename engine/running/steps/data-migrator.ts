import { DataTransformer, type TransformStep } from './transform';
import { SchemaMigrator, type ScriptStep } from './script';
import type { StepKind } from './step';
import type { Run } from '../run/run';
import { MigrationValidator } from './migration-validator';

type MigrationStep = ScriptStep | TransformStep;

/** Carries out the steps of migrations: scripts, transforms, and the probes that tell what an interrupted one did. */
export class DataMigrator implements StepKind<MigrationStep> {
  readonly schemaMigrator = new SchemaMigrator();
  readonly transformer = new DataTransformer();
  readonly validator = new MigrationValidator();

  async perform(run: Run, step: MigrationStep): Promise<string | undefined> {
    if (step.kind === 'transform') return this.transformer.perform(run, step);
    const { partial, first } = step.payload;
    if (partial !== undefined && first) await this.validator.repair(run, partial);
    return this.schemaMigrator.perform(run, step);
  }

  async leftBehind(run: Run, { transactional, sql }: MigrationStep): Promise<string> {
    if (transactional || sql === undefined) return '';
    const found = await this.validator.probe(run, sql, true).catch(() => undefined);
    return found?.state === 'half' ? ` ${found.evidence} ${found.resuming}` : '';
  }
}
