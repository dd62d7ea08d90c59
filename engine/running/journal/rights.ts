import { ProblemError, type Problem } from '../../core/problem';
import type { DatabaseFailure, TargetSession } from '../../databases/target';

/** Refuses before anything is changed when the login may not write the journal. @throws ProblemError `right-denied` */
export async function requireRights(session: TargetSession): Promise<void> {
  const problem = await missingRights(session, 'write');
  if (problem) throw new ProblemError(problem);
}

/** What the login lacks, after the server denied it a statement. */
export async function deniedProblem(session: TargetSession, { error }: DatabaseFailure): Promise<Problem> {
  const missing = await missingRights(session, 'read').catch(() => undefined);
  if (missing) return { ...missing, cause: error.message };
  return {
    code: 'right-denied',
    message: `The login of this target lacks a right: ${error.message}.`,
    remedy: 'Grant that right to the login, or use a login that has it.',
  };
}

async function missingRights(session: TargetSession, to: 'read' | 'write'): Promise<Problem | undefined> {
  const rows = await session.query<{ login: string; privilege: string; object: string }>(session.journal.missingRights, [to]);
  const login = rows[0]?.login;
  if (login === undefined) return undefined;
  return {
    code: 'right-denied',
    message: `The login ${login} may not ${to} the journal of this target. It lacks: ${rows.map((row) => `${row.privilege} on ${row.object}`).join('; ')}.`,
    remedy: `Use the login that made the journal, or run as its owner: ${rows.map((row) => `GRANT ${row.privilege} ON ${row.object} TO ${login};`).join(' ')}`,
  };
}
