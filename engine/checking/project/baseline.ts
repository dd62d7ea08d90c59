import type { RoleSpec } from '@pgsql/types';
import type { BaselineContext } from '../context/context';
import type { Files } from '../../core/host';
import { ProblemError } from '../../core/problem';
import type { Script } from '../../core/scripts';
import type { ReplayStep, StepObservation } from '../../databases/postgresql/shadow/observation';
import { fieldsOf, nodeType } from '../../databases/postgresql/sql/nodes';
import { parseStatements } from '../../databases/postgresql/sql/parser';
import type { ParsedStatement, SqlNode } from '../../databases/postgresql/sql/statement';
import { quoted } from '../../databases/postgresql/inference/type-names';

/** A schema dump that stands for everything that ran before the first migration. */
export interface Baseline {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the dump that a manifest or a configuration file declares.
 * @throws ProblemError `file-not-found` when it is not there, otherwise `file-*`
 */
export async function readBaseline(files: Files, file: string, declaredIn: string): Promise<Baseline> {
  if ((await files.kind(file)) !== 'file') {
    throw new ProblemError({
      code: 'file-not-found',
      file,
      message: `${file} does not exist, but ${declaredIn} declares it as the baseline.`,
      remedy: 'Create the dump (pg_dump --schema-only), or correct the path, which is relative to the file that declares it.',
    });
  }
  return { file, text: await files.readText(file) };
}

/** A baseline that is ready to be replayed. */
export interface BaselineReplay {
  readonly script: Script;
  readonly statements: readonly ParsedStatement[];
  readonly step: ReplayStep;
  /** The statements of `step` that are the dump's, in order; before them come others. */
  readonly sent: readonly ParsedStatement[];
}

/**
 * The dump as a step: without psql's commands and rows, and with the roles first that it names, because a dump of one
 * database does not make them. Before them comes what exists without the dump (`environment`, SQL). Each statement is a transaction of its own, as psql sends them.
 */
export function baselineReplay({ file, text }: Baseline, environment = ''): BaselineReplay {
  const before = parseStatements(environment);
  const statements = [...before, ...parseStatements(text)];
  const sent = statements.slice(before.length).filter((statement) => statement.kind === 'sql' && !isSkipped(statement.node));
  const made = new Set(before.flatMap(({ node }) => fieldsOf(node, 'CreateRoleStmt')?.role ?? []));
  const roles = [...rolesIn(sent)].filter((role) => !made.has(role)).map((role) => ({ text: `CREATE ROLE ${quoted(role)}` }));
  const first = [...before, ...roles].map((statement) => ({ text: statement.text }));
  return {
    script: { file, direction: 'up', text, sections: [{ start: 0, end: text.length }], sql: text, transaction: 'none' },
    statements,
    sent,
    step: {
      id: 'baseline',
      up: { transaction: 'none', sends: 'statements', statements: [...first, ...sent.map((statement) => ({ text: statement.text }))] },
    },
  };
}

/** What checks are told of a baseline: which of its statements the server refused. */
export function baselineContext({ script, sent, step }: BaselineReplay, observation: StepObservation | undefined): BaselineContext {
  const added = step.up.statements.length - sent.length;
  const failures = sent.flatMap((statement, index) => {
    const error = observation?.statements[index + added]?.error;
    return error && !error.gaveUp && !isTolerated(statement.node, error.sqlstate) ? [{ statement, error }] : [];
  });
  return { script, failures, statements: sent, observation };
}

/** Rows, transactions and subscriptions are no part of a schema. */
function isSkipped(node: SqlNode | undefined): boolean {
  return /^(?:CopyStmt|TransactionStmt|InsertStmt|CreateSubscriptionStmt|AlterSubscriptionStmt|CreatedbStmt)$/.test(nodeType(node));
}

/** Settings of other versions of the server, and a schema that every database has. */
function isTolerated(node: SqlNode | undefined, sqlstate: string): boolean {
  if (fieldsOf(node, 'VariableSetStmt')) return true;
  return sqlstate === '42P06' && fieldsOf(node, 'CreateSchemaStmt')?.schemaname === 'public';
}

const serverRoles = /^(?:postgres|public|pg_.*|none)$/;

function rolesIn(statements: readonly ParsedStatement[]): Set<string> {
  const roles = new Set<string>();
  const made = new Set<string>();
  for (const { node } of statements) {
    const create = fieldsOf(node, 'CreateRoleStmt');
    if (create) made.add(create.role ?? '');
    const pending: unknown[] = [node];
    while (pending.length > 0) {
      const value = pending.pop();
      if (typeof value !== 'object' || value === null) continue;
      const { rolename: name, roletype }: RoleSpec = value;
      if (name !== undefined && roletype === 'ROLESPEC_CSTRING' && !serverRoles.test(name)) roles.add(name);
      pending.push(...(Object.values(value) as unknown[]));
    }
  }
  for (const name of made) roles.delete(name);
  return roles;
}
