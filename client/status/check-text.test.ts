import { expect, it, vi } from 'vitest';
import type { CheckStatus } from '#protocol';
import { checkDetails, checkText } from './check-text';

vi.mock('vscode', async () => (await import('../test-vscode')).vscodeForTests);

const status: CheckStatus = {
  migrations: 285,
  errors: 0,
  warnings: 0,
  others: 2,
  settled: { migrations: 284, by: ['origin/main'], findings: 212 },
};

it('counts what was replayed while that goes on', () => {
  expect(checkText({ ...status, progress: { done: 0, total: 0 } })).toBe('$(sync~spin) Checking migrations...');
  expect(checkText({ ...status, progress: { done: 120, total: 285 } })).toBe('$(sync~spin) Checking 120 of 285...');
});

it.each([
  [0, 0, '$(pass) Mem8: no problems'],
  [0, 1, '$(warning) Mem8: 1 warning'],
  [1, 0, '$(error) Mem8: 1 error'],
  [2, 5, '$(error) Mem8: 2 errors, 5 warnings'],
])('counts %i errors and %i warnings', (errors, warnings, text) => {
  expect(checkText({ ...status, errors, warnings })).toBe(text);
});

it('says what is settled and how much is not shown', () => {
  expect(checkDetails(status, false)).toBe(
    'Migrations: 285. Errors: 0, warnings: 0, notes and hints: 2. 284 settled migrations are not shown (212 findings). Settled by origin/main: settled migrations must not be changed.',
  );
  expect(checkDetails({ ...status, settled: { migrations: 1, by: ['origin/main'], findings: 1 } }, true)).toBe(
    'Migrations: 285. Errors: 0, warnings: 0, notes and hints: 2. 1 settled migration is shown (1 finding). Settled by origin/main: settled migrations must not be changed.',
  );
  expect(checkDetails({ ...status, settled: { migrations: 0, by: [], findings: 0 } }, false)).toBe(
    'Migrations: 285. Errors: 0, warnings: 0, notes and hints: 2.',
  );
});
