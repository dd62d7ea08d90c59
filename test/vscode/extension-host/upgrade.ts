import assert from 'node:assert/strict';
import { commands, window } from 'vscode';
import type { Plan } from '#engine/running/plan';
import { commands as names } from '#protocol';
import { test } from '../runner';
import { activated, fileUri, statusBarSays } from './extension';

interface RunEnd {
  readonly ended: string;
}

test('asks before it runs, and leaves the target alone when the answer is no', async () => {
  const api = await activated();
  const asked: Plan[] = [];
  api.setConfirmation({
    ask: async (plan) => {
      asked.push(plan);
      return 'cancel';
    },
  });
  const end = await run(names.runUpgrade, '1.1.0');
  assert.equal(end.ended, 'declined');
  assert.deepEqual(
    asked.map(({ direction, from, to }) => ({ direction, from, to })),
    [{ direction: 'upgrade', from: null, to: '1.1.0' }],
  );
});

test('runs the confirmed upgrade and shows the new release in the status bar', async () => {
  const api = await activated();
  api.setConfirmation({ ask: async () => 'run' });
  const end = await run(names.runUpgrade, '1.2.0');
  assert.equal(end.ended, 'done', JSON.stringify(end));
  await statusBarSays('1.2.0');
  const status = api.targetStatus(fileUri('upgrade.yaml').fsPath, 'local');
  assert.deepEqual(
    status?.migrations.map(({ id, state }) => `${id} ${state}`),
    ['0001_memories applied', '0002_arousal applied', '0003_index_arousal applied'],
  );
});

test('has nothing to do when the release is reached already', async () => {
  const end = await run(names.runUpgrade, '1.2.0');
  assert.equal(end.ended, 'nothing-to-do');
});

test('shows the plan of a rollback instead of running it when a person wants to see it first', async () => {
  const api = await activated();
  api.setConfirmation({ ask: async () => 'show-plan' });
  const end = await run(names.rollBack, '1.0.0');
  assert.equal(end.ended, 'plan-shown');
  assert.match(window.activeTextEditor?.document.getText() ?? '', /DROP COLUMN arousal/);
});

test('rolls back to the release that was asked for', async () => {
  const api = await activated();
  api.setConfirmation({ ask: async () => 'run' });
  const end = await run(names.rollBack, '1.0.0');
  assert.equal(end.ended, 'done', JSON.stringify(end));
  await statusBarSays('1.0.0');
});

async function run(command: string, release: string): Promise<RunEnd> {
  const end = await commands.executeCommand<RunEnd | undefined>(command, { manifest: fileUri('upgrade.yaml').toString(), release });
  assert.ok(end, `${command} came to nothing`);
  return end;
}
