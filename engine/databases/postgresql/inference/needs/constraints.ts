import type { Constraint } from '@pgsql/types';
import { fieldsOf, nameParts } from '../../sql/nodes';
import type { LiveTable } from '../live-schema';
import { indexElement, useIndex } from './indexes';
import { type Needs, tableOf } from './needs';

/**
 * A constraint that a statement gives to a table.
 * @param own the column in whose definition it stands
 */
export function addConstraint(needs: Needs, live: LiveTable, constraint: Constraint, own?: string): void {
  const { schema, queries } = needs;
  const scope = queries.scopeOf(live, '');
  const { conname: name, raw_expr: raw } = constraint;
  if (name !== undefined) live.made.add(`constraint ${name}`);
  switch (constraint.contype) {
    case 'CONSTR_CHECK':
      return queries.condition(raw, scope);
    case 'CONSTR_DEFAULT':
    case 'CONSTR_GENERATED': {
      const column = own === undefined ? undefined : live.columns.get(own);
      return queries.relate({ column }, queries.value(raw, scope));
    }
    case 'CONSTR_NOTNULL':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      for (const key of nameParts(constraint.keys)) schema.column(live, key);
      for (const key of nameParts(constraint.including)) schema.column(live, key);
      return useIndex(needs, live, constraint.indexname, true);
    case 'CONSTR_EXCLUSION':
      for (const pair of constraint.exclusions ?? []) {
        const [element, operator] = fieldsOf(pair, 'List')?.items ?? [];
        const isEqual = nameParts(operator).at(-1) === '=';
        if (isEqual) schema.requireExtension('btree_gist');
        indexElement(needs, live, element, isEqual ? undefined : constraint.access_method);
      }
      return queries.condition(constraint.where_clause, scope);
    case 'CONSTR_FOREIGN':
      return foreignKey(needs, live, constraint, own);
    default:
      return;
  }
}

function foreignKey(needs: Needs, live: LiveTable, constraint: Constraint, own: string | undefined): void {
  const { schema } = needs;
  const target = tableOf(needs, constraint.pktable);
  const columns = own === undefined ? nameParts(constraint.fk_attrs) : [own];
  const stated = nameParts(constraint.pk_attrs);
  const key = stated.length > 0 ? stated : (target?.assumed?.primaryKey ?? (columns.length === 1 ? ['id'] : columns));
  const left = columns.map((name) => schema.column(live, name));
  if (!target) return;
  const right = key.map((name) => schema.column(target, name));
  left.forEach((column, index) => {
    const partner = right[index];
    if (column && partner) schema.assumed.links.push({ left: column, right: partner });
  });
  const { assumed } = target;
  if (!assumed) return;
  const original = key.map((name, index) => right[index]?.name ?? name);
  if (stated.length > 0 && assumed.primaryKey && assumed.primaryKey.join() !== original.join()) assumed.uniques.push(original);
  else assumed.primaryKey ??= original;
}

/** A constraint that a statement names: to drop, to validate or to alter it. */
export function nameConstraint(
  { pending }: Needs,
  live: LiveTable,
  name: string | undefined,
  command: 'AT_DropConstraint' | 'AT_ValidateConstraint' | 'AT_AlterConstraint',
): void {
  if (name === undefined) return;
  const isDropped = command === 'AT_DropConstraint';
  if (live.made.has(`constraint ${name}`)) {
    if (isDropped) live.made.delete(`constraint ${name}`);
    return;
  }
  if (isDropped && live.made.has(`gone constraint ${name}`)) return;
  if (live.assumed) {
    const kind = { notValid: command === 'AT_ValidateConstraint', isForeign: command === 'AT_AlterConstraint' };
    pending.constraint(live.assumed, name, kind);
  }
  if (isDropped) live.made.add(`gone constraint ${name}`);
}
