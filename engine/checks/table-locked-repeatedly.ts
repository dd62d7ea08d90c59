import { listed } from '../core/wording';
import type { RelationName } from '../shadow/observation';
import type { Check, FindingDraft, MigrationContext, ProjectContext } from './check';
import { displayName, headOf } from './support/evidence';
import { type LockingStatement, lockingTransactions } from './support/table-locks';

export const check: Check = {
  id: 'table-locked-repeatedly',
  hazards: ['P39'],
  group: 'locks',
  severity: 'info',
  summary: 'Several migrations of one release lock the same table in use.',
  *project(project) {
    const releases = new Map<string, MigrationContext[]>();
    for (const migration of project.chain) {
      if (migration.release === undefined) continue;
      releases.set(migration.release, [...(releases.get(migration.release) ?? []), migration]);
    }
    for (const [release, migrations] of releases) yield* repeatedLocks(project, release, migrations);
  },
};

/** A migration that locks a table in use, by its first statement that does. */
interface Locking {
  readonly migration: MigrationContext;
  readonly statement: LockingStatement;
  readonly verified: boolean;
}

function* repeatedLocks(project: ProjectContext, release: string, migrations: readonly MigrationContext[]): Iterable<FindingDraft> {
  const byTable = new Map<RelationName, Locking[]>();
  for (const migration of migrations) {
    for (const [table, locking] of firstLocks(migration, project)) byTable.set(table, [...(byTable.get(table) ?? []), locking]);
  }
  const bySecond = new Map<LockingStatement, { tables: RelationName[]; lockings: readonly Locking[] }>();
  for (const [table, lockings] of byTable) {
    const second = lockings[1];
    if (!second) continue;
    const known = bySecond.get(second.statement);
    if (known) known.tables.push(table);
    else bySecond.set(second.statement, { tables: [table], lockings });
  }
  for (const [{ context }, { tables, lockings }] of bySecond) {
    const verified = lockings.every((locking) => locking.verified);
    yield {
      file: context.script.script.file,
      range: headOf(context.statement),
      message: `Clients wait for ${listed(tables.map(displayName))} ${lockings.length} times while release ${release} is installed: ${lockings.length} of its migrations lock the table, and each waits again for the queries that use it. Do all changes of the table in one migration, unless they have to be apart.${verified ? '' : ' This is judged without the table at hand.'}`,
      verified,
      related: lockings
        .filter(({ statement }) => statement.context !== context)
        .map(({ migration, statement }) => ({
          file: statement.context.script.script.file,
          range: headOf(statement.context.statement),
          message: `${migration.migration.id} locks it here.`,
        })),
    };
  }
}

function firstLocks(migration: MigrationContext, project: ProjectContext): Map<RelationName, Locking> {
  const first = new Map<RelationName, Locking>();
  for (const { statements } of lockingTransactions(migration, project)) {
    for (const statement of statements) {
      for (const { table, verified } of statement.locks) {
        if (!first.has(table)) first.set(table, { migration, statement, verified });
      }
    }
  }
  return first;
}
