import { expect, test } from 'vitest';
import { transactionWarnings } from './plan-building';
import type { PlanStep } from '../plan';

const step = (migration: string, transactional: boolean): PlanStep => ({
  id: migration,
  kind: 'statement',
  direction: 'up',
  title: `Apply ${migration}`,
  release: '1.0.0',
  migration,
  transactional,
});

test('the warning on statements outside of transactions agrees with their number', () => {
  expect(transactionWarnings([step('1_a', true)])).toEqual([]);
  expect(transactionWarnings([step('1_a', true), step('2_b', false)])).toEqual([
    '1 statement of 2_b cannot run in a transaction. After a crash, the catalog shows whether it took effect.',
  ]);
  expect(transactionWarnings([step('1_a', false), step('2_b', false)])).toEqual([
    '2 statements of 1_a, 2_b cannot run in a transaction. After a crash, the catalog shows whether they took effect.',
  ]);
});
