import { expect, it } from 'vitest';
import { TestProject } from '../testing/test-project';
import { projectInfo } from './projects';

it('describes a project with a manifest', async () => {
  const { project } = await TestProject.open();
  expect(projectInfo(project)).toEqual({
    manifest: 'file:///project/upgrade.yaml',
    directory: 'file:///project/migrations',
    layout: 'golang-migrate',
    system: 'mem8',
    releases: [
      { version: '1.0.0', migrations: ['0001_memories'] },
      { version: '2.0.0', migrations: ['0002_kind'] },
    ],
    migrations: 2,
    newest: { id: '0002_kind', script: 'file:///project/migrations/0002_kind.up.sql' },
    targets: [{ name: 'local', driver: 'pglite', protected: false, folder: 'file:///project/.mem8/local' }],
  });
});

it('describes a directory without a manifest', async () => {
  const { project } = await TestProject.open({ 'migrations/1_a.sql': 'SELECT 1;\n' });
  expect(projectInfo(project)).toEqual({
    directory: 'file:///project/migrations',
    layout: project.directory?.layout,
    releases: [],
    migrations: 1,
    newest: { id: '1_a', script: 'file:///project/migrations/1_a.sql' },
    targets: [],
  });
});
