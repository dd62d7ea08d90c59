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
  [0, 0, '$(pass) No upgrade problems'],
  [0, 1, '$(warning) 1 upgrade problem'],
  [2, 1, '$(error) 3 upgrade problems'],
])('counts %i errors and %i warnings', (errors, warnings, text) => {
  expect(checkText({ ...status, errors, warnings })).toBe(text);
});

it('says what is settled and how much is not shown', () => {
  expect(checkDetails(status, false)).toBe(
    'Migrations: 285. Errors: 0, warnings: 0, notes and hints: 2. Migrations settled by origin/main, which must not be changed: 284. Findings in settled migrations, not shown: 212.',
  );
  expect(checkDetails({ ...status, settled: { migrations: 0, by: [], findings: 0 } }, false)).toBe(
    'Migrations: 285. Errors: 0, warnings: 0, notes and hints: 2.',
  );
});
