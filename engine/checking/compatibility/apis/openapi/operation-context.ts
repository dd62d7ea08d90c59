import type { Draft, Flow } from './change';
import type { Changes, Reached } from './changes';
import type { SchemaComparison } from './schema-comparison';

/** Who calls whom: clients call the API, and it calls them by webhooks and callbacks, where everything is reversed. */
export interface Side {
  /** Begins the ids: empty, `webhook-` or `callback-`. */
  readonly prefix: '' | 'webhook-' | 'callback-';
  readonly requests: Flow;
  readonly responses: Flow;
}

/** What the comparison of an operation and of its parts needs. */
export interface OperationContext {
  readonly side: Side;
  readonly changes: Changes;
  readonly schemas: SchemaComparison;
  readonly from: Reached;
}

/** Reports a change of an operation's part. */
export function report(context: OperationContext, { id, ...draft }: Draft): void {
  context.changes.add({ ...draft, id: context.side.prefix + id }, context.from);
}
