import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import type { DatabaseError } from '../../../../databases/observation';
import { fieldsOfEach, nameParts, nodeType, ownRelation } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsIn, elementsOf } from '../support/column-definitions';
import { definedBefore, placeOfDefinition } from '../support/definitions';
import { failureFinding, failureFor, placeOf } from '../support/failure-causes';
import { fix } from '../support/fixes';
import { relationOf, tablesBornInUnit } from '../support/evidence';
import { nameIn, tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'impossible-constraint',
  hazards: ['P49'],
  severity: 'error',
  summary: 'Adds a constraint that does not fit its tables, which PostgreSQL refuses.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'impossible-constraint');
    const { node } = context.statement;
    if (!error || !node) return;
    const { advice, table, index, range, fixes } = judge(context, node, error);
    const before = definedBefore(context);
    const source = before.find(({ kind, name }) => kind === 'relation' && name === (index ?? table));
    yield failureFinding(context, error, {
      advice,
      range: range ?? placeOf(context.statement, error),
      related: source ? [placeOfDefinition(source, `Creates ${source.name}.`)] : [],
      fixes,
    });
  },
};

interface Judgement {
  readonly advice?: string | undefined;
  /** The table whose definition makes the constraint impossible, by its bare name. */
  readonly table?: string | undefined;
  readonly index?: string | undefined;
  readonly range?: TextRange | undefined;
  readonly fixes?: readonly Fix[];
}

function judge(context: StatementContext, node: SqlNode, error: DatabaseError): Judgement {
  const own = ownRelation(node)?.relname;
  const foreign = foreignKeysIn(node);
  const target = foreign.length === 1 ? foreign[0] : undefined;
  const range = constraintRange(context, node, error);
  switch (error.sqlstate) {
    case '42830':
    case '42704':
      return { advice: uniqueAdvice(target, error), table: target?.table, range };
    case '42804':
      return { ...typeAdvice(context, error), table: target?.table, range };
    case '42P16':
      return error.message.includes('multiple')
        ? { advice: 'Drop the existing primary key first, or add a UNIQUE constraint instead.', table: own, range }
        : { advice: 'Drop the primary key first; its columns cannot be NULL.', table: own, range };
    case '42809':
      return {
        advice: error.message.startsWith('referenced relation')
          ? undefined
          : 'Use a unique index on plain columns without WHERE; only such an index can become a constraint.',
        index: /^(?:index )?"([^"]+)"/.exec(error.message)?.[1],
        table: target?.table,
        range,
      };
    case '0A000':
      return { ...partitionAdvice(context, error), table: own, range };
    default:
      return { table: own, range };
  }
}

interface ForeignKey {
  readonly table: string | undefined;
  readonly columns: readonly string[];
}

function foreignKeysIn(node: SqlNode): ForeignKey[] {
  return elementsOf(node)
    .flatMap(constraintsIn)
    .filter((constraint) => constraint.contype === 'CONSTR_FOREIGN')
    .map(({ pktable, pk_attrs: columns }) => ({ table: pktable?.relname, columns: nameParts(columns) }));
}

/** The constraint at fault, where the statement has only one that can be. */
function constraintRange(context: StatementContext, node: SqlNode, error: DatabaseError): TextRange | undefined {
  const { statement } = context;
  if (error.offset !== undefined && error.sqlstate !== '42809') return undefined;
  if (error.message.endsWith('is in a primary key')) {
    const column = /^column "([^"]+)"/.exec(error.message)?.[1];
    return column === undefined ? undefined : nameIn(statement, column);
  }
  const types = error.sqlstate === '42P16' || error.sqlstate === '0A000' ? /PRIMARY|UNIQUE/ : error.sqlstate === '42809' ? /./ : /FOREIGN/;
  const candidates = elementsOf(node)
    .flatMap(constraintsIn)
    .filter(({ contype = '' }) => types.test(contype));
  const location = candidates.length === 1 ? candidates[0]?.location : undefined;
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location);
  return { start, end: endOfElement(context, start) };
}

/** Where the element of a list that starts at `start` ends: before the next comma or the closing parenthesis around it. */
function endOfElement({ statement }: StatementContext, start: number): number {
  const tokens = tokensOf(statement);
  const first = tokens.findIndex((token) => token.start >= start);
  const depth = tokens[first]?.depth ?? 0;
  let end = tokens[first]?.end ?? statement.end;
  for (const token of tokens.slice(first)) {
    if (token.depth < depth || (token.depth === depth && token.text === ',')) break;
    end = token.end;
  }
  return end;
}

function uniqueAdvice(target: ForeignKey | undefined, { message }: DatabaseError): string | undefined {
  if (!target?.table) return undefined;
  if (message.includes('disagree')) return `List as many columns of ${target.table} as the foreign key has.`;
  if (target.columns.length === 0) return `List the referenced columns of ${target.table}, and make them unique first.`;
  const columns = target.columns.map(identifier).join(', ');
  return `Make the referenced columns unique first: ALTER TABLE ${identifier(target.table)} ADD UNIQUE (${columns});`;
}

function typeAdvice(context: StatementContext, error: DatabaseError): Judgement {
  const match = /"([^"]+)" of the referencing table and "[^"]+" of the referenced table are of incompatible types: (.+) and (.+)\.$/.exec(
    error.detail ?? '',
  );
  const [, column, , wanted] = match ?? [];
  if (column === undefined || wanted === undefined) return {};
  const advice = `Give column ${column} the type ${wanted}.`;
  const { statement } = context;
  const definitions = fieldsOfEach(elementsOf(statement.node), 'ColumnDef');
  const location = definitions.find(({ colname }) => colname === column)?.typeName?.location;
  if (location === undefined) return { advice };
  const tokens = tokensOf(statement);
  const start = statement.offsetOf(location);
  const at = tokens.findIndex((token) => token.start === start);
  const next = tokens[at + 1];
  const isOneWord =
    at >= 0 &&
    (next === undefined ||
      next.text === ',' ||
      next.kind === 'close' ||
      /^(?:references|not|null|default|constraint|check|unique)$/i.test(next.text));
  const end = tokens[at]?.end;
  if (!isOneWord || end === undefined) return { advice };
  return { advice, fixes: [fix(context, `Give ${column} the type ${wanted}`, [{ range: { start, end }, newText: wanted }])] };
}

function partitionAdvice(context: StatementContext, error: DatabaseError): Judgement {
  const missing = /lacks column "([^"]+)"/.exec(error.detail ?? '')?.[1];
  if (missing === undefined) return {};
  const advice = `Add ${missing} to the columns: each partition enforces uniqueness on its own.`;
  const { statement } = context;
  const keys = elementsOf(statement.node)
    .flatMap(constraintsIn)
    .filter(({ contype }) => contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE');
  const isIndex = nodeType(statement.node) === 'IndexStmt';
  const location = isIndex ? 0 : keys.length === 1 && keys[0]?.keys !== undefined ? keys[0].location : undefined;
  if (location === undefined) return { advice };
  const tokens = tokensOf(statement);
  const open = tokens.findIndex((token) => token.kind === 'open' && token.start >= statement.offsetOf(location));
  const close = tokens.find((token, at) => at > open && token.kind === 'close' && token.depth === tokens[open]?.depth);
  const isNew = tablesBornInUnit(context.migration, context.project).has(relationOf(ownRelation(statement.node)));
  if (open < 0 || !close || !isNew) return { advice };
  const edit = { range: { start: close.start, end: close.start }, newText: `, ${identifier(missing)}` };
  return { advice, fixes: [fix(context, `Add ${missing} to the columns`, [edit], false)] };
}
