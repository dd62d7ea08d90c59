import type { IndexStmt } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { rangeOfTable, textOf } from '../support/command-text';
import { displayName, locksInForce } from '../support/evidence';
import { headerHint } from '../support/fixes';
import { firstFitting } from '../../support/headline';
import { workCausedBy } from '../support/lock-causes';
import { partitionedTableOf, partitionParents } from '../support/partitions';
import { blockedBy, lockTitles, type TableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'index-on-partitioned-table',
  hazards: ['P4'],
  severity: 'warning',
  summary: 'Builds an index on all partitions in one statement, under locks that block writes to all of them.',
  looksInside: true,
  *statement(context) {
    const table = partitionedTableOf(context);
    const caused = table === undefined ? undefined : workCausedBy(context, 'create-index');
    if (table === undefined || !caused) return;
    const mode = caused.works[0]?.mode ?? 'Share';
    const blocks = `Blocks ${blockedBy(mode)} the partitions of ${displayName(table)}: ${commandOf(context.statement)} scans them`;
    const steps = stepsFor(context, table, caused.works);
    const shown = steps.slice(0, shownSteps).map((step) => `${step};`);
    const rest = steps.length > shownSteps ? ' Repeat this for each partition.' : '';
    const sql = shown.length > 0 ? `: ${shown.join(' ')}${rest}` : '.';
    yield workFinding(context, caused.works, {
      message: firstFitting([`${blocks} (${lockTitles[mode]})`, blocks]),
      details: 'All partitions stay locked until the last index is built. CONCURRENTLY is refused on a partitioned table.',
      advice: `Create the index ON ONLY the partitioned table, build it CONCURRENTLY on each partition outside a transaction${headerHint(context)}, and attach these indexes${sql}`,
    });
  },
};

/** The statements for the partitioned table and three partitions. */
const shownSteps = 7;

/** The statements that build the index without blocking writes; empty where the partitions are not known. */
function stepsFor(context: StatementContext, table: RelationName, works: readonly TableWork[]): string[] {
  const { statement } = context;
  const index = fieldsOf(statement.node, 'IndexStmt');
  const place = rangeOfTable(statement, 'IndexStmt');
  const leaves = works.filter(({ table: each }) => each !== table).map(({ table: each }) => each);
  if (!index || !place || leaves.length === 0) return [];
  const definition = statement.text
    .slice(place.end - statement.start)
    .replace(/^\s*\*/, '')
    .trim();
  const unique = index.unique === true ? 'UNIQUE ' : '';
  const name = index.idxname ?? `${bare(table)}_${columnsOf(index).join('_') || 'expr'}_idx`;
  const parents = partitionParents(context.project);
  const branches = branchesAbove(context, table, leaves, parents);
  const nameOn = (each: RelationName): string => (each === table ? name : partName(name, bare(each)));
  const attach = (each: RelationName): string => {
    const parent = parents.get(each) ?? table;
    return `ALTER INDEX ${qualified(table, nameOn(parent))} ATTACH PARTITION ${qualified(each, nameOn(each))}`;
  };
  return [
    `CREATE ${unique}INDEX ${identifier(name)} ON ONLY ${textOf(statement, place)} ${definition}`,
    ...branches.flatMap((each) => [
      `CREATE ${unique}INDEX ${identifier(nameOn(each))} ON ONLY ${written(each)} ${definition}`,
      attach(each),
    ]),
    ...leaves.flatMap((each) => [
      `CREATE ${unique}INDEX CONCURRENTLY ${identifier(nameOn(each))} ON ${written(each)} ${definition}`,
      attach(each),
    ]),
  ];
}

/** Partitions that are partitioned themselves, outermost first. */
function branchesAbove(
  context: StatementContext,
  table: RelationName,
  leaves: readonly RelationName[],
  parents: ReadonlyMap<RelationName, RelationName>,
): RelationName[] {
  const partitioned = new Set(locksInForce(context).flatMap(({ relation, relationKind }) => (relationKind === 'p' ? relation : [])));
  const branches = new Set<RelationName>();
  for (const leaf of leaves) {
    const above: RelationName[] = [];
    for (let each = parents.get(leaf); each !== undefined && each !== table && above.length < 100; each = parents.get(each))
      above.unshift(each);
    for (const each of above) if (partitioned.has(each)) branches.add(each);
  }
  return [...branches];
}

function columnsOf({ indexParams }: IndexStmt): string[] {
  return fieldsOfEach(indexParams, 'IndexElem').flatMap(({ name }) => name ?? []);
}

function bare(relation: RelationName): string {
  return relation.slice(relation.indexOf('.') + 1);
}

function written(relation: RelationName): string {
  return displayName(relation).split('.').map(identifier).join('.');
}

/** An index lives in the schema of its table. */
function qualified(relation: RelationName, index: string): string {
  const schema = relation.slice(0, relation.indexOf('.'));
  return schema === 'public' ? identifier(index) : `${identifier(schema)}.${identifier(index)}`;
}

/** PostgreSQL cuts names at 63 bytes, after which those of two partitions could be equal. */
const longestName = 63;

function partName(index: string, partition: string): string {
  const name = `${index}_${partition}`;
  return new TextEncoder().encode(name).length <= longestName ? name : `${partition}_idx`;
}
