import type { RunnerProfile } from '../../../../core/scripts';
import { fieldsOf, transactionControl } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { ProjectContext, ScriptContext, StatementContext } from '../../../context/context';

/** The transaction in which a statement will really run. */
export interface Transaction {
  /**
   * Who opens it: the migration runner around the script, the server around a message of several statements, the script by
   * BEGIN; `none` for a statement that is a transaction of its own.
   */
  readonly openedBy: 'runner' | 'message' | 'script' | 'none';
  /** The statements before it in the same transaction, control statements left out. */
  readonly earlier: readonly ParsedStatement[];
  /** The statements after it in the same transaction, control statements left out. */
  readonly later: readonly ParsedStatement[];
}

/** The transaction around the statement, by the runner's profile and the script's own BEGIN and COMMIT. */
export function transactionOf({ script, statement, inside, project }: StatementContext): Transaction {
  const own = inside ?? statement;
  return known(script, project).places.get(own) ?? { openedBy: 'none', earlier: [], later: [] };
}

interface Known {
  readonly sends: RunnerProfile['sends'] | undefined;
  readonly transactions: ScriptTransaction[];
  readonly places: ReadonlyMap<ParsedStatement, Transaction>;
}

const cache = new WeakMap<ScriptContext, Known>();

function known(script: ScriptContext, { directory }: Pick<ProjectContext, 'directory'>): Known {
  const before = cache.get(script);
  const sends = script.script.sends ?? directory?.runner.sends;
  if (before && before.sends === sends) return before;
  const transactions = readTransactions(script, sends);
  const places = transactions.flatMap(({ openedBy, statements }) =>
    statements.map((statement, at) => [statement, new PlaceInTransaction(openedBy, statements, at)] as const),
  );
  const result = { sends, transactions, places: new Map(places) };
  cache.set(script, result);
  return result;
}

/** Scripts can have thousands of statements, so the lists around each are only made when they are asked for. */
class PlaceInTransaction implements Transaction {
  constructor(
    readonly openedBy: Transaction['openedBy'],
    readonly statements: readonly ParsedStatement[],
    readonly at: number,
  ) {}

  get earlier(): readonly ParsedStatement[] {
    return this.statements.slice(0, this.at);
  }

  get later(): readonly ParsedStatement[] {
    return this.statements.slice(this.at + 1);
  }
}

/** True when the tool sends the script as one message, whose statements the server runs in one transaction. */
export function isOneMessage({ script, project }: Pick<StatementContext, 'script' | 'project'>): boolean {
  return (script.script.sends ?? project.directory?.runner.sends) === 'whole';
}

/** One transaction of a script. */
export interface ScriptTransaction {
  readonly openedBy: Transaction['openedBy'];
  readonly statements: readonly ParsedStatement[];
}

/**
 * The transactions of a script in order; a statement that is a transaction of its own makes one of kind `none`. As the server
 * does, a BEGIN inside a message takes the statements before it into its transaction, one inside an open transaction does
 * nothing, and what follows a COMMIT in a message is one transaction again.
 */
export function transactionsOf(script: ScriptContext, project: Pick<ProjectContext, 'directory'>): ScriptTransaction[] {
  return known(script, project).transactions;
}

function readTransactions(script: ScriptContext, sends: RunnerProfile['sends'] | undefined): ScriptTransaction[] {
  const statements = script.statements.filter(({ kind }) => kind === 'sql');
  const afterEnd = sends === 'whole' && statements.length > 1 ? 'message' : 'none';
  const found: ScriptTransaction[] = [];
  let openedBy: Transaction['openedBy'] = script.script.transaction === 'script' ? 'runner' : afterEnd;
  let current: ParsedStatement[] = [];
  const close = (next: Transaction['openedBy']): void => {
    if (current.length > 0) found.push({ openedBy, statements: current });
    current = [];
    openedBy = next;
  };
  for (const statement of statements) {
    const control = statement.node && transactionControl(statement.node);
    if (control === 'begin') {
      if (openedBy === 'none' || openedBy === 'message') openedBy = 'script';
    } else if (control === 'commit' || control === 'rollback') {
      const chains = fieldsOf(statement.node, 'TransactionStmt')?.chain === true && openedBy !== 'none' && openedBy !== 'message';
      close(chains ? 'script' : afterEnd);
    } else if (control === undefined) {
      current.push(statement);
      if (openedBy === 'none') close('none');
    }
  }
  close('none');
  return found;
}
