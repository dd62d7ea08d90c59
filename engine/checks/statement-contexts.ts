import { bodyOf } from '../sql/inner-statements';
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

/** The statements inside a DO block, each with what was observed of the whole block. */
export function* innerContexts(context: StatementContext): Iterable<StatementContext> {
  const body = bodyOf(context.statement);
  if (body?.kind !== 'block') return;
  for (const statement of body.statements) yield { ...context, statement, inside: context.statement };
}
