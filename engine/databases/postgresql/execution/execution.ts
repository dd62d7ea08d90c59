import type { Execution } from '../../execution';
import { dataLosses, mayLose } from '../sql/data-losses';
import { setLockTimeout, setsOwnLockTimeout, withLockRetry } from './locking';
import { parseSql } from './parse-sql';
import { probe } from './probe';
import { scriptWrites } from './script-writes';
import { unitsOf } from './script-units';
import { resetSqlFor, setSearchPath } from './session-settings';
import { needsOwnTransaction } from './statement-kinds';

export const execution: Execution = {
  unitsOf: async (sql, options) => unitsOf(sql, await parseSql(sql), options),
  writesOf: async (sql) => (await parseSql(sql)).flatMap(scriptWrites),
  lossesOf: async (scripts) => (scripts.some(mayLose) ? dataLosses(await Promise.all(scripts.map(parseSql))) : scripts.map(() => [])),
  statementsOf: async (sql) =>
    (await parseSql(sql)).map((statement) => ({
      needsOwnTransaction: needsOwnTransaction(statement),
      probe: (session, interrupted) => probe(session, statement, interrupted),
    })),
  setLockTimeout,
  setsOwnLockTimeout,
  withLockRetry,
  setSearchPath,
  resetSqlFor,
};
