import { remembered } from '../../../../core/remember';
import type { RelationName } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, type QualifiedName, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { ProjectContext, StatementContext } from '../../../context/context';
import { lockEvidence, locksInForce, qualifiedName } from './evidence';
import { sqlName } from './type-changes';

/**
 * The partitioned table that a CREATE INDEX or ALTER TABLE is about: as the shadow saw it locked, or as an earlier script
 * made it. Undefined for every other table.
 */
export function partitionedTableOf(context: StatementContext): RelationName | undefined {
  const { node } = context.statement;
  const name = relationName((fieldsOf(node, 'IndexStmt') ?? fieldsOf(node, 'AlterTableStmt'))?.relation);
  if (!name) return undefined;
  if (lockEvidence(context)) {
    return locksInForce(context).find(({ relation, relationKind }) => relationKind === 'p' && isNamed(relation, name))?.relation;
  }
  const table = qualifiedName(name);
  return createdPartitioned(context.project).has(table) ? table : undefined;
}

/** From this major version on, a foreign key of a partitioned table may be NOT VALID. */
export const firstWithPartitionedNotValid = 18;

/** How to add a foreign key to a partitioned table without scanning it under a lock, on any server: partition by partition. */
export function keyByPartitions(project: ProjectContext, table: RelationName, key: string): string {
  const [partition = '...'] = [...partitionParents(project)].flatMap(([own, parent]) => (parent === table ? sqlName(own) : []));
  return `Add the foreign key to each partition first: ALTER TABLE ${partition} ADD CONSTRAINT ${key} FOREIGN KEY ... NOT VALID; In a later migration, validate it: ALTER TABLE ${partition} VALIDATE CONSTRAINT ${key}; Then add it to ${sqlName(table)} without NOT VALID, which reuses the foreign keys of the partitions and scans nothing.`;
}

function isNamed(relation: RelationName, { schema, name }: QualifiedName): boolean {
  return schema === undefined ? relation.endsWith(`.${name}`) : relation === `${schema}.${name}`;
}

function statementsOf(project: ProjectContext): readonly ParsedStatement[] {
  return project.chain.flatMap(({ up }) => up.statements);
}

const createdPartitioned = remembered((project: ProjectContext): ReadonlySet<RelationName> => {
  const tables = statementsOf(project).flatMap(({ node }) => {
    const create = fieldsOf(node, 'CreateStmt');
    const name = create?.partspec ? relationName(create.relation) : undefined;
    return name ? [qualifiedName(name)] : [];
  });
  return new Set(tables);
});

/** The partitioned table of each partition, as far as the project's scripts name both: PARTITION OF and ATTACH PARTITION. */
export const partitionParents = remembered((project: ProjectContext): ReadonlyMap<RelationName, RelationName> => {
  const parents = new Map<RelationName, RelationName>();
  for (const { node } of statementsOf(project)) {
    const create = fieldsOf(node, 'CreateStmt');
    if (create?.partbound) {
      const own = relationName(create.relation);
      const parent = relationName(create.inhRelations?.[0]);
      if (own && parent) parents.set(qualifiedName(own), qualifiedName(parent));
    }
    const parent = relationName(fieldsOf(node, 'AlterTableStmt')?.relation);
    if (!parent) continue;
    for (const { subtype, def } of alterTableCommands(node)) {
      const own = subtype === 'AT_AttachPartition' ? relationName(fieldsOf(def, 'PartitionCmd')?.name) : undefined;
      if (own) parents.set(qualifiedName(own), qualifiedName(parent));
    }
  }
  return parents;
});
