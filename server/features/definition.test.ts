import { expect, it } from 'vitest';
import { relative, TestProject } from '../testing/test-project';
import { definition } from './definition';

const test = await TestProject.open();

function definitionOf(path: string, needle: string) {
  return definition(test.project, `/project/${path}`, test.position(path, needle));
}

it('leads from a migration in the manifest to its scripts', () => {
  const found = definitionOf('upgrade.yaml', '0001_memories');
  expect(found.map(({ uri }) => relative(uri))).toEqual(['migrations/0001_memories.up.sql', 'migrations/0001_memories.down.sql']);
});

it('leads from anywhere in a script to where the manifest lists it', () => {
  const found = definitionOf('migrations/0002_kind.up.sql', 'kind text');
  expect(found.map((each) => [relative(each.uri), test.textAt(each)])).toEqual([['upgrade.yaml', '{ id: 0002_kind }']]);
});

it.each(['system', 'features', 'stops'])('leads nowhere from %s', (needle) => {
  expect(definitionOf('upgrade.yaml', needle)).toEqual([]);
});
