import { afterEach, expect, it } from 'vitest';
import { type CheckStatus, checkStatusNotification, appliedNotification, showSettledNotification } from '#protocol';
import { WorkspaceDiagnosticRequest } from 'vscode-languageserver-protocol/node';
import { TestEditor } from '../testing/test-editor';

const files = {
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - { version: 1.0.0, published: true, migrations: [0001_a] }
  - { version: 1.0.1, published: true, migrations: [0002_b] }
  - { version: 1.1.0, migrations: [0003_c] }
`,
  'migrations/0001_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY, note text);\n',
  'migrations/0001_a.down.sql': 'DROP TABLE a;\n',
  'migrations/0002_b.up.sql': 'CREATE INDEX a_note ON a (note);\n',
  'migrations/0002_b.down.sql': 'DROP INDEX a_note;\n',
  'migrations/0003_c.up.sql': 'CREATE INDEX a_note_id ON a (note, id);\n',
  'migrations/0003_c.down.sql': 'DROP INDEX a_note_id;\n',
};

let editor: TestEditor;
afterEach(() => editor.stop());

const settled = 'migrations/0002_b.up.sql';
const recent = 'migrations/0003_c.up.sql';

/** Severity of the finding that each script has in the workspace's report; undefined where it has none. */
async function reported(): Promise<Record<string, number | undefined>> {
  const report = await editor.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  const severityIn = (path: string) =>
    report.items.flatMap((item) =>
      item.uri === editor.uri(path) && item.kind === 'full'
        ? item.items.filter(({ code }) => code === 'index-not-concurrent').map(({ severity }) => severity)
        : [],
    )[0];
  return { settled: severityIn(settled), recent: severityIn(recent) };
}

it('leaves findings in settled migrations out of the workspace, and shows them as hints in an open script', async () => {
  editor = await TestEditor.start(files);
  expect(await reported()).toEqual({ settled: undefined, recent: 2 });
  await editor.open(settled);
  expect((await editor.diagnostics(settled)).map(({ code, severity }) => [code, severity])).toContainEqual(['index-not-concurrent', 4]);
});

it('shows them like others when asked to', async () => {
  editor = await TestEditor.start(files);
  await editor.connection.sendNotification(showSettledNotification, { show: true });
  expect(await reported()).toEqual({ settled: 2, recent: 2 });
  await editor.open(settled);
  expect((await editor.diagnostics(settled)).map(({ code, severity }) => [code, severity])).toContainEqual(['index-not-concurrent', 2]);
  await editor.connection.sendNotification(showSettledNotification, { show: false });
  expect(await reported()).toEqual({ settled: undefined, recent: 2 });
});

it('settles what a target was seen to have', async () => {
  editor = await TestEditor.start(files);
  const applied = { manifest: editor.uri('upgrade.yaml'), target: 'production', migrations: ['0003_c'] };
  await editor.connection.sendNotification(appliedNotification, applied);
  await expect.poll(reported).toEqual({ settled: undefined, recent: undefined });
});

it('tells how many migrations were checked and how many findings are in settled ones', async () => {
  editor = await TestEditor.start(files);
  const told: CheckStatus[] = [];
  editor.connection.onNotification(checkStatusNotification, (status: CheckStatus) => void told.push(status));
  await reported();
  await expect.poll(() => told.at(-1)?.migrations).toBe(3);
  await expect.poll(() => told.at(-1)?.progress).toBeUndefined();
  expect(told.at(-1)).toMatchObject({ warnings: 1, errors: 0, settled: { migrations: 2, by: ['release 1.0.1'], findings: 2 } });
});
