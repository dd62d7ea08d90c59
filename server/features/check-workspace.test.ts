import { afterEach, expect, it } from 'vitest';
import { checkWorkspaceRequest, type CheckWorkspaceResult, showSettledNotification } from '#protocol';
import { TestEditor } from '../testing/test-editor';

const files = {
  'upgrade.yaml': `manifest: 1
system: mem8
checks: { lock-timeout-missing: off }
releases:
  - { version: 1.0.0, published: true, migrations: [0001_memories] }
  - { version: 1.1.0, migrations: [0002_kind] }
`,
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind json);\n',
  'migrations/0001_memories.down.sql': 'DROP TABLE memories;\n',
  'migrations/0002_kind.up.sql': 'CREATE INDEX memories_id ON memories (id);\n',
  'migrations/0002_kind.down.sql': 'SELECT 1;\n',
};

let editor: TestEditor;
afterEach(() => editor.stop());

it('counts the files and findings of the whole workspace, every rollback rehearsed', async () => {
  editor = await TestEditor.start(files);
  const check = () => editor.connection.sendRequest<CheckWorkspaceResult>(checkWorkspaceRequest, {});
  const result = await check();
  expect(result).toMatchInlineSnapshot(`
    {
      "errors": 1,
      "files": 5,
      "others": 1,
      "warnings": 1,
    }
  `);
  await editor.connection.sendNotification(showSettledNotification, { show: true });
  expect((await check()).others).toBe(result.others + 1);
});
