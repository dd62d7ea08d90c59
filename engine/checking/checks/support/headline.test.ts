import { expect, it } from 'vitest';
import { firstFitting } from './headline';

it('takes the first text that fits, and the last where none does', () => {
  const [long, longer] = ['a'.repeat(91), 'b'.repeat(92)];
  expect(firstFitting(['a'.repeat(90), 'b'])).toBe('a'.repeat(90));
  expect(firstFitting([long, 'short', 'b'])).toBe('short');
  expect(firstFitting([longer, long])).toBe(long);
});
