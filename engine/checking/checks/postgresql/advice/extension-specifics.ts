import type { FuncCall, IndexStmt } from '@pgsql/types';
import { fieldsOf, fieldsOfEach, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, headOf, isInUse, relationOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { nameIn } from '../support/statement-tokens';

/** Writes per second from which merging the pending list of a GIN index is felt. */
const manyWrites = 100;

export const check: Check = {
  id: 'extension-specifics',
  hazards: ['P97'],
  severity: 'hint',
  summary: "Uses an index method or an extension's function in a way that blocks access or gives poor results.",
  looksAhead: true,
  *statement(context) {
    const { node } = context.statement;
    const index = fieldsOf(node, 'IndexStmt');
    if (index) yield* indexAdvice(context, index);
    if (node && fieldsOf(node, 'SelectStmt')) yield* callAdvice(context, node);
  },
};

function* indexAdvice(context: StatementContext, index: IndexStmt): Iterable<FindingDraft> {
  const { statement, project } = context;
  const table = relationOf(index.relation);
  const method = index.accessMethod;
  const token = method === undefined ? undefined : nameIn(statement, method);
  const range = token ? { start: token.start, end: token.end } : headOf(statement);
  if (method === 'ivfflat' && isMadeHere(context, table) && !isFilledBefore(context, table)) {
    yield {
      range,
      verified: false,
      message: `Builds an ivfflat index on ${displayName(table)} while it is empty: searches miss most neighbors`,
      details: 'ivfflat clusters the vectors that exist when the index is built.',
      advice: 'Build the index after the table is filled, or use hnsw, which needs no rows.',
    };
  }
  const writes = project.statistics?.tables.get(table)?.writesPerSecond ?? 0;
  const states = fieldsOfEach(index.options, 'DefElem').some(({ defname }) => defname === 'fastupdate');
  if (method === 'gin' && writes >= manyWrites && !states) {
    yield {
      range,
      message: `Stalls some writes to ${displayName(table)} while GIN merges its pending list`,
      details: `${displayName(table)} has ${writes.toLocaleString('en')} writes per second. Searches also scan the whole pending list.`,
      advice:
        'Add WITH (fastupdate = off), which makes every write slightly slower but none very slow, or set gin_pending_list_limit for the index.',
    };
  }
}

/** True for a table of the same release, also where the shadow could not make it for want of the extension. */
function isMadeHere(context: StatementContext, table: string): boolean {
  const isMade = context.script.statements.some(({ node }) => {
    const relation = fieldsOf(node, 'CreateStmt')?.relation;
    return relation !== undefined && relationOf(relation) === table;
  });
  return isMade || !isInUse(context, table);
}

/** True when an earlier statement of the scripts writes rows into the table. */
function isFilledBefore({ project, statement }: StatementContext, table: string): boolean {
  for (const each of project.chain.flatMap(({ up }) => up.statements)) {
    if (each === statement) return false;
    const write = fieldsOf(each.node, 'InsertStmt') ?? fieldsOf(each.node, 'CopyStmt');
    const query = fieldsOf(each.node, 'CreateTableAsStmt')?.into;
    if (relationOf(write?.relation) === table || (query && relationOf(query.rel) === table)) return true;
  }
  return false;
}

function* callAdvice(context: StatementContext, node: SqlNode): Iterable<FindingDraft> {
  const calls: FuncCall[] = [];
  walk(node, (type, inner) => {
    if (type === 'FuncCall') calls.push(inner);
  });
  for (const call of calls) {
    const name = nameParts(call.funcname).at(-1) ?? '';
    const table = tableArgument(call);
    const token = nameIn(context.statement, name);
    if (table === undefined || !token || isMadeHere(context, table)) continue;
    const range = { start: token.start, end: token.end };
    const shown = displayName(table);
    if (name === 'create_hypertable') yield { range, verified: false, ...hypertable(shown, call) };
    if (name === 'create_distributed_table') {
      yield {
        range,
        verified: false,
        message: `Blocks writes to ${shown} until all rows are moved to the shards`,
        advice: 'Use create_distributed_table_concurrently, which does not block writes, outside a transaction.',
        fixes:
          context.script.script.transaction === 'none'
            ? [fix(context, 'Use create_distributed_table_concurrently', [{ range, newText: 'create_distributed_table_concurrently' }])]
            : [],
      };
    }
  }
}

function hypertable(table: string, call: FuncCall): Pick<FindingDraft, 'message' | 'details' | 'advice'> {
  const advice = `Create a new hypertable, write to both tables, and copy the rows of ${table} in batches.`;
  return migratesData(call)
    ? {
        message: `Blocks reads and writes of ${table} until create_hypertable has moved all rows`,
        details: 'All rows are moved into chunks in one transaction.',
        advice,
      }
    : {
        message: `Fails if ${table} has rows: create_hypertable requires an empty table`,
        details: 'With migrate_data => true, it moves all rows in one transaction, which blocks reads and writes.',
        advice,
      };
}

function migratesData({ args }: FuncCall): boolean {
  return fieldsOfEach(args, 'NamedArgExpr').some(
    ({ name, arg }) => name === 'migrate_data' && fieldsOf(arg, 'A_Const')?.boolval?.boolval === true,
  );
}

/** The table in the first argument, where it is a constant: `'metrics'`, `'shop.metrics'`, also with `relation =>`. */
function tableArgument({ args }: FuncCall): string | undefined {
  const first = args?.[0];
  const value = fieldsOf(first, 'NamedArgExpr')?.arg ?? first;
  const constant = fieldsOf(value, 'A_Const') ?? fieldsOf(fieldsOf(value, 'TypeCast')?.arg, 'A_Const');
  const text = constant?.sval?.sval;
  if (text === undefined) return undefined;
  return text.includes('.') ? text : `public.${text}`;
}
