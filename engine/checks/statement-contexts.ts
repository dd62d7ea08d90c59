import type { MigrationContext, ProjectContext, StatementContext } from './check';

/** Every SQL statement of the up script with what was observed of it. */
export function* statementContexts(migration: MigrationContext, project: ProjectContext): Iterable<StatementContext> {
  let index = 0;
  for (const statement of migration.up.statements) {
    if (statement.kind !== 'sql') continue;
    yield { project, migration, script: migration.up, statement, index, observation: migration.observation?.statements[index] };
    index++;
  }
}
