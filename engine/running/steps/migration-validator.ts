import type { Problem } from '../../core/problem';
import type { ProbeResult } from '../../databases/execution';
import type { Run } from '../run/run';

type Place = Pick<Run, 'session' | 'database'>;

/** Asks the catalog whether a statement took effect. */
export class MigrationValidator {
  /** Probes one statement; `interrupted` is true for one that was sent before and failed or was interrupted. */
  async probe({ session, database }: Place, sql: string, interrupted = false): Promise<ProbeResult> {
    const [statement, second] = await database.execution.statementsOf(sql);
    if (!statement || second) return { state: 'unknown', evidence: 'The step does not have exactly one statement to check.' };
    return statement.probe(session, interrupted);
  }

  /** After a statement that ran without an error: the problem when its effect is not what it should be. */
  async validate(place: Place, sql: string): Promise<Problem | undefined> {
    const found = await this.probe(place, sql);
    if (found.state !== 'half') return undefined;
    return {
      code: 'step-failed',
      message: `The statement reported no error but did not finish: ${found.evidence}`,
      remedy: 'Run apply again: it removes the incomplete result and repeats the statement.',
      cause: sql,
    };
  }

  /** Removes or completes what statements of a script, sent before in part, left half made. Not inside a transaction. */
  async repair({ session, database }: Place, sql: string): Promise<void> {
    for (const statement of await database.execution.statementsOf(sql)) {
      if (!statement.needsOwnTransaction) continue;
      const found = await statement.probe(session, true);
      if (found.state !== 'half') continue;
      for (const repair of found.repair) await session.execute(repair);
    }
  }

  /** The evidence when every statement has nothing left to undo, each of them proven; undefined otherwise. */
  async alreadyUndone({ session, database }: Place, sql: string): Promise<string | undefined> {
    const evidence: string[] = [];
    for (const statement of await database.execution.statementsOf(sql)) {
      const found = await statement.probe(session);
      if (found.state !== 'done') return undefined;
      evidence.push(found.evidence);
    }
    return evidence.join(' ');
  }
}
