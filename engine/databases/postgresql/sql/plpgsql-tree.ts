import type { TextRange } from '../../../core/text';
import { estimateDepth } from './depth';
import { sqlParser } from './library';
import type { ParsedStatement } from './statement';

/** A node of the parse tree of PL/pgSQL code as libpg-query returns it: one of these, or one of a statement, of any other name. */
export interface PlpgsqlNode {
  readonly PLpgSQL_function?: PlpgsqlRoutine;
  readonly PLpgSQL_var?: PlpgsqlVariable;
  readonly PLpgSQL_rec?: PlpgsqlVariable;
  readonly PLpgSQL_row?: { readonly fields?: readonly { readonly name?: string }[] };
  readonly PLpgSQL_type?: { readonly typname?: string };
  readonly PLpgSQL_alias?: { readonly name?: string; readonly varno?: number };
  readonly PLpgSQL_expr?: PlpgsqlExpression;
  readonly PLpgSQL_exception_block?: { readonly exc_list?: readonly PlpgsqlNode[] };
  readonly PLpgSQL_exception?: { readonly conditions?: readonly PlpgsqlNode[] };
  readonly PLpgSQL_condition?: { readonly condname?: string };
}

export interface PlpgsqlRoutine {
  readonly datums?: readonly PlpgsqlNode[];
  readonly action?: PlpgsqlNode;
  readonly aliases?: readonly PlpgsqlNode[];
}

interface PlpgsqlVariable {
  readonly refname?: string;
  readonly datatype?: PlpgsqlNode;
}

export interface PlpgsqlExpression {
  readonly query?: string;
  readonly parseMode?: number;
}

/** The fields of statements, each of which has some of them. */
export interface PlpgsqlStatement {
  /** From 1. */
  readonly lineno?: number;
  readonly label?: string;
  readonly var?: PlpgsqlNode;
  readonly target?: PlpgsqlNode;
  readonly expr?: PlpgsqlNode;
  readonly query?: PlpgsqlNode;
  readonly sqlstmt?: PlpgsqlNode;
  readonly exceptions?: PlpgsqlNode;
}

/** The entries of a node or of fields; empty for anything else. */
export function entriesOf(value: unknown): [name: string, value: unknown][] {
  return isFields(value) ? Object.entries(value) : [];
}

export function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper code than this is left unread: the parser works recursively. */
const deepestAllowed = 1000;

const typeName = String.raw`((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)`;
const rowType = new RegExp(String.raw`${typeName}%rowtype\b`, 'gi');
const columnType = new RegExp(String.raw`${typeName}%type\b`, 'gi');

/**
 * What the parser for PL/pgSQL makes of a DO block, CREATE FUNCTION or CREATE PROCEDURE, without types that it does not know:
 * `t%ROWTYPE` becomes `t`, and `t.c%TYPE` of an argument `text`. Undefined where the code does not parse: the server says why.
 */
export function parsePlpgsql({ start, text }: ParsedStatement, code: TextRange): PlpgsqlRoutine | undefined {
  if (estimateDepth(text) > deepestAllowed) return undefined;
  const head = text.slice(0, code.start - start).replace(columnType, (found) => 'text'.padEnd(found.length));
  const body = text.slice(code.start - start).replace(rowType, (found, name: string) => name.padEnd(found.length));
  const { parsePlPgSQLSync } = sqlParser();
  try {
    const tree = parsePlPgSQLSync(head + body) as { readonly plpgsql_funcs?: readonly PlpgsqlNode[] };
    return tree.plpgsql_funcs?.[0]?.PLpgSQL_function;
  } catch {
    return undefined;
  }
}
