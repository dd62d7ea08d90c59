import { describe, expect, it, vi } from 'vitest';
import { duration, progressMessage, progressPercent } from './progress-message';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

const step = { event: 'progress', step: 2, steps: 4, title: 'Transform 0007_arousal' } as const;

describe('progressMessage', () => {
  it('says which step of how many', () => {
    expect(progressMessage(step)).toBe('step 2 of 4, transform 0007_arousal');
  });

  it('adds rows, rate and the time that is left', () => {
    expect(progressMessage({ ...step, rows: { done: 1200, total: 5000, perSecond: 300.4, remainingMs: 12_700 } })).toBe(
      'step 2 of 4, transform 0007_arousal (1,200 of 5,000 rows, 300/s, 13 s left)',
    );
  });

  it('leaves out what is not known', () => {
    expect(progressMessage({ ...step, rows: { done: 7 } })).toBe('step 2 of 4, transform 0007_arousal (7 rows)');
  });

  it('says what a step waits for, and what is waited for before the first one', () => {
    const waiting = { what: 'the Share lock on orders', ms: 12_000 };
    expect(progressMessage({ ...step, waiting })).toBe('step 2 of 4, transform 0007_arousal (waiting 12 s for the Share lock on orders)');
    const other = { ...step, step: 0, steps: 0, title: 'Another run is in progress' };
    expect(progressMessage({ ...other, waiting: { what: 'mem8-upgrade', ms: 2000 } })).toBe(
      'another run is in progress (waiting 2 s for mem8-upgrade)',
    );
  });
});

describe('progressPercent', () => {
  it('counts finished steps and the rows of the current one', () => {
    expect(progressPercent(step)).toBe(25);
    expect(progressPercent({ ...step, rows: { done: 50, total: 100 } })).toBe(37.5);
  });

  it('stays between 0 and 100 whatever it is told', () => {
    expect(progressPercent({ ...step, steps: 0 })).toBe(0);
    expect(progressPercent({ ...step, step: 9, rows: { done: 5, total: 1 } })).toBe(100);
  });
});

describe('duration', () => {
  it.each([
    [850, '850 ms'],
    [13_400, '13 s'],
    [240_000, '4 min'],
    [7_500_000, '2 h 5 min'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
