import { ProblemError } from '../../core/problem';
import type { StepEffect } from '../journal/journal';
import { setLockTimeout, setsOwnLockTimeout, withLockRetry } from '../../databases/postgresql/execution/locking';
import type { MigrationRun, MigrationStep } from './migration-run';
import { MigrationValidator } from './migration-validator';

/** Runs the scripts of migrations as their plan cut them into steps. */
export class SchemaMigrator {
  readonly #validator = new MigrationValidator();

  /** @throws DatabaseFailure for what the server refuses; ProblemError `step-unknown`, `lock-lost`, `target-unreachable` */
  async run(run: MigrationRun, work: MigrationStep): Promise<string | undefined> {
    if (work.partial !== undefined && work.first) await this.#validator.repair(run.session, work.partial);
    return work.step.transactional ? this.#inTransaction(run, work) : this.#alone(run, work);
  }

  /** The change and its journal row in one transaction: both or neither. */
  async #inTransaction(run: MigrationRun, work: MigrationStep): Promise<string | undefined> {
    const { step } = work;
    const sql = step.sql ?? '';
    if (work.partial !== undefined && step.direction === 'down') {
      const absent = await this.#validator.alreadyUndone(run.session, sql);
      if (absent !== undefined) {
        await this.#intend(run, work);
        await this.#finish(run, work);
        return absent;
      }
    }
    await this.#intend(run, work);
    await run.faultPoint(`intended ${step.id}`);
    await withLockRetry(run, () =>
      run.session.transaction(async () => {
        if (!setsOwnLockTimeout(sql)) await run.session.execute(setLockTimeout);
        await run.session.execute(sql);
        await run.faultPoint(`acted ${step.id}`);
        if (work.last) await run.session.execute(run.resetSession);
        await run.journal.done(run.id, step, effectOf(work));
        await run.faultPoint(`journaled ${step.id}`);
      }),
    );
    run.touched();
    await run.faultPoint(`done ${step.id}`);
    return undefined;
  }

  /** Intent, act, probe, done: each on its own, because the server lets them share no transaction. */
  async #alone(run: MigrationRun, work: MigrationStep): Promise<string | undefined> {
    const { step } = work;
    const sql = step.sql ?? '';
    const known = await this.#whatIsThere(run, work);
    await this.#intend(run, work);
    await run.faultPoint(`intended ${step.id}`);
    run.touched();
    for (const repair of known.repair) await run.session.execute(repair);
    if (known.act) {
      await run.session.execute(sql);
      await run.faultPoint(`acted ${step.id}`);
    }
    const validation = await this.#validator.validate(run.session, sql);
    await run.faultPoint(`probed ${step.id}`);
    if (validation !== undefined) throw new ProblemError(validation);
    await this.#finish(run, work);
    await run.faultPoint(`done ${step.id}`);
    return known.message;
  }

  /** Looks before it acts: an interrupted attempt may have done the work, half of it, or nothing. */
  async #whatIsThere(run: MigrationRun, work: MigrationStep): Promise<Known> {
    const { step } = work;
    const attempt = run.earlier.get(step.id)?.state;
    const interrupted = attempt === 'unknown' || attempt === 'failed';
    const found = await this.#validator.probe(run.session, step.sql ?? '', interrupted);
    if (found.state === 'half') {
      return { act: found.again, repair: found.repair, message: found.resumed };
    }
    if (work.partial !== undefined && step.direction === 'down' && found.state === 'done')
      return { act: false, repair: [], message: found.evidence };
    if (!interrupted || found.state === 'not-done') return { act: true, repair: [] };
    if (found.state === 'done') return { act: false, repair: [], message: `Completed before the interruption: ${found.evidence}` };
    if (attempt === 'failed' || run.accept.has(`${step.id}=repeat`)) return { act: true, repair: [] };
    if (run.accept.has(`${step.id}=done`)) return { act: false, repair: [], message: 'Accepted as done by the user.' };
    throw new ProblemError({
      code: 'step-unknown',
      message: `The run was interrupted in step ${step.id} ("${step.title}"), and the catalog does not show whether the step took effect. ${found.evidence}`,
      remedy: `Check the target, then resume and accept "${step.id}=done" or "${step.id}=repeat".`,
      file: step.file,
    });
  }

  async #intend(run: MigrationRun, work: MigrationStep): Promise<void> {
    const { step, migration } = work;
    const begins = work.first && (!work.last || !step.transactional);
    if (migration && begins) await run.journal.intend(run.id, step, { store: migration });
    else if (!migration && begins) await run.journal.intend(run.id, step, { partial: step.migration ?? '' });
    else await run.journal.intend(run.id, step);
  }

  async #finish(run: MigrationRun, work: MigrationStep): Promise<void> {
    await run.session.transaction(async () => {
      if (work.last) await run.session.execute(run.resetSession);
      await run.journal.done(run.id, work.step, effectOf(work));
    });
    run.touched();
  }
}

/** What is to be done about a step that may have been tried before. */
interface Known {
  readonly repair: readonly string[];
  readonly act: boolean;
  readonly message?: string;
}

function effectOf(work: MigrationStep): StepEffect {
  if (!work.last) return {};
  return work.migration ? { applied: work.migration } : { forgotten: work.step.migration ?? '' };
}
