import type { TextRange } from '../../../core/text';
import { codeOf } from '../sql/inner-statements';
import { fieldsOf, nodeType } from '../sql/nodes';
import { parseStatements } from '../sql/parser';
import {
  entriesOf,
  isFields,
  parsePlpgsql,
  type PlpgsqlExpression,
  type PlpgsqlNode,
  type PlpgsqlRoutine,
  type PlpgsqlStatement,
} from '../sql/plpgsql-tree';
import { quotedIdentifier } from '../sql/quoting';
import type { ParsedStatement } from '../sql/statement';

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

interface Piece {
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
  const routine = parsePlpgsql(statement, code.range);
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

  read({ datums = [], action, aliases = [] }: PlpgsqlRoutine): PlpgsqlBody {
    const isTrigger = datums.some(({ PLpgSQL_var: variable }) => variable?.refname === 'tg_op');
    const firstLocal = datums.findIndex(({ PLpgSQL_var: variable }) => variable?.refname === 'found') + 1;
    const locals = datums.slice(firstLocal);
    for (const each of locals) this.#collect(each, 1, false);
    this.#collect(action, 1, false);
    const variables = this.#variables(locals);
    for (const { PLpgSQL_alias: alias } of aliases) {
      const target = datums[alias?.varno ?? 0];
      const name = (target?.PLpgSQL_var ?? target?.PLpgSQL_rec)?.refname;
      // An argument's type is known to the catalog alone.
      variables.set(alias?.name ?? '', variables.get(name ?? '') ?? 'record');
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
  #variables(data: readonly PlpgsqlNode[]): Map<string, string> {
    const types = new Map<string, string>();
    for (const each of data) {
      const { refname: name, datatype } = each.PLpgSQL_var ?? each.PLpgSQL_rec ?? {};
      if (name === undefined || name.startsWith('(')) continue;
      const type = datatype?.PLpgSQL_type?.typname ?? 'record';
      types.set(name, types.has(name) && types.get(name) !== type ? 'record' : type);
    }
    return types;
  }

  #collect(value: unknown, line: number, isHandled: boolean): void {
    if (Array.isArray(value)) {
      for (const each of value) this.#collect(each, line, isHandled);
      return;
    }
    for (const [type, inner] of entriesOf(value)) {
      if (!isFields(inner)) {
        this.#collect(inner, line, isHandled);
        continue;
      }
      const own: PlpgsqlStatement = inner;
      const ownLine = own.lineno !== undefined && own.lineno > 0 ? own.lineno : line;
      if (own.label !== undefined) this.#labels.add(own.label);
      if (type === 'PLpgSQL_expr') this.#expression(inner, ownLine, isHandled);
      if (/^PLpgSQL_stmt_dyn/.test(type)) this.#isDynamic = true;
      if (type === 'PLpgSQL_stmt_fori') this.#narrow.add(own.var?.PLpgSQL_var?.refname ?? '');
      const covered = type === 'PLpgSQL_stmt_block' && own.exceptions !== undefined && handlesMissing(own.exceptions);
      for (const [field, child] of queryFirst(own)) {
        this.#collect(child, ownLine, isHandled || (covered && field === 'body'));
        if (field === 'query' || field === 'sqlstmt') this.#results(own, own[field], isHandled);
      }
      if (type === 'PLpgSQL_stmt_assign') this.#sources.push({ record: assignedName(own), piece: -1, sql: '' });
    }
  }

  #expression({ query = '', parseMode: mode = 0 }: PlpgsqlExpression, line: number, isHandled: boolean): void {
    const place = this.#placeOf(query, line);
    const assignment = mode > 2 ? assignmentPattern.exec(query) : null;
    if (mode > 2 && !assignment) return;
    const sql = mode === 0 ? query : `SELECT ${assignment ? query.slice(assignment[0].length) : query}`;
    const tries = [...fieldTry(assignment?.[1]), ...statementTry(sql)];
    if (tries.length > 0) this.#pieces.push({ place, tries, isHandled });
  }

  /** Where the result of a query goes: fields of rows, which belong to the piece of the query, or a record that takes its shape. */
  #results(statement: PlpgsqlStatement, query: PlpgsqlNode | undefined, isHandled: boolean): void {
    const target = statement.target ?? statement.var;
    const place = this.#pieces.at(-1)?.place ?? this.range;
    const tries = (target?.PLpgSQL_row?.fields ?? []).flatMap((field) => fieldTry(field.name));
    if (tries.length > 0) this.#pieces.push({ place, tries, isHandled });
    const record = target?.PLpgSQL_rec?.refname;
    const sql = query?.PLpgSQL_expr?.query ?? '';
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
function queryFirst(statement: PlpgsqlStatement): [string, unknown][] {
  const entries = entriesOf(statement);
  return [...entries.filter(([field]) => field === 'query'), ...entries.filter(([field]) => field !== 'query')];
}

function assignedName({ expr }: PlpgsqlStatement): string | undefined {
  return assignmentPattern.exec(expr?.PLpgSQL_expr?.query ?? '')?.[1]?.toLowerCase();
}

/** True for a query that may stand in FROM. */
function isPlainSelect(sql: string): boolean {
  const select = fieldsOf(parseStatements(sql)[0]?.node, 'SelectStmt');
  return select !== undefined && select.withClause === undefined;
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
  const created = fieldsOf(node, 'CreateStmt')?.relation ?? fieldsOf(node, 'CreateTableAsStmt')?.into?.rel;
  return created?.relpersistence === 't' ? [`${statement.text};`] : [];
}

/** True when handlers catch errors that speak of missing objects. */
function handlesMissing(exceptions: PlpgsqlNode): boolean {
  const handlers = exceptions.PLpgSQL_exception_block?.exc_list ?? [];
  const conditions = handlers.flatMap(({ PLpgSQL_exception: handler }) => handler?.conditions ?? []);
  const names = conditions.flatMap(({ PLpgSQL_condition: condition }) => (condition ? (condition.condname ?? 'others') : []));
  return names.length === 0 || names.some((each) => /^(?:others|undefined_|ambiguous|syntax)/.test(each));
}
