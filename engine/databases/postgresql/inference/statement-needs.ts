import { handleNode, nodeType, rolesIn } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import type { AssumedType } from './assumed-schema';
import type { LiveSchema } from './live-schema';
import { grantHandlers } from './needs/grants';
import { indexHandlers } from './needs/indexes';
import type { Needs, StatementHandlers } from './needs/needs';
import { objectHandlers } from './needs/objects';
import { queryHandlers } from './needs/queries';
import { routineHandlers } from './needs/routines';
import { schemaHandlers } from './needs/schemas';
import { tableHandlers } from './needs/tables';
import { needTypes, typeHandlers } from './needs/types';
import type { PendingNames } from './pending-names';
import { QueryNeeds } from './query-needs';

const handlers: StatementHandlers = {
  ...queryHandlers,
  ...tableHandlers,
  ...indexHandlers,
  ...routineHandlers,
  ...typeHandlers,
  ...objectHandlers,
  ...grantHandlers,
  ...schemaHandlers,
};

/** Statements whose types are what they make or drop, or the arguments of routines that are looked at elsewhere. */
const ownsItsTypes: ReadonlySet<string> = new Set([
  'DropStmt',
  'CommentStmt',
  'RenameStmt',
  'AlterOwnerStmt',
  'AlterObjectSchemaStmt',
  'DefineStmt',
]);

/** Follows a history statement by statement: what each needs, then what it makes. Never throws, whatever the statements. */
export class StatementNeeds implements Needs {
  readonly queries: QueryNeeds;
  readonly addedLabels = new Map<string, AssumedType>();

  constructor(
    readonly schema: LiveSchema,
    readonly pending: PendingNames,
    readonly createdSomewhere: ReadonlySet<string>,
  ) {
    this.queries = new QueryNeeds(schema);
  }

  readonly follow = (node: SqlNode): void => {
    for (const role of rolesIn(node)) this.schema.requireRole(role);
    if (!ownsItsTypes.has(nodeType(node))) needTypes(this, node);
    handleNode(handlers, node, this);
  };
}
