import type { TextRange } from '../core/text';
import { alterTableCommands } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { Check, FindingDraft, StatementContext } from './check';
import { displayName, headOf, lockEvidence, qualifiedName, type RangeVarLike, tablesBornInUnit } from './evidence';

type Fields = Record<string, unknown>;

export const check: Check = {
  id: 'destructive-change',
  hazards: ['P46', 'P47', 'P61', 'P62', 'P63', 'P70'],
  group: 'data',
  severity: 'warning',
  summary: 'A statement destroys data or objects that releases before it may still use.',
  *statement(context) {
    const { node } = context.statement;
    if (!node || context.observation?.error) return;
    for (const { what, table, subject, range } of destroyedBy(context)) {
      if (table !== undefined && tablesBornInUnit(context.migration, context.project).has(table)) continue;
      const also = alsoDropped(context, subject);
      yield {
        range,
        message: `${what} for good; a down script cannot bring the data back, and releases that still use it break.${also}`,
        verified: lockEvidence(context) !== undefined,
      } satisfies FindingDraft;
    }
  },
};

interface Destruction {
  readonly what: string;
  readonly table: string | undefined;
  /** As in the observed catalog changes, to tell the intended drop from what went with it. */
  readonly subject: string;
  readonly range: TextRange;
}

function* destroyedBy({ statement }: StatementContext): Iterable<Destruction> {
  const head = headOf(statement);
  const drop = statement.node?.['DropStmt'];
  if (drop) yield* dropped(drop, head);
  const truncate = statement.node?.['TruncateStmt'];
  for (const { RangeVar } of (truncate?.['relations'] as { RangeVar: RangeVarLike }[] | undefined) ?? []) {
    const table = qualifiedName(RangeVar);
    yield { what: `Every row of ${displayName(table)} goes`, table, subject: '', range: head };
  }
  const deletion = statement.node?.['DeleteStmt'];
  if (deletion && deletion['whereClause'] === undefined && deletion['usingClause'] === undefined) {
    const table = qualifiedName(deletion['relation'] as RangeVarLike);
    yield { what: `Every row of ${displayName(table)} goes`, table, subject: '', range: head };
  }
  const alter = statement.node?.['AlterTableStmt'];
  for (const column of droppedColumns(statement)) {
    const table = qualifiedName(alter?.['relation'] as RangeVarLike);
    yield {
      what: `Column ${displayName(table)}.${column} goes`,
      table,
      subject: `column ${table}.${column}`,
      range: wordIn(statement, column) ?? head,
    };
  }
}

function* dropped(drop: Fields, range: TextRange): Iterable<Destruction> {
  const objects = (drop['objects'] as Fields[] | undefined) ?? [];
  const names = objects.map(nameOf);
  switch (drop['removeType']) {
    case 'OBJECT_TABLE':
      for (const table of names) yield { what: `Table ${displayName(table)} goes`, table, subject: `table ${table}`, range };
      return;
    case 'OBJECT_SCHEMA':
      for (const name of names) {
        const schema = name.replace(/^public\./, '');
        yield { what: `Schema ${schema} goes`, table: undefined, subject: `schema ${schema}`, range };
      }
      return;
    default:
      return;
  }
}

function nameOf(object: Fields): string {
  const items = (object['List'] as { items?: { String?: { sval?: string } }[] } | undefined)?.items;
  const parts = items?.map((item) => item.String?.sval ?? '') ?? [(object['String'] as { sval?: string } | undefined)?.sval ?? ''];
  const relname = parts.at(-1);
  const schemaname = parts.at(-2);
  return qualifiedName({ ...(relname === undefined ? {} : { relname }), ...(schemaname === undefined ? {} : { schemaname }) });
}

/**
 * Names what the statement took along without naming it: dependents of CASCADE, indexes and checks over several columns.
 * What carries the name of the dropped column was plainly its own and is left out.
 */
function alsoDropped({ observation, statement }: StatementContext, subject: string): string {
  if (!subject) return '';
  const kinds = /^(table|view|materialized view|index|constraint|function|trigger|policy|statistics) /;
  const table = subject.slice(subject.indexOf(' ') + 1);
  const isColumn = subject.startsWith('column ');
  const columns = new Set(droppedColumns(statement).map((name) => name.toLowerCase()));
  const others = (observation?.changes ?? [])
    .filter(({ kind, object }) => kind === 'dropped' && object !== subject && kinds.test(object))
    .map(({ object }) => object)
    .filter((object) => (isColumn ? ![...columns].some((column) => carries(object, column)) : !object.includes(table)));
  if (others.length === 0) return '';
  const shown = others.slice(0, 3).join(', ');
  return ` It takes ${shown}${others.length > 3 ? ` and ${others.length - 3} more` : ''} along.`;
}

function droppedColumns({ node }: ParsedStatement): string[] {
  const drops = node ? alterTableCommands(node).filter(({ subtype }) => subtype === 'AT_DropColumn') : [];
  return drops.flatMap(({ name }) => name ?? []);
}

/** True when an object's own name holds a column's name as a whole part, as generated names do: `t_kind_check` holds `kind`. */
function carries(object: string, column: string): boolean {
  const name = object.slice(object.lastIndexOf('.') + 1).toLowerCase();
  return `_${name}_`.includes(`_${column}_`);
}

function wordIn(statement: { text: string; start: number }, word: string): TextRange | undefined {
  const match = new RegExp(
    `drop\\s+(?:column\\s+)?(?:if\\s+exists\\s+)?("?${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?)(?![\\p{L}\\p{N}_])`,
    'iu',
  ).exec(statement.text);
  if (!match?.[1]) return undefined;
  const start = statement.start + match.index + match[0].length - match[1].length;
  return { start, end: start + match[1].length };
}
