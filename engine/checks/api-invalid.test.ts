import { expect, it } from 'vitest';
import { check } from './api-invalid';
import { apiFindings, apiManifest, marked } from './testing/api-fixture';

it.each<[string, Record<string, string>, string[]]>([
  ['a description with an error, at its line', { 'a.graphql': 'type Query {\n  a Int\n}' }, ['error a.graphql: a Int']],
  ['a description that is not there, in the manifest', {}, ['error upgrade.yaml: a.graphql']],
  ['no description that can be read', { 'a.graphql': 'type Query { a: Int }' }, []],
])('reports %s', async (_, texts, expected) => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', 'a.graphql']]), ...texts };
  expect(marked(files, await apiFindings(files, check))).toEqual(expected);
});

it('reports a file of no known kind once, with a remedy', async () => {
  const entry = '{ file: notes.txt, stability: beta }';
  const files = {
    'upgrade.yaml': apiManifest([
      ['1.0.0', entry],
      ['1.1.0', entry],
    ]),
    'notes.txt': 'How to call us.',
  };
  const findings = await apiFindings(files, check);
  expect(marked(files, findings)).toEqual(['error upgrade.yaml: notes.txt']);
  expect(findings[0]?.message).toContain('Name a description in one of these formats');
});
