import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { commands as names } from '#protocol';
import { test } from '../runner';
import { activated } from './extension';

const activationBudgetMs = 500;

test('activates without holding up the editor', async () => {
  const { activationMs } = await activated();
  assert.ok(activationMs < activationBudgetMs, `activation took ${activationMs} ms`);
});

test('registers every command that a lens can name', async () => {
  await activated();
  const registered = new Set(await commands.getCommands(true));
  const missing = Object.values(names).filter((name) => !registered.has(name));
  assert.deepEqual(missing, []);
});
