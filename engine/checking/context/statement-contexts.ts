import type { AnyTree } from '../../databases/registry/index';
import type { MigrationContext, ProjectContext, StatementContext } from './context';

interface Known {
  readonly project: ProjectContext<unknown>;
  readonly contexts: readonly StatementContext<unknown>[];
}

const known = new WeakMap<MigrationContext<unknown>, Known>();

/** Every SQL statement of the up script with what was observed of it; the same objects for the same project. */
export function statementContexts<Tree = AnyTree>(
  migration: MigrationContext<Tree>,
  project: ProjectContext<Tree>,
): readonly StatementContext<Tree>[] {
  const before = known.get(migration);
  if (before?.project === project) return before.contexts as readonly StatementContext<Tree>[];
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
