import type { TypeCast } from '@pgsql/types';
import type { DatabaseError } from '../../../../databases/observation';
import { identifier, stringConstant } from '../../../../databases/postgresql/sql/quoting';
import { fieldsOf, fieldsOfEach, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { statedType } from '../support/column-types';
import { headOf, lockEvidence, relationOf, tablesBornInUnit } from '../support/evidence';
import { columnTitle, sqlName, type TypeChange, typeChangesIn } from '../support/type-changes';
import { type Narrowing, narrowingTo } from '../support/type-ranges';

export const check: Check = {
  id: 'type-narrowing',
  hazards: ['P19'],
  severity: 'warning',
  summary: 'Changes a column to a type that cannot hold all values: the statement fails, or data is lost.',
  looksInside: true,
  *statement(context) {
    if (context.observation?.error) return;
    const born = tablesBornInUnit(context.migration, context.project);
    const changes = typeChangesIn(context);
    for (const change of changes) {
      if (born.has(change.table)) continue;
      const narrowing = judge(context, change, changes.length === 1);
      if (narrowing) yield finding(context, change, narrowing);
    }
  },
};

/** SQLSTATEs of values that a type cannot take: too long, out of range, unreadable, not in the enum. */
const doesNotFit = new Set(['22001', '22003', '22P02', '22007', '22008', '23514']);

interface Judgement extends Narrowing {
  /** What the server said on rows of the table. */
  readonly said?: string;
}

/** `isAlone`: what the server says on rows can be of no other change. */
function judge(context: StatementContext, change: TypeChange, isAlone: boolean): Judgement | undefined {
  const { observation } = context;
  const cut = change.using && cutBy(change.using, change);
  if (cut) return cut;
  const stated = change.before && narrowingTo(change.before.type, change.type);
  // An expression of one's own may well turn every value into one that fits.
  const plain = stated && change.using && !isPlainCast(change.using) ? undefined : stated;
  const { rowsError } = observation ?? {};
  const lacked = rowsError && lackedLabel(rowsError, change);
  if (lacked !== undefined) return isReplacedBefore(context, change, lacked) ? undefined : lacksLabel(change, lacked);
  if (rowsError && isAlone && doesNotFit.has(rowsError.sqlstate)) {
    return {
      effect: 'stops',
      why: plain?.why ?? '',
      said: `${rowsError.message} (${rowsError.sqlstate})`,
      misfit: plain?.misfit,
    };
  }
  return plain && isCutBefore(context, change) ? undefined : plain;
}

/** True when an earlier statement of the script cuts the values that are too long for the new type. */
function isCutBefore({ script, statement, inside }: StatementContext, { table, column, type }: TypeChange): boolean {
  const start = (inside ?? statement).start;
  return script.statements.some(({ node, start: other }) => {
    const update = fieldsOf(node, 'UpdateStmt');
    if (!update || other >= start || relationOf(update.relation) !== table) return false;
    if (update.whereClause !== undefined && !mentions(update.whereClause, column)) return false;
    return fieldsOfEach(update.targetList, 'ResTarget').some(
      ({ name, val }) => name === column && lengthLeft(val) <= (type.lengths[0] ?? 0),
    );
  });
}

/** How many characters an expression leaves of a value at most, where it says so. */
function lengthLeft(value: SqlNode | undefined): number {
  const call = fieldsOf(value, 'FuncCall');
  const name = nameParts(call?.funcname).at(-1) ?? '';
  const args = call?.args ?? [];
  if (!(name === 'left' && args.length === 2) && !(/^substr(?:ing)?$/.test(name) && args.length === 3)) return Infinity;
  const count = fieldsOf(args.at(-1), 'A_Const')?.ival?.ival;
  return count !== undefined && count >= 0 ? count : Infinity;
}

/** The value of the old enum that the server misses in the new type. */
function lackedLabel({ sqlstate, message }: DatabaseError, { type, before }: TypeChange): string | undefined {
  const [, name, label] = /^invalid input value for enum (\S+): "([^]*)"$/.exec(message) ?? [];
  const isOfType = name?.replaceAll('"', '').split('.').at(-1) === type.name.split('.').at(-1)?.replace(/\[\]$/, '');
  const wasText = before && /^(?:text|varchar|char|citext|name)$/.test(before.type.name);
  return sqlstate === '22P02' && isOfType && !wasText ? label : undefined;
}

function lacksLabel({ type }: TypeChange, label: string): Judgement {
  const constant = stringConstant(label);
  return {
    effect: 'stops',
    why: `${type.text} has no value ${constant}`,
    misfit: (column) => `${column}::text = ${constant}`,
  };
}

/** True when an earlier script updates or deletes rows of the table by that very value, so that none may be left. */
function isReplacedBefore(context: StatementContext, { table }: TypeChange, label: string): boolean {
  for (const { up } of context.project.chain) {
    for (const statement of up.statements) {
      if (statement === context.statement || statement === context.inside) return false;
      const { node } = statement;
      const written = fieldsOf(node, 'UpdateStmt') ?? fieldsOf(node, 'DeleteStmt');
      if (node && written && relationOf(written.relation) === table && hasConstant(node, label)) return true;
    }
  }
  return false;
}

function hasConstant(node: SqlNode, text: string): boolean {
  let isThere = false;
  walk(node, (type, inner) => void (isThere ||= type === 'A_Const' && inner.sval?.sval === text));
  return isThere;
}

const cutters: Readonly<Record<string, string>> = {
  left: 'left() keeps only the start of every value',
  right: 'right() keeps only the end of every value',
  substr: 'substr() keeps only a part of every value',
  substring: 'substring() keeps only a part of every value',
  overlay: 'overlay() replaces a part of every value',
  trunc: 'trunc() drops the fraction',
  floor: 'floor() drops the fraction',
  ceil: 'ceil() drops the fraction',
  ceiling: 'ceiling() drops the fraction',
  round: 'round() drops digits',
  date_trunc: 'date_trunc() drops the finer parts of the time',
};

/** What an explicit expression discards without an error; undefined when it keeps all. */
function cutBy(using: SqlNode, change: TypeChange): Judgement | undefined {
  let found: Judgement | undefined;
  walk(using, (type, inner) => {
    if (found) return false;
    if (type === 'FuncCall') {
      const why = cutters[nameParts(inner.funcname).at(-1) ?? ''];
      if (why !== undefined && mentions(inner.args, change.column)) found = { effect: 'cuts', why };
    }
    if (type === 'TypeCast' && mentions(inner.arg, change.column)) found = cutByCast(inner, change);
    return true;
  });
  return found;
}

function cutByCast(cast: TypeCast, { before, column }: TypeChange): Judgement | undefined {
  const target = statedType(cast.typeName);
  if (!target || !isColumn(cast.arg, column)) return undefined;
  const isShort = (target.name === 'varchar' || target.name === 'char') && target.lengths.length > 0;
  if (!before)
    return isShort ? { effect: 'may cut', why: `The cast to ${target.text} truncates longer values without an error` } : undefined;
  const narrowing = narrowingTo(before.type, target);
  if (!narrowing) return undefined;
  return isShort && /^(?:text|varchar|char)$/.test(before.type.name)
    ? { ...narrowing, effect: 'cuts', why: `The cast to ${target.text} truncates longer values without an error` }
    : narrowing.effect === 'cuts'
      ? narrowing
      : undefined;
}

function mentions(tree: SqlNode | readonly SqlNode[] | undefined, column: string): boolean {
  let isThere = false;
  walk(tree, (type, inner) => void (isThere ||= type === 'ColumnRef' && nameParts(inner.fields).at(-1) === column));
  return isThere;
}

function isColumn(node: SqlNode | undefined, column: string): boolean {
  return nameParts(fieldsOf(node, 'ColumnRef')?.fields).at(-1) === column;
}

function isPlainCast(using: SqlNode): boolean {
  return fieldsOf(fieldsOf(using, 'TypeCast')?.arg ?? using, 'ColumnRef') !== undefined;
}

function finding(context: StatementContext, change: TypeChange, judgement: Judgement): FindingDraft {
  const { effect, why, said, misfit } = judgement;
  const { before, isAssumed, type, table } = change;
  const isObserved = lockEvidence(context) !== undefined && !isAssumed;
  const title = columnTitle(change);
  const message = {
    stops: `Fails at the first ${title} that does not fit ${type.text}`,
    cuts: `Loses data in ${title} without an error`,
    'may cut': `May lose data in ${title} without an error`,
  }[effect];
  const details = [why && `${why}.`, said && `PostgreSQL on made-up rows: ${said}.`].filter(Boolean).join(' ');
  const query = misfit
    ? `Look for such rows first: SELECT count(*) FROM ${sqlName(table)} WHERE ${misfit(identifier(change.column))};`
    : 'Look at the values first.';
  return {
    range: change.range,
    message,
    details: details || undefined,
    advice: `${query} Correct them in an earlier migration, or keep a type that holds all values.`,
    verified: isObserved && effect !== 'may cut',
    reason: effect === 'may cut' ? 'rows' : undefined,
    related: before && [
      {
        file: before.migration.up.script.file,
        range: headOf(before.statement),
        message: `${title} becomes ${before.type.text}.`,
      },
    ],
  };
}
