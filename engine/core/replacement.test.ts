import { expect, test } from 'vitest';
import { replaceText } from './replacement';

const text = 'CREATE TABLE ${s}.t (id ${type});';
const ranges = ['${s}', '${type}'].map((part) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length }));

test('puts values in place of ranges and finds the way back', () => {
  const replaced = replaceText(
    text,
    ranges.map((range, index) => ({ ...range, value: ['application', 'int'][index] ?? '' })),
  );
  expect(replaced.text).toBe('CREATE TABLE application.t (id int);');
  for (const word of ['.t', '(id', ');']) expect(replaced.toOriginal(replaced.text.indexOf(word))).toBe(text.indexOf(word));
  expect(replaced.toOriginal(replaced.text.indexOf('cation'))).toBe(text.indexOf('${s}'));
});

test('leaves ranges alone that are not in the text, and knows empty values', () => {
  const part = text.slice(13);
  const replaced = replaceText(part, [{ start: 0, end: 5, value: 'x' }, ...ranges.map((range) => ({ ...range, value: '' }))], 13);
  expect(replaced.text).toBe('.t (id );');
  expect(replaced.toOriginal(0)).toBe(part.indexOf('.t'));
});
