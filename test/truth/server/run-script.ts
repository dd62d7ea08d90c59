import type { ReplayScript, ReplayStatement } from '#engine/databases/observation';
import { refusal } from '#engine/databases/postgresql/shadow/refusal';
import { withConnection, type Connection, type ServerRefusal } from './connection';
import { StatementMeter, type StatementFacts } from './statement-meter';

/** What became of a script; `statement` is not known where many went to the server as one message. */
export interface ScriptFailure extends ServerRefusal {
  readonly statement?: number;
}

/** Statements that refuse a transaction block: active_sql_transaction, invalid_transaction_termination. */
const needsNoBlock: ReadonlySet<string> = new Set(['25001', '2D000']);

/** Who opens the transaction that the first statement finds. */
function opensBlock({ transaction, sends, statements }: ReplayScript): boolean {
  return transaction === 'script' || (sends === 'whole' && statements.length > 1);
}

/** Runs a script in a session of its own exactly as its migration runner sends it. */
export function runAsRunner(url: string, script: ReplayScript): Promise<ScriptFailure | undefined> {
  return withConnection(url, async (connection) => {
    const inBlock = opensBlock(script);
    const sent = script.statements.flatMap((each, statement) => (refusal(each.text, inBlock) ? [] : { text: each.text, statement }));
    const messages: { text: string; statement?: number }[] =
      script.sends === 'whole' ? [{ text: sent.map(({ text }) => text).join('\n;\n') }] : sent;
    if (script.transaction === 'script') await connection.rows('BEGIN');
    for (const { text, statement } of messages) {
      const refused = await connection.refusal(text);
      if (refused) return { ...refused, statement };
    }
    // What a script leaves open is committed with the tool's own record of it.
    return connection.refusal('COMMIT');
  });
}

export interface MeasuredRun {
  /** One for each statement that was reached. */
  readonly statements: StatementFacts[];
  readonly failure?: ScriptFailure;
}

/**
 * Runs a script statement by statement, with the transactions that its runner has, and measures each.
 * @param goesOn takes a failing statement back alone and goes on, as the embedded engine does
 */
export function runMeasured(url: string, script: ReplayScript, goesOn: boolean): Promise<MeasuredRun> {
  return withConnection(url, (connection) => new MeasuredScript(connection, script, goesOn).run());
}

class MeasuredScript {
  readonly #facts: StatementFacts[] = [];
  readonly #meter: StatementMeter;
  #failure: ScriptFailure | undefined;
  #inBlock: boolean;

  constructor(
    readonly connection: Connection,
    readonly script: ReplayScript,
    readonly goesOn: boolean,
  ) {
    this.#meter = new StatementMeter(connection);
    this.#inBlock = opensBlock(script);
  }

  async run(): Promise<MeasuredRun> {
    await this.#meter.start();
    if (this.#inBlock) await this.connection.rows('BEGIN');
    for (const [index, statement] of this.script.statements.entries()) {
      const refused = await this.#one(index, statement);
      if (!refused) continue;
      this.#failure ??= { ...refused, statement: index };
      if (!this.goesOn) return this.#result();
    }
    if (this.#inBlock) {
      const refused = await this.connection.refusal('COMMIT');
      if (refused) this.#failure ??= refused;
    }
    return this.#result();
  }

  #result(): MeasuredRun {
    return { statements: this.#facts, failure: this.#failure };
  }

  async #one(index: number, statement: ReplayStatement): Promise<ServerRefusal | undefined> {
    const { connection } = this;
    if (refusal(statement.text, this.#inBlock)) {
      this.#facts.push({ isKnown: false });
      return undefined;
    }
    if (statement.control && (statement.control !== 'savepoint' || this.#inBlock)) {
      this.#facts.push({ isKnown: false });
      const refused = await connection.refusal(statement.text);
      this.#meter.forget();
      if (statement.control === 'begin') this.#inBlock = true;
      else if (statement.control !== 'savepoint') await this.#blockEnded(index);
      return refused;
    }
    if (this.#inBlock) return this.#inside(statement.text);
    await connection.rows('BEGIN');
    this.#meter.forget();
    const refused = await this.#inside(statement.text);
    if (refused && needsNoBlock.has(refused.sqlstate)) {
      await connection.refusal('ROLLBACK');
      this.#facts.pop();
      const bare = await connection.refusal(statement.text);
      this.#facts.push({ isKnown: false, error: bare });
      return bare;
    }
    return (await connection.refusal(refused && !this.goesOn ? 'ROLLBACK' : 'COMMIT')) ?? refused;
  }

  async #inside(text: string): Promise<ServerRefusal | undefined> {
    const { connection } = this;
    await this.#meter.before();
    if (this.goesOn) await connection.rows('SAVEPOINT truth');
    const refused = await connection.refusal(text);
    if (refused && this.goesOn) await connection.refusal('ROLLBACK TO SAVEPOINT truth');
    if (refused) this.#meter.forget();
    if (this.goesOn) await connection.refusal('RELEASE SAVEPOINT truth');
    this.#facts.push(refused ? { isKnown: true, error: refused } : await this.#meter.after());
    return refused;
  }

  /** What is left of a multi-statement message is one implicit transaction again. */
  async #blockEnded(index: number): Promise<void> {
    this.#inBlock = false;
    const { transaction, sends, statements } = this.script;
    if (transaction === 'script' || sends !== 'whole' || index + 1 >= statements.length) return;
    await this.connection.rows('BEGIN');
    this.#inBlock = true;
  }
}
