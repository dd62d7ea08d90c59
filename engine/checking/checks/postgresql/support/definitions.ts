import type { RelatedPlace } from '../../../../core/finding';
import { type Definition, definitionsIn } from '../../../../databases/postgresql/sql/definitions';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { headOf } from './evidence';
import { statementContexts } from '../../../context/statement-contexts';

/** A definition and where it stands in the chain of migrations. */
export interface PlacedDefinition extends Definition {
  readonly migration: MigrationContext;
  readonly statement: ParsedStatement;
  /** Grows along the chain. */
  readonly order: number;
  /** True when the shadow ran the statement and it failed. */
  readonly failed: boolean;
}

const cache = new WeakMap<ProjectContext, readonly PlacedDefinition[]>();

/** Everything that the up scripts create and drop, in the order in which they run. */
export function definitionsOf(project: ProjectContext): readonly PlacedDefinition[] {
  const cached = cache.get(project);
  if (cached) return cached;
  const definitions = project.chain.flatMap((migration, place) =>
    [...statementContexts(migration, project)].flatMap(({ statement, index, observation }) =>
      definitionsIn(statement.node).map((definition) => ({
        ...definition,
        migration,
        statement,
        order: orderOf(place, index),
        failed: observation?.error !== undefined,
      })),
    ),
  );
  cache.set(project, definitions);
  return definitions;
}

const statementsPerMigration = 1_000_000;

/** The order of a statement by the places of its migration in the chain and of itself in the script. */
export function orderOf(migration: number, statement: number): number {
  return migration * statementsPerMigration + statement;
}

/** Where the statement stands among `PlacedDefinition.order`. */
export function orderIn({ project, migration, index }: StatementContext): number {
  return orderOf(project.chain.indexOf(migration), index);
}

/** What exists just before the statement, by the texts of the scripts. */
export function definedBefore(context: StatementContext): readonly PlacedDefinition[] {
  const limit = orderIn(context);
  const alive = new Map<string, PlacedDefinition>();
  for (const definition of definitionsOf(context.project)) {
    if (definition.order >= limit) break;
    if (definition.failed) continue;
    const key = `${definition.kind} ${definition.parent ?? ''} ${definition.name}`;
    if (definition.action === 'create') alive.set(key, definition);
    else alive.delete(key);
  }
  return [...alive.values()];
}

/** A place for `related`: where the definition stands. */
export function placeOfDefinition({ migration, statement }: PlacedDefinition, message: string): RelatedPlace {
  return { file: migration.up.script.file, range: headOf(statement), message };
}
