import type { A_Expr } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import { fieldsOf, fieldsOfEach, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { textOf } from '../support/command-text';
import { failsInShadow } from '../support/evidence';
import { statedConstraints } from '../support/stated-constraints';
import { tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'volatile-check-constraint',
  hazards: ['P93'],
  severity: 'info',
  summary: 'Adds a CHECK constraint whose result changes over time, so stored rows violate it later.',
  looksAhead: true,
  *statement(context) {
    if (failsInShadow(context)) return;
    for (const expression of checkExpressions(context.statement.node)) {
      const changing = firstChanging(context, expression);
      if (!changing) continue;
      yield {
        range: changing.range,
        message: `Stored rows may violate this CHECK later: ${changing.why}`,
        details:
          'PostgreSQL checks a row only when it is written. For rows that violate the CHECK, restoring a dump, ATTACH PARTITION, VALIDATE CONSTRAINT and UPDATE fail.',
        advice: 'Compare with a column that stores the value, or check it in a trigger.',
      };
    }
  },
};

function checkExpressions(node: SqlNode | undefined): SqlNode[] {
  const added = fieldsOf(node, 'AlterDomainStmt')?.def;
  const constraints = [
    ...statedConstraints(node).map(({ constraint }) => constraint),
    ...fieldsOfEach(fieldsOf(node, 'CreateDomainStmt')?.constraints, 'Constraint'),
    ...fieldsOfEach(added && [added], 'Constraint'),
  ];
  return constraints.flatMap(({ contype, raw_expr: expression = [] }) => (contype === 'CONSTR_CHECK' ? expression : []));
}

/** Functions of the server whose result changes between two calls with the same arguments and that are found in CHECK constraints. */
const changingFunctions = new Set(
  [
    'now clock_timestamp statement_timestamp transaction_timestamp timeofday random random_normal gen_random_uuid uuidv4 uuidv7',
    'nextval currval lastval setval current_setting txid_current pg_current_xact_id current_database current_schema current_schemas',
    'pg_has_role has_table_privilege inet_client_addr inet_server_addr pg_backend_pid to_regclass version uuid_generate_v4',
  ].flatMap((names) => names.split(' ')),
);

interface Changing {
  readonly range: TextRange;
  readonly why: string;
}

function firstChanging(context: StatementContext, expression: SqlNode): Changing | undefined {
  let found: Changing | undefined;
  walk(expression, (type, inner) => {
    if (found || (type === 'A_Expr' && staysTrue(inner) && !hasNegation(expression))) return false;
    if (type !== 'FuncCall' && type !== 'SQLValueFunction') return true;
    const why = type === 'FuncCall' ? whyChanging(context, nameParts(inner.funcname)) : whyValueChanges(inner.op);
    const range = why === undefined ? undefined : tokenAt(context, inner.location);
    if (range) found = { range, why: `${textOf(context.statement, range)} ${why}` };
    return true;
  });
  return found;
}

/** Of a keyword such as CURRENT_DATE or CURRENT_USER. */
function whyValueChanges(keyword = ''): string {
  return /DATE|TIME/.test(keyword) ? 'changes over time' : 'depends on the session';
}

/** True for `column <= now()` and the like: the past stays in the past, so such a constraint is never violated later. */
function staysTrue({ name, lexpr, rexpr }: A_Expr): boolean {
  const operator = nameParts(name).at(-1) ?? '';
  const [earlier, later] = /^<=?$/.test(operator) ? [lexpr, rexpr] : /^>=?$/.test(operator) ? [rexpr, lexpr] : [];
  return fieldsOf(earlier, 'ColumnRef') !== undefined && isClock(later);
}

/** The present time, or a time at a fixed distance from it. */
function isClock(node: SqlNode | undefined): boolean {
  const call = fieldsOf(node, 'FuncCall');
  const keyword = fieldsOf(node, 'SQLValueFunction')?.op;
  const sum = fieldsOf(node, 'A_Expr');
  if (call) return clocks.has(nameParts(call.funcname).at(-1) ?? '');
  if (keyword !== undefined) return /^SVFOP_(?:CURRENT_DATE|(?:CURRENT|LOCAL)_?TIMESTAMP)/.test(keyword);
  const isFixed = fieldsOf(sum?.rexpr, 'A_Const') ?? fieldsOf(fieldsOf(sum?.rexpr, 'TypeCast')?.arg, 'A_Const');
  return sum !== undefined && isFixed !== undefined && /^[+-]$/.test(nameParts(sum.name).at(-1) ?? '') && isClock(sum.lexpr);
}

const clocks = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp']);

function hasNegation(expression: SqlNode): boolean {
  let found = false;
  walk(expression, (type, inner) => {
    if (type === 'BoolExpr') found ||= inner.boolop === 'NOT_EXPR';
    else if (type === 'BooleanTest') found ||= /FALSE|NOT/.test(inner.booltesttype ?? '');
    else if (type === 'CaseExpr') found = true;
  });
  return found;
}

function whyChanging(context: StatementContext, name: readonly string[]): string | undefined {
  const own = name.at(-1);
  if (own === undefined) return undefined;
  const isQualified = name.length > 1 && name.at(-2) !== 'pg_catalog';
  if (!isQualified && changingFunctions.has(own)) return 'is not immutable';
  return volatilityInScripts(context, own);
}

/** The volatility of a function that the scripts create and do not declare IMMUTABLE; undefined for other functions. */
function volatilityInScripts({ project, statement }: StatementContext, name: string): string | undefined {
  let why: string | undefined;
  for (const each of project.chain.flatMap(({ up }) => up.statements)) {
    if (each === statement) break;
    const create = fieldsOf(each.node, 'CreateFunctionStmt');
    if (!create || nameParts(create.funcname).at(-1) !== name) continue;
    const options = fieldsOfEach(create.options, 'DefElem');
    const volatility = fieldsOf(options.find(({ defname }) => defname === 'volatility')?.arg, 'String')?.sval;
    why = volatility === 'immutable' ? undefined : `is ${(volatility ?? 'volatile').toUpperCase()}${volatility ? '' : ' by default'}`;
  }
  return why;
}

function tokenAt({ statement }: StatementContext, location: number | undefined): TextRange | undefined {
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location);
  const token = tokensOf(statement).find((each) => each.start >= start);
  return token && { start: token.start, end: token.end };
}
