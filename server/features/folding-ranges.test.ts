import { expect, it } from 'vitest';
import type { SelectionRange } from 'vscode-languageserver';
import { example, TestProject } from '../testing/test-project';
import { foldingRanges, selectionRange } from './folding-ranges';

const test = await TestProject.open();

it('folds releases and lists', () => {
  expect(foldingRanges(test.manifest).map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [2, 3],
    [4, 13],
    [5, 8],
    [9, 13],
    [12, 13],
  ]);
});

it('widens a selection from a word to its release', () => {
  const texts: string[] = [];
  let each: SelectionRange | undefined = selectionRange(test.manifest, test.position('upgrade.yaml', 'deprecated'));
  for (; each; each = each.parent) texts.push(test.marked(each.range));
  expect(texts.slice(0, 4)).toEqual(['deprecated', 'search: deprecated', '{ search: deprecated }', 'features: { search: deprecated }']);
  expect(texts[4]).toMatch(/^version: 2[^]*0002_kind }$/);
  expect(texts.at(-1)).toBe(example['upgrade.yaml']);
});
