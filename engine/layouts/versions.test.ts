import { expect, test } from 'vitest';
import { compareNumbers, compareParts } from './versions';

test('compares digits by value, longer than any machine number', () => {
  expect(compareNumbers('2', '010')).toBeLessThan(0);
  expect(compareNumbers('18446744073709551616', '18446744073709551615')).toBeGreaterThan(0);
  expect(compareNumbers('007', '7')).toBe(0);
});

test('compares Flyway versions part by part', () => {
  expect(compareParts('1.10', '1.9')).toBeGreaterThan(0);
  expect(compareParts('1_1', '1.1')).toBe(0);
  expect(compareParts('1', '1.0.0')).toBe(0);
  expect(compareParts('1.0.1', '1')).toBeGreaterThan(0);
});
