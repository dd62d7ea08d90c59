import { expect, it } from 'vitest';
import { check } from './api-invalid';
import { apiManifest, projectCheck } from '../testing/project-check';

const { findingsIn, placesIn } = projectCheck(check);

it.each<[string, Record<string, string>, string[]]>([
  ['a description with an error at its line', { 'a.graphql': 'type Query {\n  a Int\n}' }, ['error a.graphql: a Int']],
  ['a missing description in the manifest', {}, ['error upgrade.yaml: a.graphql']],
  ['no description that can be read', { 'a.graphql': 'type Query { a: Int }' }, []],
])('reports %s', async (_, texts, expected) => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', 'a.graphql']]), ...texts };
  expect(await placesIn(files)).toEqual(expected);
});

it('reports a file in an unknown format once, with advice', async () => {
  const entry = '{ file: notes.txt, stability: beta }';
  const files = {
    'upgrade.yaml': apiManifest([
      ['1.0.0', entry],
      ['1.1.0', entry],
    ]),
    'notes.txt': 'How to call us.',
  };
  const findings = await findingsIn(files);
  expect(await placesIn(files)).toEqual(['error upgrade.yaml: notes.txt']);
  expect(findings[0]).toMatchObject({
    message: expect.stringMatching(/^\/project\/notes\.txt is [^:]+$/) as string,
    details: 'OpenAPI, JSON Schema, GraphQL or Protocol Buffers. Changes to the API store in 1.0.0 are not checked.',
    advice: expect.stringContaining('openapi, $schema, .graphql, .proto') as string,
  });
});

it('gives the cause of the error and where the manifest names the description', async () => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', 'a.graphql']]), 'a.graphql': 'type Query {\n  a Int\n}' };
  const [finding] = await findingsIn(files);
  expect(finding).toMatchObject({
    message: '/project/a.graphql is not a valid GraphQL schema',
    details: 'Syntax Error: Expected ":", found Name "Int". Changes to the API store in 1.0.0 are not checked.',
    related: [{ message: '1.0.0 names the description here.' }],
  });
});
