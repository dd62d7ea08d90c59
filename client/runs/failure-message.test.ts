import { describe, expect, it, vi } from 'vitest';
import type { Plan, RunReport } from '#engine/running/plan';
import { placeOfFailure } from './failure-message';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

const problem = { code: 'step-failed', message: '', remedy: '' } as const;
const plan = { steps: [{ id: 'a', file: '/w/a.sql' }, { id: 'b', file: '/w/b.sql' }, { id: 'c' }] } as unknown as Plan;

function report(failed: string): RunReport {
  return {
    steps: [
      { id: 'a', state: 'done' },
      { id: failed, state: 'failed' },
    ],
  } as unknown as RunReport;
}

describe('placeOfFailure', () => {
  it('is where the problem says', () => {
    const at = { ...problem, file: '/w/x.sql', line: 7 };
    expect(placeOfFailure({ ok: false, problem: at, report: report('b') }, plan)).toEqual({ file: '/w/x.sql', line: 7 });
  });

  it('is the script of the failed step when the problem names no file', () => {
    expect(placeOfFailure({ ok: false, problem, report: report('b') }, plan)).toEqual({ file: '/w/b.sql', line: 1 });
  });

  it('is nowhere when the failed step has no script', () => {
    expect(placeOfFailure({ ok: false, problem, report: report('c') }, plan)).toBeUndefined();
    expect(placeOfFailure({ ok: false, problem }, undefined)).toBeUndefined();
  });
});
