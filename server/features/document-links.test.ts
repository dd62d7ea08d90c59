import { expect, it } from 'vitest';
import { example, relative, TestProject } from '../testing/test-project';
import { documentLinks } from './document-links';

async function links(manifest: string) {
  const test = await TestProject.open({ ...example, 'upgrade.yaml': manifest });
  return documentLinks(test.manifest, test.project.directory).map(({ range, target = '', tooltip }) => [
    test.marked(range),
    relative(target),
    tooltip,
  ]);
}

it('links migrations to their up scripts and APIs to their descriptions', async () => {
  expect(await links(example['upgrade.yaml'])).toEqual([
    ['0001_memories', 'migrations/0001_memories.up.sql', 'Open the migration'],
    ['api/rest.yaml', 'api/rest.yaml', 'Open the API description'],
    ['0002_kind', 'migrations/0002_kind.up.sql', 'Open the migration'],
  ]);
});

it('links an API with settings at its file, and no migration without a script', async () => {
  const manifest = example['upgrade.yaml'].replace('api/rest.yaml', '{ file: api/rest.yaml }').replace('0002_kind', '0009_none');
  expect((await links(manifest)).map(([text]) => text)).toEqual(['0001_memories', 'api/rest.yaml']);
});

it('links nothing while the manifest cannot be parsed', async () => {
  expect(await links('manifest: [')).toEqual([]);
});
