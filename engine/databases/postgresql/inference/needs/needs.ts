import type { RangeVar } from '@pgsql/types';
import { type NodeHandlers, type QualifiedName, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import type { AssumedTable, AssumedType } from '../assumed-schema';
import type { LiveSchema, LiveTable } from '../live-schema';
import type { PendingNames } from '../pending-names';
import type { QueryNeeds } from '../query-needs';

/** Where statements tell what they need and make. */
export interface Needs {
  readonly schema: LiveSchema;
  readonly pending: PendingNames;
  readonly queries: QueryNeeds;
  /** Labels of everything that some statement of the history makes. */
  readonly createdSomewhere: ReadonlySet<string>;
  /** Labels that the scripts add to assumed enums. */
  readonly addedLabels: Map<string, AssumedType>;
  /** Follows a statement inside another one. */
  follow(node: SqlNode): void;
}

/** What each type of statement needs and makes. */
export type StatementHandlers = NodeHandlers<void, [needs: Needs]>;

/** The relation that a statement names; one that nothing makes is assumed. */
export function tableOf({ schema }: Needs, rangeVar: RangeVar | SqlNode | undefined, kind?: AssumedTable['kind']): LiveTable | undefined {
  const name = relationName(rangeVar);
  return name && schema.table(name, kind);
}

/** The relation in `schema.relation.part`. */
export function ownerIn({ schema }: Needs, parts: readonly string[]): LiveTable | undefined {
  const name = parts.at(-2);
  return name === undefined ? undefined : schema.table({ schema: parts.at(-3), name });
}

/** Takes note of what a statement makes in a schema, which it needs. */
export function makeNamed({ schema }: Needs, kind: string, name: QualifiedName | undefined): void {
  if (!name) return;
  if (name.schema !== undefined) schema.requireSchema(name.schema);
  schema.made(`${kind} ${schema.keyOf(name)}`);
}
