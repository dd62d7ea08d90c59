import type { TextRange } from '../../../../core/text';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { failsInShadow, headOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { type StatedColumn, statedColumns } from '../support/stated-columns';
import { listAround, tokensOf } from '../support/statement-tokens';

/** Bytes per row from which another order is worth a finding. */
const worthwhile = 16;

/** Rows begin at multiples of 8 bytes, and columns at multiples of their alignment. */
const rowAlignment = 8;

interface Layout {
  /** Bytes; undefined for values of any length, after which nothing is known of the place but that it suits the next column. */
  readonly length: number | undefined;
  readonly alignment: number;
}

export const check: Check = {
  id: 'column-alignment',
  hazards: ['P96'],
  severity: 'hint',
  optIn: true,
  summary: 'Orders the columns of a table so that alignment padding wastes space in every row.',
  looksAhead: true,
  *statement(context) {
    const { statement } = context;
    const create = fieldsOf(statement.node, 'CreateStmt');
    if (!create || failsInShadow(context) || create.inhRelations) return;
    const columns = statedColumns(context);
    const enums = enumsOf(context);
    const layoutOf = (column: StatedColumn): Layout => layout(column, enums);
    const best = [...columns].sort((a, b) => rank(layoutOf(a)) - rank(layoutOf(b)));
    const wasted = saving(columns.map(layoutOf), best.map(layoutOf));
    if (wasted < worthwhile) return;
    const name = create.relation?.relname ?? '';
    const order = best.map((column) => column.name).join(', ');
    yield {
      range: headOf(statement),
      message: `Wastes at least ${wasted} bytes in each row of ${name}: alignment padding between columns`,
      details: 'Each column starts at a multiple of its alignment (8, 4, 2 or 1 bytes), and the gap before it stays empty.',
      advice: `Put columns with 8-byte alignment first, then 4, 2 and 1, and columns of variable length last: ${order}.`,
      fixes: reorderingFixes(context, columns, best),
    };
  },
};

const eight: Layout = { length: 8, alignment: 8 };
const four: Layout = { length: 4, alignment: 4 };
const ofAnyLength: Layout = { length: undefined, alignment: 1 };

/** `typlen` and `typalign` of the server's types of fixed length. */
const layouts: Readonly<Record<string, Layout>> = {
  bigint: eight,
  'double precision': eight,
  timestamp: eight,
  timestamptz: eight,
  time: eight,
  money: eight,
  pg_lsn: eight,
  integer: four,
  real: four,
  date: four,
  oid: four,
  smallint: { length: 2, alignment: 2 },
  boolean: { length: 1, alignment: 1 },
  uuid: { length: 16, alignment: 1 },
  interval: { length: 16, alignment: 8 },
  timetz: { length: 12, alignment: 8 },
  macaddr: { length: 6, alignment: 4 },
  point: { length: 16, alignment: 8 },
  box: { length: 32, alignment: 8 },
};

function layout({ type }: StatedColumn, enums: ReadonlySet<string>): Layout {
  if (type.isArray) return ofAnyLength;
  return layouts[type.name] ?? (enums.has(type.name.split('.').at(-1) ?? '') ? four : ofAnyLength);
}

function enumsOf({ project }: StatementContext): ReadonlySet<string> {
  const statements = project.chain.flatMap(({ up }) => up.statements);
  return new Set(statements.map(({ node }) => nameFromList(fieldsOf(node, 'CreateEnumStmt')?.typeName)?.name ?? ''));
}

function rank({ length, alignment }: Layout): number {
  return length === undefined ? rowAlignment + 1 : rowAlignment - alignment;
}

/** The bytes by which rows get shorter at least; rows are filled up to multiples of 8 themselves. */
function saving(columns: readonly Layout[], best: readonly Layout[]): number {
  const bytes = padding(columns) - padding(best);
  return columns.some(({ length }) => length === undefined) ? bytes - (bytes % rowAlignment) : bytes;
}

/** The bytes of padding in a row, as few as there can be; with those at the end where all lengths are known. */
function padding(columns: readonly Layout[]): number {
  let offset: number | undefined = 0;
  let total = 0;
  for (const { length, alignment } of columns) {
    if (length === undefined) {
      offset = undefined;
      continue;
    }
    const gap: number = offset === undefined ? 0 : (alignment - (offset % alignment)) % alignment;
    total += gap;
    // After a value of any length only this is certain: the column begins at a multiple of its alignment.
    offset = offset === undefined ? knownPlace(length, alignment) : offset + gap + length;
  }
  return total + (offset === undefined ? 0 : (rowAlignment - (offset % rowAlignment)) % rowAlignment);
}

function knownPlace(length: number, alignment: number): number | undefined {
  return alignment === rowAlignment ? length : undefined;
}

/** None if rows are written by the order of the columns, or if there are comments between the columns. */
function reorderingFixes(context: StatementContext, columns: readonly StatedColumn[], best: readonly StatedColumn[]): Fix[] {
  const { statement, script, project } = context;
  if (/--|\/\*/.test(statement.text) || project.chain.some(({ up }) => up.statements.some(({ node }) => writesByOrder(node)))) return [];
  const ranges = columns.map((column) => definitionRange(context, column));
  const edits = columns.flatMap((_, index) => {
    const own = ranges[index];
    const other = best[index] && ranges[columns.indexOf(best[index])];
    return own && other && own !== other ? [{ range: own, newText: script.script.text.slice(other.start, other.end) }] : [];
  });
  return ranges.every((range) => range !== undefined) ? [fix(context, 'Order the columns by alignment', edits, false)] : [];
}

function writesByOrder(node: SqlNode | undefined): boolean {
  const insert = fieldsOf(node, 'InsertStmt');
  const copy = fieldsOf(node, 'CopyStmt');
  return (insert !== undefined && !insert.cols) || (copy !== undefined && !copy.attlist);
}

/** The whole definition of a column between its commas. */
function definitionRange({ statement, script }: StatementContext, { column }: StatedColumn): TextRange | undefined {
  const { location } = column;
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location);
  const token = tokensOf(statement).find((each) => each.start === start);
  return token && listAround(statement, start, script.script.text)?.find((item) => item.start === start);
}
