import { expect, it } from 'vitest';
import { relative, TestProject } from '../testing/test-project';
import { workspaceSymbols } from './workspace-symbols';

const { project } = await TestProject.open();
const names = async (query: string) => (await workspaceSymbols([project], query)).map(({ name }) => name);

it('finds releases, migrations and tables by name', async () => {
  expect(await names('')).toEqual(['1.0.0', '2.0.0', '0001_memories', 'memories', '0002_kind']);
  expect(await names('mmr')).toEqual(['0001_memories', 'memories']);
  expect(await names('rm')).toEqual([]);
});

it('says where a symbol is and what contains it', async () => {
  const found = await workspaceSymbols([project], 'memories');
  expect(found.map(({ containerName, location }) => [containerName, relative(location.uri)])).toEqual([
    [undefined, 'migrations/0001_memories.up.sql'],
    ['0001_memories', 'migrations/0001_memories.up.sql'],
  ]);
});
