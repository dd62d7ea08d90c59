import { expect, test } from 'vitest';
import { compareNumbers, compareParts, numberKey, partsKey } from './versions';

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

test('gives equal versions equal keys', () => {
  expect([numberKey('007'), numberKey('000'), numberKey('70')]).toEqual(['7', '0', '70']);
  expect(['1', '1.0', '01_00.0'].map(partsKey)).toEqual(['1', '1', '1']);
  expect(partsKey('1.10')).not.toBe(partsKey('1.1'));
});
