import type { TypeName } from '@pgsql/types';
import { fieldsOf, nameFromList, nameParts, relationName, walk } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { extensionTypes, typeNameOf } from '../type-names';
import { makeNamed, type Needs, type StatementHandlers } from './needs';

/** Statements that make and change types. */
export const typeHandlers: StatementHandlers = {
  CreateEnumStmt: ({ typeName }, needs) => makeNamed(needs, 'type', nameFromList(typeName)),
  CreateRangeStmt: ({ typeName }, needs) => makeNamed(needs, 'type', nameFromList(typeName)),
  CompositeTypeStmt: ({ typevar }, needs) => makeNamed(needs, 'type', relationName(typevar)),
  CreateDomainStmt: ({ domainname }, needs) => makeNamed(needs, 'type', nameFromList(domainname)),
  DefineStmt: ({ kind, defnames }, needs) => makeNamed(needs, kind === 'OBJECT_TYPE' ? 'type' : 'function', nameFromList(defnames)),

  AlterEnumStmt({ typeName, oldVal, newVal, newValNeighbor }, { schema, addedLabels }) {
    const name = nameFromList(typeName);
    const type = name && schema.type(name);
    const before = oldVal ?? newValNeighbor;
    if (before !== undefined) type?.labels.add(before);
    if (type && oldVal === undefined && newVal !== undefined) addedLabels.set(newVal, type);
  },

  AlterDomainStmt({ typeName, name: constraint, def, subtype }, { schema }) {
    const name = nameFromList(typeName);
    const type = name && schema.type(name, 'domain');
    const check = fieldsOf(def, 'Constraint')?.raw_expr;
    if (type && check) type.base ??= baseOf(check);
    if (type && constraint !== undefined && /^[XV]$/.test(subtype ?? '')) type.parts.add(constraint);
  },
};

/** The types that a statement names anywhere. */
export function needTypes(needs: Needs, node: SqlNode): void {
  walk(node, (type, inner) => {
    if (type === 'TypeName') needType(needs, inner);
  });
}

function needType({ schema }: Needs, named: TypeName): void {
  const type = typeNameOf(named);
  if (!type) {
    const name = nameFromList(named.names);
    if (name && named.setof === true && !typeNameOf({ ...named, setof: false })?.isBuiltIn) schema.table(name);
    return;
  }
  if (type.isBuiltIn || type.schema === 'pg_catalog') return;
  const { name } = type;
  const extension = extensionTypes[name];
  if (extension !== undefined && schema.needs(`type ${schema.keyOf({ name })}`)) schema.requireExtension(extension);
  else schema.type({ schema: type.schema, name });
}

/** The type of a domain whose VALUE is compared with numbers; undefined where nothing says that it is one. */
function baseOf(check: SqlNode): string | undefined {
  let base: string | undefined;
  walk(check, (type, inner) => {
    if (type !== 'A_Expr') return;
    const sides = [inner.lexpr, inner.rexpr];
    const [, ...bounds] = sides.flatMap((side) => (fieldsOf(side, 'List')?.items ?? []).concat(side ?? []));
    const isValue = sides.some((side) => nameParts(fieldsOf(side, 'ColumnRef')?.fields).at(-1)?.toLowerCase() === 'value');
    const constants = [sides[0], ...bounds].map((each) => fieldsOf(each, 'A_Const'));
    if (isValue && constants.some((each) => each?.fval)) base = 'numeric';
    else if (isValue && constants.some((each) => each?.ival)) base ??= 'integer';
  });
  return base;
}
