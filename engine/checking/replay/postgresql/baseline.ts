import type { BaselineContext } from '../../context/context';
import type { Script } from '../../../core/scripts';
import type { ReplayStep, StepObservation } from '../../../databases/observation';
import { quoted } from '../../../databases/postgresql/inference/type-names';
import { fieldsOf, fieldsOfEach, nodeType, rolesIn } from '../../../databases/postgresql/sql/nodes';
import { parseStatements } from '../../../databases/postgresql/sql/parser';
import type { ParsedStatement, SqlNode } from '../../../databases/postgresql/sql/statement';
import type { Baseline } from '../../project/baseline';

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
  const roles = [...missingRoles(sent)].filter((role) => !made.has(role)).map((role) => ({ text: `CREATE ROLE ${quoted(role)}` }));
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
  if (!node) return false;
  return /^(?:CopyStmt|TransactionStmt|InsertStmt|CreateSubscriptionStmt|AlterSubscriptionStmt|CreatedbStmt)$/.test(nodeType(node));
}

/** Settings of other versions of the server, and a schema that every database has. */
function isTolerated(node: SqlNode | undefined, sqlstate: string): boolean {
  if (!node) return false;
  if (nodeType(node) === 'VariableSetStmt') return true;
  return nodeType(node) === 'CreateSchemaStmt' && sqlstate === '42P06' && fieldsOf(node, 'CreateSchemaStmt')?.schemaname === 'public';
}

const serverRoles = /^(?:postgres|public|pg_.*|none)$/;

function missingRoles(statements: readonly ParsedStatement[]): Set<string> {
  const nodes = statements.flatMap(({ node }) => node ?? []);
  const roles = new Set(nodes.flatMap(rolesIn).filter((name) => !serverRoles.test(name)));
  for (const { role = '' } of fieldsOfEach(nodes, 'CreateRoleStmt')) roles.delete(role);
  return roles;
}
