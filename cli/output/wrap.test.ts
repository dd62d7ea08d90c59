import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrapped } from './wrap';

const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });

it('breaks between words only, and keeps each line within the width unless a word is longer', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 4, max: 60 }), (each, width) => {
      const text = each.join(' ');
      const lines = wrapped(text, width);
      expect(lines.join(' ')).toBe(text);
      for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
    }),
  );
});

it('fills each line', () => {
  expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  expect(wrapped('one two three four', 10)).toEqual(['one two', 'three four']);
});

it('leaves the text in one line without a width', () => {
  expect(wrapped('one two', undefined)).toEqual(['one two']);
});
