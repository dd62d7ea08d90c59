import { expect, test } from 'vitest';
import type { Progress } from '#engine/core/host';
import { progressLine } from './progress';
import { styleFor } from './output/style';
import type { Terminal } from './terminal';

function written(isInteractive: boolean, reports: readonly Progress[]): string {
  let text = '';
  const terminal = { err: (part: string) => void (text += part), isInteractive, columns: 60 } as Terminal;
  const progress = progressLine(terminal, styleFor(false));
  for (const each of reports) progress.report(each);
  progress.done();
  return text;
}

const step = { step: 2, steps: 3, title: 'Apply 2_note' };
const waiting = (seconds: number, what = 'the Share lock on orders, blocked by process 7') => ({
  ...step,
  waiting: { what, ms: seconds * 1000 },
});

test('a log gets a line for each step, for each thing that is waited for, and a reminder while that goes on', () => {
  const reports = [step, waiting(1), waiting(2), waiting(11), waiting(12, 'a lock (attempt 2 of 5)'), step];
  expect(written(false, reports).split('\n')).toEqual([
    '[2/3] Apply 2_note',
    '[2/3] Apply 2_note: waiting 1 s for the Share lock on orders, blocked by process 7',
    '[2/3] Apply 2_note: waiting 11 s for the Share lock on orders, blocked by process 7',
    '[2/3] Apply 2_note: waiting 12 s for a lock (attempt 2 of 5)',
    '',
  ]);
});

test('a terminal shows what is waited for in full, and the seconds in the line that is rewritten', () => {
  const text = written(true, [step, waiting(1), waiting(2)]);
  expect(text).toContain('\r[2/3] Apply 2_note: waiting 1 s for the Share lock on orders, blocked by process 7\n');
  expect(text).toContain('\r[2/3] Apply 2_note: waiting 2 s for the Share lock on orde');
});

test('waiting before the first step has no number', () => {
  const report = { step: 0, steps: 0, title: 'Another run is in progress', waiting: { what: 'mem8-upgrade', ms: 400 } };
  expect(written(false, [report])).toBe('Another run is in progress: waiting for mem8-upgrade\n');
});
