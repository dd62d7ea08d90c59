import type { TextRange } from '../../../core/text';
import { codeOf, parsePlpgsql } from '../sql/inner-statements';
import { asFields, asNode, asNodes, asText, type Fields, fieldsOf, fieldsOfEach, nodeType } from '../sql/untyped-nodes';
import { parseStatements } from '../sql/parser';
import { quotedIdentifier } from '../sql/quoting';
import type { ParsedStatement, SqlNode } from '../sql/statement';

/** What PL/pgSQL code uses of a database, so that it can be tried piece by piece. */
export interface PlpgsqlBody {
  readonly isTrigger: boolean;
  readonly variables: readonly { readonly name: string; readonly type: string }[];
  /** Labels of blocks, by which variables may be qualified. */
  readonly labels: readonly string[];
  /** What `#variable_conflict` says. */
  readonly conflict: string | undefined;
  readonly pieces: readonly Piece[];
  /** Names of variables that are not visible in all of the code. */
  readonly narrow: ReadonlySet<string>;
  /** True when EXECUTE runs text that is known only then. */
  readonly isDynamic: boolean;
  /** True when the code asks which table its trigger is of. */
  readonly asksForTable: boolean;
}

export interface Piece {
  /** Where it stands in the document; the whole code where it cannot be found. */
  readonly place: TextRange;
  /** PL/pgSQL statements that make PostgreSQL look at the piece and do nothing. */
  readonly tries: readonly string[];
  /** True inside a block that handles errors of this kind itself. */
  readonly isHandled: boolean;
}

const mostPieces = 300;

/** The PL/pgSQL body of a CREATE FUNCTION or PROCEDURE; undefined for other statements and where the code does not parse. */
export function plpgsqlBody(statement: ParsedStatement): PlpgsqlBody | undefined {
  const code = codeOf(statement);
  if (code?.language !== 'plpgsql' || nodeType(statement.node) !== 'CreateFunctionStmt') return undefined;
  const parsed = parsePlpgsql(statement, code.range);
  const [routine] = asNodes(parsed?.['plpgsql_funcs']).map((each) => fieldsOf(each, 'PLpgSQL_function'));
  return routine && new BodyReader(code.text, code.range, code.exact).read(routine);
}

class BodyReader {
  readonly #pieces: Piece[] = [];
  readonly #labels = new Set<string>();
  readonly #narrow = new Set<string>();
  readonly #used = new Set<number>();
  readonly #lines: readonly number[];
  readonly #sources: { readonly record: string | undefined; readonly piece: number; readonly sql: string }[] = [];
  #isDynamic = false;

  constructor(
    readonly code: string,
    readonly range: TextRange,
    readonly exact: boolean,
  ) {
    this.#lines = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  read(routine: Fields): PlpgsqlBody {
    const data = asNodes(routine['datums']);
    const isTrigger = data.some((each) => fieldsOf(each, 'PLpgSQL_var')?.['refname'] === 'tg_op');
    const firstLocal = data.findIndex((each) => fieldsOf(each, 'PLpgSQL_var')?.['refname'] === 'found') + 1;
    const locals = data.slice(firstLocal);
    for (const each of locals) this.#collect(each, 1, false);
    this.#collect(routine['action'], 1, false);
    const variables = this.#variables(locals);
    for (const alias of asNodes(routine['aliases']).map((each) => fieldsOf(each, 'PLpgSQL_alias'))) {
      const target = data[Number(alias?.['varno'] ?? 0)];
      const name = asText((fieldsOf(target, 'PLpgSQL_var') ?? fieldsOf(target, 'PLpgSQL_rec'))?.['refname']);
      // An argument's type is known to the catalog alone.
      variables.set(asText(alias?.['name']) ?? '', variables.get(name ?? '') ?? 'record');
    }
    this.#shapeRecords(variables);
    const declarations = this.code.match(/\bdeclare\b/gi)?.length ?? 0;
    return {
      isTrigger,
      variables: [...variables].map(([name, type]) => ({ name, type })),
      labels: [...this.#labels],
      conflict: /^\s*#variable_conflict\s+(error|use_variable|use_column)\b/im.exec(this.code)?.[1],
      pieces: this.#pieces.slice(0, mostPieces),
      narrow: declarations > 1 ? new Set(variables.keys()) : this.#narrow,
      isDynamic: this.#isDynamic,
      asksForTable: /\btg_(?:table_name|relname|relid|table_schema|argv|nargs|name)\b/i.test(this.code),
    };
  }

  /** Types by name. A name with several types becomes a record, of which PostgreSQL knows nothing beforehand. */
  #variables(data: ReturnType<typeof asNodes>): Map<string, string> {
    const types = new Map<string, string>();
    for (const each of data) {
      const variable = fieldsOf(each, 'PLpgSQL_var') ?? fieldsOf(each, 'PLpgSQL_rec');
      const name = asText(variable?.['refname']);
      if (name === undefined || name.startsWith('(')) continue;
      const type = asText(fieldsOf(asNode(variable?.['datatype']), 'PLpgSQL_type')?.['typname']) ?? 'record';
      types.set(name, types.has(name) && types.get(name) !== type ? 'record' : type);
    }
    return types;
  }

  #collect(value: unknown, line: number, isHandled: boolean): void {
    if (Array.isArray(value)) {
      for (const each of value) this.#collect(each, line, isHandled);
      return;
    }
    for (const [type, inner] of Object.entries(asFields(value) ?? {})) {
      const own = asFields(inner);
      if (!own) {
        this.#collect(inner, line, isHandled);
        continue;
      }
      const ownLine = typeof own['lineno'] === 'number' && own['lineno'] > 0 ? own['lineno'] : line;
      const label = asText(own['label']);
      if (label !== undefined) this.#labels.add(label);
      if (type === 'PLpgSQL_expr') this.#expression(own, ownLine, isHandled);
      if (/^PLpgSQL_stmt_dyn/.test(type)) this.#isDynamic = true;
      if (type === 'PLpgSQL_stmt_fori') this.#narrow.add(asText(fieldsOf(asNode(own['var']), 'PLpgSQL_var')?.['refname']) ?? '');
      const covered = type === 'PLpgSQL_stmt_block' && own['exceptions'] !== undefined && handlesMissing(own['exceptions']);
      for (const [field, child] of queryFirst(own)) {
        this.#collect(child, ownLine, isHandled || (covered && field === 'body'));
        if (field === 'query' || field === 'sqlstmt') this.#results(own, asNode(child), isHandled);
      }
      if (type === 'PLpgSQL_stmt_assign') this.#sources.push({ record: assignedName(own), piece: -1, sql: '' });
    }
  }

  #expression(expression: Fields, line: number, isHandled: boolean): void {
    const query = asText(expression['query']) ?? '';
    const mode = Number(expression['parseMode'] ?? 0);
    const place = this.#placeOf(query, line);
    const assignment = mode > 2 ? assignmentPattern.exec(query) : null;
    if (mode > 2 && !assignment) return;
    const sql = mode === 0 ? query : `SELECT ${assignment ? query.slice(assignment[0].length) : query}`;
    const tries = [...fieldTry(assignment?.[1]), ...statementTry(sql)];
    if (tries.length > 0) this.#pieces.push({ place, tries, isHandled });
  }

  /** Where the result of a query goes: fields of rows, which belong to the piece of the query, or a record that takes its shape. */
  #results(statement: Fields, query: SqlNode | undefined, isHandled: boolean): void {
    const target = asNode(statement['target']) ?? asNode(statement['var']);
    const place = this.#pieces.at(-1)?.place ?? this.range;
    const tries = asNodes(fieldsOf(target, 'PLpgSQL_row')?.['fields']).flatMap((field) => fieldTry(asText((field as Fields)['name'])));
    if (tries.length > 0) this.#pieces.push({ place, tries, isHandled });
    const record = asText(fieldsOf(target, 'PLpgSQL_rec')?.['refname']);
    const sql = asText(fieldsOf(query, 'PLpgSQL_expr')?.['query']) ?? '';
    if (record !== undefined) this.#sources.push({ record, piece: this.#pieces.length - 1, sql });
  }

  /** Gives each record that only one query fills the shape of its rows, without running the query. */
  #shapeRecords(variables: ReadonlyMap<string, string>): void {
    for (const { record, piece, sql } of this.#sources) {
      const target = this.#pieces[piece];
      const isOnly = this.#sources.filter((each) => each.record === record).length === 1;
      if (!target || !isOnly || variables.get(record ?? '') !== 'record' || !isPlainSelect(sql)) continue;
      const shape = `SELECT * INTO ${quotedIdentifier(record ?? '')} FROM (${sql}) mem8_rows LIMIT 0;`;
      this.#pieces[piece] = { ...target, tries: [...target.tries, shape] };
    }
  }

  #placeOf(query: string, line: number): TextRange {
    const from = this.#lines[line - 1] ?? 0;
    // PERFORM is SELECT in the parser's text, and INTO with its targets is blank.
    const perform = query.startsWith('SELECT ') && !this.code.includes(query, from) ? query.slice('SELECT '.length) : query;
    for (const written of [query, perform, firstWords(query)]) {
      let at = this.exact && written !== '' ? this.code.indexOf(written, from) : -1;
      while (at >= 0 && this.#used.has(at)) at = this.code.indexOf(written, at + 1);
      if (at < 0) continue;
      this.#used.add(at);
      return { start: this.range.start + at, end: this.range.start + at + written.trimEnd().length };
    }
    return this.range;
  }
}

/** The fields of a PL/pgSQL statement in the order in which they take effect. */
function queryFirst(statement: Fields): [string, unknown][] {
  const entries = Object.entries(statement);
  return [...entries.filter(([field]) => field === 'query'), ...entries.filter(([field]) => field !== 'query')];
}

function assignedName(assignment: Fields): string | undefined {
  const query = asText(fieldsOf(asNode(assignment['expr']), 'PLpgSQL_expr')?.['query']) ?? '';
  return assignmentPattern.exec(query)?.[1]?.toLowerCase();
}

/** True for a query that may stand in FROM. */
function isPlainSelect(sql: string): boolean {
  const select = fieldsOf(parseStatements(sql)[0]?.node, 'SelectStmt');
  return select !== undefined && select['withClause'] === undefined;
}

function firstWords(query: string): string {
  return query.split(/\s{4,}/)[0] ?? '';
}

const name = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)`;
const assignmentPattern = new RegExp(String.raw`^\s*(${name}(?:\s*\.\s*${name})*)(?:\s*\[[^\]]*\])*\s*(?::=|=)\s*`);

/** Sets a field of a row to NULL: PostgreSQL refuses one that the row does not have. */
function fieldTry(target: string | undefined): string[] {
  const path = new RegExp(String.raw`^(${name})\s*\.\s*(${name})`).exec(target ?? '');
  return path ? [`${path[1]}.${path[2]} := NULL;`] : [];
}

function statementTry(sql: string): string[] {
  const [statement, ...others] = parseStatements(sql);
  const node = statement?.node;
  if (!node || others.length > 0) return [];
  if (/^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(nodeType(node)))
    return [`FOR mem8_row IN EXPLAIN ${statement.text} LOOP EXIT; END LOOP;`];
  const created = asFields(fieldsOf(node, 'CreateStmt')?.['relation']) ?? createdAs(fieldsOf(node, 'CreateTableAsStmt'));
  return created?.['relpersistence'] === 't' ? [`${statement.text};`] : [];
}

function createdAs(create: Fields | undefined): Fields | undefined {
  return asFields(asFields(create?.['into'])?.['rel']);
}

/** True when handlers catch errors that speak of missing objects. */
function handlesMissing(exceptions: unknown): boolean {
  const handlers = fieldsOfEach(fieldsOf(asNode(exceptions), 'PLpgSQL_exception_block')?.['exc_list'], 'PLpgSQL_exception');
  const conditions = handlers.flatMap((handler) => fieldsOfEach(handler['conditions'], 'PLpgSQL_condition'));
  return (
    conditions.length === 0 ||
    conditions.some(({ condname }) => /^(?:others|undefined_|ambiguous|syntax)/.test(asText(condname) ?? 'others'))
  );
}
