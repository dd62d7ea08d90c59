import type { FindingDraft } from './check';
import { asFields, asNode, asNodes, asText, fieldsOf, type Fields, nameParts, nodeType, walk } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import type { Check, StatementContext } from './check';
import { displayName, headOf, isInUse, relationOf } from './support/evidence';
import { fix } from './support/fixes';
import { nameIn } from './support/statement-tokens';

/** Writes per second from which merging the pending list of a GIN index is felt. */
const manyWrites = 100;

export const check: Check = {
  id: 'extension-specifics',
  hazards: ['P97'],
  group: 'advice',
  severity: 'hint',
  summary: "An extension's index or table is set up in a way that blocks or disappoints.",
  looksAhead: true,
  *statement(context) {
    const { node } = context.statement;
    const index = fieldsOf(node, 'IndexStmt');
    if (index) yield* indexAdvice(context, index);
    if (node && nodeType(node) === 'SelectStmt') yield* callAdvice(context, node);
  },
};

function* indexAdvice(context: StatementContext, index: Fields): Iterable<FindingDraft> {
  const { statement, project } = context;
  const table = relationOf(index['relation']);
  const method = asText(index['accessMethod']);
  const token = method === undefined ? undefined : nameIn(statement, method);
  const range = token ? { start: token.start, end: token.end } : headOf(statement);
  if (method === 'ivfflat' && isMadeHere(context, table) && !isFilledBefore(context, table)) {
    yield {
      range,
      verified: false,
      message: `Searches through this index miss most of the nearest rows: ivfflat groups the vectors that are there when it is built, and ${displayName(table)} has none yet. Build it once the table has its rows, or use hnsw, which needs none. This is judged by the scripts alone.`,
    };
  }
  const writes = project.statistics?.tables.get(table)?.writesPerSecond ?? 0;
  const states = asNodes(index['options']).some((option) => fieldsOf(option, 'DefElem')?.['defname'] === 'fastupdate');
  if (method === 'gin' && writes >= manyWrites && !states) {
    yield {
      range,
      message: `Single writes of ${displayName(table)}, which has ${writes.toLocaleString('en')} a second, stall again and again while the list of pending entries is merged into the index, and searches read that list from end to end. Decide: WITH (fastupdate = off) makes every write a little slower and none very slow, or set gin_pending_list_limit for the index.`,
    };
  }
}

/** True for a table of the same release, also where the shadow could not make it for want of the extension. */
function isMadeHere(context: StatementContext, table: string): boolean {
  const isMade = context.script.statements.some(({ node }) => {
    const relation = fieldsOf(node, 'CreateStmt')?.['relation'];
    return relation !== undefined && relationOf(relation) === table;
  });
  return isMade || !isInUse(context, table);
}

/** True when an earlier statement of the scripts writes rows into the table. */
function isFilledBefore({ project, statement }: StatementContext, table: string): boolean {
  for (const each of project.chain.flatMap(({ up }) => up.statements)) {
    if (each === statement) return false;
    const write = fieldsOf(each.node, 'InsertStmt') ?? fieldsOf(each.node, 'CopyStmt');
    const query = asFields(fieldsOf(each.node, 'CreateTableAsStmt')?.['into']);
    if (relationOf(write?.['relation']) === table || (query && relationOf(query['rel']) === table)) return true;
  }
  return false;
}

function* callAdvice(context: StatementContext, node: SqlNode): Iterable<FindingDraft> {
  const calls: Fields[] = [];
  walk(node, (type, inner) => {
    if (type === 'FuncCall') calls.push(inner);
  });
  for (const call of calls) {
    const name = nameParts(call['funcname']).at(-1) ?? '';
    const table = tableArgument(call);
    const token = nameIn(context.statement, name);
    if (table === undefined || !token || isMadeHere(context, table)) continue;
    const range = { start: token.start, end: token.end };
    const shown = displayName(table);
    if (name === 'create_hypertable') yield { range, verified: false, message: hypertable(shown, call) };
    if (name === 'create_distributed_table') {
      yield {
        range,
        verified: false,
        message: `Writes of ${shown} wait until all of its rows have been moved to the shards. Use create_distributed_table_concurrently, which lets writes go on; it runs outside a transaction. This is judged by the scripts alone.`,
        fixes:
          context.script.script.transaction === 'none'
            ? [fix(context, 'Distribute it concurrently', [{ range, newText: 'create_distributed_table_concurrently' }])]
            : [],
      };
    }
  }
}

function hypertable(table: string, call: Fields): string {
  const advice = `Make a new hypertable, let writes go to both and copy the rows of ${table} in batches. This is judged by the scripts alone.`;
  return migratesData(call)
    ? `Reads and writes of ${table} wait until all of its rows have been moved into chunks, in one transaction. ${advice}`
    : `The upgrade stops here where ${table} has rows: create_hypertable refuses a table that is not empty unless migrate_data is true, and with that reads and writes wait until all rows have been moved. ${advice}`;
}

function migratesData(call: Fields): boolean {
  return asNodes(call['args']).some((argument) => {
    const named = fieldsOf(argument, 'NamedArgExpr');
    const value = asFields(fieldsOf(asNode(named?.['arg']), 'A_Const')?.['boolval']);
    return named?.['name'] === 'migrate_data' && value?.['boolval'] === true;
  });
}

/** The table in the first argument, where it is a constant: `'metrics'`, `'shop.metrics'`, also with `relation =>`. */
function tableArgument(call: Fields): string | undefined {
  const [first] = asNodes(call['args']);
  const value = asNode(fieldsOf(first, 'NamedArgExpr')?.['arg']) ?? first;
  const constant = fieldsOf(value, 'A_Const') ?? fieldsOf(asNode(fieldsOf(value, 'TypeCast')?.['arg']), 'A_Const');
  const text = asText(asFields(constant?.['sval'])?.['sval']);
  if (text === undefined) return undefined;
  return text.includes('.') ? text : `public.${text}`;
}
