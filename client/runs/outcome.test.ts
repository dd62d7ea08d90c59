import { describe, expect, it } from 'vitest';
import { isPlan, isRunReport, outcomeOfProcess, type ProcessEnd } from './outcome';

const report = {
  run: 'r1',
  plan: 'sha256:1',
  steps: [
    { id: 'a', title: 'Apply 0001', state: 'done', ms: 1 },
    { id: 'b', title: 'Apply 0002', state: 'failed', ms: 1, message: 'relation "x" does not exist' },
  ],
};
const problem = { code: 'plan-stale', message: 'The plan is stale.', remedy: 'Plan again.' };

function end(answer: ProcessEnd['answer'], more: Partial<ProcessEnd> = {}): ProcessEnd {
  return { answer, exitCode: 0, signal: null, errorText: '', ...more };
}

describe('outcomeOfProcess', () => {
  it('gives the value that was asked for', () => {
    expect(outcomeOfProcess(end({ ok: true, result: report }), isRunReport)).toEqual({ ok: true, value: report });
  });

  it('gives the problem of a refused run', () => {
    expect(outcomeOfProcess(end({ ok: false, result: { problem } }), isRunReport)).toEqual({ ok: false, problem });
  });

  it('gives the report beside the problem when the run had begun', () => {
    expect(outcomeOfProcess(end({ ok: false, result: { problem, report } }), isRunReport)).toEqual({ ok: false, problem, report });
  });

  it('names the failed step when a failed run gives only its report', () => {
    const outcome = outcomeOfProcess(end({ ok: false, result: report }), isRunReport);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'step-failed' }, report: { run: 'r1' } });
    expect(!outcome.ok && outcome.problem.message).toBe('Apply 0002: relation "x" does not exist');
  });

  it('says that a step is unknown when its state is', () => {
    const unknown = { ...report, steps: [{ ...report.steps[1], state: 'unknown' }] };
    expect(outcomeOfProcess(end({ ok: false, result: unknown }), isRunReport)).toMatchObject({ problem: { code: 'step-unknown' } });
  });

  it('keeps what a process that died said last', () => {
    const outcome = outcomeOfProcess(end(undefined, { exitCode: null, signal: 'SIGKILL', errorText: 'out of memory\n' }), isPlan);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'internal', cause: 'out of memory' } });
    expect(!outcome.ok && outcome.problem.message).toContain('SIGKILL');
  });

  it('does not take a report for a plan', () => {
    expect(outcomeOfProcess(end({ ok: true, result: report }), isPlan).ok).toBe(false);
  });
});
