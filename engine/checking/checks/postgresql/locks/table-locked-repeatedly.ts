import { listed, listedBriefly } from '../../../../core/wording';
import type { RelationName } from '../../../../databases/observation';
import type { Check, FindingDraft } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import { displayName, headOf } from '../support/evidence';
import { type LockingStatement, lockingTransactions } from '../support/table-locks';
import { firstFitting } from '../../support/headline';

export const check: Check = {
  id: 'table-locked-repeatedly',
  hazards: ['P39'],
  severity: 'info',
  summary: 'Locks the same table in use in several migrations of one release.',
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
    const lock = (names: string) => `${lockings.length} migrations of release ${release} each lock ${names}`;
    yield {
      file: context.script.script.file,
      range: headOf(context.statement),
      message: firstFitting([lock(listedBriefly(tables.map(displayName))), lock(listedBriefly(tables.map(displayName), 1))]),
      details: `Each of them waits again for the queries on the ${tables.length === 1 ? 'table' : `tables ${listed(tables.map(displayName))}`}, and later queries queue behind it.`,
      advice: 'Combine the changes of the table in one migration, unless they have to be separate.',
      verified: lockings.every((locking) => locking.verified),
      related: lockings
        .filter(({ statement }) => statement.context !== context)
        .map(({ migration, statement }) => ({
          file: statement.context.script.script.file,
          range: headOf(statement.context.statement),
          message: `${migration.migration.id} locks it.`,
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
