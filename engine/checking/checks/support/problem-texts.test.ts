import { expect, it } from 'vitest';
import { problemTexts, sentence } from './problem-texts';

it.each([
  ['The file is empty.', { message: 'The file is empty' }],
  ['`a` is not a key. Did you mean `b`?', { message: '`a` is not a key', details: 'Did you mean `b`?' }],
  [
    'Version 2 is used twice. Only one runs. Run: atlas hash',
    { message: 'Version 2 is used twice', details: 'Only one runs. Run: atlas hash.' },
  ],
  ['maps needs search. 1.1.0 introduces it.', { message: 'maps needs search', details: '1.1.0 introduces it.' }],
  ['A version was expected, e.g. 1.2.0.', { message: 'A version was expected, e.g. 1.2.0' }],
  [
    'Atlas refuses to run the directory: 1_a.sql was changed, or a migration was inserted before it. Undo it.',
    { message: 'Atlas refuses to run the directory', details: '1_a.sql was changed, or a migration was inserted before it. Undo it.' },
  ],
])('makes a headline and details of %s', (message, texts) => {
  expect(problemTexts(message)).toEqual(texts);
});

it.each([
  ['the folder is empty', 'The folder is empty.'],
  ['a.sql was changed', 'a.sql was changed.'],
  ['Why?', 'Why?'],
])('makes a full sentence of %s', (text, full) => {
  expect(sentence(text)).toBe(full);
});
