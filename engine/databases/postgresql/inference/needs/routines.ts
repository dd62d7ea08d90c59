import { fieldsOf, nameFromList, nameParts } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { typeNameOf } from '../type-names';
import { makeNamed, type Needs, type StatementHandlers, tableOf } from './needs';

/** Statements about functions and procedures, and those that call them when rows change. */
export const routineHandlers: StatementHandlers = {
  CreateFunctionStmt: ({ funcname }, needs) => makeNamed(needs, 'function', nameFromList(funcname)),

  CallStmt({ funccall }, { schema, queries }) {
    const name = nameFromList(funccall?.funcname);
    const values = (funccall?.args ?? []).map((each) => queries.value(each, queries.scopeOf(undefined, '')));
    const parameters = values.map(({ type }) => type ?? 'text');
    if (name) schema.requireFunction(name, 'procedure', parameters, '');
  },

  CreateTrigStmt({ relation, trigname: name, funcname, columns, whenClause }, needs) {
    const { schema, queries } = needs;
    const live = tableOf(needs, relation);
    if (name !== undefined) live?.made.add(`trigger ${name}`);
    const routine = nameFromList(funcname);
    if (routine && !/^(?:tsvector_update_trigger|suppress_redundant_updates_trigger)/.test(routine.name)) {
      if (routine.name === 'moddatetime') schema.requireExtension('moddatetime');
      else schema.requireFunction(routine, 'function', [], 'trigger');
    }
    if (!live) return;
    for (const column of nameParts(columns)) schema.column(live, column);
    queries.condition(whenClause, queries.scopeOf(live, 'new', 'old'));
  },

  RuleStmt({ relation, rulename: name, whereClause, actions = [] }, needs) {
    const live = tableOf(needs, relation);
    if (name !== undefined) live?.made.add(`rule ${name}`);
    const scope = needs.queries.scopeOf(live, 'new', 'old');
    needs.queries.condition(whereClause, scope);
    for (const action of actions) needs.queries.query(action, scope);
  },
};

/** A routine that a statement names by its name and the types of its arguments. */
export function needRoutine({ schema }: Needs, object: SqlNode | undefined, kind: 'function' | 'procedure' | 'aggregate'): void {
  const { objname, objargs = [] } = fieldsOf(object, 'ObjectWithArgs') ?? {};
  const name = nameFromList(objname);
  if (!name) return;
  const parameters = objargs.map((each) => typeNameOf(each)?.text ?? 'text');
  schema.requireFunction(name, kind, parameters, kind === 'function' ? 'text' : '');
}
