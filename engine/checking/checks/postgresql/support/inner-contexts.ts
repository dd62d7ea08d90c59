import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import type { StatementContext } from '../../../context/context';

/** The statements inside a DO block, each with what was observed of the whole block. */
export function* innerContexts(context: StatementContext): Iterable<StatementContext> {
  const body = bodyOf(context.statement);
  if (body?.kind !== 'block') return;
  for (const statement of body.statements) yield { ...context, statement, inside: context.statement };
}
