import { expect, it } from 'vitest';
import { relative, TestProject } from '../testing/test-project';
import { documentHighlights, references } from './references';

const test = await TestProject.open();

/** Places as `file:line`, the line from 0. */
function places(path: string, needle: string, includesDeclaration = true): string[] {
  const found = references(test.project, `/project/${path}`, test.position(path, needle), includesDeclaration);
  return found.map(({ uri, range }) => `${relative(uri)}:${range.start.line}`);
}

it('finds every place that names a release, with its declaration or without', () => {
  expect(places('upgrade.yaml', '1.0.0')).toEqual(['upgrade.yaml:5', 'upgrade.yaml:10', 'upgrade.yaml:14']);
  expect(places('upgrade.yaml', '1.0.0', false)).toEqual(['upgrade.yaml:10', 'upgrade.yaml:14']);
});

it('finds where a manifest names a migration, and its scripts', () => {
  const scripts = ['migrations/0001_memories.up.sql:0', 'migrations/0001_memories.down.sql:0'];
  expect(places('upgrade.yaml', '0001_memories')).toEqual(['upgrade.yaml:8', ...scripts]);
  expect(places('migrations/0001_memories.up.sql', 'CREATE')).toEqual(['upgrade.yaml:8', 'migrations/0001_memories.down.sql:0']);
});

it('marks the places in the manifest that name the same', () => {
  const marked = documentHighlights(test.manifest, test.position('upgrade.yaml', 'search'));
  expect(marked.map(({ range, kind }) => [range.start.line, test.marked(range), kind])).toEqual([
    [6, 'search', 3],
    [11, 'search', 3],
  ]);
  expect(documentHighlights(test.manifest, test.position('upgrade.yaml', 'system'))).toEqual([]);
});
