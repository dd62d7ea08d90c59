import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, nameFromList, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definedBefore, placeOfDefinition } from '../support/definitions';
import { failureFinding, failureFor, placeOf } from '../support/failure-causes';
import { fix, replaceStatement } from '../support/fixes';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'drop-index-of-constraint',
  hazards: ['P48'],
  severity: 'error',
  summary: 'Drops an index that enforces a constraint, which PostgreSQL refuses.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'drop-index-of-constraint');
    const drop = fieldsOf(context.statement.node, 'DropStmt');
    if (!error || !drop) return;
    const names = /^cannot drop index (\S+) because constraint (\S+) on table (\S+) requires it/.exec(error.message);
    const [, index = '', constraint = '', table = ''] = names ?? [];
    const [object, ...others] = drop.objects ?? [];
    const schema = object && nameFromList(object)?.schema;
    const exists = drop.missing_ok === true ? 'IF EXISTS ' : '';
    const owner = table.includes('.') || table.includes('"') || schema === undefined ? table : `${identifier(schema)}.${table}`;
    const instead = `ALTER TABLE ${owner} DROP CONSTRAINT ${exists}${constraint}`;
    const made = definedBefore(context).find(({ kind, name, parent }) =>
      kind === 'constraint' ? name === bare(constraint) : kind === 'relation' && name === bare(table) && parent === undefined,
    );
    yield failureFinding(context, error, {
      ...(names && {
        message: `Fails: index ${index} enforces constraint ${constraint} of ${table}`,
        details: `Only dropping the constraint drops the index (${error.sqlstate}).`,
        advice: `If rows no longer have to be unique: ${instead};`,
      }),
      range: nameIn(context.statement, bare(index)) ?? placeOf(context.statement, error),
      related: made ? [placeOfDefinition(made, `Creates the constraint of ${table}.`)] : [],
      fixes: names && others.length === 0 && !isPrimaryKey(context, bare(constraint)) ? fixes(context, instead) : [],
    });
  },
};

/** A table without a primary key is hardly intended, so no fix drops it. */
function isPrimaryKey(context: StatementContext, constraint: string): boolean {
  if (constraint.endsWith('_pkey')) return true;
  let isPrimary = false;
  for (const { statement } of definedBefore(context).filter(({ kind, name }) => kind === 'constraint' && name === constraint)) {
    walk(statement.node, (type, inner) => {
      isPrimary ||= type === 'Constraint' && inner.conname === constraint && inner.contype === 'CONSTR_PRIMARY';
    });
  }
  return isPrimary;
}

function fixes(context: StatementContext, instead: string): Fix[] {
  return [fix(context, 'Drop the constraint', [replaceStatement(context.statement, instead)])];
}

function bare(name: string): string {
  return (name.split('.').at(-1) ?? name).replaceAll('"', '');
}
