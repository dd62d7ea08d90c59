import { bodyOf } from '../../databases/postgresql/sql/inner-statements';
import type { MigrationContext, ProjectContext, StatementContext } from './context';

const known = new WeakMap<MigrationContext, { readonly project: ProjectContext; readonly contexts: readonly StatementContext[] }>();

/** Every SQL statement of the up script with what was observed of it; the same objects for the same project. */
export function statementContexts(migration: MigrationContext, project: ProjectContext): readonly StatementContext[] {
  const before = known.get(migration);
  if (before?.project === project) return before.contexts;
  const contexts = migration.up.statements
    .filter(({ kind }) => kind === 'sql')
    .map((statement, index) => ({
      project,
      migration,
      script: migration.up,
      statement,
      index,
      observation: migration.observation?.statements[index],
    }));
  known.set(migration, { project, contexts });
  return contexts;
}

/** The statements inside a DO block, each with what was observed of the whole block. */
export function* innerContexts(context: StatementContext): Iterable<StatementContext> {
  const body = bodyOf(context.statement);
  if (body?.kind !== 'block') return;
  for (const statement of body.statements) yield { ...context, statement, inside: context.statement };
}
