import { failure, success, type Outcome } from '../../../core/problem';
import { LineIndex } from '../../../core/text';
import type { ScriptUnit, UnitsOptions } from '../../execution';
import type { ParsedStatement } from '../sql/statement';
import { transactionStatement, type TransactionStatement } from '../sql/transaction-control';
import { changesSession, needsOwnTransaction } from './statement-kinds';

/**
 * Cuts a script into what can be run and journaled atomically, true to how its own tool would run it: a script in one
 * transaction stays whole; BEGIN ... COMMIT blocks become one unit each; every other statement is a unit of its own.
 * Fails with `plan-invalid` for what no server can be sent: psql commands, rows of COPY, a ROLLBACK of the script's own.
 */
export function unitsOf(sql: string, statements: readonly ParsedStatement[], options: UnitsOptions): Outcome<ScriptUnit[]> {
  const foreign = statements.find((statement) => statement.kind !== 'sql');
  if (foreign) {
    const what = foreign.kind === 'meta' ? `the psql command ${firstLine(foreign.text)}` : 'rows for COPY FROM STDIN';
    return invalid(sql, foreign, `The script contains ${what}, which only psql can run.`, 'Rewrite it as SQL that the server can run.');
  }
  const controlled = statements.some((statement) => boundaryOf(statement) !== undefined);
  const mixed = statements.some(needsOwnTransaction);
  const oneMessage = options.transaction === 'script' || options.sends === 'whole' || statements.length === 0;
  if (!controlled && !mixed && oneMessage && !options.separate) {
    return success([{ sql: sql.trimEnd(), parts: [{ at: 0, start: 0 }], whole: true, transactional: true, session: false }]);
  }
  return separateUnits(sql, statements);
}

function separateUnits(sql: string, statements: readonly ParsedStatement[]): Outcome<ScriptUnit[]> {
  const units: ScriptUnit[] = [];
  let block: { parts: Part[] } | undefined;
  for (const statement of statements) {
    const boundary = boundaryOf(statement);
    if (boundary?.control === 'begin') {
      block ??= { parts: boundary.modes ? [{ text: `SET TRANSACTION ${boundary.modes}`, start: statement.start }] : [] };
    } else if (boundary?.control === 'rollback') {
      return invalid(
        sql,
        statement,
        `The script rolls back its own transaction (${firstLine(statement.text)}), so part of it would never take effect.`,
        'Remove the ROLLBACK or the statements before it.',
      );
    } else if (boundary?.control === 'commit') {
      if (block && block.parts.length > 0) units.push(transactionUnit(block.parts));
      block = boundary.chains ? { parts: [] } : undefined;
    } else if (block) {
      if (needsOwnTransaction(statement)) {
        return invalid(
          sql,
          statement,
          `"${firstLine(statement.text)}" is between BEGIN and COMMIT; the server does not run it in a transaction.`,
          'Move the statement out of the transaction.',
        );
      }
      block.parts.push(statement);
    } else {
      units.push({
        sql: sql.slice(statement.start, statement.end),
        parts: [{ at: 0, start: statement.start }],
        whole: false,
        transactional: !needsOwnTransaction(statement),
        session: changesSession(statement),
      });
    }
  }
  if (block && block.parts.length > 0) units.push(transactionUnit(block.parts));
  return success(units);
}

/** BEGIN, COMMIT and ROLLBACK; savepoints are statements like others, and PREPARE TRANSACTION is left to the server to refuse. */
function boundaryOf(statement: ParsedStatement): TransactionStatement | undefined {
  const found = transactionStatement(statement);
  return found?.control === 'savepoint' || found?.prepares ? undefined : found;
}

/** A statement of a BEGIN ... COMMIT block, and where it stands in the script. */
interface Part {
  readonly text: string;
  readonly start: number;
}

function transactionUnit(parts: readonly Part[]): ScriptUnit {
  let sql = '';
  const places = parts.map(({ text, start }) => {
    const at = sql === '' ? 0 : sql.length + 1;
    sql += `${sql === '' ? '' : '\n'}${text};`;
    return { at, start };
  });
  return { sql, parts: places, whole: false, transactional: true, session: false };
}

function invalid(sql: string, { start }: ParsedStatement, message: string, remedy: string): Outcome<never> {
  return failure({ code: 'plan-invalid', message, remedy, line: new LineIndex(sql).positionAt(start).line + 1 });
}

function firstLine(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
