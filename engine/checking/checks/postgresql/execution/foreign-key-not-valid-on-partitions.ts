import type { Constraint } from '@pgsql/types';
import type { RelationName } from '../../../../databases/observation';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import { nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { ProjectContext } from '../../../context/context';
import { statementContexts } from '../../../context/statement-contexts';
import { innerContexts } from '../support/inner-contexts';
import { headOf } from '../support/evidence';
import { firstWithPartitionedNotValid, keyByPartitions, partitionedTableOf } from '../support/partitions';
import { schemaOf } from '../support/schema';
import { statedConstraints, tokensOfConstraint, wordsAmong } from '../support/stated-constraints';

export const check: Check = {
  id: 'foreign-key-not-valid-on-partitions',
  hazards: ['P59'],
  severity: 'error',
  summary: 'Adds a NOT VALID foreign key to a partitioned table, which servers before PostgreSQL 18 refuse.',
  looksAhead: true,
  *migration(migration, project) {
    if (project.minimum >= firstWithPartitionedNotValid) return;
    for (const context of statementContexts(migration, project)) {
      for (const each of [context, ...innerContexts(context)]) {
        const table = partitionedTableOf(each);
        if (table !== undefined) yield* findings(each.statement, table, project, 'upgrade');
      }
    }
    for (const statement of migration.down?.statements ?? []) {
      const [key] = statedConstraints(statement.node);
      if (!key || schemaOf(project).get(key.table)?.kind !== 'partitioned') continue;
      for (const finding of findings(statement, key.table, project, 'rollback'))
        yield { ...finding, file: migration.down?.script.file ?? '' };
    }
  },
};

function* findings(
  statement: ParsedStatement,
  table: RelationName,
  project: ProjectContext,
  stopped: 'upgrade' | 'rollback',
): Iterable<FindingDraft> {
  for (const { constraint, how, tableName } of statedConstraints(statement.node)) {
    if (how !== 'alter' || constraint.contype !== 'CONSTR_FOREIGN' || constraint.skip_validation !== true) continue;
    yield {
      range: wordsAmong(tokensOfConstraint(statement, constraint), ['not', 'valid']) ?? headOf(statement),
      message: `Fails on PostgreSQL ${project.minimum}: a foreign key of a partitioned table cannot be NOT VALID`,
      details: `PostgreSQL ${firstWithPartitionedNotValid} and later allow it; ${project.minimum} is the oldest server that has to work. The ${stopped} stops at this statement.`,
      advice: keyByPartitions(project, table, nameOf(constraint, tableName)),
    };
  }
}

function nameOf(constraint: Constraint, table: string): string {
  return identifier(constraint.conname ?? [table, ...nameParts(constraint.fk_attrs), 'fkey'].join('_'));
}
