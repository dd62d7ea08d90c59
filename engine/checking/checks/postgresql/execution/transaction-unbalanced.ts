import type { Fix } from '../../../../core/finding';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import { transactionControl } from '../../../../databases/postgresql/sql/transaction-control';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { ProjectContext, ScriptContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { fix, removeStatement } from '../support/fixes';

export const check: Check = {
  id: 'transaction-unbalanced',
  hazards: ['P54'],
  severity: 'warning',
  summary: 'Has a BEGIN or COMMIT without its counterpart, so transactions start or end elsewhere than intended.',
  *script(script, _migration, project) {
    yield* new Balance(script, project).drafts();
  },
};

/** Follows the transaction through a script as the server does. */
class Balance {
  readonly #drafts: FindingDraft[] = [];
  /** Who opened the transaction that is open. */
  #open: 'runner' | 'script' | 'none';
  readonly #isRunners: boolean;
  #begin: ParsedStatement | undefined;
  /** A BEGIN without effect inside the runner's transaction, until its COMMIT comes. */
  #uselessBegin: ParsedStatement | undefined;

  constructor(
    readonly script: ScriptContext,
    project: ProjectContext,
  ) {
    // Nothing tells who runs loose files: their own BEGIN and COMMIT are taken at their word.
    const isLoose = project.directory?.layout === 'loose';
    this.#isRunners = script.script.transaction === 'script' && !isLoose;
    this.#open = this.#isRunners ? 'runner' : 'none';
  }

  drafts(): readonly FindingDraft[] {
    for (const statement of this.script.statements) {
      const control = statement.node && transactionControl(statement.node);
      if (control === 'begin') this.#beginAt(statement);
      else if (control === 'commit' || control === 'rollback') this.#endAt(statement, control);
    }
    // The runner's own COMMIT ends what the script has open at its end.
    if (this.#open === 'script' && this.#begin && !this.#isRunners) this.#unclosed(this.#begin);
    return this.#drafts;
  }

  #beginAt(statement: ParsedStatement): void {
    if (this.#open === 'none') {
      this.#open = 'script';
      this.#begin = statement;
    } else if (this.#open === 'runner') {
      this.#uselessBegin = statement;
      const partner = this.#partnerOf(statement);
      this.#report(
        statement,
        'warning',
        {
          message: 'BEGIN has no effect: the migration tool has already opened a transaction',
          details: 'The following statements belong to the transaction of the tool.',
        },
        [statement, ...(partner ? [partner] : [])],
      );
    } else {
      this.#report(
        statement,
        'warning',
        {
          message: 'BEGIN has no effect: a transaction is already open',
          details: 'The next COMMIT ends that transaction, and the statements after it run outside of any.',
        },
        [statement],
        this.#begin,
      );
    }
  }

  #endAt(statement: ParsedStatement, control: 'commit' | 'rollback'): void {
    const word = control === 'commit' ? 'COMMIT' : 'ROLLBACK';
    const chains = fieldsOf(statement.node, 'TransactionStmt')?.chain === true;
    if (this.#open === 'script') {
      if (!chains) this.#open = 'none';
      return;
    }
    const begin = this.#uselessBegin;
    this.#uselessBegin = undefined;
    if (this.#open === 'none') {
      this.#report(
        statement,
        'warning',
        { message: `${word} has no effect: no transaction is open`, details: 'The statements before it are already committed.' },
        [statement],
      );
      return;
    }
    const consequence =
      control === 'commit'
        ? {
            message: 'COMMIT ends the transaction of the migration tool',
            details: 'The statements before it stay committed if a later statement or the record of the migration fails.',
          }
        : {
            message: 'ROLLBACK undoes all statements before it in the transaction of the migration tool',
            details: 'The migration is recorded as done all the same.',
          };
    const next = this.#nextBegin(statement);
    const surplus = [...(begin ? [begin] : []), statement, ...(next ? [next] : [])];
    this.#report(statement, control === 'commit' ? 'warning' : 'error', consequence, surplus, begin);
    this.#open = 'none';
  }

  /** The BEGIN after which the script goes on; without the end before it, it opens nothing. */
  #nextBegin(end: ParsedStatement): ParsedStatement | undefined {
    const next = this.script.statements.find(({ start, node }) => start > end.start && node && transactionControl(node) !== undefined);
    return next?.node && transactionControl(next.node) === 'begin' ? next : undefined;
  }

  /** The COMMIT that a person wrote for a BEGIN. */
  #partnerOf(begin: ParsedStatement): ParsedStatement | undefined {
    const later = this.script.statements.filter(({ start }) => start > begin.start);
    const next = later.find(({ node }) => node && ['begin', 'commit', 'rollback'].includes(transactionControl(node) ?? ''));
    return next?.node && transactionControl(next.node) === 'commit' ? next : undefined;
  }

  #unclosed(begin: ParsedStatement): void {
    const last = this.script.statements.at(-1) ?? begin;
    const end = last.tailEnd > last.end ? { at: last.tailEnd, before: '' } : { at: last.end, before: ';' };
    const lineEnd = this.script.script.text.includes('\r\n') ? '\r\n' : '\n';
    this.#drafts.push({
      range: headOf(begin),
      severity: 'error',
      message: 'The transaction is never committed',
      details: 'All statements after BEGIN are rolled back when the connection closes, and their locks last until then.',
      advice: 'End the transaction with COMMIT.',
      fixes: [
        fix({ script: this.script }, 'Add COMMIT at the end', [
          { range: { start: end.at, end: end.at }, newText: `${end.before}${lineEnd}COMMIT;` },
        ]),
      ],
    });
  }

  #report(
    statement: ParsedStatement,
    severity: 'warning' | 'error',
    text: Pick<FindingDraft, 'message' | 'details'>,
    surplus: readonly ParsedStatement[],
    related?: ParsedStatement,
  ): void {
    const { file } = this.script.script;
    this.#drafts.push({
      range: headOf(statement),
      severity,
      ...text,
      fixes: this.#removal(surplus),
      related: related && [{ file, range: headOf(related), message: 'Opens the transaction.' }],
    });
  }

  /** No fix removes a ROLLBACK that undoes something: the statements before it would take effect. */
  #removal(surplus: readonly ParsedStatement[]): Fix[] {
    const undoes = surplus.some(({ node }) => node && transactionControl(node) === 'rollback');
    if (undoes && this.#open !== 'none') return [];
    const names = surplus.map(({ text }) => text.split(/\s/, 1)[0]?.toUpperCase()).join(' and ');
    return [
      fix(
        { script: this.script },
        `Remove ${names}`,
        surplus.map((each) => removeStatement(this.script, each)),
      ),
    ];
  }
}
